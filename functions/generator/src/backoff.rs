//! How long a message waits before it is tried again.

/// Seconds before the second attempt, at most.
const BASE_SECONDS: u32 = 10;
/// Seconds before any attempt, at most.
const CAP_SECONDS: u32 = 900;

/// Seconds to wait after that many attempts (from 1), where `random` is drawn from 0 to 1: exponential, capped, and spread
/// over its upper half, so that messages that failed together do not return together.
pub(crate) fn seconds(attempts: u32, random: f64) -> u32 {
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
        let longest: Vec<u32> = (1..=9).map(|attempts| seconds(attempts, 1.0)).collect();
        assert_eq!(longest, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(seconds(u32::MAX, 1.0), 900);
    }

    #[test]
    fn jitter_spreads_over_the_upper_half() {
        assert_eq!((seconds(3, 0.0), seconds(3, 0.5), seconds(3, 1.0)), (20, 30, 40));
    }
}
