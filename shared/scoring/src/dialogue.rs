//! A transcript as a dialogue: the words of both sides, what they mark, and the utterances they form. Consecutive turns of
//! one speaker are one utterance, because transcribers cut a sentence wherever its speaker breathes; a lone "mm hmm" is
//! none, because listening sounds are no change of speaker.
//!
//! **Invariant:** every word remembers its turn and its place in it, so whatever is found can be quoted verbatim. Words of
//! [`Role::Other`] are nobody's and are not here. The work is linear in the length of the transcript.

use std::ops::Range;

use domain::{Call, Evidence, Role, Turn};

use crate::lexicon::{Marker, Markers, is_stop_word, longest_phrase};
use crate::words::{Stop, Words, fold_into, is_listening_sound, stop_after};

/// A negation reaches this many words: "not very good" is no praise.
const NEGATION_REACH: usize = 4;
/// What is exclaimed is meant this much more, and is meant well when nothing in it says otherwise.
const EXCLAIMED: f64 = 1.6;
const EXCLAMATION: f64 = 1.0;
/// Two question forms closer than this are one question: "which card would you like".
const QUESTION_SPACING: usize = 5;
/// A quote has at most so many words, of which so many may stand before the word it is about.
const QUOTE_WORDS: usize = 18;
const QUOTE_LEAD: usize = 10;
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

impl Mark {
    /// A phrase found there. A negation before it turns what it feels around and takes back what it claims.
    fn of(word: usize, markers: Markers, negated: bool) -> Self {
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

    /// The short quote that shows the word among its neighbours, within its sentence and its turn. Where the sentence is too
    /// long, it begins and ends at commas if there are any.
    pub(crate) fn quote(&self, word: usize) -> Option<Evidence> {
        let about = self.words.get(word)?;
        let Turn { role, text, .. } = self.transcript.get(about.turn)?;
        let stop = |index: usize| self.words[index].stop;
        let same_turn = |index: &usize| self.words[*index].turn == about.turn;
        let before = (0..word).rev().take_while(|index| same_turn(index) && !stop(*index).ends_sentence());
        let lead = before.clone().take(QUOTE_LEAD + 1).count();
        let after_comma = || before.take(QUOTE_LEAD).filter(|index| stop(*index) == Stop::Pause).last();
        let first =
            if lead <= QUOTE_LEAD { word - lead } else { after_comma().map_or(word - QUOTE_LEAD, |comma| comma + 1) };
        let rest = (first..self.words.len()).take(QUOTE_WORDS).take_while(same_turn).skip_while(|index| *index < word);
        let end = rest.clone().find(|index| stop(*index).ends_sentence());
        let is_cut = rest.clone().last().is_some_and(|last| same_turn(&(last + 1).min(self.words.len() - 1)));
        let comma = || rest.clone().filter(|index| is_cut && stop(*index) == Stop::Pause).last();
        let last = end.or_else(comma).or(rest.last())?;
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
        let about = words.clone().filter(|word| !is_stop_word(self.spelling(*word)));
        let mut subjects: Vec<_> = about.take(MOST_SUBJECTS).map(|word| (hash(self.spelling(word)), word)).collect();
        keep_first_of_each(&mut subjects);
        Utterance { role, words, marks, questions, subjects }
    }

    fn marks(&self, words: Range<usize>) -> Vec<Mark> {
        let mut marks = Vec::new();
        let (mut negated, mut sentence) = (0..0, 0);
        let mut word = words.start;
        while word < words.end {
            let rest = (word..words.end).map(|next| self.spelling(next));
            let (length, markers) = longest_phrase(rest).unwrap_or((1, Markers::default()));
            if markers != Markers::default() {
                marks.push(Mark::of(word, markers, negated.contains(&word)));
            }
            let last = word + length - 1;
            if markers.has(Marker::Negator) {
                negated = last + 1..last + 1 + NEGATION_REACH;
            }
            let stop = self.words[last].stop;
            if stop == Stop::Exclamation {
                exclaim(&mut marks, sentence, last);
            }
            if stop != Stop::None {
                negated = 0..0;
            }
            if stop.ends_sentence() {
                sentence = marks.len();
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
            if self.words[word].stop.ends_sentence() {
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
        keep_first_of_each(&mut self.subjects);
    }
}

fn keep_first_of_each(subjects: &mut Vec<(u64, usize)>) {
    subjects.sort_unstable();
    subjects.dedup_by_key(|(hash, _)| *hash);
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
