//! Serves the feedback of one call: `GET /api/call-feedback/{call_id}`.

mod handler;
#[cfg(test)]
mod tests;

use api::Config;
use lambda_http::{Error, run, service_fn, tracing};
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let config = Config::from_lookup(environment::variable)?;
    let store = Store::new(&store::aws_config().await, config.table);
    store.warm_up().await;
    run(service_fn(async |request| Ok::<_, Error>(handler::handle(&store, request).await))).await
}
