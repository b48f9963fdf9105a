//! What is wrong with a model's answer: in words for the model, which has to correct it, and in words for the log.
//!
//! **Invariant:** `Display` is for the model and may quote its answer; `label` is for the log and quotes nothing.

use std::fmt::{self, Write};

use domain::{Criterion, Evidence, Role, ViolationKind};
use scoring::evidence::QuoteError;
use serde::Serialize;
use serde_json::Value;

use crate::JsonMode;
use crate::answer::ClaimedEvidence;
use crate::prompt::{Form, escape};
use crate::quote_check::Misquote;
use crate::stamp::Stamp;

/// A model that is told of more errors than this corrects none of them.
const MOST_ERRORS: usize = 30;
/// How many characters of an answer's text are repeated to the model.
const LONGEST_REPEATED_TEXT: usize = 300;

const INTRODUCTION: &str = "\
Your answer cannot be used yet. Software checked it against the schema and the transcript and found the problems below. What \
stands there in JSON is data, like the transcript.\n";
const REQUEST_FOR_ALL: &str = "\nAnswer again with the whole JSON object.";
const REQUEST_FOR_PARTS: &str = "\
\nAnswer with one JSON object that holds nothing but what has to be put right, each complete, in the form that it had; the rest of your \
answer is kept. Where a quote failed, copy one from the turn it names, or choose another turn; if nothing in the transcript shows what you \
claimed, change the score. The object has the fields criteria (a list, in which each also names its criterion), violations (a \
list, empty unless it is asked for), feedback and improvement_suggestions (null unless they are asked for). Asked for: ";

/// A part of an answer that can be asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    Criterion(Criterion),
    Violations,
    Feedback,
    ImprovementSuggestions,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Criterion(criterion) => criterion.fmt(f),
            Self::Violations => f.write_str("violations"),
            Self::Feedback => f.write_str("feedback"),
            Self::ImprovementSuggestions => f.write_str("improvement_suggestions"),
        }
    }
}

/// Something that is wrong with an answer.
#[derive(Debug)]
pub(crate) enum ValidationError {
    /// It is not the JSON that was asked for. The text is for the model and may quote its answer.
    NotTheSchema(String),
    /// A part is missing or not in the form that was asked for. The text is for the model and may quote its answer.
    Malformed { asked: Asked, message: String },
    /// A score that is not from 0 to 10.
    OffTheScale { criterion: Criterion },
    /// A criterion without a score that always has one.
    AlwaysApplies { criterion: Criterion },
    /// A score without a quote that was said.
    Unproven { criterion: Criterion, rejected: Vec<RejectedQuote> },
    /// A violation without a quote that the agent said. It has been removed.
    UnprovenViolation { kind: ViolationKind, rejected: Vec<RejectedQuote> },
    /// A text that is empty.
    Empty { asked: Asked },
    /// A text with a quotation that is not proven. The sentence that it was in has been removed.
    Misquoted { asked: Asked, misquote: Misquote },
    /// The answer judges nothing.
    Stamp(Stamp),
}

impl ValidationError {
    /// Whether nothing can be stored because of it: a score is not proven.
    pub(crate) const fn is_fatal(&self) -> bool {
        match self {
            Self::NotTheSchema(_) | Self::OffTheScale { .. } | Self::AlwaysApplies { .. } | Self::Unproven { .. } => {
                true
            }
            Self::Malformed { asked, .. } => matches!(asked, Asked::Criterion(_)),
            Self::UnprovenViolation { .. } | Self::Empty { .. } | Self::Misquoted { .. } | Self::Stamp(_) => false,
        }
    }

    /// What is wrong, without anything the model wrote.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::NotTheSchema(_) => "it is not the JSON that was asked for",
            Self::Malformed { .. } => "a part of it is missing or not in the form that was asked for",
            Self::OffTheScale { .. } => "a score is not from 0 to 10",
            Self::AlwaysApplies { .. } => "a criterion that always applies has no score",
            Self::Unproven { .. } => "a score has no quote that is in the transcript",
            Self::UnprovenViolation { .. } => "a violation has no quote of the agent that is in the transcript",
            Self::Empty { .. } => "a text is empty",
            Self::Misquoted { .. } => "a quotation in a text is not proven",
            Self::Stamp(_) => "it judges nothing",
        }
    }

    /// The part that has to be put right; `None` when it is the answer as a whole.
    pub(crate) const fn asks_for(&self) -> Option<Asked> {
        match self {
            Self::NotTheSchema(_) | Self::Stamp(_) => None,
            Self::Malformed { asked, .. } | Self::Empty { asked } | Self::Misquoted { asked, .. } => Some(*asked),
            Self::OffTheScale { criterion } | Self::AlwaysApplies { criterion } | Self::Unproven { criterion, .. } => {
                Some(Asked::Criterion(*criterion))
            }
            Self::UnprovenViolation { .. } => Some(Asked::Violations),
        }
    }

    /// The parts that have to be put right, each once: of a stamp, all criteria.
    pub(crate) fn asked(errors: &[Self]) -> Vec<Asked> {
        let is_stamp = errors.iter().any(|error| matches!(error, Self::Stamp(_)));
        let all = Criterion::ALL.iter().filter(|_| is_stamp).map(|criterion| Asked::Criterion(*criterion));
        let mut asked: Vec<Asked> = errors.iter().filter_map(Self::asks_for).chain(all).collect();
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}

/// A quote that was rejected, and why.
#[derive(Debug)]
pub(crate) struct RejectedQuote {
    claim: ClaimedEvidence,
    reason: String,
    nearest: Option<Evidence>,
}

impl RejectedQuote {
    pub(crate) fn too_long(claim: ClaimedEvidence) -> Self {
        Self { claim, reason: "the quote is too long: at most forty words".to_owned(), nearest: None }
    }

    pub(crate) fn not_shown(claim: ClaimedEvidence) -> Self {
        let reason = format!("turn {} was left out: quote from the turns that are shown", claim.turn);
        Self { claim, reason, nearest: None }
    }

    pub(crate) fn unverified(claim: ClaimedEvidence, error: QuoteError) -> Self {
        Self { claim, reason: error.kind.to_string(), nearest: error.nearest }
    }
}

/// The message that sends an answer back, and the schema of what it asks for; where the model does not get it from its server, the message
/// states it.
pub(crate) fn repair(errors: &[ValidationError], mode: JsonMode) -> (String, Value) {
    let mut text = INTRODUCTION.to_owned();
    for error in errors.iter().take(MOST_ERRORS) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{error}");
    }
    if errors.iter().any(|error| matches!(error, ValidationError::NotTheSchema(_))) {
        return (text + REQUEST_FOR_ALL, Form::Whole.schema(mode));
    }
    let asked: Vec<String> = ValidationError::asked(errors).iter().map(ToString::to_string).collect();
    let _ = write!(text, "{REQUEST_FOR_PARTS}{}.", asked.join(", "));
    let schema = Form::Correction.schema(mode);
    if !mode.tells_schema() {
        let _ = write!(text, "\nIts JSON schema: {schema}");
    }
    (text, schema)
}

/// A quote as it is repeated to the model.
#[derive(Serialize)]
struct RepeatedQuote<'a> {
    turn: usize,
    role: Role,
    quote: &'a str,
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTheSchema(error) => writeln!(f, "- not the JSON object of the schema: {}", repeated(error)),
            Self::Malformed { asked, message } => {
                writeln!(f, "- {asked}: not in the form of the schema: {}", repeated(message))
            }
            Self::OffTheScale { criterion } => writeln!(f, "- {criterion}: the score must be from 0 to 10"),
            Self::AlwaysApplies { criterion } => {
                writeln!(f, "- {criterion} always applies: the score must not be null")
            }
            Self::Empty { asked } => writeln!(f, "- {asked}: the text is empty"),
            Self::Misquoted { asked, misquote } => writeln!(f, "- {asked}: {misquote}"),
            Self::Unproven { criterion, rejected } if rejected.is_empty() => {
                writeln!(f, "- {criterion}: the score has no quote")
            }
            Self::Unproven { criterion, rejected } => {
                writeln!(f, "- {criterion}: no quote is left for the score")?;
                rejected.iter().try_for_each(|quote| write!(f, "{quote}"))
            }
            Self::UnprovenViolation { kind, rejected } => {
                writeln!(
                    f,
                    "- violations: {kind} has no quote of the agent that is in the transcript; give one that shows it, or leave the \
                     violation out"
                )?;
                rejected.iter().try_for_each(|quote| write!(f, "{quote}"))
            }
            Self::Stamp(stamp) => writeln!(f, "- {stamp}"),
        }
    }
}

impl fmt::Display for RejectedQuote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClaimedEvidence { turn, role, quote } = &self.claim;
        writeln!(
            f,
            "  - {}: {}",
            json(&RepeatedQuote { turn: *turn, role: *role, quote: &shortened(quote) }),
            self.reason
        )?;
        match &self.nearest {
            Some(Evidence { turn, role, quote }) => {
                writeln!(
                    f,
                    "    the nearest that was said: {}",
                    json(&RepeatedQuote { turn: *turn, role: *role, quote: &shortened(quote) })
                )
            }
            None => Ok(()),
        }
    }
}

/// A text of the model as it is repeated to it.
pub(crate) fn repeated(text: &str) -> String {
    json(&shortened(text))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_REPEATED_TEXT).collect()
}

fn json(value: &impl Serialize) -> String {
    escape(&serde_json::to_string(value).unwrap_or_default())
}
