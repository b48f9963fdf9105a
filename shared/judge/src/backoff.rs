//! How long to wait before a request is made again: what the server asks for, and our own backoff.
//!
//! **Invariant:** pure; the time and the random number are arguments.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The longest backoff before the second attempt; it doubles with each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// SQS hides a message for no longer than this, so a server that asks for more gets a request after this time.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(12);

/// How long a server asks to wait, at most [`LONGEST_RETRY_AFTER`]: `retry-after-ms`, else `Retry-After` in seconds or as a
/// date. `now` is used when the response has no `Date`.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    requested(headers, now).map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

fn requested(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok();
    if let Some(milliseconds) = text("retry-after-ms").and_then(number) {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    let retry_after = text(RETRY_AFTER.as_str())?;
    if let Some(seconds) = number(retry_after) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = date(retry_after)?;
    let since = text(DATE.as_str()).and_then(date).unwrap_or_else(|| now.into());
    Some(Duration::try_from(until - since).unwrap_or_default())
}

fn date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc2822).ok()
}

/// The backoff after that many attempts: a random time below a limit that doubles, so that clients which failed together do
/// not come back together. `chance` is from 0 to 1.
pub(crate) fn backoff(attempts: u32, chance: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    FIRST_BACKOFF.saturating_mul(1 << doublings).mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn parsed(headers: &[(&str, &str)]) -> Option<Duration> {
        let header = |(name, value): &(&str, &str)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let now = date("Mon, 23 Nov 2026 10:00:00 GMT").unwrap();
        retry_after(&headers.iter().map(header).collect(), now.into())
    }

    #[test]
    fn seconds_milliseconds_and_dates_are_understood() {
        for (headers, seconds) in [
            (&[("retry-after", "7")][..], Some(7.0)),
            (&[("retry-after", " 1.5 ")], Some(1.5)),
            (&[("retry-after-ms", "250"), ("retry-after", "1")], Some(0.25)),
            (&[("retry-after", "Mon, 23 Nov 2026 10:02:00 GMT")], Some(120.0)),
            (
                &[("retry-after", "Mon, 23 Nov 2026 10:02:00 GMT"), ("date", "Mon, 23 Nov 2026 10:01:30 GMT")],
                Some(30.0),
            ),
            (&[("retry-after", "Mon, 23 Nov 2026 09:00:00 GMT")], Some(0.0)),
            (&[], None),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "-3")], None),
            (&[("retry-after", "NaN")], None),
            (&[("retry-after", "1e300")], None),
            (&[("retry-after", "1e18")], Some(12.0 * 3_600.0)),
            (&[("retry-after", "Mon, 23 Nov 2099 10:00:00 GMT")], Some(12.0 * 3_600.0)),
        ] {
            assert_eq!(parsed(headers), seconds.map(Duration::from_secs_f64), "{headers:?}");
        }
    }

    #[test]
    fn backoffs_grow_and_are_anywhere_below_their_limit() {
        assert_eq!(backoff(1, 1.0), FIRST_BACKOFF);
        assert_eq!(backoff(3, 1.0), 4 * FIRST_BACKOFF);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
        assert_eq!(backoff(2, 0.5), FIRST_BACKOFF);
        assert!(backoff(u32::MAX, 1.0) < Duration::from_hours(24));
    }
}
