//! Serves an organisation's exact statistics: `GET` and `HEAD` of `/api/call-feedback/stats`.

mod body;
mod handler;
mod query;
#[cfg(test)]
mod tests;

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    api::serve(|store, request| handler::handle(store, environment::now(), request)).await
}
