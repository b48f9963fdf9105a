//! Serves the feedback of one call: `GET /api/call-feedback/{call_id}`.

mod handler;
#[cfg(test)]
mod tests;

use api::Config;
use lambda_http::{Error, run, service_fn};
use reports::Reports;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let reports = Reports::start(environment::variable)?;
    let config = reports::at_start(Config::from_lookup(environment::variable))?;
    let store = Store::new(&aws::function_config(environment::variable), config.table);
    store.warm_up().await;
    run(service_fn(async |request| Ok::<_, Error>(reports.around(handler::handle(&store, request)).await))).await
}
