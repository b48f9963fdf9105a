//! One question to the model, asked until it is answered or asking again makes no sense.
//!
//! **Invariant:** no attempt begins or lasts beyond the deadline, a backoff is never shorter than what the server asks for, and
//! what was answered is never asked again.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::backoff::backoff;
use crate::prompt::Prompt;
use crate::protocol::{self, Answer};
use crate::transport::Transport;
use crate::{JudgeErrorKind, Settings, Usage};

/// How often a question is asked before it goes back to the queue.
const MOST_ATTEMPTS: u32 = 3;
/// Less time than this is not enough for any answer, and an attempt that is broken off is paid for all the same.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);
/// A model's name in more characters than this is none.
const LONGEST_MODEL: usize = 200;

/// What a model said, and its name.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) model: Option<String>,
}

/// Asks the question; what it costs is counted in `usage`. Fails with the error of the last attempt.
pub(crate) async fn ask(
    transport: &Transport,
    settings: &Settings,
    prompt: &Prompt,
    deadline: Instant,
    usage: &mut Usage,
) -> Result<Said, JudgeErrorKind> {
    let body = protocol::request(settings, prompt).to_string();
    for attempt in 1.. {
        let time = settings.timeout.min(deadline.saturating_duration_since(Instant::now()));
        if time < SHORTEST_ATTEMPT.min(settings.timeout) {
            return Err(JudgeErrorKind::TimedOut);
        }
        usage.attempts += 1;
        match transport.send(settings, body.clone(), time).await {
            Ok(reply) => {
                usage.add_tokens(reply.input_tokens, reply.output_tokens);
                let model = reply.model.map(|model| model.chars().take(LONGEST_MODEL).collect());
                return said(reply.answer).map(|text| Said { text, model });
            }
            Err(kind) if attempt == MOST_ATTEMPTS || !kind.is_worth_another_attempt() => return Err(kind),
            Err(kind) => {
                let backoff = backoff(attempt, fastrand::f64()).max(kind.retry_after().unwrap_or_default());
                if Instant::now() + backoff + SHORTEST_ATTEMPT > deadline {
                    return Err(kind);
                }
                sleep(backoff).await;
            }
        }
    }
    Err(JudgeErrorKind::TimedOut)
}

fn said(answer: Answer) -> Result<String, JudgeErrorKind> {
    match answer {
        Answer::Text(text) => Ok(text),
        // Asked again, it would be cut off and paid for again: the limit is a setting.
        Answer::CutOff => Err(JudgeErrorKind::CutOff),
        Answer::TooLong => Err(JudgeErrorKind::TooLong),
        Answer::Refused => Err(JudgeErrorKind::Refused),
    }
}
