//! The text in the bytes of a file. Files come from other systems, in their encodings.
//!
//! **Invariant:** bytes that are UTF-8 stay as they are. A byte that stands for no character costs a character and never the file.

/// The text in those bytes: UTF-16 if they begin like JSON in it, with a byte order mark or without, else UTF-8. What is neither is read as
/// far as it can be.
#[must_use]
pub fn decoded(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xff, 0xfe, ..] | [b'{' | b'[' | b'"', 0, ..] => from_utf16(&bytes, u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, b'{' | b'[' | b'"', ..] => from_utf16(&bytes, u16::from_be_bytes),
        // Nothing is copied if it is UTF-8.
        _ => String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn json_is_read_in_utf16_of_either_order_with_a_mark_and_without() {
        for document in ["{\"a\": \"é 😀\"}", "[1]", "\"x\""] {
            for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
                assert_eq!(decoded(utf16(document, bytes)), document);
                let marked = format!("\u{feff}{document}");
                assert_eq!(decoded(utf16(&marked, bytes)), marked);
            }
        }
        assert_eq!(decoded(vec![0xff, 0xfe, b'a', 0, 0, 0xd8, b'b']), "\u{feff}a\u{fffd}");
    }

    #[test]
    fn what_another_encoding_wrote_costs_the_characters_that_are_not_ascii() {
        assert_eq!(decoded(b"{\"a\": \"caf\xe9 \x80 5\"}".to_vec()), "{\"a\": \"caf\u{fffd} \u{fffd} 5\"}");
    }

    proptest! {
        #[test]
        fn utf8_stays_as_it_is_and_no_bytes_cause_a_panic(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            prop_assume!(!text.starts_with('\0') && text.as_bytes().get(1) != Some(&0));
            prop_assert_eq!(decoded(text.clone().into_bytes()), text);
            prop_assert!(decoded(bytes.clone()).len() <= 3 * bytes.len());
        }
    }
}
