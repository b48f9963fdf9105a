//! The types that every part of the system shares: calls, criteria, scores, feedback, outcomes, counters, tokens.
//!
//! **Invariant:** nothing here does I/O, reads a clock or draws a random number, and nothing here names AWS or HTTP. Time,
//! identifiers and randomness come in as arguments. A value of a type with a parser is always valid: there is no other way to
//! create one.

mod call;
mod certainty;
mod counters;
mod criterion;
mod feedback;
mod ids;
mod names;
mod outcome;
mod platform;
mod provenance;
mod review;
mod score;
mod start_time;
mod synopsis;
mod time;
mod token;
mod turn_times;
mod verdict;
mod violation;

pub use call::{Call, Role, Turn, UnknownRoleError};
pub use certainty::Certainty;
pub use counters::{Counters, Tally};
pub use criterion::{Category, Criterion};
pub use feedback::{
    Assessment, CategoryScores, Conversation, CriterionAssessment, Evidence, Feedback, FeedbackRow, StoredFeedback,
    Suggestion,
};
pub use ids::{AgentId, CallId, FeedbackId, IdError, OrgId};
pub use outcome::{Outcome, OutcomeKind, SkipReason};
pub use platform::{PlatformMeasures, ToolEvent};
pub use provenance::{Provenance, Scorer, UnknownScorerError};
pub use review::{Review, ReviewReason};
pub use score::{Score, ScoreError};
pub use start_time::StartTime;
pub use synopsis::{Resolution, Synopsis};
pub use time::{Day, TimeError, Timestamp};
pub use token::{Token, TokenError, TokenId, TokenRecord, TokenScope, TokenSecretHash, TokenState, UnknownScopeError};
pub use turn_times::TurnTime;
pub use verdict::{ProducerVerdict, Stance};
pub use violation::{Severity, Violation, ViolationKind};
