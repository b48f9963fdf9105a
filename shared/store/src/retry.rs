//! Retries of cancelled transactions.
//!
//! DynamoDB cancels a transaction that conflicts with another one on an item; counters make that common under load. A
//! cancelled transaction has written nothing, so it is retried after a random backoff, up to [`MAX_ATTEMPTS`] attempts
//! and [`MAX_DURATION`]. The backoff is between zero and a bound that doubles from [`BASE_BACKOFF`] to [`MAX_BACKOFF`]
//! (full jitter), so that writers that collided spread out. After the last attempt the caller gets its error. Lost
//! responses are not handled here: the SDK sends the request again with the same idempotency token.

use std::time::Duration;

use tokio::time::Instant;

use crate::StoreError;

const MAX_ATTEMPTS: u32 = 12;
const MAX_DURATION: Duration = Duration::from_secs(10);
const BASE_BACKOFF: Duration = Duration::from_millis(25);
const MAX_BACKOFF: Duration = Duration::from_secs(1);

/// The attempts at one write.
#[derive(Debug)]
pub(crate) struct Retry {
    failed_attempts: u32,
    started: Instant,
}

impl Retry {
    /// Before the first attempt.
    pub(crate) fn begin() -> Self {
        Self { failed_attempts: 0, started: Instant::now() }
    }

    /// Waits until the next attempt; fails with the last attempt's error when there is no next one.
    pub(crate) async fn back_off(&mut self, error: StoreError) -> Result<(), StoreError> {
        let longest = BASE_BACKOFF.saturating_mul(1 << self.failed_attempts).min(MAX_BACKOFF);
        let backoff = longest.mul_f64(fastrand::f64());
        self.failed_attempts += 1;
        if self.failed_attempts == MAX_ATTEMPTS || self.started.elapsed() + backoff > MAX_DURATION {
            return Err(error);
        }
        tokio::time::sleep(backoff).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn there_are_twelve_attempts_within_the_sum_of_the_longest_backoffs() {
        let mut retry = Retry::begin();
        let mut attempts = 1;
        while retry.back_off(StoreError::InvalidCursor).await.is_ok() {
            attempts += 1;
        }
        let longest: Duration = (0..MAX_ATTEMPTS - 1).map(|n| (BASE_BACKOFF * (1 << n)).min(MAX_BACKOFF)).sum();
        assert_eq!(attempts, MAX_ATTEMPTS);
        assert!(retry.started.elapsed() <= longest && longest < MAX_DURATION, "{longest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_no_retry_after_the_maximum_duration() {
        let mut retry = Retry::begin();
        tokio::time::advance(MAX_DURATION + Duration::from_millis(1)).await;
        assert!(retry.back_off(StoreError::InvalidCursor).await.is_err());
    }
}
