//! Recorded answers of a model, replayed through the real judge: its HTTP client, its protocol and its checks.
//!
//! A recording is a folder: `CALL_ID.1.json` is what the model answered about a call, and `CALL_ID.2.json` what it
//! answered when the judge sent that back; `prompt_sha256.txt` says which prompt was answered. [`open_prompts`] says
//! what is still to be answered, and [`replay`] judges the calls with what is recorded. So a change of the prompt, the
//! schema or the checks shows what it breaks, without a model.
//!
//! **Invariant:** nothing is asked but a server on this machine, and a call without a recorded answer gets none.

mod answers;
mod prompts;
mod replayed;

pub use answers::{JUDGED, RecordedAnswers};
pub use prompts::open_prompts;
pub use replayed::{Replay, ReplayError, SentBack, replay};
