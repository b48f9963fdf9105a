//! What the generator is configured with.

use std::num::{NonZeroU8, NonZeroU32};

use environment::{VariableError, parsed_or, required};

/// The configuration of the generator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// The feedback table's name: `CALL_FEEDBACK_TABLE`.
    pub(crate) table: String,
    /// The queue that calls arrive on: `CALL_FEEDBACK_QUEUE_URL`.
    pub(crate) queue_url: String,
    /// The queue for messages that can never be scored: `CALL_FEEDBACK_DLQ_URL`.
    pub(crate) dead_letter_queue_url: String,
    /// Calls known to be shorter are not scored: `MIN_CALL_SECONDS`, by default 30.
    pub(crate) minimum_seconds: f64,
    /// How many items share an organisation's counters: `COUNTER_SHARDS`, 1 to 255, by default 4.
    pub(crate) counter_shards: NonZeroU8,
    /// How often the queue delivers a message before it moves it to the dead-letter queue: `MAX_RECEIVE_COUNT`, by default 5.
    pub(crate) max_receive_count: NonZeroU32,
}

impl Config {
    /// Reads the configuration; fails, naming the variable, when one is missing or unreadable.
    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        Ok(Self {
            table: required(&lookup, "CALL_FEEDBACK_TABLE")?,
            queue_url: required(&lookup, "CALL_FEEDBACK_QUEUE_URL")?,
            dead_letter_queue_url: required(&lookup, "CALL_FEEDBACK_DLQ_URL")?,
            minimum_seconds: f64::from(parsed_or(&lookup, "MIN_CALL_SECONDS", DEFAULT_MINIMUM_SECONDS)?),
            counter_shards: parsed_or(&lookup, "COUNTER_SHARDS", store::DEFAULT_SHARDS)?,
            max_receive_count: parsed_or(&lookup, "MAX_RECEIVE_COUNT", DEFAULT_MAX_RECEIVE_COUNT)?,
        })
    }
}

/// In half a minute nothing is said that a coach could use.
const DEFAULT_MINIMUM_SECONDS: u16 = 30;
/// The template's redrive policy.
const DEFAULT_MAX_RECEIVE_COUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    fn lookup(name: &str) -> Option<String> {
        let value = match name {
            "CALL_FEEDBACK_TABLE" => "feedback",
            "CALL_FEEDBACK_QUEUE_URL" => "queue",
            "CALL_FEEDBACK_DLQ_URL" => "dead-letters",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn limits_have_defaults() {
        let config = Config::from_lookup(lookup).unwrap();
        assert_eq!((config.minimum_seconds, config.counter_shards.get(), config.max_receive_count.get()), (30.0, 4, 5));
    }

    #[test]
    fn the_template_sets_exactly_the_variables_that_are_read() {
        let read = RefCell::new(BTreeSet::from(["SSL_CERT_FILE".to_owned()])); // read by the TLS stack
        let config = Config::from_lookup(|name| {
            read.borrow_mut().insert(name.to_owned());
            lookup(name)
        });
        assert!(config.is_ok());
        assert_eq!(test_support::template().function_environment("GeneratorFunction"), read.into_inner());
    }

    #[test]
    fn the_defaults_are_the_templates() {
        let template = test_support::template();
        let default = |name: &str| template.as_value()["Parameters"][name]["Default"].clone();
        assert_eq!(default("MinCallSeconds"), u64::from(DEFAULT_MINIMUM_SECONDS));
        assert_eq!(default("CounterShards"), u64::from(store::DEFAULT_SHARDS.get()));
        assert_eq!(default("MaxReceiveCount"), u64::from(DEFAULT_MAX_RECEIVE_COUNT.get()));
    }

    #[test]
    fn unreadable_values_are_named() {
        for (name, value) in [("MIN_CALL_SECONDS", "half a minute"), ("COUNTER_SHARDS", "0"), ("MAX_RECEIVE_COUNT", "")]
        {
            let error = Config::from_lookup(|asked| if asked == name { Some(value.to_owned()) } else { lookup(asked) });
            let message = error.unwrap_err().to_string();
            assert!(message.starts_with(&format!("environment variable {name} is {value:?}")), "{message}");
        }
    }
}
