//! Tells API Gateway whose token a request carries: the one place where an organisation's identity comes from.

mod config;
mod handler;
mod request;
#[cfg(test)]
mod tests;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use reports::Reports;
use store::TokenStore;

use crate::config::Config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let reports = Reports::start(environment::variable)?;
    let config = reports::at_start(Config::from_lookup(environment::variable))?;
    let tokens = TokenStore::new(&aws::function_config(environment::variable), config.token_table);
    tokens.warm_up().await;
    run(service_fn(async |event: LambdaEvent<_>| {
        let response = reports.around(handler::handle(&tokens, environment::now(), event.payload)).await;
        response.map_err(Error::from)
    }))
    .await
}
