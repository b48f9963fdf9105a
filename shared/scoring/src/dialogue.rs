//! A transcript as a dialogue: the words of both sides, the phrases of the lexicon in them, and the utterances they
//! form. Consecutive turns of one side are one utterance, because recognisers start a new turn at every pause; a lone
//! "mm hmm" is none, because a backchannel is not a change of speaker.
//!
//! **Invariant:** every word knows its turn and its bytes in it, so whatever is found can be quoted verbatim. Words of
//! [`Role::Other`] belong to neither side and are left out. The work is linear in the length of the transcript.

use std::ops::Range;

use domain::{Call, Role, ToolEvent, Turn};

use crate::contractions::{I_WILL, ILL, is_i_will};
use crate::lexicon::{PhraseTag, PhraseTags, is_stop_word, longest_phrase};
use crate::tokenizer::{Punctuation, WordSpans, fold_into, is_backchannel, is_filler_word, punctuation_after};
use crate::utterance::{PhraseMatch, Utterance, amplify_exclaimed, keywords};

/// A negation covers this many words: "not very good" is no praise.
const NEGATION_REACH: usize = 4;
/// Two question forms closer than this are one question: "which card would you like".
const QUESTION_SPACING: usize = 5;
/// An utterance of at most this many words that names a field of a form asks for it: "date of birth".
const BRIEF: usize = 5;
/// The end of a call for the customer is at most this many last utterances.
const LAST_WORDS: usize = 3;

/// A word of one side.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Who says it.
    role: Role,
    /// The position of its turn in the transcript.
    pub(crate) turn: usize,
    /// Its bytes in the turn's text.
    pub(crate) bytes: Range<usize>,
    /// The punctuation after it.
    pub(crate) punctuation: Punctuation,
    folded: Range<usize>,
}

/// A transcript, split into words and utterances.
#[derive(Debug)]
pub(crate) struct Dialogue<'c> {
    /// The turns as they were sent.
    pub(crate) transcript: &'c [Turn],
    /// What the agent's tools did.
    pub(crate) tool_events: &'c [ToolEvent],
    folded: String,
    /// The words of both sides, in order.
    pub(crate) words: Vec<Word>,
    /// The utterances of both sides, in order.
    pub(crate) utterances: Vec<Utterance>,
}

impl<'c> Dialogue<'c> {
    pub(crate) fn of(call: &'c Call) -> Self {
        let mut dialogue = Self {
            transcript: &call.transcript,
            tool_events: &call.tool_events,
            folded: String::new(),
            words: Vec::new(),
            utterances: Vec::new(),
        };
        for (turn, Turn { role, text, .. }) in
            call.transcript.iter().enumerate().filter(|(_, turn)| turn.role != Role::Other)
        {
            for bytes in WordSpans::of(text) {
                let start = dialogue.folded.len();
                fold_into(&mut dialogue.folded, text.get(bytes.clone()).unwrap_or_default());
                let (punctuation, folded) = (punctuation_after(text, &bytes), start..dialogue.folded.len());
                dialogue.words.push(Word { role: *role, turn, bytes, punctuation, folded });
            }
        }
        dialogue.read_contractions();
        dialogue.utterances = dialogue.split();
        dialogue.discount_thanks();
        dialogue
    }

    /// Spells "ill" as "i'll" where that is meant, which a transcript without apostrophes leaves open.
    fn read_contractions(&mut self) {
        let spelling = self.folded.len()..self.folded.len() + I_WILL.len();
        self.folded.push_str(I_WILL);
        let goes_on = |at: usize| {
            let neighbours = self.words.get(at).zip(self.words.get(at + 1));
            neighbours.is_some_and(|(word, next)| word.turn == next.turn && !word.punctuation.ends_sentence())
        };
        let before = |at: usize| at.checked_sub(1).filter(|before| goes_on(*before));
        let after = |at: usize| goes_on(at).then_some(at + 1);
        let is_meant = |at: &usize| {
            self.spelling(*at) == ILL
                && is_i_will(before(*at).map(|word| self.spelling(word)), after(*at).map(|word| self.spelling(word)))
        };
        let meant: Vec<usize> = (0..self.words.len()).filter(is_meant).collect();
        for at in meant {
            if let Some(word) = self.words.get_mut(at) {
                word.folded = spelling.clone();
            }
        }
    }

    /// Discounts thanks that are a mere habit, as those of a customer who complains at the end: see
    /// [`Utterance::discount_thanks`].
    fn discount_thanks(&mut self) {
        let ending = LAST_WORDS.min(self.said_by(Role::Customer).count() / 2);
        let complains = self.said_by(Role::Customer).rev().take(ending).any(Utterance::is_negative);
        let said = self.utterances.iter_mut().rev().filter(|said| said.role == Role::Customer);
        for (from_end, said) in said.enumerate() {
            said.discount_thanks(complains && from_end < ending);
        }
    }

    /// The utterances of one side, in order.
    pub(crate) fn said_by(&self, role: Role) -> impl DoubleEndedIterator<Item = &Utterance> {
        self.utterances.iter().filter(move |utterance| utterance.role == role)
    }

    /// The utterances of one side that reply to one of the other side, each after the one it replies to.
    pub(crate) fn replies_of(&self, role: Role) -> impl Iterator<Item = (&Utterance, &Utterance)> {
        self.utterances.array_windows().filter(move |[_, reply]| reply.role == role).map(|[said, reply]| (said, reply))
    }

    /// How many items an utterance lists: the number of commas, "and", "or" and the like.
    pub(crate) fn items(&self, said: &Utterance) -> usize {
        let is_filler = |word: usize| said.words.contains(&word) && is_filler_word(self.spelling(word));
        let pauses =
            |word: usize| self.word(word).punctuation == Punctuation::Pause && !is_filler(word) && !is_filler(word + 1);
        let joins = |word: &usize| {
            matches!(self.spelling(*word), "and" | "or" | "then" | "if" | "plus" | "also") || pauses(*word)
        };
        said.words.clone().filter(joins).count()
    }

    /// The first word of an utterance that is neither a filler word nor a backchannel.
    pub(crate) fn opening(&self, said: &Utterance) -> usize {
        let is_sound = |word: &usize| is_filler_word(self.spelling(*word)) || is_backchannel(self.spelling(*word));
        said.words.clone().find(|word| !is_sound(word)).unwrap_or(said.words.start)
    }

    /// Whether an utterance begins with the word, an acknowledgement before it aside.
    pub(crate) fn begins_with(&self, said: &Utterance, word: &str) -> bool {
        said.words.clone().take(2).any(|first| self.spelling(first) == word)
    }

    /// Whether the utterance or a sentence in it begins with the word.
    pub(crate) fn has_sentence_with(&self, said: &Utterance, word: &str) -> bool {
        let starts = |at: usize| at > said.words.start && self.word(at - 1).punctuation.ends_sentence();
        self.begins_with(said, word) || said.words.clone().any(|at| starts(at) && self.spelling(at) == word)
    }

    /// The word at a position.
    #[expect(
        clippy::indexing_slicing,
        reason = "positions of words come from this dialogue: from its utterances, questions and phrases"
    )]
    pub(crate) fn word(&self, position: usize) -> &Word {
        &self.words[position]
    }

    /// How a word is spelled in the lexicon: in lower case, without apostrophes.
    pub(crate) fn spelling(&self, word: usize) -> &str {
        self.folded.get(self.word(word).folded.clone()).unwrap_or_default()
    }

    fn split(&self) -> Vec<Utterance> {
        let mut spoken: Vec<Utterance> = Vec::new();
        let mut start = 0;
        for stretch in self.words.chunk_by(|a, b| a.role == b.role) {
            let Some(first) = stretch.first() else { continue };
            let words = start..start + stretch.len();
            start = words.end;
            let utterance = self.utterance(first.role, words);
            match spoken.last_mut() {
                _ if self.is_backchannel(&utterance) => {}
                Some(last) if last.role == utterance.role => last.append(utterance),
                _ => spoken.push(utterance),
            }
        }
        spoken
    }

    fn is_backchannel(&self, utterance: &Utterance) -> bool {
        utterance.words.clone().all(|word| is_backchannel(self.spelling(word)))
    }

    fn utterance(&self, role: Role, words: Range<usize>) -> Utterance {
        let phrases = self.phrases(words.clone());
        let questions = self.questions(words.clone(), &phrases);
        let about = words.clone().filter(|word| !is_stop_word(self.spelling(*word)));
        let keywords = keywords(about.map(|word| (self.spelling(word), word)));
        Utterance { role, words, phrases, questions, keywords }
    }

    fn phrases(&self, words: Range<usize>) -> Vec<PhraseMatch> {
        let mut phrases = Vec::new();
        let (mut negated, mut conditional, mut sentence) = (0..0, 0..0, 0);
        let mut word = words.start;
        while word < words.end {
            let goes_on = |next: &usize| *next == word || !self.word(next - 1).punctuation.ends_sentence();
            // People say "um" in the middle of a phrase as well.
            let speaks = |next: &usize| *next == word || !is_filler_word(self.spelling(*next));
            let rest = (word..words.end).take_while(goes_on).filter(speaks);
            let (length, mut tags) =
                longest_phrase(rest.clone().map(|next| self.spelling(next))).unwrap_or((1, PhraseTags::default()));
            if self.spelling(word).starts_with(|first: char| first.is_ascii_digit()) {
                tags.add(PhraseTag::SpecificDetail);
            }
            if begins_clause(self.spelling(word)) {
                negated = 0..0;
            }
            if tags != PhraseTags::default() {
                let only_if = conditional.contains(&word);
                let claimed = if only_if { tags.without(PhraseTag::Completion) } else { tags };
                phrases.push(PhraseMatch::of(word, claimed, negated.contains(&word)));
            }
            let last = rest.take(length).last().unwrap_or(word);
            if tags.has(PhraseTag::NegationCue) {
                negated = last + 1..last + 1 + NEGATION_REACH;
            }
            if tags.has(PhraseTag::Conditional) {
                conditional = last + 1..last + 1 + NEGATION_REACH;
            }
            let punctuation = self.word(last).punctuation;
            if punctuation == Punctuation::ExclamationMark {
                amplify_exclaimed(&mut phrases, sentence);
            }
            if punctuation != Punctuation::None {
                (negated, conditional) = (0..0, 0..0);
            }
            if punctuation.ends_sentence() {
                sentence = phrases.len();
            }
            word = last + 1;
        }
        phrases
    }

    /// The first words of questions, which are recognised by a question mark or else by their form.
    fn questions(&self, words: Range<usize>, phrases: &[PhraseMatch]) -> Vec<usize> {
        let is_brief = words.len() <= BRIEF;
        let asks = |phrase: &&PhraseMatch| {
            let forms = [PhraseTag::QuestionPattern, PhraseTag::QuantityQuestion, PhraseTag::Inversion];
            forms.iter().any(|form| phrase.tags.has(*form)) || is_brief && phrase.tags.has(PhraseTag::FormField)
        };
        let mut forms = phrases.iter().filter(asks).peekable();
        let mut questions: Vec<usize> = Vec::new();
        let mut sentence = words.start;
        for word in words {
            let form = forms.next_if(|phrase| phrase.word == word);
            let begins = form.is_some_and(|phrase| !phrase.tags.has(PhraseTag::Inversion) || word == sentence);
            if begins && questions.last().is_none_or(|last| *last < sentence || word >= last + QUESTION_SPACING) {
                questions.push(word);
            }
            if self.word(word).punctuation.ends_sentence() {
                if self.word(word).punctuation == Punctuation::QuestionMark
                    && questions.last().is_none_or(|last| *last < sentence)
                {
                    questions.push(sentence);
                }
                sentence = word + 1;
            }
        }
        questions
    }
}

/// Whether a negation before the word ends there: in "it costs nothing i've booked it" it is booked.
pub(crate) fn begins_clause(spelling: &str) -> bool {
    matches!(spelling, "and" | "but" | "ive" | "weve" | "i'll" | "im")
}

#[cfg(test)]
mod tests;
