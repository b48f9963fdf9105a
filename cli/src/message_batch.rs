//! Groups messages into batches of the size that the queue accepts.
//!
//! **Invariant:** every message is in one batch, in order; a batch never has more than [`MOST_MESSAGES`], and never more
//! than [`MOST_BYTES`] unless a single message alone does.

/// How many messages SQS accepts in one request.
pub(crate) const MOST_MESSAGES: usize = 10;

/// How many bytes SQS accepts in one request, bodies and attributes together: 1 MiB, which is the limit of one message too.
pub(crate) const MOST_BYTES: usize = 1_048_576;

/// The messages of the next request.
pub(crate) struct MessageBatch<T> {
    items: Vec<T>,
    bytes: usize,
}

impl<T> MessageBatch<T> {
    /// An empty batch.
    pub(crate) const fn empty() -> Self {
        Self { items: Vec::new(), bytes: 0 }
    }

    /// Adds an item of that many bytes. When there is no room for it, the items so far are returned and must be sent first.
    pub(crate) fn add(&mut self, item: T, bytes: usize) -> Option<Vec<T>> {
        let is_full = self.items.len() == MOST_MESSAGES || self.bytes + bytes > MOST_BYTES;
        let full = (is_full && !self.items.is_empty()).then(|| std::mem::replace(self, Self::empty()).items);
        self.items.push(item);
        self.bytes += bytes;
        full
    }

    /// The items that are left.
    pub(crate) fn rest(self) -> Vec<T> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn batches(sizes: &[usize]) -> Vec<Vec<(usize, usize)>> {
        let mut batch = MessageBatch::empty();
        let mut batches: Vec<_> =
            sizes.iter().enumerate().filter_map(|(index, &size)| batch.add((index, size), size)).collect();
        batches.push(batch.rest());
        batches
    }

    #[test]
    fn a_batch_is_full_at_ten_messages_or_at_the_last_byte() {
        assert_eq!(batches(&[1; 25]).iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        let half = MOST_BYTES / 2;
        assert_eq!(batches(&[half, half, 1]).iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(batches(&[half, half + 1]).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(batches(&[MOST_BYTES + 1, 1]).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    }

    proptest! {
        #[test]
        fn every_message_goes_once_in_order_and_within_the_limits(
            sizes in prop::collection::vec(prop_oneof![1..200_usize, 50_000..=MOST_BYTES], 0..60),
        ) {
            let batches = batches(&sizes);
            let sent: Vec<_> = batches.iter().flatten().copied().collect();
            prop_assert_eq!(sent, sizes.iter().copied().enumerate().collect::<Vec<_>>());
            for batch in &batches {
                prop_assert!(batch.len() <= MOST_MESSAGES);
                prop_assert!(batch.iter().map(|(_, size)| size).sum::<usize>() <= MOST_BYTES);
            }
            for pair in batches.windows(2) {
                let together = pair[0].iter().map(|(_, size)| size).sum::<usize>() + pair[1].first().map_or(MOST_BYTES, |(_, size)| *size);
                prop_assert!(pair[0].len() == MOST_MESSAGES || together > MOST_BYTES, "a batch was sent before it was full");
            }
        }
    }
}
