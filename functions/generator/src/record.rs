//! One message of the queue, as the generator reads it.

use aws_lambda_events::sqs::SqsMessage;
use intake::Attributes;

/// A message that can be reported as failed, delayed and moved to the dead-letter queue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'a> {
    /// The message's identifier, by which a failure is reported.
    pub(crate) message_id: &'a str,
    /// The handle of this delivery, by which it is delayed.
    pub(crate) receipt_handle: &'a str,
    /// The body.
    pub(crate) body: &'a str,
    /// What its attributes say of the call.
    pub(crate) attributes: Attributes<'a>,
    /// How often the message has been delivered, including this time.
    pub(crate) attempts: u32,
    /// The message as it arrived.
    pub(crate) message: &'a SqsMessage,
}

/// A message without an identifier. It cannot be reported as failed, so the whole batch has to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record of the batch has no messageId")]
pub(crate) struct MissingMessageId;

impl<'a> Record<'a> {
    /// The record of an SQS message; fails only if it has no identifier.
    pub(crate) fn of(message: &'a SqsMessage) -> Result<Self, MissingMessageId> {
        let message_id = message.message_id.as_deref().filter(|id| !id.is_empty()).ok_or(MissingMessageId)?;
        let attribute = |name: &str| message.message_attributes.get(name)?.string_value.as_deref();
        let received = message.attributes.get("ApproximateReceiveCount");
        Ok(Self {
            message_id,
            receipt_handle: message.receipt_handle.as_deref().unwrap_or_default(),
            body: message.body.as_deref().unwrap_or_default(),
            attributes: Attributes {
                org_id: attribute("org_id"),
                call_id: attribute("call_id"),
                agent_id: attribute("agent_id"),
                speaker_map: attribute("speaker_map"),
                from_webhook: attribute("source") == Some("webhook"),
            },
            attempts: received.and_then(|count| count.parse().ok()).unwrap_or(1),
            message,
        })
    }
}
