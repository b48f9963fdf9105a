//! Where a word comes from, as far as a list of common words tells.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Where a word comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordOrigin {
    /// A word of English that hardly any other language writes.
    English,
    /// An unknown word that looks like a form of one.
    EnglishInflected,
    /// A word of English and of other languages.
    Shared,
    /// A number, a code or a single letter, which any language has.
    Symbol,
    /// An unknown word in capitals within a sentence, as names are written in English.
    Name,
    /// Any other unknown word.
    Unknown,
    /// A frequent word of other languages, and none of English.
    Foreign,
}

/// The lists, with what their words are.
const LISTS: [(WordOrigin, &str); 3] = [
    (WordOrigin::English, include_str!("english.txt")),
    (WordOrigin::Shared, include_str!("shared.txt")),
    (WordOrigin::Foreign, include_str!("foreign.txt")),
];
/// Room for all words, so that the table does not grow while it is filled.
const EXPECTED_WORDS: usize = 4_500;

static ORIGINS: LazyLock<HashMap<&'static str, WordOrigin>> = LazyLock::new(|| {
    let mut origins = HashMap::with_capacity(EXPECTED_WORDS);
    for (origin, list) in LISTS {
        origins.extend(words(list).map(|word| (word, origin)));
    }
    origins
});

/// The words of a list, without its comments.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
}

/// The endings of English words, the longest first.
const ENDINGS: [&str; 7] = ["ing", "ed", "es", "ly", "er", "s", "d"];
/// What is left without its ending must have so many letters.
const SHORTEST_STEM: usize = 3;

impl WordOrigin {
    /// The origin of a word, given as it was written and folded, and whether it stands at the start of a sentence.
    pub(super) fn of(word: &str, folded: &str, starts_sentence: bool) -> Self {
        if let Some(origin) = ORIGINS.get(folded) {
            *origin
        } else if is_symbol(word) {
            Self::Symbol
        } else if is_inflected(folded) {
            Self::EnglishInflected
        } else if !starts_sentence && is_capitalised(word) {
            Self::Name
        } else {
            Self::Unknown
        }
    }
}

/// Whether a word is a single letter, or has a digit. In some languages a digit within a word stands for a letter.
fn is_symbol(word: &str) -> bool {
    let is_between_letters = word.starts_with(char::is_lowercase) && word.ends_with(char::is_lowercase);
    word.chars().nth(1).is_none() || word.contains(char::is_numeric) && !(is_between_letters && word.len() > 3)
}

fn is_inflected(folded: &str) -> bool {
    let is_english = |stem: &str| ORIGINS.get(stem) == Some(&WordOrigin::English);
    let stems = ENDINGS.iter().filter_map(|ending| folded.strip_suffix(ending));
    stems.filter(|stem| stem.len() >= SHORTEST_STEM).any(|stem| is_english(stem) || is_english(&format!("{stem}e")))
}

/// Whether a word begins with a capital and goes on in small letters.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none_or(|second| !second.is_uppercase())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tokenizer::{WordSpans, fold_into};

    #[test]
    fn the_lists_have_each_word_once_in_order_and_as_the_tokenizer_folds_it() {
        let mut seen = BTreeSet::new();
        for (_, list) in LISTS {
            let words: Vec<_> = words(list).collect();
            assert!(words.is_sorted() && words.len() > 100);
            for word in words {
                let mut folded = String::new();
                WordSpans::of(word).for_each(|range| fold_into(&mut folded, word.get(range).unwrap()));
                assert_eq!(folded, word);
                assert!(seen.insert(word), "{word} is in two lists");
            }
        }
        assert!(seen.len() <= EXPECTED_WORDS);
    }

    #[test]
    fn words_are_told_by_their_lists_their_endings_and_how_they_are_written() {
        let origin = |word: &str, starts_sentence| {
            let mut folded = String::new();
            fold_into(&mut folded, word);
            WordOrigin::of(word, &folded, starts_sentence)
        };
        for (word, expected) in [
            ("Because", WordOrigin::English),
            ("DON\u{2019}T", WordOrigin::English),
            ("kettles", WordOrigin::EnglishInflected),
            ("Hotel", WordOrigin::Shared),
            ("und", WordOrigin::Foreign),
            ("1Z999AA1", WordOrigin::Symbol),
            ("x", WordOrigin::Symbol),
            ("dayya3t", WordOrigin::Unknown),
            ("Łódź", WordOrigin::Name),
            ("IGEN", WordOrigin::Unknown),
        ] {
            assert_eq!(origin(word, false), expected, "{word}");
        }
        assert_eq!(origin("Łódź", true), WordOrigin::Unknown);
    }
}
