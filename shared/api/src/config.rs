//! What get, list and stats are configured with.

use environment::{VariableError, required};

/// The configuration of a function that reads feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The feedback table's name: `CALL_FEEDBACK_TABLE`.
    pub table: String,
}

impl Config {
    /// The variables that [`Config::from_lookup`] reads.
    pub const VARIABLES: &'static [&'static str] = &["CALL_FEEDBACK_TABLE"];

    /// Reads the configuration; fails, naming the variable, when one is missing.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        Ok(Self { table: required(lookup, "CALL_FEEDBACK_TABLE")? })
    }
}
