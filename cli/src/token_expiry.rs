//! When a token expires, as an operator writes it: at a time, or after a duration from now.

use std::str::FromStr;

use domain::{TimeError, Timestamp};

/// When a token expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenExpiry {
    /// At that time.
    Until(Timestamp),
    /// After that many seconds.
    Seconds(i64),
}

/// A text that is neither a time nor a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time such as 2027-01-01T00:00:00Z or a duration such as 90d, 12h or 30m")]
pub(crate) struct TokenExpiryError;

impl TokenExpiry {
    /// The time at which it expires; fails beyond the year 9999.
    pub(crate) fn end(self, now: Timestamp) -> Result<Timestamp, TimeError> {
        match self {
            Self::Until(end) => Ok(end),
            Self::Seconds(seconds) => Timestamp::from_unix_seconds(now.unix_seconds().saturating_add(seconds)),
        }
    }
}

impl FromStr for TokenExpiry {
    type Err = TokenExpiryError;

    fn from_str(text: &str) -> Result<Self, TokenExpiryError> {
        if let Ok(end) = Timestamp::parse(text) {
            return Ok(Self::Until(end));
        }
        let mut count = text.chars();
        let seconds = match count.next_back().ok_or(TokenExpiryError)? {
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            'w' => 7 * 24 * 3600,
            _ => return Err(TokenExpiryError),
        };
        let count: u32 = count.as_str().parse().map_err(|_| TokenExpiryError)?;
        Ok(Self::Seconds(i64::from(count) * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_count_from_now() {
        let now = Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
        for (text, end) in [
            ("30m", "2026-11-22T10:30:00Z"),
            ("12h", "2026-11-22T22:00:00Z"),
            ("90d", "2027-02-20T10:00:00Z"),
            ("2w", "2026-12-06T10:00:00Z"),
            ("0d", "2026-11-22T10:00:00Z"),
            ("2027-01-01T01:00:00+01:00", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(text.parse::<TokenExpiry>().unwrap().end(now).unwrap().to_string(), end, "{text}");
        }
    }

    #[test]
    fn other_texts_are_errors() {
        for text in ["", "d", "90", "90 d", "-1d", "1.5d", "90D", "90s", "1é", "4294967296d", "2027-01-01", "never"] {
            assert_eq!(text.parse::<TokenExpiry>(), Err(TokenExpiryError), "{text}");
        }
    }

    #[test]
    fn no_token_is_valid_beyond_the_year_9999() {
        let now = Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
        assert_eq!("4294967295w".parse::<TokenExpiry>().unwrap().end(now), Err(TimeError::OutOfRange));
    }
}
