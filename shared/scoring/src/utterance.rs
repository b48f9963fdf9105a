//! Utterances: what one side says until the other side speaks, with the phrases of the lexicon in it.

use std::ops::Range;

use domain::Role;

use crate::lexicon::{PhraseTag, PhraseTags};

/// A "no" among the first words replies to a question; a later one tells what is missing.
const FIRST_WORDS: usize = 2;
/// An exclamation mark multiplies the sentiment of its sentence by this factor. It adds none of its own: people exclaim
/// demands as well.
const EXCLAIMED: f64 = 1.6;
/// A question has at most this many words.
const QUESTION_WORDS: usize = 8;
/// At most this many keywords of an utterance are compared with those of others.
const MOST_KEYWORDS: usize = 48;

/// A phrase of the lexicon, found in an utterance.
#[derive(Debug, Clone)]
pub(crate) struct PhraseMatch {
    /// Its tags.
    pub(crate) tags: PhraseTags,
    /// Its first word.
    pub(crate) word: usize,
    /// The sentiment of its speaker, with the negation before it taken into account.
    pub(crate) sentiment: f64,
}

impl PhraseMatch {
    /// A phrase found there. A negation before it turns its sentiment around and removes the tags of what it claims.
    pub(crate) fn of(word: usize, tags: PhraseTags, negated: bool) -> Self {
        let sentiment = tags.sentiment();
        if negated {
            Self { tags: tags.negated(), word, sentiment: -sentiment.max(0.0) / 2.0 }
        } else {
            Self { tags, word, sentiment }
        }
    }
}

/// What one side says until the other side speaks.
#[derive(Debug, Clone)]
pub(crate) struct Utterance {
    /// Who speaks.
    pub(crate) role: Role,
    /// Its words.
    pub(crate) words: Range<usize>,
    /// The phrases of the lexicon in it.
    pub(crate) phrases: Vec<PhraseMatch>,
    /// The first word of each question in it.
    pub(crate) questions: Vec<usize>,
    /// Its keywords: its words that are no stop words, as hashes with their positions, sorted by hash.
    pub(crate) keywords: Vec<(u64, usize)>,
}

impl Utterance {
    /// The first word with this tag.
    pub(crate) fn first(&self, tag: PhraseTag) -> Option<usize> {
        self.phrases.iter().find(|phrase| phrase.tags.has(tag)).map(|phrase| phrase.word)
    }

    /// Whether anything in it has this tag.
    pub(crate) fn has(&self, tag: PhraseTag) -> bool {
        self.first(tag).is_some()
    }

    /// Its keywords that the other utterance has as well.
    pub(crate) fn shared_with(&self, other: &Self) -> impl Iterator<Item = usize> {
        let is_shared = |hash: &u64| other.keywords.binary_search_by_key(hash, |(known, _)| *known).is_ok();
        self.keywords.iter().filter(move |(hash, _)| is_shared(hash)).map(|(_, word)| *word)
    }

    /// The keywords of one of its questions, up to the next question and within [`QUESTION_WORDS`].
    pub(crate) fn question_keywords(&self, question: usize) -> impl Iterator<Item = u64> {
        let next = self.questions.get(self.questions.partition_point(|other| *other <= question));
        let asked = question..next.copied().unwrap_or(self.words.end).min(question + QUESTION_WORDS);
        self.keywords.iter().filter(move |(_, word)| asked.contains(word)).map(|(hash, _)| *hash)
    }

    /// Whether the refusal in it comes with an alternative: a proposal, or a question after it.
    pub(crate) fn has_alternative(&self, refusal: usize) -> bool {
        self.has(PhraseTag::Proposal) || self.questions.iter().any(|question| *question > refusal)
    }

    /// Whether anything in it has negative sentiment.
    pub(crate) fn is_negative(&self) -> bool {
        self.phrases.iter().any(|phrase| phrase.sentiment < 0.0 || phrase.tags.has(PhraseTag::GivingUp))
    }

    /// Thanks next to a complaint or a "but" are a habit, and so are the second thanks in one utterance: their tag is
    /// removed.
    pub(crate) fn discount_thanks(&mut self, complains: bool) {
        let late = |phrase: &&PhraseMatch| {
            phrase.word > self.words.start + FIRST_WORDS && phrase.tags.has(PhraseTag::Negation)
        };
        let refuses = self.phrases.iter().any(|phrase| late(&phrase)) && !self.has(PhraseTag::NothingElse);
        let mut are_meant = !complains && !refuses && !self.is_negative() && !self.has(PhraseTag::Contrast);
        for phrase in self.phrases.iter_mut().filter(|phrase| phrase.tags.has(PhraseTag::Thanks)) {
            if !are_meant {
                (phrase.tags, phrase.sentiment) = (phrase.tags.without(PhraseTag::Thanks), phrase.sentiment.min(0.0));
            }
            are_meant = false;
        }
    }

    /// Appends what the same side says next.
    pub(crate) fn append(&mut self, more: Self) {
        self.words.end = more.words.end;
        self.phrases.extend(more.phrases);
        self.questions.extend(more.questions);
        if self.keywords.len() < MOST_KEYWORDS {
            self.keywords.extend(more.keywords);
            keep_first_of_each(&mut self.keywords);
        }
    }

    /// The first word with positive sentiment.
    pub(crate) fn first_positive(&self) -> Option<usize> {
        self.phrases.iter().find(|phrase| phrase.sentiment > 0.0).map(|phrase| phrase.word)
    }

    /// Its sentiment: the sum over its phrases.
    pub(crate) fn sentiment(&self) -> f64 {
        self.phrases.iter().map(|phrase| phrase.sentiment).sum()
    }
}

/// The first keywords of an utterance, at most [`MOST_KEYWORDS`] of them: sorted, each with its first position.
pub(crate) fn keywords<'w>(words: impl Iterator<Item = (&'w str, usize)>) -> Vec<(u64, usize)> {
    let mut keywords = words.take(MOST_KEYWORDS).map(|(word, index)| (hash(word), index)).collect();
    keep_first_of_each(&mut keywords);
    keywords
}

fn keep_first_of_each(keywords: &mut Vec<(u64, usize)>) {
    keywords.sort_unstable();
    keywords.dedup_by_key(|(hash, _)| *hash);
}

/// Amplifies the sentiment of an exclaimed sentence, whose phrases begin at `sentence`.
pub(crate) fn amplify_exclaimed(phrases: &mut [PhraseMatch], sentence: usize) {
    for phrase in phrases.iter_mut().skip(sentence) {
        phrase.sentiment *= EXCLAIMED;
    }
}

/// FNV-1a: the same on every machine and in every version, unlike the standard library's.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
