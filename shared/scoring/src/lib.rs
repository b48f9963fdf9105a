//! Scoring of calls: the rubric that every scorer shares, the rules for calls that are not scored, redaction,
//! verification of quotes, measures of the conversation, and the embedded scorer.
//!
//! **Invariant:** pure functions of their arguments: no I/O, no clock, no randomness. The same call gives the same
//! bytes. What is *not* here: models, prompts, networks, where calls come from and where feedback goes.

mod contractions;
mod conversation;
mod dialogue;
mod eligibility;
pub mod embedded;
pub mod evidence;
pub mod intervals;
mod language_tag;
mod lexicon;
mod math;
mod quote;
mod redaction;
mod rubric;
#[cfg(test)]
mod test_calls;
mod tokenizer;
pub mod tools;
mod totals;
mod utterance;
mod violations;

pub use conversation::conversation;
pub use eligibility::{skip_message, skip_reason};
pub use embedded::{SCORER_VERSION, embedded_feedback, review_reasons};
pub use redaction::Redaction;
pub use rubric::{ANCHOR_SCORES, RUBRIC, RUBRIC_RULES, RUBRIC_VERSION, RubricEntry, rubric_markdown};
pub use totals::{capped, categories, total};
pub use violations::{SEVERITIES, VIOLATIONS};
