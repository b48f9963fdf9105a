//! How long a message waits before its next delivery.

use std::time::Duration;

/// Seconds before the second attempt, at most.
const BASE_SECONDS: u32 = 10;
/// Seconds before any attempt, at most.
const CAP_SECONDS: u32 = 900;
/// SQS hides a message for at most 12 hours after its delivery, and an invocation takes at most a quarter of an hour.
const LONGEST_SECONDS: u32 = 12 * 3_600 - 900;

/// Seconds to wait after that many attempts (from 1), with `random` between 0 and 1: exponential, capped, and random over the upper
/// half, so that messages that failed together do not come back together. At least what was asked for, as far as SQS allows.
pub(crate) fn seconds(attempts: u32, random: f64, at_least: Option<Duration>) -> u32 {
    let asked = at_least.map_or(0, |least| least.as_secs().saturating_add(u64::from(least.subsec_nanos() > 0)));
    backoff(attempts, random).max(u32::try_from(asked).unwrap_or(u32::MAX)).min(LONGEST_SECONDS)
}

fn backoff(attempts: u32, random: f64) -> u32 {
    let doublings = attempts.saturating_sub(1).min(16);
    let ceiling = BASE_SECONDS.saturating_mul(1 << doublings).min(CAP_SECONDS);
    let half = ceiling / 2;
    half + scaled(ceiling - half, random)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the factor is clamped to 0 to 1")]
fn scaled(seconds: u32, factor: f64) -> u32 {
    (f64::from(seconds) * factor.clamp(0.0, 1.0)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        let longest: Vec<u32> = (1..=9).map(|attempts| seconds(attempts, 1.0, None)).collect();
        assert_eq!(longest, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(seconds(u32::MAX, 1.0, None), 900);
    }

    #[test]
    fn jitter_spreads_over_the_upper_half() {
        assert_eq!([0.0, 0.5, 1.0].map(|random| seconds(3, random, None)), [20, 30, 40]);
    }

    #[test]
    fn what_was_asked_for_is_the_least_and_twelve_hours_are_the_most() {
        let after = |seconds: f64| self::seconds(1, 1.0, Some(Duration::from_secs_f64(seconds)));
        assert_eq!([after(0.0), after(9.5), after(10.1), after(3_600.0)], [10, 10, 11, 3_600]);
        assert_eq!([after(1e6), seconds(1, 1.0, Some(Duration::MAX))], [42_300, 42_300]);
    }
}
