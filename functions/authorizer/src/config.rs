//! What the authorizer is configured with.

use environment::{VariableError, required};

/// The configuration of the authorizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The token table's name: `CALL_FEEDBACK_TOKEN_TABLE`.
    pub(crate) token_table: String,
}

impl Config {
    /// Reads the configuration; fails, naming the variable, when one is missing.
    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        Ok(Self { token_table: required(lookup, "CALL_FEEDBACK_TOKEN_TABLE")? })
    }
}
