//! `send`: calls in, messages on the queue.
//!
//! **Invariant:** every call is sent, or reported with the reason why not, unless it comes after the error or the
//! interruption at which sending stopped, and then the place is reported. Only calls that the generator can read are
//! sent. Sending the same input again is harmless: a call is scored once.

use std::pin::pin;
use std::process::ExitCode;

use domain::OrgId;
use futures_util::StreamExt;

use crate::arguments::SendArguments;
use crate::call_queue::{CallQueue, PreparedMessage, UnsentCall};
use crate::console::Console;
use crate::error::CommandError;
use crate::input::InputSources;
use crate::input_entry::{InputEntry, InputLocation};
use crate::interrupt::Interrupts;
use crate::message_batch::MessageBatch;
use crate::queue_message::{QueueMessage, read};
use crate::resource::{BUCKET, QUEUE, ResourceRef};
use crate::transcript_bucket::TranscriptBucket;

/// So many entries are read ahead.
const READ_AHEAD: usize = 1;

/// How far sending has come.
#[derive(Debug, Default)]
struct Progress {
    /// How many calls the queue has accepted.
    sent: usize,
    /// The first call of which that is not known.
    unsent: Option<InputLocation>,
    /// The last entry that was read.
    last: Option<InputLocation>,
}

/// Sends all calls of the input. The code is 1 when one of them failed; fails when it is interrupted.
pub(crate) async fn run(arguments: SendArguments) -> Result<ExitCode, CommandError> {
    let mut interrupts = Interrupts::listen().map_err(CommandError::unavailable("cannot start"))?;
    let SendArguments { input, queue_url, bucket, stack } = arguments;
    let bucket = ResourceRef::choose(&BUCKET, bucket, stack.clone()).ok();
    let queue = ResourceRef::choose(&QUEUE, queue_url, stack)?;
    let mut progress = Progress::default();
    let queue = match interrupts.or(Box::pin(connect(queue, bucket))).await {
        Ok(queue) => queue?,
        Err(interrupt) => return Err(CommandError::Interrupted { interrupt, told: progress.place() }),
    };
    let sources = InputSources::of(&input.paths);
    let mut console = Console::of(&sources);
    let sending = Box::pin(send_all(&queue, sources, input.org.as_ref(), &mut console, &mut progress));
    let ended = interrupts.or(sending).await;
    let code = console.finish(format_args!("sent {}", progress.sent))?;
    match ended {
        Ok(finished) => finished.map(|()| code),
        Err(interrupt) => Err(CommandError::Interrupted { interrupt, told: progress.place() }),
    }
}

/// The queue and the bucket of those names; fails when a stack that names them cannot be read.
async fn connect(queue: ResourceRef, bucket: Option<ResourceRef>) -> Result<CallQueue, CommandError> {
    let aws = aws::operator_config().await;
    let bucket = match bucket {
        Some(bucket) => bucket.resolve_optional(&BUCKET, &aws).await?.map(|name| TranscriptBucket::new(&aws, name)),
        None => None,
    };
    Ok(CallQueue::new(&aws, queue.resolve(&QUEUE, &aws).await?, bucket))
}

impl Progress {
    /// Where to go on.
    fn place(&self) -> String {
        match (&self.unsent, &self.last) {
            (Some(unsent), _) => format!("go on with {unsent}; sending a call again is harmless"),
            (None, Some(last)) => format!("go on after {last}"),
            (None, None) => "nothing was read".to_owned(),
        }
    }
}

async fn send_all(
    queue: &CallQueue,
    sources: InputSources,
    default_org: Option<&OrgId>,
    console: &mut Console,
    progress: &mut Progress,
) -> Result<(), CommandError> {
    let mut batch = MessageBatch::empty();
    let mut entries = pin!(sources.stream(READ_AHEAD));
    while let Some(entry) = entries.next().await {
        console.advance(&entry);
        let location = entry.location.clone();
        let message = match prepare(entry, default_org) {
            Ok(message) => queue.fit(message).await?,
            Err(unsent) => Err(unsent),
        };
        match message {
            Ok(message) => {
                let bytes = message.bytes();
                if let Some(full) = batch.add(message, bytes) {
                    progress.sent += deliver(queue, full, console).await?;
                    progress.unsent = None;
                }
                progress.unsent.get_or_insert_with(|| location.clone());
            }
            Err(unsent) => console.error(&unsent.location, unsent.reason),
        }
        progress.last = Some(location);
    }
    progress.sent += deliver(queue, batch.rest(), console).await?;
    progress.unsent = None;
    Ok(())
}

/// The message of an entry; fails when its call is invalid.
fn prepare(entry: InputEntry, default_org: Option<&OrgId>) -> Result<PreparedMessage, UnsentCall> {
    let InputEntry { location, text } = entry;
    let read = text.map_err(|error| error.to_string()).and_then(|body| {
        let (message, org_attribute) = read(&body, default_org, None).map_err(|error| error.to_string())?;
        let ids = match message {
            intake::ParsedMessage::Ignored { format, reason } => return Err(format!("not sent ({format}): {reason}")),
            intake::ParsedMessage::Call(call) => Some((call.org_id, call.call_id)),
            intake::ParsedMessage::Objects(_) => None,
        };
        Ok((body, org_attribute, ids))
    });
    let (body, org_attribute, ids) = read.map_err(|reason| UnsentCall { location: location.clone(), reason })?;
    Ok(PreparedMessage { message: QueueMessage { location, body, org_attribute }, ids })
}

/// Sends one batch and reports what the queue did not accept; returns how many messages it did. Fails when the queue cannot be
/// reached.
async fn deliver(queue: &CallQueue, batch: Vec<QueueMessage>, console: &mut Console) -> Result<usize, CommandError> {
    let Some(first) = batch.first() else { return Ok(0) };
    let doing = format!("cannot send {} and what follows", first.location);
    let offered = batch.len();
    let unsent = queue.send(batch).await.map_err(|source| CommandError::Unavailable { doing, source })?;
    for call in &unsent {
        console.error(&call.location, &call.reason);
    }
    Ok(offered - unsent.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(text: String) -> Result<PreparedMessage, UnsentCall> {
        prepare(InputEntry { location: InputLocation::whole("in"), text: Ok(text) }, None)
    }

    #[test]
    fn a_call_that_is_invalid_is_refused_before_it_is_sent() {
        let call = r#"{"org_id": "a", "call_id": "c", "transcript": "Agent: Hi"}"#;
        assert_eq!(prepared(call.to_owned()).unwrap().message.body, call);
        assert_eq!(prepared("{}".to_owned()).unwrap_err().reason, "$: unknown format (no keys)");
    }

    #[test]
    fn an_interruption_tells_where_to_go_on() {
        let at = |name: &str| Some(InputLocation::whole(name));
        let place = |unsent, last| Progress { sent: 0, unsent, last }.place();
        assert_eq!(place(None, None), "nothing was read");
        assert_eq!(place(None, at("b")), "go on after b");
        assert_eq!(place(at("a"), at("b")), "go on with a; sending a call again is harmless");
    }
}
