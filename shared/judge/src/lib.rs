//! Judging calls with a language model: the only crate that speaks to one.

mod endpoint;
mod failure;
mod judge;
mod settings;
mod transport;
mod usage;

pub use failure::{ErrorAnswer, Failure, FailureKind};
pub use judge::{Judge, Verdict};
pub use settings::{JsonMode, MaxTokensField, Protocol, Settings, SettingsError};
pub use transport::BuildError;
pub use usage::Usage;
