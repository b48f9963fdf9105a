//! Tells API Gateway to which organisation a request's token belongs. No other code decides about the organisation.

mod handler;
mod request;
#[cfg(test)]
mod tests;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use reports::Reports;
use store::TokenStore;

/// The variable with the token table's name.
const TOKEN_TABLE: &str = "CALL_FEEDBACK_TOKEN_TABLE";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let reports = Reports::start(environment::variable)?;
    let table = reports::log_start_error(environment::required(environment::variable, TOKEN_TABLE))?;
    let tokens = TokenStore::new(&aws::function_config(environment::variable), table);
    tokens.warm_up().await;
    run(service_fn(async |event: LambdaEvent<_>| {
        let response = reports.flush_after(handler::handle(&tokens, environment::now(), event.payload)).await;
        response.map_err(Error::from)
    }))
    .await
}
