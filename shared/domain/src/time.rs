//! Instants in whole seconds, and days, both in UTC. Their texts sort in the order of time.

use std::fmt;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, Month, OffsetDateTime};
use serde::{Deserialize, Serialize};

/// Why a text is not a time or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text is not an RFC 3339 time.
    #[error("must be an RFC 3339 time such as 2026-11-22T09:58:00Z")]
    NotATime,
    /// The text is not a calendar day.
    #[error("must be a date such as 2026-11-22")]
    NotADay,
    /// The time is before the year 1970 or after the year 9999.
    #[error("must lie between the years 1970 and 9999")]
    OutOfRange,
}

/// Seconds since 1970 of the first second after the year 9999.
const END_OF_TIME: i64 = 253_402_300_800;

/// An instant, UTC, in whole seconds; text form `2026-11-22T10:00:31Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first second of 1970, the earliest there is.
    pub const EPOCH: Self = Self(0);

    /// The instant that many seconds after 1970; fails outside the years 1970 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, TimeError> {
        if (0..END_OF_TIME).contains(&seconds) { Ok(Self(seconds)) } else { Err(TimeError::OutOfRange) }
    }

    /// Reads an RFC 3339 time with any offset; fractions of a second are dropped.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError::NotATime)?;
        Self::from_unix_seconds(instant.unix_timestamp())
    }

    /// Reads an RFC 3339 time with any offset; a fraction of a second is rounded up to the next whole one.
    pub fn parse_rounding_up(text: &str) -> Result<Self, TimeError> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError::NotATime)?;
        Self::from_unix_seconds(instant.unix_timestamp() + i64::from(instant.nanosecond() > 0))
    }

    /// The milliseconds since 1970 of an RFC 3339 time: for times within a call, which need more than whole seconds.
    pub fn parse_milliseconds(text: &str) -> Result<i64, TimeError> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| TimeError::NotATime)?;
        i64::try_from(instant.unix_timestamp_nanos() / 1_000_000).map_err(|_| TimeError::OutOfRange)
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The UTC day the instant lies in.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.datetime().date())
    }

    fn datetime(self) -> OffsetDateTime {
        // The constructors accept only seconds in this range, so the fallback is never used.
        OffsetDateTime::from_unix_timestamp(self.0).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = self.datetime().to_hms();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.day())
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.to_string()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

/// A calendar day, UTC; text form `2026-11-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(Date);

impl Day {
    /// Reads `yyyy-mm-dd`; fails for anything else, for days that no calendar has and outside the years 1970 to 9999.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return Err(TimeError::NotADay) };
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|part| part.parse::<u16>().ok()).ok_or(TimeError::NotADay)
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let month = u8::try_from(month).ok().and_then(|m| Month::try_from(m).ok()).ok_or(TimeError::NotADay)?;
        let day = u8::try_from(day).map_err(|_| TimeError::NotADay)?;
        let date = Date::from_calendar_date(i32::from(year), month, day).map_err(|_| TimeError::NotADay)?;
        if year < 1970 { Err(TimeError::OutOfRange) } else { Ok(Self(date)) }
    }

    /// The first second of the day.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(self.0.midnight().assume_utc().unix_timestamp())
    }

    /// The last second of the day.
    #[must_use]
    pub fn end(self) -> Timestamp {
        Timestamp(self.start().0 + 86_399)
    }

    /// The day that many days later (earlier, when negative), at most the ends of the years 1970 and 9999.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let moved = (self.start().0 + days.saturating_mul(86_400)).clamp(0, END_OF_TIME - 1);
        Timestamp(moved).day()
    }

    /// How many days lie from this day to the other: 0 for the same day, negative when the other is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).whole_days()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc_and_whole_seconds() {
        for (text, written) in [
            ("2026-11-22T10:00:31Z", "2026-11-22T10:00:31Z"),
            ("2026-11-22T10:00:31.999+02:00", "2026-11-22T08:00:31Z"),
            ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), written);
        }
    }

    #[test]
    fn rounding_up_never_goes_before_the_time_written() {
        let up = |text| Timestamp::parse_rounding_up(text).unwrap().to_string();
        assert_eq!(up("2026-11-22T10:00:31Z"), "2026-11-22T10:00:31Z");
        assert_eq!(up("2026-11-22T10:00:31.001Z"), "2026-11-22T10:00:32Z");
    }

    #[test]
    fn milliseconds_are_kept_where_they_are_asked_for() {
        assert_eq!(Timestamp::parse_milliseconds("1970-01-01T00:00:01.2345Z"), Ok(1_234));
        assert_eq!(Timestamp::parse_milliseconds("1970-01-01T01:00:00.999+01:00"), Ok(999));
        assert_eq!(Timestamp::parse_milliseconds("1970-01-01 00:00"), Err(TimeError::NotATime));
    }

    #[test]
    fn other_texts_are_not_times() {
        for text in ["", "2026-11-22", "2026-11-22T10:00:31", "22.11.2026", "2026-02-30T00:00:00Z", "now"] {
            assert_eq!(Timestamp::parse(text), Err(TimeError::NotATime), "{text}");
        }
        assert_eq!(Timestamp::parse("1969-12-31T23:59:59Z"), Err(TimeError::OutOfRange));
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59-23:00"), Err(TimeError::OutOfRange));
    }

    #[test]
    fn days_have_a_start_an_end_and_neighbours() {
        let day = Day::parse("2028-02-28").unwrap();
        assert_eq!(day.start().to_string(), "2028-02-28T00:00:00Z");
        assert_eq!(day.end().to_string(), "2028-02-28T23:59:59Z");
        assert_eq!(day.plus_days(1).to_string(), "2028-02-29");
        assert_eq!(day.plus_days(-59).to_string(), "2027-12-31");
        assert_eq!(day.days_until(Day::parse("2028-03-01").unwrap()), 2);
        assert_eq!(day.end().day(), day);
        for text in ["2026-02-29", "2026-2-01", "2026-13-01", "20261122", "2026-11-2x", "+026-11-22", "2026-11-22T"] {
            assert_eq!(Day::parse(text), Err(TimeError::NotADay), "{text}");
        }
    }
}
