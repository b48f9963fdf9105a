//! Judging calls with a language model: the only crate that speaks to one.
//!
//! A call goes through these steps. [`Settings`] say which model is asked, where and how. `prompt` cuts the transcript to what
//! fits and writes the prompt. `retry` sends it, through `transport` and in one of three `protocol`s, and retries transient errors
//! after a `backoff`. `answer` reads the model's answer part by part, and `validate` checks it against the call: scores, evidence,
//! violations, texts (`quote_check`), and whether it judges at all (`stamp`). If there are `validation_error`s, the answer is sent back
//! once with a list of them, and the correction is merged. `consensus` takes the median of several answers, `scoring` computes the
//! totals, and `certainty` says how sure they are.
//!
//! **Invariant:** no output of a model can make a quote that is not in the transcript, a score off the scale or a total of its
//! own. **Invariant:** no error and no `Debug` of this crate holds a transcript, an answer or a key. What is *not* here: the
//! rubric, the check of evidence and redaction, which are `scoring`'s, and queues and tables.

mod answer;
mod backoff;
mod bedrock_errors;
mod certainty;
mod consensus;
mod endpoint;
mod error;
mod http_errors;
mod judge;
mod prompt;
mod protocol;
mod quote_check;
mod retry;
mod settings;
mod stamp;
mod transport;
mod unseen;
mod usage;
mod validate;
mod validation_error;

pub use error::{ErrorResponse, JudgeError, JudgeErrorKind};
pub use judge::{Judge, Judgement};
pub use prompt::{ChatMessage, ChatRole, Prompt};
pub use settings::{JsonMode, KeySource, MaxTokensField, Protocol, ReasoningEffort, Settings, SettingsError};
pub use transport::BuildError;
pub use usage::{Tokens, Usage};
