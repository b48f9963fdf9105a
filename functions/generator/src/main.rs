//! Scores the calls on the queue and stores their feedback.

mod backoff;
mod config;
mod failure;
mod handler;
mod llm_scoring;
mod metrics;
mod objects;
mod process;
mod queue;
mod record;
mod scorer;
mod secret;
#[cfg(test)]
mod tests;
mod work;

use std::io::{Write, stdout};

use aws::S3;
use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use reports::Reports;
use store::Store;
use tokio::time::Instant;

use crate::config::Config;
use crate::objects::Bucket;
use crate::queue::Queue;
use crate::scorer::ActiveScorer;
use crate::work::Deps;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let reports = Reports::start(environment::variable)?;
    let config = reports::log_start_error(Config::from_lookup(environment::variable))?;
    let aws = aws::function_config(environment::variable);
    let store = Store::new(&aws, &config.table).with_shards(config.counter_shards);
    let scorer = reports::log_start_error(ActiveScorer::set_up(&config, &aws, &aws, environment::variable).await)?;
    tokio::join!(store.warm_up(), scorer.warm_up());
    let queue = Queue::new(aws_sdk_sqs::Client::new(&aws), &config.queue_url, &config.dead_letter_queue_url);
    let bucket = config.bucket.as_deref().map(|name| Bucket::new(S3::new(&aws), name, config.bucket_owner.clone()));
    let deps = Deps { store, queue, bucket, scorer, config, clock: environment::now };
    run(service_fn(async |event: LambdaEvent<SqsEvent>| {
        let deadline = Instant::now() + environment::remaining(event.context.deadline());
        let handled = reports.flush_after(handler::handle(&deps, event.payload, deadline)).await?;
        // If the metrics cannot be written, the batch is not repeated for that.
        let _ = writeln!(stdout(), "{}", handled.metrics);
        Ok::<_, Error>(handled.response)
    }))
    .await
}
