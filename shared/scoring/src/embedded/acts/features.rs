//! The features of an utterance: its words, its pairs of words, and the kinds of phrases in it.
//!
//! **Invariant:** the same words give the same features with and without punctuation and capitals, because transcribers differ.

use std::collections::BTreeSet;

use crate::dialogue::Dialogue;
use crate::tokenizer::is_filler_word;
use crate::utterance::Utterance;

/// What every word that begins with a digit counts as.
const NUMBER: &str = "#";

/// The features, each once: `refund` (a word), `a+refund` (a pair), `*Refusal` (a kind of phrase).
pub(crate) fn of(dialogue: &Dialogue, said: &Utterance) -> BTreeSet<String> {
    let words: Vec<&str> = words(dialogue, said).map(|(_, word)| word).collect();
    let pairs = words.array_windows().map(|[one, next]| pair(one, next));
    let kinds = said.phrases.iter().flat_map(|phrase| phrase.tags.iter()).map(|tag| format!("*{tag:?}"));
    words.iter().map(|word| (*word).to_owned()).chain(pairs).chain(kinds).collect()
}

/// The words of an utterance with their positions; filler words are none, and all numbers are one word.
pub(crate) fn words<'d>(dialogue: &'d Dialogue, said: &Utterance) -> impl Iterator<Item = (usize, &'d str)> {
    let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    said.words
        .clone()
        .map(|at| (at, dialogue.spelling(at)))
        .filter(|(_, word)| !is_filler_word(word))
        .map(move |(at, word)| (at, if is_number(word) { NUMBER } else { word }))
}

/// The feature of two words, one after the other.
pub(crate) fn pair(one: &str, next: &str) -> String {
    format!("{one}+{next}")
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use super::*;
    use crate::test_calls::untimed;

    fn features(text: &str) -> BTreeSet<String> {
        let call = untimed(&[("agent", text)]);
        let dialogue = Dialogue::of(&call);
        let said = dialogue.said_by(Role::Agent).next().unwrap();
        of(&dialogue, said)
    }

    #[test]
    fn words_pairs_and_numbers_are_features_and_fillers_are_not() {
        let features = features("Um, the engineer comes at 9:30.");
        for expected in ["the", "engineer", "the+engineer", "comes", "at+#", "#"] {
            assert!(features.contains(expected), "{expected} in {features:?}");
        }
        assert!(!features.iter().any(|feature| feature.contains("um")), "{features:?}");
    }

    #[test]
    fn punctuation_and_capitals_make_no_difference_to_words_and_pairs() {
        let plain = |text: &str| features(text).into_iter().filter(|one| !one.starts_with('*')).collect::<Vec<_>>();
        assert_eq!(plain("Well, I've booked it. It's done!"), plain("well i've booked it it's done"));
    }
}
