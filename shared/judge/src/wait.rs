//! How long a server asks to wait, and how long we wait by ourselves.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The longest pause before the second attempt; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// A queue hides a message for no longer than this; a server that asks for more is asked once in this time.
const LONGEST_WAIT: Duration = Duration::from_hours(12);

/// How long a server asks to wait, at most [`LONGEST_WAIT`]: `retry-after-ms`, else `Retry-After` in seconds or as a date. `now` is for servers that do
/// not say what time it is for them.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    asked_for(headers, now).map(|wait| wait.min(LONGEST_WAIT))
}

fn asked_for(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok();
    if let Some(milliseconds) = text("retry-after-ms").and_then(number) {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    let asked = text(RETRY_AFTER.as_str())?;
    if let Some(seconds) = number(asked) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = date(asked)?;
    let since = text(DATE.as_str()).and_then(date).unwrap_or_else(|| now.into());
    Some(Duration::try_from(until - since).unwrap_or_default())
}

fn date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc2822).ok()
}

/// The pause after that many attempts: any time up to a limit that doubles, so that clients which failed together do not come
/// back together. `chance` is from 0 to 1.
pub(crate) fn pause(attempts: u32, chance: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    FIRST_PAUSE.saturating_mul(1 << doublings).mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn asked(headers: &[(&str, &str)]) -> Option<Duration> {
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
            assert_eq!(asked(headers), seconds.map(Duration::from_secs_f64), "{headers:?}");
        }
    }

    #[test]
    fn pauses_grow_and_are_anywhere_below_their_limit() {
        assert_eq!(pause(1, 1.0), FIRST_PAUSE);
        assert_eq!(pause(3, 1.0), 4 * FIRST_PAUSE);
        assert_eq!(pause(3, 0.0), Duration::ZERO);
        assert_eq!(pause(2, 0.5), FIRST_PAUSE);
        assert!(pause(u32::MAX, 1.0) < Duration::from_hours(24));
    }
}
