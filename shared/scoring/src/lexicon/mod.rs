//! The English the embedded scorer knows: phrases, each with what it marks.
//!
//! **Invariant:** the lexicon is data. Phrases are spelled as [`crate::tokenizer::fold_into`] folds speech (lower case, no
//! apostrophes), and at each word the longest phrase wins, so that "no problem" is neither a "no" nor a "problem".

mod agent;
mod conduct;
mod customer;
mod facts;
mod grammar;
mod machines;
mod mood;
mod outcome;
mod sentiment;
mod stop_words;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use stop_words::is_stop_word;

/// What a phrase marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Greeting,
    Introduction,
    OfferOfHelp,
    FurtherHelp,
    Farewell,
    Thanks,
    Courtesy,
    Apology,
    Empathy,
    Warmth,
    Acknowledgement,
    Ownership,
    Assurance,
    Done,
    Refusal,
    Ignorance,
    Proposal,
    ReadBack,
    Signpost,
    Wait,
    AskedToRepeat,
    Rudeness,
    Dismissal,
    Blame,
    PassedOn,
    Hesitation,
    Slang,
    Hedge,
    Confusion,
    Complaint,
    SaidBefore,
    Correction,
    Acceptance,
    Rejection,
    Objection,
    Another,
    Change,
    Interest,
    GivingUp,
    Chasing,
    NothingElse,
    Circumstance,
    Condition,
    Field,
    FigureQuestion,
    Precise,
    Vague,
    Jargon,
    Pitch,
    QuestionForm,
    Inversion,
    Negation,
    Contrast,
    MessagePrompt,
    Menu,
    Negator,
    /// Nothing at all: a phrase that keeps its words from marking what they mark elsewhere.
    Nothing,
    Delight,
    Pleasure,
    Displeasure,
    Anger,
}

/// What a stretch of speech marks: a set of [`Marker`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Markers(u64);

impl Markers {
    pub(crate) const fn has(self, marker: Marker) -> bool {
        self.0 & (1 << marker as u32) != 0
    }

    pub(crate) const fn add(&mut self, marker: Marker) {
        self.0 |= 1 << marker as u32;
    }

    pub(crate) const fn without(self, marker: Marker) -> Self {
        Self(self.0 & !(1 << marker as u64))
    }

    /// What is left of them after a "not": nothing is done, agreed or complained about.
    pub(crate) const fn negated(self) -> Self {
        let claims = 1 << Marker::Done as u32 | 1 << Marker::Acceptance as u32 | 1 << Marker::Complaint as u32;
        Self(self.0 & !claims)
    }

    /// How pleased somebody is who says this, from -3 to 3.
    pub(crate) const fn valence(self) -> f64 {
        if self.has(Marker::Delight) {
            3.0
        } else if self.has(Marker::Anger) {
            -3.0
        } else if self.has(Marker::Pleasure) {
            1.5
        } else if self.has(Marker::Displeasure) {
            -1.5
        } else if self.has(Marker::Thanks) {
            0.75
        } else {
            0.0
        }
    }
}

/// The phrases as a tree of words: what the words on the way to a node mark, and how phrases go on from there.
#[derive(Default)]
struct Node {
    markers: Markers,
    next: HashMap<&'static str, Node>,
}

/// All phrases, between bars, by what they mark.
const TABLES: [&[(Marker, &str)]; 9] = [
    agent::PHRASES,
    conduct::PHRASES,
    customer::PHRASES,
    facts::PHRASES,
    grammar::PHRASES,
    machines::PHRASES,
    mood::PHRASES,
    outcome::PHRASES,
    sentiment::PHRASES,
];

/// Phrases that are composed: how they begin, between bars, how they go on, between spaces, and what each of them marks.
const COMPOSED: [(Marker, &str, &str); 3] = [
    (Marker::Done, agent::COMPLETED, agent::DEEDS),
    (Marker::Refusal, outcome::CANNOT, outcome::SERVICES),
    (Marker::PassedOn, outcome::SENT, outcome::ERRANDS),
];

impl Node {
    /// Adds a phrase with what it marks.
    fn add(&mut self, words: impl Iterator<Item = &'static str>, marker: Marker) {
        words.fold(self, |node, word| node.next.entry(word).or_default()).markers.add(marker);
    }
}

static LEXICON: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for (marker, beginnings, ends) in COMPOSED {
        for (beginning, end) in beginnings.split('|').flat_map(|said| ends.split(' ').map(move |end| (said, end))) {
            root.add(beginning.split(' ').chain([end]), marker);
        }
    }
    for (marker, phrases) in TABLES.into_iter().flatten() {
        for phrase in phrases.split('|') {
            root.add(phrase.split(' '), *marker);
        }
    }
    root
});

/// The longest phrase that the words begin with: how many words it has, and what it marks. What begins as a question is one:
/// "can you" asks, so "can you repeat" asks too.
pub(crate) fn longest_phrase<'w>(words: impl Iterator<Item = &'w str>) -> Option<(usize, Markers)> {
    let (mut node, mut asks, mut longest) = (&*LEXICON, false, None);
    for (index, word) in words.enumerate() {
        let Some(next) = node.next.get(word) else { break };
        node = next;
        asks |= node.markers.has(Marker::QuestionForm);
        if node.markers != Markers::default() {
            let mut markers = node.markers;
            if asks {
                markers.add(Marker::QuestionForm);
            }
            longest = Some((index + 1, markers));
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::{WordSpans, fold_into};

    fn markers(text: &str) -> Option<(usize, Markers)> {
        longest_phrase(text.split(' '))
    }

    #[test]
    fn phrases_are_spelled_as_speech_is_folded() {
        for (marker, phrases) in TABLES.into_iter().flatten() {
            for phrase in phrases.split('|') {
                let spoken: Vec<_> = WordSpans::of(phrase).collect();
                let mut folded = String::new();
                for range in &spoken {
                    fold_into(&mut folded, &phrase[range.clone()]);
                }
                assert_eq!(folded, phrase.replace(' ', ""), "{marker:?}: {phrase:?}");
                assert_eq!(spoken.len(), phrase.split(' ').count(), "{marker:?}: {phrase:?}");
            }
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        let (length, found) = markers("no problem at all").unwrap();
        assert_eq!(length, 2);
        assert!(found.has(Marker::Assurance) && !found.has(Marker::Negation) && !found.has(Marker::Complaint));
        let (length, found) = markers("no i said blue").unwrap();
        assert_eq!(length, 3);
        assert!(found.has(Marker::Correction));
        assert_eq!(markers("blue"), None);
    }

    #[test]
    fn what_marks_nothing_marks_nothing_else() {
        let of = |is_nothing: bool| {
            let rows =
                TABLES.into_iter().flatten().filter(move |(marker, _)| (*marker == Marker::Nothing) == is_nothing);
            rows.flat_map(|(_, phrases)| phrases.split('|'))
        };
        let nothing: std::collections::HashSet<_> = of(true).collect();
        let something: Vec<_> = of(false).filter(|phrase| nothing.contains(phrase)).collect();
        assert!(!nothing.is_empty() && something.is_empty(), "{something:?}");
    }

    #[test]
    fn what_only_looks_like_something_is_nothing() {
        for (text, marker) in [
            ("no preference", Marker::Negation),
            ("doesnt have to", Marker::Refusal),
            ("you should have received", Marker::Blame),
            ("ill look into", Marker::Circumstance),
        ] {
            let (length, found) = markers(text).unwrap();
            assert!(length == text.split(' ').count() && !found.has(marker), "{text}");
        }
    }

    #[test]
    fn one_phrase_may_mark_several_things() {
        let (_, found) = markers("thank you for calling").unwrap();
        assert!(found.has(Marker::Thanks) && found.has(Marker::Farewell));
    }

    #[test]
    fn what_begins_as_a_question_is_one() {
        assert!(markers("how can i help you").unwrap().1.has(Marker::QuestionForm));
        assert!(!markers("happy to help").unwrap().1.has(Marker::QuestionForm));
    }

    #[test]
    fn valence_orders_anger_displeasure_pleasure_and_delight() {
        let of = |word| markers(word).unwrap().1.valence();
        assert!(of("furious") < of("disappointed") && of("disappointed") < 0.0);
        assert!(0.0 < of("nice") && of("nice") < of("wonderful"));
    }
}
