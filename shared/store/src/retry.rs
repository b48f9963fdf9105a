//! When to try a cancelled transaction again.
//!
//! DynamoDB cancels a transaction that meets another one on an item; counters make that common under load. A cancelled
//! transaction left nothing, so it is tried again after a random pause, at most [`MAX_ATTEMPTS`] times and not beyond
//! [`MAX_DURATION`]. Pauses are drawn from zero up to a bound that doubles from [`BASE_PAUSE`] to [`MAX_PAUSE`] (full
//! jitter): that spreads out writers that collided. After that the caller is told to come back later. A response that
//! was lost on the way is not this module's: the SDK asks again with the transaction's own token.

use std::time::Duration;

use tokio::time::Instant;

use crate::StoreError;

const MAX_ATTEMPTS: u32 = 12;
const MAX_DURATION: Duration = Duration::from_secs(10);
const BASE_PAUSE: Duration = Duration::from_millis(25);
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// One write that may be tried several times.
#[derive(Debug)]
pub(crate) struct Retry {
    failed: u32,
    since: Instant,
}

impl Retry {
    /// Before the first attempt.
    pub(crate) fn begin() -> Self {
        Self { failed: 0, since: Instant::now() }
    }

    /// Waits until it is time for the next attempt; fails with the reason of the last one when there is no next
    /// attempt.
    pub(crate) async fn pause(&mut self, reason: StoreError) -> Result<(), StoreError> {
        let longest = BASE_PAUSE.saturating_mul(1 << self.failed).min(MAX_PAUSE);
        let pause = longest.mul_f64(fastrand::f64());
        self.failed += 1;
        if self.failed == MAX_ATTEMPTS || self.since.elapsed() + pause > MAX_DURATION {
            return Err(reason);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn attempts_end_by_their_number_within_the_sum_of_the_longest_pauses() {
        let mut retry = Retry::begin();
        let mut made = 1;
        while retry.pause(StoreError::InvalidCursor).await.is_ok() {
            made += 1;
        }
        let longest: Duration = (0..MAX_ATTEMPTS - 1).map(|n| (BASE_PAUSE * (1 << n)).min(MAX_PAUSE)).sum();
        assert_eq!(made, MAX_ATTEMPTS);
        assert!(retry.since.elapsed() <= longest && longest < MAX_DURATION, "{longest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_end_when_the_attempts_themselves_took_too_long() {
        let mut retry = Retry::begin();
        tokio::time::advance(MAX_DURATION + Duration::from_millis(1)).await;
        assert!(retry.pause(StoreError::InvalidCursor).await.is_err());
    }
}
