//! When a call began, in UTC.
//!
//! **Invariant:** a start without a fraction of a second has the text of a [`Timestamp`], so that what was stored before there
//! were fractions is read as it was. With fractions the order of texts is not the order of times: no start is a key.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{TimeError, Timestamp};

/// Milliseconds of a second.
const SECOND: i64 = 1_000;

/// An instant, UTC, in whole milliseconds; text form `2026-11-22T10:00:31.250Z`, or `2026-11-22T10:00:31Z` without a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct StartTime {
    second: Timestamp,
    milliseconds: u16,
}

impl StartTime {
    /// The instant that many milliseconds after 1970; fails outside the years 1970 to 9999.
    pub fn from_unix_milliseconds(milliseconds: i64) -> Result<Self, TimeError> {
        let second = Timestamp::from_unix_seconds(milliseconds.div_euclid(SECOND))?;
        let rest = u16::try_from(milliseconds.rem_euclid(SECOND)).unwrap_or_default();
        Ok(Self { second, milliseconds: rest })
    }

    /// Reads an RFC 3339 time with any offset; what is shorter than a millisecond is dropped.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        Self::from_unix_milliseconds(Timestamp::parse_milliseconds(text)?)
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.second.unix_seconds()
    }
}

impl fmt::Display for StartTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.second.to_string();
        match (self.milliseconds, second.strip_suffix('Z')) {
            (1.., Some(text)) => write!(f, "{text}.{:03}Z", self.milliseconds),
            _ => f.write_str(&second),
        }
    }
}

impl From<Timestamp> for StartTime {
    fn from(second: Timestamp) -> Self {
        Self { second, milliseconds: 0 }
    }
}

impl From<StartTime> for String {
    fn from(start: StartTime) -> Self {
        start.to_string()
    }
}

impl TryFrom<String> for StartTime {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_keeps_its_milliseconds_and_shows_them_only_where_there_are_any() {
        for (text, written) in [
            ("2026-11-22T10:00:31Z", "2026-11-22T10:00:31Z"),
            ("2026-11-22T10:00:31.000Z", "2026-11-22T10:00:31Z"),
            ("2026-11-22T10:00:31.25+02:00", "2026-11-22T08:00:31.250Z"),
            ("2026-11-22T10:00:31.0079Z", "2026-11-22T10:00:31.007Z"),
            ("1970-01-01T00:00:00.001Z", "1970-01-01T00:00:00.001Z"),
            ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(StartTime::parse(text).unwrap().to_string(), written);
            let again: StartTime = serde_json::from_str(&format!("\"{written}\"")).unwrap();
            assert_eq!(again, StartTime::parse(text).unwrap());
        }
    }

    #[test]
    fn a_start_in_whole_seconds_is_written_as_a_timestamp_is() {
        let second = Timestamp::parse("2026-11-22T10:00:31Z").unwrap();
        assert_eq!(StartTime::from(second).to_string(), second.to_string());
        assert_eq!(StartTime::from(second), StartTime::from_unix_milliseconds(second.unix_seconds() * 1_000).unwrap());
    }

    #[test]
    fn starts_outside_the_years_that_a_time_can_have_are_errors() {
        assert_eq!(StartTime::parse("1969-12-31T23:59:59.999Z"), Err(TimeError::OutOfRange));
        assert_eq!(StartTime::from_unix_milliseconds(253_402_300_800_000), Err(TimeError::OutOfRange));
        assert_eq!(StartTime::parse("2026-11-22"), Err(TimeError::NotATime));
    }
}
