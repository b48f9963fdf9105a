//! A transcript as a dialogue: the words of both sides, what they mark, and the utterances they form. Consecutive turns of
//! one speaker are one utterance, because transcribers cut a sentence wherever its speaker breathes; a lone "mm hmm" is
//! none, because listening sounds are no change of speaker.
//!
//! **Invariant:** every word remembers its turn and its place in it, so whatever is found can be quoted verbatim. Words of
//! [`Role::Other`] are nobody's and are not here. The work is linear in the length of the transcript.

use std::ops::Range;

use domain::{Call, Role, Turn};

use crate::lexicon::{Marker, Markers, is_stop_word, longest_phrase};
use crate::utterance::{Mark, Utterance, exclaim, subjects};
use crate::words::{Stop, Words, fold_into, is_hesitation, is_listening_sound, stop_after};

/// A negation reaches this many words: "not very good" is no praise.
const NEGATION_REACH: usize = 4;
/// Two question forms closer than this are one question: "which card would you like".
const QUESTION_SPACING: usize = 5;

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

/// A transcript, understood as far as its words go.
#[derive(Debug)]
pub(crate) struct Dialogue<'c> {
    /// The turns as they were sent.
    pub(crate) transcript: &'c [Turn],
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
        let subjects = subjects(about.map(|word| (self.spelling(word), word)));
        Utterance { role, words, marks, questions, subjects }
    }

    fn marks(&self, words: Range<usize>) -> Vec<Mark> {
        let mut marks = Vec::new();
        let (mut negated, mut sentence) = (0..0, 0);
        let mut word = words.start;
        while word < words.end {
            let goes_on = |next: &usize| *next == word || !self.words[next - 1].stop.ends_sentence();
            // People say "um" in the middle of a phrase, too.
            let speaks = |next: &usize| *next == word || !is_hesitation(self.spelling(*next));
            let rest = (word..words.end).take_while(goes_on).filter(speaks);
            let (length, markers) =
                longest_phrase(rest.clone().map(|next| self.spelling(next))).unwrap_or((1, Markers::default()));
            if markers != Markers::default() {
                marks.push(Mark::of(word, markers, negated.contains(&word)));
            }
            let last = rest.take(length).last().unwrap_or(word);
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
            word = last + 1;
        }
        marks
    }

    /// Where questions begin: by their mark where somebody wrote one, else by their form.
    fn questions(&self, words: Range<usize>, marks: &[Mark]) -> Vec<usize> {
        let asks = |mark: &&Mark| mark.markers.has(Marker::QuestionForm) || mark.markers.has(Marker::Inversion);
        let mut forms = marks.iter().filter(asks).peekable();
        let mut questions: Vec<usize> = Vec::new();
        let mut sentence = words.start;
        for word in words {
            let form = forms.next_if(|mark| mark.word == word);
            let begins = form.is_some_and(|mark| mark.markers.has(Marker::QuestionForm) || word == sentence);
            if begins && questions.last().is_none_or(|last| *last < sentence || word >= last + QUESTION_SPACING) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use domain::Evidence;

    use super::*;
    use crate::sample::untimed;

    fn valence(text: &str) -> f64 {
        let call = untimed(&[("customer", text)]);
        Dialogue::of(&call).utterances.iter().map(Utterance::valence).sum()
    }

    fn questions(text: &str) -> usize {
        let call = untimed(&[("agent", text)]);
        Dialogue::of(&call).utterances.iter().map(|said| said.questions.len()).sum()
    }

    #[test]
    fn turns_of_one_speaker_are_one_utterance_and_phrases_cross_them() {
        let call = untimed(&[
            ("agent", "how can i"),
            ("customer", "[noise]"),
            ("agent", ""),
            ("other", "please hold"),
            ("agent", "help you"),
            ("customer", "mm hmm"),
            ("agent", "today"),
            ("customer", "my card is lost"),
        ]);
        let dialogue = Dialogue::of(&call);
        let roles: Vec<_> = dialogue.utterances.iter().map(|said| said.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer]);
        let offer = dialogue.utterances[0].first(Marker::OfferOfHelp).unwrap();
        assert_eq!(
            dialogue.quote(offer).unwrap(),
            Evidence { turn: 0, role: Role::Agent, quote: "how can i".to_owned() }
        );
    }

    #[test]
    fn negations_and_exclamations_change_what_a_word_feels_like() {
        assert!(valence("that is not very good") < 0.0);
        assert!(valence("no, that is very good") > 0.0);
        assert!(valence("that is good!") > valence("that is good"));
        assert!(valence("that is terrible!") < valence("that is terrible"));
        assert!(valence("bye!") > 0.0);
    }

    #[test]
    fn hesitations_within_a_phrase_do_not_break_it() {
        let call = untimed(&[("agent", "i have um uh booked a table")]);
        assert!(Dialogue::of(&call).utterances[0].has(Marker::Done));
    }

    #[test]
    fn phrases_end_with_their_sentence() {
        let call = untimed(&[("customer", "I know. No. Problem.")]);
        assert!(!Dialogue::of(&call).utterances[0].has(Marker::Assurance));
    }

    #[test]
    fn negations_take_back_what_is_claimed() {
        let claims = |text| {
            let call = untimed(&[("agent", text)]);
            Dialogue::of(&call).utterances[0].has(Marker::Done)
        };
        assert!(claims("your table is booked") && !claims("your table could not be booked"));
    }

    #[test]
    fn questions_are_found_by_their_mark_and_by_their_form() {
        for (text, count) in [
            ("which card would you like to replace", 1),
            ("Which card? And which account?", 2),
            ("can you give me your name and how can i reach you", 2),
            ("Seriously?", 1),
            ("i will send it to you", 0),
            ("", 0),
        ] {
            assert_eq!(questions(text), count, "{text}");
        }
    }

    proptest! {
        #[test]
        fn utterances_alternate_and_keep_the_words_in_order(texts in prop::collection::vec((any::<bool>(), "[a-z \\[\\]?!,.]{0,20}"), 0..20)) {
            let turns: Vec<_> = texts.iter().map(|(agent, text)| (if *agent { "agent" } else { "customer" }, text.as_str())).collect();
            let call = untimed(&turns);
            let dialogue = Dialogue::of(&call);
            prop_assert!(dialogue.utterances.windows(2).all(|pair| pair[0].role != pair[1].role));
            prop_assert!(dialogue.utterances.windows(2).all(|pair| pair[0].words.end <= pair[1].words.start));
            prop_assert!(dialogue.words.windows(2).all(|pair| (pair[0].turn, pair[0].bytes.end) <= (pair[1].turn, pair[1].bytes.start)));
        }
    }
}
