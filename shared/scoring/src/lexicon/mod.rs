//! The English the embedded scorer knows: phrases, each with what it marks.
//!
//! **Invariant:** the lexicon is data. Phrases are spelled as [`crate::words::fold_into`] folds speech (lower case, no
//! apostrophes), and at each word the longest phrase wins, so that "no problem" is neither a "no" nor a "problem".

mod phrases;
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
    GivingUp,
    Chasing,
    NothingElse,
    QuestionForm,
    Negation,
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
        } else {
            0.0
        }
    }
}

/// A phrase: the words that follow its first one, and what it marks.
struct Phrase {
    rest: Vec<&'static str>,
    markers: Markers,
}

/// The phrases by their first word, the longest first.
static LEXICON: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut lexicon: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
    for (marker, phrases) in phrases::PHRASES.iter().chain(sentiment::SENTIMENT) {
        for phrase in phrases.split('|') {
            let mut words = phrase.split_whitespace();
            let Some(first) = words.next() else { continue };
            let rest: Vec<_> = words.collect();
            let known = lexicon.entry(first).or_default();
            let index = known.iter().position(|other| other.rest == rest).unwrap_or_else(|| {
                known.push(Phrase { rest, markers: Markers::default() });
                known.len() - 1
            });
            known[index].markers.add(*marker);
        }
    }
    for phrases in lexicon.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
        inherit_question_forms(phrases);
    }
    lexicon
});

/// "can you" asks, so "can you repeat" asks too.
fn inherit_question_forms(phrases: &mut [Phrase]) {
    let forms: Vec<_> = phrases
        .iter()
        .filter(|phrase| phrase.markers.has(Marker::QuestionForm))
        .map(|phrase| phrase.rest.clone())
        .collect();
    for phrase in phrases {
        if forms.iter().any(|form| phrase.rest.starts_with(form)) {
            phrase.markers.add(Marker::QuestionForm);
        }
    }
}

/// The longest phrase that the words start with: how many words it has, and what it marks.
pub(crate) fn longest_phrase<'w>(
    first: &str,
    rest: &(impl Iterator<Item = &'w str> + Clone),
) -> Option<(usize, Markers)> {
    let phrases = LEXICON.get(first)?;
    let starts_with = |phrase: &&Phrase| {
        let mut spoken = rest.clone();
        phrase.rest.iter().all(|word| spoken.next() == Some(word))
    };
    phrases.iter().find(starts_with).map(|phrase| (phrase.rest.len() + 1, phrase.markers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Words, fold_into};

    fn markers(text: &str) -> Option<(usize, Markers)> {
        let mut words = text.split(' ');
        longest_phrase(words.next().unwrap(), &words)
    }

    #[test]
    fn phrases_are_spelled_as_speech_is_folded() {
        for (marker, phrases) in phrases::PHRASES.iter().chain(sentiment::SENTIMENT) {
            for phrase in phrases.split('|') {
                let spoken: Vec<_> = Words::of(phrase).collect();
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
