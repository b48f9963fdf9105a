//! Sentry's rate limits: how long nothing may be sent (<https://develop.sentry.dev/sdk/foundations/transport/rate-limiting/>).

use std::time::Duration;

/// The pause after a 429 that does not say how long.
const DEFAULT: Duration = Duration::from_mins(1);

/// The pause that a response with that status and those headers asks for. `X-Sentry-Rate-Limits` may come with any status and is
/// `<seconds>:<category>;<category>:<scope>, …`, where no category means all of them.
pub(crate) fn pause<'a>(status: u16, header: impl Fn(&'static str) -> Option<&'a str>) -> Option<Duration> {
    if let Some(limits) = header("x-sentry-rate-limits") {
        return limits.split(',').filter_map(pause_of_errors).max();
    }
    (status == 429).then(|| header("retry-after").and_then(seconds).unwrap_or(DEFAULT))
}

fn pause_of_errors(limit: &str) -> Option<Duration> {
    let mut parts = limit.split(':');
    let (pause, categories) = (parts.next()?, parts.next()?);
    let applies = categories.is_empty() || categories.split(';').any(|category| category == "error");
    if applies { seconds(pause) } else { None }
}

fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    fn pause(status: u16, headers: &[(&str, &'static str)]) -> Option<u64> {
        let header = |name: &str| headers.iter().find(|header| header.0 == name).map(|header| header.1);
        super::pause(status, header).map(|pause| pause.as_secs())
    }

    #[test]
    fn a_response_without_limits_asks_for_no_pause() {
        assert_eq!(pause(200, &[]), None);
        assert_eq!(pause(500, &[("retry-after", "7")]), None);
    }

    #[test]
    fn a_429_asks_for_the_time_in_retry_after_or_a_minute() {
        assert_eq!(pause(429, &[("retry-after", "7")]), Some(7));
        assert_eq!(pause(429, &[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), Some(60));
        assert_eq!(pause(429, &[]), Some(60));
    }

    #[test]
    fn only_limits_of_errors_apply() {
        let limits = |text| pause(200, &[("x-sentry-rate-limits", text), ("retry-after", "9")]);
        assert_eq!(limits("30:error;transaction:key"), Some(30));
        assert_eq!(limits("60:transaction:key, 2700:default;error;security:organization"), Some(2700));
        assert_eq!(limits("45::organization"), Some(45));
        assert_eq!(limits("60:transaction;session:key"), None);
        assert_eq!(limits("soon:error:key"), None);
        assert_eq!(limits(""), None);
    }
}
