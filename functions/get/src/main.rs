//! Serves the feedback of one call: `GET` and `HEAD` of `/api/call-feedback/{call_id}`.

mod handler;
#[cfg(test)]
mod tests;

use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    api::serve(handler::handle).await
}
