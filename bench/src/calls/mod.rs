//! Whole calls with a reader's rating: their format, the transcripts that a scorer gets of them, and how a scorer is measured
//! with them.
//!
//! The calls are in `bench/calls`, whose README describes the format.

#[cfg(test)]
mod example;
mod false_claim;
mod files;
mod format;
mod format_error;
mod grouping;
mod measure;
mod punctuation;
mod rated;
mod report;
mod said;
mod scorer;
mod timing;
mod variant;
mod vocabulary;

pub use false_claim::{FalseClaim, false_claims};
pub use files::{KNOWN, read, read_written};
pub use format_error::CallFormatError;
pub use grouping::Grouping;
pub use measure::{CriterionFigures, Figures, FlagFigures, Report, measure};
pub use punctuation::Punctuation;
pub use rated::{Mention, NotClaim, RatedCall, Rating, WrittenCall, WrittenTurn};
pub use report::lines;
pub use said::SpokenOf;
pub use scorer::{ScoredCall, by_constant, by_embedded, by_model};
pub use variant::Variant;
pub use vocabulary::{Act, AgentKind, Flag, Sign, criterion};
