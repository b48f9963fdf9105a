//! Serves an organisation's feedback as filtered, sorted pages: `GET` and `HEAD` of `/api/call-feedback`.

mod handler;
mod query;
#[cfg(test)]
mod tests;

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    api::serve(handler::handle).await
}
