//! The English that the embedded scorer knows: phrases, each with its tags.
//!
//! **Invariant:** the lexicon is data. Phrases are spelled as [`crate::tokenizer::fold_into`] folds speech (lower case,
//! no apostrophes), and at each word the longest phrase wins, so that "no problem" is neither a "no" nor a "problem".

mod agent;
mod colloquial;
mod conduct;
mod customer;
mod facts;
mod grammar;
mod machines;
mod outcome;
mod sentiment;
mod stop_words;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use stop_words::is_stop_word;

/// What the lexicon says a phrase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhraseTag {
    Greeting,
    Introduction,
    HelpOffer,
    FurtherHelpOffer,
    Farewell,
    Thanks,
    Courtesy,
    Apology,
    Empathy,
    Warmth,
    Acknowledgement,
    Ownership,
    Reassurance,
    Completion,
    Refusal,
    LackOfKnowledge,
    Proposal,
    ReadBack,
    Signpost,
    HoldRequest,
    RepeatRequest,
    Rudeness,
    Dismissal,
    Blame,
    Referral,
    FillerWord,
    Slang,
    Hedge,
    Confusion,
    Complaint,
    Reiteration,
    Correction,
    Acceptance,
    Rejection,
    Objection,
    AlternativeRequest,
    RequestChange,
    Interest,
    GivingUp,
    StatusRequest,
    NothingElse,
    LifeEvent,
    Conditional,
    FormField,
    QuantityQuestion,
    SpecificDetail,
    Vagueness,
    Jargon,
    SalesPressure,
    QuestionPattern,
    Inversion,
    Negation,
    Contrast,
    VoicemailPrompt,
    IvrMenu,
    NegationCue,
    /// None of the others: a phrase that keeps its words from being part of other phrases.
    Neutral,
    Delight,
    Pleasure,
    Displeasure,
    Anger,
}

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

/// A node of the trie of phrases: the tags of the words on the way to it, and the words with which phrases go on.
#[derive(Default)]
struct Node {
    tags: PhraseTags,
    next: HashMap<&'static str, Node>,
}

/// All phrases, separated by bars, with their tags.
const TABLES: [&[(PhraseTag, &str)]; 9] = [
    agent::PHRASES,
    conduct::PHRASES,
    customer::PHRASES,
    facts::PHRASES,
    grammar::PHRASES,
    machines::PHRASES,
    colloquial::PHRASES,
    outcome::PHRASES,
    sentiment::PHRASES,
];

/// Composed phrases: their tag, their beginnings, separated by bars, and their last words, separated by spaces.
const COMPOSED: [(PhraseTag, &str, &str); 3] = [
    (PhraseTag::Completion, agent::COMPLETED_BEGINNINGS, agent::COMPLETED_ACTIONS),
    (PhraseTag::Refusal, outcome::REFUSAL_BEGINNINGS, outcome::REFUSED_ACTIONS),
    (PhraseTag::Referral, outcome::REFERRAL_BEGINNINGS, outcome::CUSTOMER_ACTIONS),
];

impl Node {
    /// Adds a phrase with its tag.
    fn add(&mut self, words: impl Iterator<Item = &'static str>, tag: PhraseTag) {
        words.fold(self, |node, word| node.next.entry(word).or_default()).tags.add(tag);
    }
}

static LEXICON: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for (tag, beginnings, ends) in COMPOSED {
        for (beginning, end) in beginnings.split('|').flat_map(|said| ends.split(' ').map(move |end| (said, end))) {
            root.add(beginning.split(' ').chain([end]), tag);
        }
    }
    for (tag, phrases) in TABLES.into_iter().flatten() {
        for phrase in phrases.split('|') {
            root.add(phrase.split(' '), *tag);
        }
    }
    root
});

/// The longest phrase that the words begin with: its number of words, and its tags. What begins as a question is one:
/// "can you" asks, so "can you repeat" asks as well.
pub(crate) fn longest_phrase<'w>(words: impl Iterator<Item = &'w str>) -> Option<(usize, PhraseTags)> {
    let (mut node, mut asks, mut longest) = (&*LEXICON, false, None);
    for (index, word) in words.enumerate() {
        let Some(next) = node.next.get(word) else { break };
        node = next;
        asks |= node.tags.has(PhraseTag::QuestionPattern);
        if node.tags != PhraseTags::default() {
            let mut tags = node.tags;
            if asks {
                tags.add(PhraseTag::QuestionPattern);
            }
            longest = Some((index + 1, tags));
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::{WordSpans, fold_into};

    fn tags(text: &str) -> Option<(usize, PhraseTags)> {
        longest_phrase(text.split(' '))
    }

    #[test]
    fn phrases_are_spelled_as_speech_is_folded() {
        for (tag, phrases) in TABLES.into_iter().flatten() {
            for phrase in phrases.split('|') {
                let spoken: Vec<_> = WordSpans::of(phrase).collect();
                let mut folded = String::new();
                for range in &spoken {
                    fold_into(&mut folded, phrase.get(range.clone()).unwrap());
                }
                assert_eq!(folded, phrase.replace(' ', ""), "{tag:?}: {phrase:?}");
                assert_eq!(spoken.len(), phrase.split(' ').count(), "{tag:?}: {phrase:?}");
            }
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        let (length, found) = tags("no problem at all").unwrap();
        assert_eq!(length, 2);
        assert!(
            found.has(PhraseTag::Reassurance) && !found.has(PhraseTag::Negation) && !found.has(PhraseTag::Complaint)
        );
        let (length, found) = tags("no i said blue").unwrap();
        assert_eq!(length, 3);
        assert!(found.has(PhraseTag::Correction));
        assert_eq!(tags("blue"), None);
    }

    #[test]
    fn neutral_phrases_have_no_other_tag() {
        let of = |is_nothing: bool| {
            let rows = TABLES.into_iter().flatten().filter(move |(tag, _)| (*tag == PhraseTag::Neutral) == is_nothing);
            rows.flat_map(|(_, phrases)| phrases.split('|'))
        };
        let nothing: std::collections::HashSet<_> = of(true).collect();
        let something: Vec<_> = of(false).filter(|phrase| nothing.contains(phrase)).collect();
        assert!(!nothing.is_empty() && something.is_empty(), "{something:?}");
    }

    #[test]
    fn phrases_that_only_look_like_something_are_neutral() {
        for (text, tag) in [
            ("no preference", PhraseTag::Negation),
            ("doesnt have to", PhraseTag::Refusal),
            ("you should have received", PhraseTag::Blame),
            ("ill look into", PhraseTag::LifeEvent),
        ] {
            let (length, found) = tags(text).unwrap();
            assert!(length == text.split(' ').count() && !found.has(tag), "{text}");
        }
    }

    #[test]
    fn a_phrase_may_have_several_tags() {
        let (_, found) = tags("thank you for calling").unwrap();
        assert!(found.has(PhraseTag::Thanks) && found.has(PhraseTag::Farewell));
    }

    #[test]
    fn what_begins_as_a_question_is_one() {
        assert!(tags("how can i help you").unwrap().1.has(PhraseTag::QuestionPattern));
        assert!(!tags("happy to help").unwrap().1.has(PhraseTag::QuestionPattern));
    }

    #[test]
    fn sentiment_orders_anger_displeasure_pleasure_and_delight() {
        let of = |word| tags(word).unwrap().1.sentiment();
        assert!(of("furious") < of("disappointed") && of("disappointed") < 0.0);
        assert!(0.0 < of("nice") && of("nice") < of("wonderful"));
    }
}
