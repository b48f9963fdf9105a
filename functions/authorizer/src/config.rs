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

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_template_sets_exactly_the_variables_that_are_read() {
        // Read by the TLS stack and by `reports`.
        let others = ["SSL_CERT_FILE", "SENTRY_DSN", "SENTRY_ENVIRONMENT"];
        let read = RefCell::new(BTreeSet::from(others.map(str::to_owned)));
        let config = Config::from_lookup(|name| {
            read.borrow_mut().insert(name.to_owned());
            Some("tokens".to_owned())
        });
        assert_eq!(config, Ok(Config { token_table: "tokens".to_owned() }));
        assert_eq!(test_support::template().function_environment("AuthorizerFunction"), read.into_inner());
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = Config::from_lookup(|_| None).unwrap_err().to_string();
        assert_eq!(error, "environment variable CALL_FEEDBACK_TOKEN_TABLE is not set");
    }
}
