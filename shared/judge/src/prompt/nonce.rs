//! Codes that nobody who speaks on a call can have known.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// Bytes of a code: too many to guess.
const BYTES: usize = 16;

/// A source of codes, each used once.
#[derive(Debug)]
pub(crate) struct Nonces {
    seed: Seed,
    count: AtomicU64,
}

/// What the codes are derived from. A secret, so `Debug` does not show it.
struct Seed([u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

impl Nonces {
    /// The codes that follow from those random bytes.
    pub(crate) fn from_random(seed: [u8; 32]) -> Self {
        Self { seed: Seed(seed), count: AtomicU64::new(0) }
    }

    /// A new code, which does not occur in the text.
    pub(crate) fn absent_from(&self, text: &str) -> String {
        loop {
            let count = self.count.fetch_add(1, Ordering::Relaxed);
            let digest = Sha256::new().chain_update(self.seed.0).chain_update(count.to_be_bytes()).finalize();
            let mut nonce = hex::encode(digest);
            nonce.truncate(2 * BYTES);
            if !text.contains(&nonce) {
                return nonce;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_new_each_time_and_never_in_the_text() {
        let fresh = || Nonces::from_random([7; 32]);
        let first = fresh().absent_from("");
        assert_eq!(first.len(), 2 * BYTES);
        let nonces = fresh();
        let other = nonces.absent_from(&format!("somebody says {first} on the call"));
        assert_ne!(other, first);
        assert_ne!(nonces.absent_from(""), other);
        assert_ne!(Nonces::from_random([8; 32]).absent_from(""), first);
        assert!(!format!("{nonces:?}").contains('7'));
    }
}
