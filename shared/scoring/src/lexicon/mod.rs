//! The English that the embedded scorer knows: phrases, each with its tags.
//!
//! **Invariant:** the lexicon is data: the files in `shared/scoring/lexicon/`, one for each tag. Phrases are spelled as
//! [`crate::tokenizer::fold_into`] folds speech (lower case, no apostrophes but in "i'll"), and at each word the longest
//! phrase wins, so that "no problem" is neither a "no" nor a "problem".

mod phrase_file;
mod stop_words;
mod tags;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use phrase_file::PhraseFile;
pub(crate) use stop_words::is_stop_word;
pub(crate) use tags::PhraseTag;

/// A set of [`PhraseTag`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhraseTags(u64);

impl PhraseTags {
    pub(crate) const fn has(self, tag: PhraseTag) -> bool {
        self.0 & (1 << tag as u32) != 0
    }

    pub(crate) const fn add(&mut self, tag: PhraseTag) {
        self.0 |= 1 << tag as u32;
    }

    pub(crate) const fn without(self, tag: PhraseTag) -> Self {
        Self(self.0 & !(1 << tag as u64))
    }

    /// The tags, one by one.
    pub(crate) fn iter(self) -> impl Iterator<Item = PhraseTag> {
        tags::FILES.into_iter().map(|(tag, ..)| tag).filter(move |tag| self.has(*tag))
    }

    /// The tags that are left after a "not": nothing is completed, accepted or complained about.
    pub(crate) const fn negated(self) -> Self {
        let claims =
            1 << PhraseTag::Completion as u32 | 1 << PhraseTag::Acceptance as u32 | 1 << PhraseTag::Complaint as u32;
        Self(self.0 & !claims)
    }

    /// The sentiment of somebody who says this, from -3 (negative) to 3 (positive).
    pub(crate) const fn sentiment(self) -> f64 {
        if self.has(PhraseTag::Delight) {
            3.0
        } else if self.has(PhraseTag::Anger) {
            -3.0
        } else if self.has(PhraseTag::Pleasure) {
            1.5
        } else if self.has(PhraseTag::Displeasure) {
            -1.5
        } else if self.has(PhraseTag::Thanks) {
            0.75
        } else {
            0.0
        }
    }
}

/// The tree of the words of all phrases. Its nodes are numbered from the root, which is 0: one table of all steps is
/// filled faster than a table for each node, and that is part of a cold start.
struct PhraseTree {
    /// The node to which a word leads from a node.
    steps: HashMap<(usize, &'static str), usize>,
    /// The tags of the phrase that ends at each node.
    tags: Vec<PhraseTags>,
}

impl PhraseTree {
    const ROOT: usize = 0;

    /// The phrases of all files.
    fn of_files() -> Self {
        let mut tree = Self { steps: HashMap::with_capacity(EXPECTED_STEPS), tags: vec![PhraseTags::default()] };
        for (tag, name, text) in tags::FILES {
            // A test reads all files, so none is left out here.
            for group in PhraseFile::parse(name, text).into_iter().flat_map(|file| file.groups) {
                for phrase in group.phrases() {
                    tree.add(phrase, tag);
                }
            }
        }
        tree
    }

    /// Adds a phrase with its tag.
    fn add(&mut self, words: impl Iterator<Item = &'static str>, tag: PhraseTag) {
        let mut node = Self::ROOT;
        for word in words {
            node = *self.steps.entry((node, word)).or_insert_with(|| {
                self.tags.push(PhraseTags::default());
                self.tags.len() - 1
            });
        }
        if let Some(tags) = self.tags.get_mut(node) {
            tags.add(tag);
        }
    }
}

/// Room for the steps of all phrases, so that the table does not grow while it is filled.
const EXPECTED_STEPS: usize = 14_000;

static LEXICON: LazyLock<PhraseTree> = LazyLock::new(PhraseTree::of_files);

/// The longest phrase that the words begin with: its number of words, and its tags. What begins as a question is one:
/// "can you" asks, so "can you repeat" asks as well.
pub(crate) fn longest_phrase<'w>(words: impl Iterator<Item = &'w str>) -> Option<(usize, PhraseTags)> {
    let steps: &HashMap<(usize, &'w str), usize> = &LEXICON.steps;
    let (mut node, mut asks, mut longest) = (PhraseTree::ROOT, false, None);
    for (index, word) in words.enumerate() {
        let Some(next) = steps.get(&(node, word)) else { break };
        node = *next;
        let mut tags = LEXICON.tags.get(node).copied().unwrap_or_default();
        asks |= tags.has(PhraseTag::QuestionPattern);
        if tags != PhraseTags::default() {
            if asks {
                tags.add(PhraseTag::QuestionPattern);
            }
            longest = Some((index + 1, tags));
        }
    }
    longest
}

#[cfg(test)]
mod tests;
