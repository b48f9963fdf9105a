//! What one side says until the other side speaks, and what the lexicon makes of it.

use std::ops::Range;

use domain::Role;

use crate::lexicon::{Marker, Markers};

/// A "no" among the first words answers; any later one tells what is missing.
const FIRST_WORDS: usize = 2;
/// What is exclaimed is meant this much more, and is meant well when nothing in it says otherwise.
const EXCLAIMED: f64 = 1.6;
const EXCLAMATION: f64 = 1.0;
/// A question is over after so many words.
const QUESTION_WORDS: usize = 8;
/// Of an utterance so many subjects are compared with those of others: what a person can recognise as the same.
const MOST_SUBJECTS: usize = 48;

/// A phrase of the lexicon, found.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// What it marks.
    pub(crate) markers: Markers,
    /// Its first word.
    pub(crate) word: usize,
    /// How pleased its speaker is to say it, with the negation before it.
    pub(crate) valence: f64,
}

impl Mark {
    /// A phrase found there. A negation before it turns what it feels around and takes back what it claims.
    pub(crate) fn of(word: usize, markers: Markers, negated: bool) -> Self {
        let valence = markers.valence();
        if negated {
            Self { markers: markers.negated(), word, valence: -valence.max(0.0) / 2.0 }
        } else {
            Self { markers, word, valence }
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
    /// What it marks.
    pub(crate) marks: Vec<Mark>,
    /// The first word of each question in it.
    pub(crate) questions: Vec<usize>,
    /// What it is about: its words that are no stop words, by their hashes and in their order.
    pub(crate) subjects: Vec<(u64, usize)>,
}

impl Utterance {
    /// The first word that is marked so.
    pub(crate) fn first(&self, marker: Marker) -> Option<usize> {
        self.marks.iter().find(|mark| mark.markers.has(marker)).map(|mark| mark.word)
    }

    /// Whether anything in it is marked so.
    pub(crate) fn has(&self, marker: Marker) -> bool {
        self.first(marker).is_some()
    }

    /// Its words that the other utterance is about, too.
    pub(crate) fn shared_with(&self, other: &Self) -> impl Iterator<Item = usize> {
        let is_shared = |hash: &u64| other.subjects.binary_search_by_key(hash, |(known, _)| *known).is_ok();
        self.subjects.iter().filter(move |(hash, _)| is_shared(hash)).map(|(_, word)| *word)
    }

    /// What one of its questions is about: its subjects within so many words, up to the next question.
    pub(crate) fn asked_about(&self, question: usize) -> impl Iterator<Item = u64> {
        let next = self.questions.get(self.questions.partition_point(|other| *other <= question));
        let asked = question..next.copied().unwrap_or(self.words.end).min(question + QUESTION_WORDS);
        self.subjects.iter().filter(move |(_, word)| asked.contains(word)).map(|(hash, _)| *hash)
    }

    /// Whether the refusal in it comes with another way: a proposal, or a question that opens one.
    pub(crate) fn has_another_way(&self, refusal: usize) -> bool {
        self.has(Marker::Proposal) || self.questions.iter().any(|question| *question > refusal)
    }

    /// Whether something in it is said in displeasure.
    pub(crate) fn is_unhappy(&self) -> bool {
        self.marks.iter().any(|mark| mark.valence < 0.0 || mark.markers.has(Marker::GivingUp))
    }

    /// Thanks beside a complaint or a "but" are a habit, and so are the second thanks in one breath: they please nobody.
    pub(crate) fn discount_thanks(&mut self, complains: bool) {
        let late = |mark: &&Mark| mark.word > self.words.start + FIRST_WORDS && mark.markers.has(Marker::Negation);
        let refuses = self.marks.iter().any(|mark| late(&mark)) && !self.has(Marker::NothingElse);
        let mut are_meant = !complains && !refuses && !self.is_unhappy() && !self.has(Marker::Contrast);
        for mark in self.marks.iter_mut().filter(|mark| mark.markers.has(Marker::Thanks)) {
            if !are_meant {
                (mark.markers, mark.valence) = (mark.markers.without(Marker::Thanks), mark.valence.min(0.0));
            }
            are_meant = false;
        }
    }

    /// Goes on with what the same side says next.
    pub(crate) fn append(&mut self, more: Self) {
        self.words.end = more.words.end;
        self.marks.extend(more.marks);
        self.questions.extend(more.questions);
        if self.subjects.len() < MOST_SUBJECTS {
            self.subjects.extend(more.subjects);
            keep_first_of_each(&mut self.subjects);
        }
    }

    /// The first word that its speaker is pleased to say.
    pub(crate) fn pleased(&self) -> Option<usize> {
        self.marks.iter().find(|mark| mark.valence > 0.0).map(|mark| mark.word)
    }

    /// How pleased its speaker is, all in all.
    pub(crate) fn valence(&self) -> f64 {
        self.marks.iter().map(|mark| mark.valence).sum()
    }
}

/// The subjects as utterances keep them: sorted, each where it comes first. So many of them are as much as a person would
/// recognise.
pub(crate) fn subjects<'w>(words: impl Iterator<Item = (&'w str, usize)>) -> Vec<(u64, usize)> {
    let mut subjects = words.take(MOST_SUBJECTS).map(|(word, index)| (hash(word), index)).collect();
    keep_first_of_each(&mut subjects);
    subjects
}

fn keep_first_of_each(subjects: &mut Vec<(u64, usize)>) {
    subjects.sort_unstable();
    subjects.dedup_by_key(|(hash, _)| *hash);
}

/// Strengthens the marks of an exclaimed sentence, those from `sentence` on; its last word shows the exclamation itself.
pub(crate) fn exclaim(marks: &mut Vec<Mark>, sentence: usize, last: usize) {
    for mark in &mut marks[sentence..] {
        mark.valence *= EXCLAIMED;
    }
    if marks[sentence..].iter().all(|mark| mark.valence >= 0.0) {
        marks.push(Mark { markers: Markers::default(), word: last, valence: EXCLAMATION });
    }
}

/// FNV-1a: the same on every machine and in every version, unlike the standard library's.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
