//! The digits that characters and spoken words stand for.

/// The code points of the zeros of all scripts with decimal digits; the other nine digits follow each of them.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Words for numbers, with the digits they are dictated for.
const DIGIT_WORDS: [(&str, &str); 31] = [
    ("zero", "0"),
    ("nought", "0"),
    ("naught", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("niner", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("thirteen", "13"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("sixteen", "16"),
    ("seventeen", "17"),
    ("eighteen", "18"),
    ("nineteen", "19"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("seventy", "70"),
    ("eighty", "80"),
    ("ninety", "90"),
];

/// What a word means in a number that is dictated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberWord {
    /// It stands for digits.
    Digits(&'static str),
    /// It stands for a zero among other digits, or for nothing: "oh".
    Oh,
    /// The next digit is repeated this many times: "double five".
    Repeat(usize),
    /// Two zeros after the digit before: "eight hundred".
    Hundred,
    /// A separator: "dash".
    Dash,
    /// A slash, as in a date.
    Slash,
    /// An international number follows.
    Plus,
    /// A filler word: "uh".
    Filler,
    /// Any other word, which belongs to no number.
    Other,
}

/// The value of a decimal digit of any script.
pub(super) fn digit_value(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    let code = u32::from(character);
    let zero = *ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|digit| *digit < 10)
}

/// What the word means in a number.
pub(super) fn number_word(word: &str) -> NumberWord {
    let word = word.to_ascii_lowercase();
    if let Some((_, digits)) = DIGIT_WORDS.iter().find(|(name, _)| *name == word) {
        return NumberWord::Digits(digits);
    }
    match word.as_str() {
        "oh" | "o" => NumberWord::Oh,
        "double" => NumberWord::Repeat(2),
        "triple" | "treble" => NumberWord::Repeat(3),
        "quadruple" => NumberWord::Repeat(4),
        "hundred" => NumberWord::Hundred,
        "dash" | "hyphen" | "space" => NumberWord::Dash,
        "slash" => NumberWord::Slash,
        "plus" => NumberWord::Plus,
        "uh" | "um" | "er" | "erm" | "uhm" | "hmm" | "hm" | "mm" | "ah" | "and" | "then" | "okay" | "ok" | "yeah" => {
            NumberWord::Filler
        }
        _ => NumberWord::Other,
    }
}

/// Whether the word stands for digits.
pub(super) fn is_digit_word(word: &str) -> bool {
    matches!(number_word(word), NumberWord::Digits(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_have_their_value() {
        assert!(ZEROS.is_sorted());
        assert!(
            ('0'..='9')
                .chain('０'..='９')
                .chain('٠'..='٩')
                .chain('𝟎'..='𝟗')
                .map(digit_value)
                .eq((0..10).cycle().take(40).map(Some))
        );
        assert!("a½²①Ⅷ-".chars().all(|character| digit_value(character).is_none()));
    }
}
