//! A transcript as a dialogue: the words of both sides, what they mark, and the utterances they form. Consecutive turns of
//! one speaker are one utterance, because transcribers cut a sentence wherever its speaker breathes; a lone "mm hmm" is
//! none, because listening sounds are no change of speaker.
//!
//! **Invariant:** every word remembers its turn and its place in it, so whatever is found can be quoted verbatim. Words of
//! [`Role::Other`] are nobody's and are not here. The work is linear in the length of the transcript.

use std::collections::BTreeSet;
use std::ops::Range;

use domain::{Call, Evidence, Role, Turn};

use crate::lexicon::{Marker, Markers, is_stop_word, longest_phrase};
use crate::words::{Stop, Words, fold_into, is_listening_sound, stop_after};

/// A negation reaches this many words: "not very good" is no praise.
const NEGATION_REACH: usize = 3;
/// What is exclaimed is meant this much more, and is meant well when nothing in it says otherwise.
const EXCLAIMED: f64 = 1.6;
const EXCLAMATION: f64 = 1.0;
/// Two question forms closer than this are one question: "which card would you like".
const QUESTION_SPACING: usize = 5;
/// A quote has at most so many words, of which so many may stand before the word it is about.
const QUOTE_WORDS: usize = 14;
const QUOTE_LEAD: usize = 5;
/// A quote has at most so many bytes, for there are words of any length.
const QUOTE_BYTES: usize = 120;
/// Of an utterance so many subjects are compared with those of others: what a person can recognise as the same.
const MOST_SUBJECTS: usize = 48;

/// A word of one side.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// The index of its turn in the transcript.
    pub(crate) turn: usize,
    /// Its bytes in the turn's text.
    pub(crate) bytes: Range<usize>,
    /// How the sentence goes on after it.
    pub(crate) stop: Stop,
    folded: Range<usize>,
}

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
    /// What it is about: its words that are no stop words, as hashes.
    pub(crate) subjects: BTreeSet<u64>,
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

    /// How pleased its speaker is, all in all.
    pub(crate) fn valence(&self) -> f64 {
        self.marks.iter().map(|mark| mark.valence).sum()
    }
}

/// A transcript, understood as far as its words go.
#[derive(Debug)]
pub(crate) struct Dialogue<'c> {
    transcript: &'c [Turn],
    folded: String,
    /// The words of both sides, in order.
    pub(crate) words: Vec<Word>,
    /// The utterances of both sides, in order.
    pub(crate) utterances: Vec<Utterance>,
}

impl<'c> Dialogue<'c> {
    pub(crate) fn of(call: &'c Call) -> Self {
        let mut dialogue =
            Self { transcript: &call.transcript, folded: String::new(), words: Vec::new(), utterances: Vec::new() };
        for (turn, Turn { text, .. }) in call.transcript.iter().enumerate().filter(|(_, turn)| turn.role != Role::Other)
        {
            for bytes in Words::of(text) {
                let start = dialogue.folded.len();
                fold_into(&mut dialogue.folded, &text[bytes.clone()]);
                let (stop, folded) = (stop_after(text, bytes.end), start..dialogue.folded.len());
                dialogue.words.push(Word { turn, bytes, stop, folded });
            }
        }
        dialogue.utterances = dialogue.split();
        dialogue
    }

    /// The utterances of one side, in order.
    pub(crate) fn said_by(&self, role: Role) -> impl DoubleEndedIterator<Item = &Utterance> {
        self.utterances.iter().filter(move |utterance| utterance.role == role)
    }

    /// The utterances of one side that follow one of the other side, each with the one it follows.
    pub(crate) fn answers_of(&self, role: Role) -> impl Iterator<Item = (&Utterance, &Utterance)> {
        self.utterances.windows(2).filter(move |pair| pair[1].role == role).map(|pair| (&pair[0], &pair[1]))
    }

    /// The short quote that shows the word among its neighbours, within its sentence and its turn.
    pub(crate) fn quote(&self, word: usize) -> Option<Evidence> {
        let about = self.words.get(word)?;
        let Turn { role, text, .. } = self.transcript.get(about.turn)?;
        let same = |index: &usize| self.words[*index].turn == about.turn;
        let open = |index: &usize| self.words[*index].stop == Stop::None;
        let lead = (word.saturating_sub(QUOTE_LEAD)..word).rev().take_while(|index| same(index) && open(index)).count();
        let first = word - lead;
        let rest = (first..self.words.len()).take(QUOTE_WORDS).take_while(same);
        let last = rest.clone().find(|index| *index >= word && !open(index)).or(rest.last())?;
        let quote = text.get(self.words[first].bytes.start..self.words[last].bytes.end)?;
        let cut = (0..=quote.len().min(QUOTE_BYTES)).rfind(|end| quote.is_char_boundary(*end))?;
        Some(Evidence { turn: about.turn, role: *role, quote: quote[..cut].trim_end().to_owned() })
    }

    fn spelling(&self, word: usize) -> &str {
        &self.folded[self.words[word].folded.clone()]
    }

    fn split(&self) -> Vec<Utterance> {
        let role = |word: &Word| self.transcript[word.turn].role;
        let mut spoken: Vec<Utterance> = Vec::new();
        let mut start = 0;
        for stretch in self.words.chunk_by(|a, b| role(a) == role(b)) {
            let words = start..start + stretch.len();
            start = words.end;
            let utterance = self.utterance(role(&stretch[0]), words);
            match spoken.last_mut() {
                _ if self.is_listening_sound(&utterance) => {}
                Some(last) if last.role == utterance.role => last.append(utterance),
                _ => spoken.push(utterance),
            }
        }
        spoken
    }

    fn is_listening_sound(&self, utterance: &Utterance) -> bool {
        utterance.words.clone().all(|word| is_listening_sound(self.spelling(word)))
    }

    fn utterance(&self, role: Role, words: Range<usize>) -> Utterance {
        let marks = self.marks(words.clone());
        let questions = self.questions(words.clone(), &marks);
        let about = words.clone().map(|word| self.spelling(word)).filter(|word| !is_stop_word(word));
        let mut subjects = BTreeSet::new();
        for subject in about {
            if subjects.len() == MOST_SUBJECTS {
                break;
            }
            subjects.insert(hash(subject));
        }
        Utterance { role, words, marks, questions, subjects }
    }

    fn marks(&self, words: Range<usize>) -> Vec<Mark> {
        let mut marks = Vec::new();
        let (mut negated, mut sentence) = (0..0, 0);
        let mut word = words.start;
        while word < words.end {
            let rest = (word + 1..words.end).map(|next| self.spelling(next));
            let (length, markers) = longest_phrase(self.spelling(word), &rest).unwrap_or((1, Markers::default()));
            if markers != Markers::default() {
                let turned = negated.contains(&word) && markers.valence() > 0.0;
                let valence = if turned { -markers.valence() / 2.0 } else { markers.valence() };
                marks.push(Mark { markers, word, valence });
            }
            let last = word + length - 1;
            if markers.has(Marker::Negation) {
                negated = last + 1..last + 1 + NEGATION_REACH;
            }
            if self.words[last].stop != Stop::None {
                if self.words[last].stop == Stop::Exclamation {
                    exclaim(&mut marks, sentence, last);
                }
                (negated, sentence) = (0..0, marks.len());
            }
            word += length;
        }
        marks
    }

    /// Where questions begin: by their mark where somebody wrote one, else by their form.
    fn questions(&self, words: Range<usize>, marks: &[Mark]) -> Vec<usize> {
        let mut forms =
            marks.iter().filter(|mark| mark.markers.has(Marker::QuestionForm)).map(|mark| mark.word).peekable();
        let mut questions: Vec<usize> = Vec::new();
        let mut sentence = words.start;
        for word in words {
            if forms.next_if_eq(&word).is_some()
                && questions.last().is_none_or(|last| *last < sentence || word >= last + QUESTION_SPACING)
            {
                questions.push(word);
            }
            if self.words[word].stop != Stop::None {
                if self.words[word].stop == Stop::Question && questions.last().is_none_or(|last| *last < sentence) {
                    questions.push(sentence);
                }
                sentence = word + 1;
            }
        }
        questions
    }
}

impl Utterance {
    fn append(&mut self, more: Self) {
        self.words.end = more.words.end;
        self.marks.extend(more.marks);
        self.questions.extend(more.questions);
        self.subjects.extend(more.subjects);
    }
}

/// Strengthens the marks of an exclaimed sentence, those from `sentence` on; its last word shows the exclamation itself.
fn exclaim(marks: &mut Vec<Mark>, sentence: usize, last: usize) {
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
