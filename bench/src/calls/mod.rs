//! Whole calls with a reader's rating: their format, and the transcripts that a scorer gets of them.
//!
//! The calls are in `bench/calls`, whose README describes the format.

mod files;
mod format;
mod format_error;
mod punctuation;
mod rated;
mod timing;
mod variant;
mod vocabulary;

pub use files::{KNOWN, read, read_written};
pub use format_error::CallFormatError;
pub use punctuation::Punctuation;
pub use rated::{Mention, NotClaim, RatedCall, Rating, WrittenCall, WrittenTurn};
pub use variant::Variant;
pub use vocabulary::{Act, AgentKind, Flag, Sign};
