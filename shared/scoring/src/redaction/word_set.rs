//! Sets of words that are looked up for each word of a call.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Words, split when the first of them is looked up.
pub(super) struct WordSet {
    words: &'static str,
    set: OnceLock<BTreeSet<&'static str>>,
}

impl WordSet {
    /// The set of the words between white space.
    pub(super) const fn of(words: &'static str) -> Self {
        Self { words, set: OnceLock::new() }
    }

    /// Whether the word is one of them.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.set.get_or_init(|| self.words.split_ascii_whitespace().collect()).contains(word)
    }
}
