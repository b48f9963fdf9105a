//! The queue that calls are sent to, and the bucket for those that are too large for it.
//!
//! **Invariant:** a message is accepted, or reported with the reason why not; an error leaves that open for the
//! messages of one request.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::types::{BatchResultErrorEntry, MessageAttributeValue, SendMessageBatchRequestEntry};
use domain::{CallId, OrgId};

use crate::error::CommandError;
use crate::input_entry::InputLocation;
use crate::message_batch::MOST_BYTES;
use crate::queue_message::{ATTRIBUTE_TYPE, ORG_ATTRIBUTE, QueueMessage};
use crate::transcript_bucket::{self, TranscriptBucket};

/// How often a message is sent that the queue does not accept for a reason of its own. The SDK retries requests that
/// fail as a whole; this is for single messages of a request that succeeds.
const ATTEMPTS: u32 = 4;

/// How long to wait before the second attempt; each further backoff is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);

/// How long one request may take: a full batch is 1 MiB, which a slow line needs minutes for.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(2);

/// Where messages go.
pub(crate) struct CallQueue {
    client: Client,
    url: String,
    /// Where calls go that are too large for the queue.
    bucket: Option<TranscriptBucket>,
}

/// A call that was not sent, and why.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnsentCall {
    /// Where it is.
    pub(crate) location: InputLocation,
    /// Why it was not sent.
    pub(crate) reason: String,
}

/// A message, and the ids of its call if it has one.
#[derive(Debug)]
pub(crate) struct PreparedMessage {
    /// The message, whatever its size.
    pub(crate) message: QueueMessage,
    /// Whose call it is, and which.
    pub(crate) ids: Option<(OrgId, CallId)>,
}

impl CallQueue {
    /// The queue of that address, and the bucket if there is one.
    pub(crate) fn new(aws: &SdkConfig, url: String, bucket: Option<TranscriptBucket>) -> Self {
        Self { client: client(aws), url, bucket }
    }

    /// The message in a size that the queue accepts: a call that is too large goes into the bucket. What is too large
    /// for that as well is not sent; fails when the bucket cannot be reached.
    pub(crate) async fn fit(
        &self,
        prepared: PreparedMessage,
    ) -> Result<Result<QueueMessage, UnsentCall>, CommandError> {
        let PreparedMessage { message, ids } = prepared;
        let bytes = message.bytes();
        let too_large = |where_to: &str, most: usize, hint: &str| {
            let reason = format!("$: is too large for the {where_to} ({bytes} bytes of at most {most}){hint}");
            Ok(Err(UnsentCall { location: message.location.clone(), reason }))
        };
        match (&self.bucket, ids) {
            _ if bytes <= MOST_BYTES => Ok(Ok(message)),
            (Some(_), Some(_)) if message.body.len() > transcript_bucket::MOST_BYTES => {
                too_large("bucket", transcript_bucket::MOST_BYTES, "")
            }
            (Some(bucket), Some((org, call))) => {
                let doing = format!("cannot put {} into the bucket and send what follows", message.location);
                let put = bucket.put(message, &org, &call).await;
                put.map(Ok).map_err(|source| CommandError::Unavailable { doing, source })
            }
            (None, Some(_)) => too_large("queue", MOST_BYTES, ", and there is no bucket for it: see --bucket"),
            (_, None) => too_large("queue", MOST_BYTES, ""),
        }
    }

    /// Sends a batch, and again those messages for which that may help; returns what the queue did not accept.
    pub(crate) async fn send(&self, batch: Vec<QueueMessage>) -> Result<Vec<UnsentCall>, Box<dyn Error + Send + Sync>> {
        let (mut pending, mut refused) = (batch, Vec::new());
        let mut backoff = FIRST_BACKOFF;
        for attempt in 1.. {
            let (retryable, fatal) = self.send_once(pending).await?;
            refused.extend(fatal);
            if retryable.is_empty() || attempt == ATTEMPTS {
                refused.extend(
                    retryable.into_iter().map(|(message, reason)| UnsentCall { location: message.location, reason }),
                );
                break;
            }
            pending = retryable.into_iter().map(|(message, _)| message).collect();
            tokio::time::sleep(backoff).await;
            backoff *= 2;
        }
        Ok(refused)
    }

    /// Makes one request; returns the messages that may be sent again and those that may not. A message that the
    /// response does not name was not accepted.
    async fn send_once(
        &self,
        messages: Vec<QueueMessage>,
    ) -> Result<(Vec<(QueueMessage, String)>, Vec<UnsentCall>), Box<dyn Error + Send + Sync>> {
        let entries = messages.iter().enumerate().map(|(index, message)| request_entry(index, message));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
        let response = request.send().await?;
        let (mut retryable, mut fatal) = (Vec::new(), Vec::new());
        for (index, message) in messages.into_iter().enumerate() {
            let id = index.to_string();
            let failed = response.failed().iter().find(|failed| failed.id() == id);
            if response.successful().iter().any(|taken| taken.id() == id) {
                continue;
            }
            let reason = failed.map_or_else(
                || "the queue's response does not say what became of it".to_owned(),
                |failed| {
                    let message = failed.message().map(|message| format!(" ({message})")).unwrap_or_default();
                    format!("the queue refuses it: {}{message}", failed.code())
                },
            );
            if failed.is_some_and(BatchResultErrorEntry::sender_fault) {
                fatal.push(UnsentCall { location: message.location, reason });
            } else {
                retryable.push((message, reason));
            }
        }
        Ok((retryable, fatal))
    }
}

/// The message as an entry of the SDK's request; its index there is its id.
fn request_entry(
    index: usize,
    message: &QueueMessage,
) -> Result<SendMessageBatchRequestEntry, aws_sdk_sqs::error::BuildError> {
    let mut entry = SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(&message.body);
    if let Some(org) = &message.org_attribute {
        let value = MessageAttributeValue::builder().data_type(ATTRIBUTE_TYPE).string_value(org.as_str()).build()?;
        entry = entry.message_attributes(ORG_ATTRIBUTE, value);
    }
    entry.build()
}

/// A client that waits for large requests; the time-outs of the shared configuration suit functions in the same region.
fn client(aws: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .read_timeout(REQUEST_TIMEOUT)
        .operation_attempt_timeout(REQUEST_TIMEOUT)
        .operation_timeout(REQUEST_TIMEOUT * ATTEMPTS);
    Client::from_conf(aws_sdk_sqs::config::Builder::from(aws).timeout_config(timeouts.build()).build())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_sdk_sqs::operation::send_message_batch::{SendMessageBatchInput, SendMessageBatchOutput};
    use aws_sdk_sqs::types::SendMessageBatchResultEntry;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};

    use super::*;

    type Requests = Arc<Mutex<Vec<Vec<String>>>>;

    fn message(body: &str) -> QueueMessage {
        QueueMessage { location: InputLocation::whole(body), body: body.to_owned(), org_attribute: None }
    }

    fn queue(rule: &Rule) -> CallQueue {
        CallQueue {
            client: mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [rule]),
            url: "https://queue".to_owned(),
            bucket: None,
        }
    }

    /// A queue that accepts every message except bodies that begin with `busy` (refused as often as the number after it
    /// says), `invalid` (always refused) and `lost` (missing in the response). It records the bodies of every request.
    fn fake(requests: &Requests) -> Rule {
        let requests = requests.clone();
        mock!(Client::send_message_batch).then_compute_output(move |request| {
            let mut requests = requests.lock().unwrap();
            let response = response(request, requests.len());
            requests.push(request.entries().iter().map(|entry| entry.message_body().to_owned()).collect());
            response
        })
    }

    fn response(request: &SendMessageBatchInput, earlier: usize) -> SendMessageBatchOutput {
        let failed = |id: &str, code: &str, sender_fault| {
            BatchResultErrorEntry::builder().id(id).code(code).sender_fault(sender_fault).build().unwrap()
        };
        let taken = |id: &str| {
            SendMessageBatchResultEntry::builder().id(id).message_id("m").md5_of_message_body("m").build().unwrap()
        };
        let mut response = SendMessageBatchOutput::builder().set_successful(Some(vec![])).set_failed(Some(vec![]));
        for entry in request.entries() {
            let (id, body) = (entry.id(), entry.message_body());
            response = match body.strip_prefix("busy").map(|times| times.parse::<usize>().unwrap()) {
                Some(times) if earlier < times => response.failed(failed(id, "InternalError", false)),
                _ if body == "invalid" => response.failed(failed(id, "InvalidMessageContents", true)),
                _ if body == "lost" => response,
                _ => response.successful(taken(id)),
            };
        }
        response.build().unwrap()
    }

    async fn send(bodies: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
        let requests = Requests::default();
        let rule = fake(&requests);
        let unsent = queue(&rule).send(bodies.iter().map(|body| message(body)).collect()).await.unwrap();
        let unsent = unsent.iter().map(|call| format!("{}: {}", call.location, call.reason)).collect();
        let requests = requests.lock().unwrap().clone();
        (unsent, requests)
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_the_queue_did_not_accept_is_sent_again() {
        let (unsent, requests) = send(&["a", "busy1", "b", "busy2"]).await;
        assert!(unsent.is_empty(), "{unsent:?}");
        assert_eq!(requests, [vec!["a", "busy1", "b", "busy2"], vec!["busy1", "busy2"], vec!["busy2"]]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_invalid_message_is_refused_at_once_and_alone() {
        let (unsent, requests) = send(&["a", "invalid", "b"]).await;
        assert_eq!(unsent, ["invalid: the queue refuses it: InvalidMessageContents"]);
        assert_eq!(requests.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_never_accepted_is_refused_in_the_end() {
        let (unsent, requests) = send(&["busy99", "lost", "a"]).await;
        let expected = [
            "busy99: the queue refuses it: InternalError",
            "lost: the queue's response does not say what became of it",
        ];
        assert_eq!(unsent, expected);
        assert_eq!(requests.len(), usize::try_from(ATTEMPTS).unwrap());
    }

    #[test]
    fn a_message_carries_the_organisation_its_body_lacks() {
        let named = QueueMessage { org_attribute: Some(OrgId::parse("acme").unwrap()), ..message("{}") };
        let sent = request_entry(3, &named).unwrap();
        let attribute = &sent.message_attributes().unwrap()["org_id"];
        assert_eq!((sent.id(), sent.message_body(), attribute.string_value()), ("3", "{}", Some("acme")));
        assert!(request_entry(0, &message("{}")).unwrap().message_attributes().is_none());
    }

    fn call(spoken: &str) -> String {
        format!(r#"{{"org_id": "a", "call_id": "c", "transcript": "Agent: {spoken}"}}"#)
    }

    fn prepared(body: &str) -> PreparedMessage {
        let ids = Some((OrgId::parse("a").unwrap(), CallId::parse("c").unwrap()));
        PreparedMessage { message: QueueMessage { location: InputLocation::whole("in"), ..message(body) }, ids }
    }

    #[tokio::test]
    async fn a_call_that_is_too_large_is_refused_where_there_is_no_bucket() {
        let queue = queue(&fake(&Requests::default()));
        let room = MOST_BYTES - call("").len();
        assert!(queue.fit(prepared(&call(&"x".repeat(room)))).await.unwrap().is_ok());
        let unsent = queue.fit(prepared(&call(&"x".repeat(room + 1)))).await.unwrap().unwrap_err();
        let expected = "$: is too large for the queue (1048577 bytes of at most 1048576), and there is no bucket for it: see --bucket";
        assert_eq!(unsent.reason, expected);
    }

    #[tokio::test]
    async fn a_call_that_is_too_large_goes_into_the_bucket_unless_it_is_too_large_for_that_as_well() {
        let aws = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let queue = CallQueue {
            bucket: Some(TranscriptBucket::new(&aws, "b".to_owned())),
            ..queue(&fake(&Requests::default()))
        };
        let huge = prepared(&call(&"x".repeat(transcript_bucket::MOST_BYTES)));
        let unsent = queue.fit(huge).await.unwrap().unwrap_err();
        assert!(unsent.reason.starts_with("$: is too large for the bucket (10485"), "{}", unsent.reason);
        // There is no server at the bucket's address, so the attempt to put a call there fails the command.
        let large = prepared(&call(&"x".repeat(MOST_BYTES)));
        let error = queue.fit(large).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot put in into the bucket and send what follows");
    }
}
