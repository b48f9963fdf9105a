//! How much punctuation and how many capitals a transcript has.

use super::vocabulary::named;

named! {
    /// How much punctuation and how many capitals a transcript has.
    Punctuation {
        /// All of it, as the call was written.
        Full => "full",
        /// Full stops and question marks; a capital only at the beginning of a turn and for "I".
        Light => "light",
        /// None, and no capitals.
        None => "none",
    }
}

impl Punctuation {
    /// The text with that much punctuation.
    #[must_use]
    pub fn of(self, text: &str) -> String {
        match self {
            Self::Full => text.to_owned(),
            Self::Light => {
                let words = words(text, &['.', '?']).join(" ");
                let words: Vec<String> = words.split(' ').map(with_i).collect();
                capitalised(&words.join(" "))
            }
            Self::None => words(text, &[]).join(" "),
        }
    }
}

/// The words in small letters, with the marks at their ends that are kept. Marks within a word stay, as in "4.50", "10:30",
/// "don't" and an address; a dash between words separates them.
fn words(text: &str, kept: &[char]) -> Vec<String> {
    let is_spoken =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '£' | '$' | '€' | '%' | '&' | '@' | '#' | '+');
    let spaced = text.to_lowercase().replace(['-', '–', '—'], " ");
    let mut words: Vec<String> = Vec::new();
    for piece in spaced.split_whitespace() {
        let spoken = piece.trim_matches(|letter: char| !is_spoken(letter));
        let mark = piece.chars().rev().take_while(|letter| !is_spoken(*letter)).find(|letter| kept.contains(letter));
        if spoken.is_empty() {
            words.last_mut().into_iter().for_each(|word| word.extend(mark));
        } else {
            words.push(spoken.chars().chain(mark).collect());
        }
    }
    words
}

/// "I" and its short forms have a capital.
fn with_i(word: &str) -> String {
    let is_i = word.strip_prefix('i').is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    if is_i { capitalised(word) } else { word.to_owned() }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_and_no_punctuation_keep_the_words() {
        let text = "Well, I'm, um, at 10:30? \"Yes\" - it's £4.50, Mr O'Hara. I said: A-B… and in";
        assert_eq!(Punctuation::Light.of(text), "Well I'm um at 10:30? yes it's £4.50 mr o'hara. I said a b and in");
        assert_eq!(Punctuation::None.of(text), "well i'm um at 10:30 yes it's £4.50 mr o'hara i said a b and in");
        assert_eq!(Punctuation::Full.of(text), text);
    }

    #[test]
    fn a_mark_after_a_space_belongs_to_the_word_before() {
        assert_eq!(Punctuation::Light.of("Is it ? No"), "Is it? no");
        assert_eq!(Punctuation::None.of("..."), "");
    }
}
