//! `send`: calls in, messages on the queue.
//!
//! **Invariant:** a call is sent, reported with its reason, or comes after the error at which sending stopped. Only calls
//! that the generator will be able to read are sent. Sending the same input again is harmless: a call is scored once.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::timeout::TimeoutConfig;
use aws_sdk_sqs::types::{BatchResultErrorEntry, MessageAttributeValue, SendMessageBatchRequestEntry};
use domain::{CallId, OrgId};

use crate::arguments::SendArguments;
use crate::batch::{Batch, MOST_BYTES};
use crate::bucket::{self, Bucket};
use crate::error::CommandError;
use crate::input;
use crate::input_entry::{InputEntry, InputLocation};
use crate::message::{ATTRIBUTE_TYPE, Message, ORG_ATTRIBUTE, read};
use crate::report::Report;
use crate::target::{BUCKET, QUEUE, Target};

/// How often a message is offered that the queue, for a reason of its own, does not take. The SDK repeats requests that
/// fail as a whole; this is for single messages of a request that succeeds.
const ATTEMPTS: u32 = 4;

/// How long to wait before the second attempt; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// How long one request may take: a full batch is 1 MiB, which a slow line needs minutes for.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(2);

/// Sends all calls of the input. The code is 1 when one of them failed.
pub(crate) async fn run(arguments: SendArguments) -> Result<ExitCode, CommandError> {
    let bucket = Target::choose(&BUCKET, arguments.bucket, arguments.stack.clone()).ok();
    let target = Target::choose(&QUEUE, arguments.queue_url, arguments.stack)?;
    let aws = aws::operator_config().await;
    let bucket = match bucket {
        Some(target) => target.resolve_optional(&BUCKET, &aws).await?.map(|name| Bucket::new(&aws, name)),
        None => None,
    };
    let queue = Queue { client: client(&aws), url: target.resolve(&QUEUE, &aws).await?, bucket };
    let sources = input::sources(&arguments.input.paths);
    let mut report = Report::new(input::total_bytes(&sources));
    let mut sent = 0;
    let finished =
        send_all(&queue, input::entries(sources), arguments.input.org.as_ref(), &mut report, &mut sent).await;
    let code = report.finish(format_args!("sent {sent}"))?;
    finished.map(|()| code)
}

/// A client that waits for large requests; the shared configuration is made for functions beside the data.
fn client(aws: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .read_timeout(REQUEST_TIMEOUT)
        .operation_attempt_timeout(REQUEST_TIMEOUT)
        .operation_timeout(REQUEST_TIMEOUT * ATTEMPTS);
    Client::from_conf(aws_sdk_sqs::config::Builder::from(aws).timeout_config(timeouts.build()).build())
}

/// Where messages go.
struct Queue {
    client: Client,
    url: String,
    /// Where calls go that are too large.
    bucket: Option<Bucket>,
}

/// A call that was not sent, and why.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    location: InputLocation,
    reason: String,
}

async fn send_all(
    queue: &Queue,
    entries: impl Iterator<Item = InputEntry>,
    default_org: Option<&OrgId>,
    report: &mut Report,
    sent: &mut usize,
) -> Result<(), CommandError> {
    let mut batch = Batch::empty();
    for entry in entries {
        report.advance(&entry);
        let message = match prepare(entry, default_org) {
            Ok(message) => queue.fit(message).await?,
            Err(refusal) => Err(refusal),
        };
        match message {
            Ok(message) => {
                let bytes = message.bytes();
                if let Some(full) = batch.add(message, bytes) {
                    *sent += deliver(queue, full, report).await?;
                }
            }
            Err(refusal) => report.error(&refusal.location, refusal.reason),
        }
    }
    *sent += deliver(queue, batch.rest(), report).await?;
    Ok(())
}

/// A message, and whose call it brings if it brings one.
#[derive(Debug)]
struct Prepared {
    message: Message,
    ids: Option<(OrgId, CallId)>,
}

/// The message of an entry; fails when its call is not valid.
fn prepare(entry: InputEntry, default_org: Option<&OrgId>) -> Result<Prepared, Refusal> {
    let InputEntry { location, text } = entry;
    let read = text.map_err(|error| error.to_string()).and_then(|body| {
        let (message, org_attribute) = read(&body, default_org, None).map_err(|error| error.to_string())?;
        let ids = match message {
            intake::Message::Ignored { format, reason } => return Err(format!("not sent ({format}): {reason}")),
            intake::Message::Call(call) => Some((call.org_id, call.call_id)),
            intake::Message::Objects(_) => None,
        };
        Ok((body, org_attribute, ids))
    });
    let (body, org_attribute, ids) = read.map_err(|reason| Refusal { location: location.clone(), reason })?;
    Ok(Prepared { message: Message { location, body, org_attribute }, ids })
}

/// Sends one batch and reports what the queue did not take; the answer is how many messages it did. Fails when the queue
/// cannot be reached.
async fn deliver(queue: &Queue, batch: Vec<Message>, report: &mut Report) -> Result<usize, CommandError> {
    let Some(first) = batch.first() else { return Ok(0) };
    let doing = format!("cannot send {} and what follows", first.location);
    let offered = batch.len();
    let refusals = queue.send(batch).await.map_err(|source| CommandError::Unavailable { doing, source })?;
    for refusal in &refusals {
        report.error(&refusal.location, &refusal.reason);
    }
    Ok(offered - refusals.len())
}

impl Queue {
    /// The message as the queue takes it: a call that is too large goes into the bucket first. Refuses what is too large all
    /// the same; fails when the bucket cannot be reached.
    async fn fit(&self, prepared: Prepared) -> Result<Result<Message, Refusal>, CommandError> {
        let Prepared { message, ids } = prepared;
        let bytes = message.bytes();
        let too_large = |where_to: &str, most: usize, hint: &str| {
            let reason = format!("$: is too large for the {where_to} ({bytes} bytes of at most {most}){hint}");
            Ok(Err(Refusal { location: message.location.clone(), reason }))
        };
        match (&self.bucket, ids) {
            _ if bytes <= MOST_BYTES => Ok(Ok(message)),
            (Some(_), Some(_)) if message.body.len() > bucket::MOST_BYTES => {
                too_large("bucket", bucket::MOST_BYTES, "")
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

    /// Sends a batch, single messages repeatedly where that may help; the answer is what the queue did not take.
    async fn send(&self, batch: Vec<Message>) -> Result<Vec<Refusal>, Box<dyn Error + Send + Sync>> {
        let (mut pending, mut refused) = (batch, Vec::new());
        let mut wait = FIRST_WAIT;
        for attempt in 1.. {
            let (retryable, fatal) = self.offer(pending).await?;
            refused.extend(fatal);
            if retryable.is_empty() || attempt == ATTEMPTS {
                refused.extend(
                    retryable.into_iter().map(|(message, reason)| Refusal { location: message.location, reason }),
                );
                break;
            }
            pending = retryable.into_iter().map(|(message, _)| message).collect();
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Ok(refused)
    }

    /// One request: what may be offered again and what may not. A message the answer does not name was not taken.
    async fn offer(
        &self,
        messages: Vec<Message>,
    ) -> Result<(Vec<(Message, String)>, Vec<Refusal>), Box<dyn Error + Send + Sync>> {
        let entries = messages.iter().enumerate().map(|(index, message)| entry(index, message));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
        let answer = request.send().await?;
        let (mut retryable, mut fatal) = (Vec::new(), Vec::new());
        for (index, message) in messages.into_iter().enumerate() {
            let id = index.to_string();
            let failed = answer.failed().iter().find(|failed| failed.id() == id);
            if answer.successful().iter().any(|taken| taken.id() == id) {
                continue;
            }
            let reason = failed.map_or_else(
                || "the queue's answer does not say what became of it".to_owned(),
                |failed| {
                    let message = failed.message().map(|message| format!(" ({message})")).unwrap_or_default();
                    format!("the queue refuses it: {}{message}", failed.code())
                },
            );
            if failed.is_some_and(BatchResultErrorEntry::sender_fault) {
                fatal.push(Refusal { location: message.location, reason });
            } else {
                retryable.push((message, reason));
            }
        }
        Ok((retryable, fatal))
    }
}

/// A message as the SDK wants it; its index in the request is its id there.
fn entry(index: usize, message: &Message) -> Result<SendMessageBatchRequestEntry, aws_sdk_sqs::error::BuildError> {
    let mut entry = SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(&message.body);
    if let Some(org) = &message.org_attribute {
        let value = MessageAttributeValue::builder().data_type(ATTRIBUTE_TYPE).string_value(org.as_str()).build()?;
        entry = entry.message_attributes(ORG_ATTRIBUTE, value);
    }
    entry.build()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use aws_sdk_sqs::operation::send_message_batch::{SendMessageBatchInput, SendMessageBatchOutput};
    use aws_sdk_sqs::types::SendMessageBatchResultEntry;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};

    use super::*;

    type Requests = Arc<Mutex<Vec<Vec<String>>>>;

    fn message(body: &str) -> Message {
        Message { location: InputLocation::whole(body), body: body.to_owned(), org_attribute: None }
    }

    fn queue(rule: &Rule) -> Queue {
        Queue {
            client: mock_client!(aws_sdk_sqs, RuleMode::MatchAny, [rule]),
            url: "https://queue".to_owned(),
            bucket: None,
        }
    }

    /// A queue that takes what it is asked to, but for bodies that begin with `busy` (as often as the number that follows
    /// says), `invalid` (never taken) and `lost` (not answered for). It remembers the bodies of every request.
    fn fake(requests: &Requests) -> Rule {
        let requests = requests.clone();
        mock!(Client::send_message_batch).then_compute_output(move |request| {
            let mut requests = requests.lock().unwrap();
            let answer = answer(request, requests.len());
            requests.push(request.entries().iter().map(|entry| entry.message_body().to_owned()).collect());
            answer
        })
    }

    fn answer(request: &SendMessageBatchInput, earlier: usize) -> SendMessageBatchOutput {
        let failed = |id: &str, code: &str, sender_fault| {
            BatchResultErrorEntry::builder().id(id).code(code).sender_fault(sender_fault).build().unwrap()
        };
        let taken = |id: &str| {
            SendMessageBatchResultEntry::builder().id(id).message_id("m").md5_of_message_body("m").build().unwrap()
        };
        let mut answer = SendMessageBatchOutput::builder().set_successful(Some(vec![])).set_failed(Some(vec![]));
        for entry in request.entries() {
            let (id, body) = (entry.id(), entry.message_body());
            answer = match body.strip_prefix("busy").map(|times| times.parse::<usize>().unwrap()) {
                Some(times) if earlier < times => answer.failed(failed(id, "InternalError", false)),
                _ if body == "invalid" => answer.failed(failed(id, "InvalidMessageContents", true)),
                _ if body == "lost" => answer,
                _ => answer.successful(taken(id)),
            };
        }
        answer.build().unwrap()
    }

    async fn send(bodies: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
        let requests = Requests::default();
        let rule = fake(&requests);
        let refusals = queue(&rule).send(bodies.iter().map(|body| message(body)).collect()).await.unwrap();
        let refusals = refusals.iter().map(|refusal| format!("{}: {}", refusal.location, refusal.reason)).collect();
        let requests = requests.lock().unwrap().clone();
        (refusals, requests)
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_the_queue_did_not_take_is_offered_again() {
        let (refusals, requests) = send(&["a", "busy1", "b", "busy2"]).await;
        assert!(refusals.is_empty(), "{refusals:?}");
        assert_eq!(requests, [vec!["a", "busy1", "b", "busy2"], vec!["busy1", "busy2"], vec!["busy2"]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_at_fault_is_refused_at_once_and_alone() {
        let (refusals, requests) = send(&["a", "invalid", "b"]).await;
        assert_eq!(refusals, ["invalid: the queue refuses it: InvalidMessageContents"]);
        assert_eq!(requests.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_is_never_taken_is_refused_in_the_end() {
        let (refusals, requests) = send(&["busy99", "lost", "a"]).await;
        let expected =
            ["busy99: the queue refuses it: InternalError", "lost: the queue's answer does not say what became of it"];
        assert_eq!(refusals, expected);
        assert_eq!(requests.len(), usize::try_from(ATTEMPTS).unwrap());
    }

    #[test]
    fn a_message_carries_the_organisation_its_body_lacks() {
        let named = Message { org_attribute: Some(OrgId::parse("acme").unwrap()), ..message("{}") };
        let sent = entry(3, &named).unwrap();
        let attribute = &sent.message_attributes().unwrap()["org_id"];
        assert_eq!((sent.id(), sent.message_body(), attribute.string_value()), ("3", "{}", Some("acme")));
        assert!(entry(0, &message("{}")).unwrap().message_attributes().is_none());
    }

    fn call(spoken: &str) -> String {
        format!(r#"{{"org_id": "a", "call_id": "c", "transcript": "Agent: {spoken}"}}"#)
    }

    fn prepared(text: String) -> Result<Prepared, Refusal> {
        prepare(InputEntry { location: InputLocation::whole("in"), text: Ok(text) }, None)
    }

    #[test]
    fn a_call_that_is_invalid_is_refused_before_it_is_sent() {
        assert_eq!(prepared(call("Hi")).unwrap().message.body, call("Hi"));
        assert_eq!(prepared("{}".to_owned()).unwrap_err().reason, "$: unknown format (no keys)");
    }

    #[tokio::test]
    async fn a_call_that_is_too_large_is_refused_where_there_is_no_bucket() {
        let queue = queue(&fake(&Requests::default()));
        let room = MOST_BYTES - call("").len();
        assert!(queue.fit(prepared(call(&"x".repeat(room))).unwrap()).await.unwrap().is_ok());
        let refusal = queue.fit(prepared(call(&"x".repeat(room + 1))).unwrap()).await.unwrap().unwrap_err();
        let expected = "$: is too large for the queue (1048577 bytes of at most 1048576), and there is no bucket for it: see --bucket";
        assert_eq!(refusal.reason, expected);
    }

    #[tokio::test]
    async fn a_call_that_is_too_large_goes_into_the_bucket_unless_it_is_for_that_as_well() {
        let aws = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let queue = Queue { bucket: Some(Bucket::new(&aws, "b".to_owned())), ..queue(&fake(&Requests::default())) };
        let huge = prepared(call(&"x".repeat(bucket::MOST_BYTES))).unwrap();
        let refusal = queue.fit(huge).await.unwrap().unwrap_err();
        assert!(refusal.reason.starts_with("$: is too large for the bucket (10485"), "{}", refusal.reason);
        // Nobody answers at the bucket's address, so that a call which is tried to be put there fails the command.
        let large = prepared(call(&"x".repeat(MOST_BYTES))).unwrap();
        let error = queue.fit(large).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot put in into the bucket and send what follows");
    }
}
