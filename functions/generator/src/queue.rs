//! The call queue and its dead-letter queue: delays messages that come back and moves messages that can never be scored.

use std::collections::HashMap;
use std::time::Duration;

use aws_lambda_events::sqs::SqsMessageAttribute;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{DisplayErrorContext, SdkError};
use aws_sdk_sqs::operation::send_message::SendMessageError;
use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, MessageAttributeValue};

use crate::record::Record;

/// `SQS` takes no more entries in a batch.
const BATCH_ENTRIES: usize = 10;
/// `SQS` takes no more attributes on a message.
const MAXIMUM_ATTRIBUTES: usize = 10;
/// Characters of a reason, so that a message near the size limit still fits with it.
const REASON_CHARACTERS: usize = 1_000;
/// Time for setting delays. Without a delay, a message comes back after the queue's visibility timeout.
const DELAY_TIMEOUT: Duration = Duration::from_secs(1);

/// The dead-letter queue cannot be reached, or refuses the message.
#[derive(Debug, thiserror::Error)]
#[error("the message cannot be moved to the dead-letter queue")]
pub(crate) struct DeadLetterError(#[source] Box<SdkError<SendMessageError>>);

/// A message that comes back after that many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delay<'a> {
    /// The message.
    pub(crate) message_id: &'a str,
    /// This delivery of the message.
    pub(crate) receipt_handle: &'a str,
    /// Seconds until the queue delivers it again.
    pub(crate) seconds: u32,
}

/// The queue and its dead-letter queue.
#[derive(Debug)]
pub(crate) struct Queue {
    client: Client,
    url: String,
    dead_letter_url: String,
}

impl Queue {
    /// The queues at those addresses.
    pub(crate) fn new(client: Client, url: &str, dead_letter_url: &str) -> Self {
        Self { client, url: url.to_owned(), dead_letter_url: dead_letter_url.to_owned() }
    }

    /// Copies a message to the dead-letter queue with its body and attributes, and the reason in the attributes `error_code` and
    /// `error_reason`. Fails if SQS does not confirm the copy.
    pub(crate) async fn dead_letter(
        &self,
        record: &Record<'_>,
        code: &str,
        reason: &str,
    ) -> Result<(), DeadLetterError> {
        let request = self.client.send_message().queue_url(&self.dead_letter_url).message_body(record.body);
        let attributes = dead_letter_attributes(record, code, reason);
        let sent = request.set_message_attributes(Some(attributes)).send().await;
        sent.map(drop).map_err(|error| DeadLetterError(Box::new(error)))
    }

    /// Sets when the messages come back. If that fails, it is logged, and the queue's visibility timeout applies.
    pub(crate) async fn delay(&self, delays: &[Delay<'_>]) {
        for chunk in delays.chunks(BATCH_ENTRIES) {
            match tokio::time::timeout(DELAY_TIMEOUT, self.delay_batch(chunk)).await {
                Ok(Ok(0)) => {}
                Ok(Ok(refused)) => tracing::warn!(refused, "messages keep the queue's visibility timeout"),
                Ok(Err(error)) => tracing::warn!(error, "messages keep the queue's visibility timeout"),
                Err(_) => tracing::warn!(error = "timed out", "messages keep the queue's visibility timeout"),
            }
        }
    }

    async fn delay_batch(&self, delays: &[Delay<'_>]) -> Result<usize, String> {
        let mut request = self.client.change_message_visibility_batch().queue_url(&self.url);
        for (index, delay) in delays.iter().enumerate() {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(delay.receipt_handle)
                .visibility_timeout(i32::try_from(delay.seconds).unwrap_or(i32::MAX));
            request = request.entries(entry.build().map_err(|error| error.to_string())?);
        }
        let output = request.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        Ok(output.failed().len())
    }
}

fn dead_letter_attributes(record: &Record<'_>, code: &str, reason: &str) -> HashMap<String, MessageAttributeValue> {
    let readable = |c: char| {
        if matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..) {
            c
        } else {
            '\u{fffd}'
        }
    };
    let reason: String = reason.chars().take(REASON_CHARACTERS).map(readable).collect();
    let mut attributes: HashMap<String, MessageAttributeValue> = [("error_code", code), ("error_reason", &reason)]
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text_attribute(text)?)))
        .collect();
    let mut originals: Vec<_> = record.message.message_attributes.iter().collect();
    // The organisation first: without it, the message cannot be sent again after the cause is fixed.
    originals.sort_by_key(|(name, _)| (name.as_str() != "org_id", name.as_str()));
    for (name, original) in originals {
        if attributes.len() == MAXIMUM_ATTRIBUTES {
            tracing::warn!(message_id = record.message_id, attribute = %name, "attribute does not fit on the dead letter");
        } else if let Some(copy) = copied(original) {
            attributes.entry(name.clone()).or_insert(copy);
        }
    }
    attributes
}

fn text_attribute(text: &str) -> Option<MessageAttributeValue> {
    MessageAttributeValue::builder().data_type("String").string_value(text).build().ok()
}

fn copied(original: &SqsMessageAttribute) -> Option<MessageAttributeValue> {
    let binary = original.binary_value.as_ref().map(|data| Blob::new(data.0.clone()));
    MessageAttributeValue::builder()
        .set_data_type(original.data_type.clone())
        .set_string_value(original.string_value.clone())
        .set_binary_value(binary)
        .build()
        .ok()
}
