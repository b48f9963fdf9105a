//! Scores the calls on the queue and stores their feedback.

mod backoff;
mod config;
mod failure;
mod handler;
mod process;
mod queue;
mod record;
#[cfg(test)]
mod tests;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use store::Store;
use tokio::time::Instant;

use crate::config::Config;
use crate::handler::Deps;
use crate::queue::Queue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    environment::start_log(environment::variable);
    let config = Config::from_lookup(environment::variable)?;
    let aws = store::function_config(environment::variable);
    let store = Store::new(&aws, &config.table).with_shards(config.counter_shards);
    store.warm_up().await;
    let queue = Queue::new(aws_sdk_sqs::Client::new(&aws), &config.queue_url, &config.dead_letter_queue_url);
    let deps = Deps { store, queue, config, clock: environment::now };
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        let deadline = Instant::now() + environment::remaining(event.context.deadline());
        handler::handle(&deps, event.payload, deadline).await.map_err(Error::from)
    }))
    .await
}
