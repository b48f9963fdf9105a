//! What a process has from outside: environment variables, the clock and a log. The `main` of each binary passes the first
//! two on as arguments.
//!
//! **Invariant:** no function reads a variable or the clock in another way, so a test can pass any configuration and any time.
//! The one exception is `judge`, which compares a `Retry-After` that is a date with the clock.

use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::Timestamp;

mod log;

pub use log::start_log;

/// A variable that is missing or invalid. The message names the variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// The variable is absent or empty.
    #[error("environment variable {name} is not set")]
    Missing {
        /// The variable.
        name: &'static str,
    },
    /// The variable has an invalid value.
    #[error("environment variable {name} is {value:?}, {reason}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with the value.
        reason: String,
    },
}

/// The value of an environment variable; `None` when it is absent or not Unicode.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "only this function reads the environment")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The current time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "only this crate reads the clock")]
pub fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // A clock before 1970 or after 9999 is wrong; the epoch shows that without a panic.
    i64::try_from(seconds).ok().and_then(|s| Timestamp::from_unix_seconds(s).ok()).unwrap_or(Timestamp::EPOCH)
}

/// The time until the deadline; zero when it has passed.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "only this crate reads the clock")]
pub fn remaining(deadline: SystemTime) -> Duration {
    deadline.duration_since(SystemTime::now()).unwrap_or_default()
}

/// The error and its sources, for the log: `error: source: source of the source`.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The value of a variable that must be set and not empty.
pub fn required(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<String, VariableError> {
    lookup(name).filter(|value| !value.is_empty()).ok_or(VariableError::Missing { name })
}

/// The value of a variable, or `None` when it is absent; an empty value is an error.
pub fn optional(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<Option<String>, VariableError> {
    match lookup(name) {
        Some(value) if value.is_empty() => {
            Err(VariableError::Invalid { name, value, reason: "must not be empty".to_owned() })
        }
        value => Ok(value),
    }
}

/// The value of a variable as a `T`, or the default when it is absent; an empty or invalid value is an error.
pub fn parsed_or<T>(lookup: impl Fn(&str) -> Option<String>, name: &'static str, default: T) -> Result<T, VariableError>
where
    T: FromStr,
    T::Err: Display,
{
    Ok(parsed(lookup, name)?.unwrap_or(default))
}

/// The value of a variable as a `T`, or `None` when it is absent; an empty or invalid value is an error.
pub fn parsed<T>(lookup: impl Fn(&str) -> Option<String>, name: &'static str) -> Result<Option<T>, VariableError>
where
    T: FromStr,
    T::Err: Display,
{
    let Some(value) = lookup(name) else { return Ok(None) };
    let invalid = |error: T::Err| VariableError::Invalid { name, reason: error.to_string(), value: value.clone() };
    value.parse().map(Some).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        match name {
            "NUMBER" => Some("30".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn values_are_read_and_absent_ones_have_the_default() {
        assert_eq!(required(lookup, "NUMBER"), Ok("30".to_owned()));
        assert_eq!(parsed_or(lookup, "NUMBER", 7_u32), Ok(30));
        assert_eq!(parsed_or(lookup, "ABSENT", 7_u32), Ok(7));
        assert_eq!(parsed::<u32>(lookup, "ABSENT"), Ok(None));
    }

    #[test]
    fn errors_name_the_variable() {
        assert_eq!(required(lookup, "ABSENT").unwrap_err().to_string(), "environment variable ABSENT is not set");
        assert_eq!(required(lookup, "EMPTY").unwrap_err().to_string(), "environment variable EMPTY is not set");
        let error = parsed_or(lookup, "EMPTY", 7_u32).unwrap_err().to_string();
        assert_eq!(error, "environment variable EMPTY is \"\", cannot parse integer from empty string");
        assert_eq!((optional(lookup, "NUMBER"), optional(lookup, "ABSENT")), (Ok(Some("30".to_owned())), Ok(None)));
        let error = optional(lookup, "EMPTY").unwrap_err().to_string();
        assert_eq!(error, "environment variable EMPTY is \"\", must not be empty");
    }

    #[test]
    fn the_clock_is_after_the_day_this_was_written() {
        assert!(now() > Timestamp::parse("2026-11-22T00:00:00Z").unwrap());
    }
}
