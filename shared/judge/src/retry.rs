//! One prompt, sent to the model until it answers or trying again is pointless: transient errors are retried after a backoff.
//!
//! **Invariant:** no attempt begins or lasts beyond the deadline, no backoff is shorter than what the server asks for, and once
//! the model has answered, nothing is sent again. What the server refuses and the call can do without
//! (a replaced key, a mark for its cache) is left out at once. What is *not* here: sending an answer back because of what it says.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::time::{Instant, sleep, timeout_at};

use crate::backoff::backoff;
use crate::prompt::Prompt;
use crate::protocol::{self, ModelOutput};
use crate::transport::Transport;
use crate::{JudgeErrorKind, Settings, Usage};

/// How often a prompt is sent before the call goes back to the queue.
const MOST_ATTEMPTS: u32 = 3;
/// No model answers in less time than this, and an attempt that is broken off is paid for all the same.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);
/// A model's name is cut to so many characters.
const LONGEST_MODEL: usize = 200;

/// The text of a model's answer, not yet read, and the model's name.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) text: String,
    pub(crate) model: Option<String>,
}

/// Sends the prompt; what that costs is counted in `usage`. Fails with the error of the last attempt.
pub(crate) async fn ask(
    transport: &Transport,
    settings: &Settings,
    prompt: &Prompt,
    deadline: Instant,
    usage: &mut Usage,
) -> Result<RawAnswer, JudgeErrorKind> {
    for attempt in 1.. {
        let may_cache = transport.may_cache();
        let body = protocol::request_body(settings, prompt, may_cache).to_string();
        let key = settings.access.key_header().await;
        let time = settings.timeout.min(deadline.saturating_duration_since(Instant::now()));
        if time < SHORTEST_ATTEMPT.min(settings.timeout) {
            return Err(JudgeErrorKind::TimedOut);
        }
        usage.attempts += 1;
        match transport.send(settings, body, key.as_ref(), time).await {
            Ok(response) => {
                usage.add_response(&response.tokens);
                let model = response.model.map(|model| model.chars().take(LONGEST_MODEL).collect());
                return answer_text(response.output).map(|text| RawAnswer { text, model });
            }
            Err(JudgeErrorKind::CacheRejected { .. }) if may_cache && attempt < MOST_ATTEMPTS => {
                transport.stop_caching();
            }
            Err(kind) if attempt < MOST_ATTEMPTS && is_renewed(settings, &kind, key, deadline).await => {}
            Err(kind) if attempt == MOST_ATTEMPTS || !kind.is_worth_another_attempt() => return Err(kind),
            Err(kind) => wait(kind, attempt, deadline).await?,
        }
    }
    Err(JudgeErrorKind::TimedOut)
}

/// Waits before another attempt; fails with the error of the last one when there is no time for both.
async fn wait(kind: JudgeErrorKind, attempts: u32, deadline: Instant) -> Result<(), JudgeErrorKind> {
    let backoff = backoff(attempts, fastrand::f64()).max(kind.retry_after().unwrap_or_default());
    if Instant::now() + backoff + SHORTEST_ATTEMPT > deadline {
        return Err(kind);
    }
    sleep(backoff).await;
    Ok(())
}

/// Whether the server refused a key (401) that is another one by now. Where it is kept it may have been replaced since the program
/// started.
async fn is_renewed(
    settings: &Settings,
    kind: &JudgeErrorKind,
    key: Option<(HeaderName, HeaderValue)>,
    deadline: Instant,
) -> bool {
    let JudgeErrorKind::Unauthorized { response, .. } = kind else { return false };
    let Some((_, refused)) = key.filter(|_| response.status == StatusCode::UNAUTHORIZED) else { return false };
    timeout_at(deadline, settings.access.renew(&refused)).await.unwrap_or(false)
}

fn answer_text(output: ModelOutput) -> Result<String, JudgeErrorKind> {
    match output {
        ModelOutput::Text(text) => Ok(text),
        // Asked again, it would be cut off and paid for again: the limit is a setting.
        ModelOutput::CutOff => Err(JudgeErrorKind::CutOff),
        ModelOutput::TooLong => Err(JudgeErrorKind::TooLong),
        ModelOutput::Refused => Err(JudgeErrorKind::Refused),
    }
}
