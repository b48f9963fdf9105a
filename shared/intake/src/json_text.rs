//! Parses JSON as producers really write it. JavaScript writes a cut-off emoji as half of a surrogate pair, Python writes `NaN`,
//! files begin with a byte order mark: none of it is JSON, and a call must not be lost for it.
//!
//! **Invariant:** text that is JSON is read as JSON says. A fault costs a character or a number, never
//! more: what stands for a character becomes U+FFFD, a number that no number can hold becomes `null`, which is unknown and not 0.
//! A number keeps the digits that it was written with. What lies deeper than any platform writes becomes `null`.
//!
//! **Invariant:** nothing is parsed that would take more memory than its message may.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

use crate::caption_text::is_captions;
use crate::json_beginning;
use crate::json_memory::{Memory, OutOfMemory};

/// Marks the byte order of a file. It is invisible, and keeps what begins with it from being recognised.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The most containers within each other that are read; what lies deeper is `null`. The parser itself refuses more than 128.
const MAX_DEPTH: usize = 100;

/// A text that cannot be read as JSON.
#[derive(Debug)]
pub(crate) struct Unreadable {
    /// What is wrong, without the text's place in a message.
    pub(crate) problem: Problem,
    /// The values before the fault, closed there: as much as is needed to tell whose call it was.
    pub(crate) beginning: Value,
}

/// What is wrong with a text.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The parser's error, which names line and column.
    #[error("is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It would take too much memory.
    #[error(transparent)]
    TooLarge(OutOfMemory),
}

/// The value that a text holds: captions as they are, or JSON, parsed in the memory of its message.
pub(crate) fn parse(text: &str, memory: &Memory) -> Result<Value, Unreadable> {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    if is_captions(text) {
        return Ok(text.into());
    }
    let too_large = |error| Unreadable { problem: Problem::TooLarge(error), beginning: json_beginning::of_large(text) };
    memory.take(text).map_err(too_large)?;
    let error = match serde_json::from_str(text) {
        Ok(value) if is_held(&value) => return Ok(without_mark_in_first_key(value)),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    // What was set aside for the text is enough for the mended one, which has the same values or fewer; it only is a second text.
    let mended = mended(text);
    serde_json::from_str(&mended).map(without_mark_in_first_key).map_err(|fault| {
        let beginning = json_beginning::before(&mended, &fault);
        Unreadable { problem: Problem::NotJson(error.unwrap_or(fault)), beginning }
    })
}

/// Whether all numbers in a value can be held.
fn is_held(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some() || is_whole(number.as_str()),
        Value::Array(elements) => elements.iter().all(is_held),
        Value::Object(members) => members.values().all(is_held),
        _ => true,
    }
}

/// Whether a number is written with digits only. It keeps all of them, however many there are.
fn is_whole(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// A table that begins with a byte order mark becomes an object whose first key does.
fn without_mark_in_first_key(value: Value) -> Value {
    match value {
        Value::Object(members) if members.keys().any(|key| key.starts_with(BYTE_ORDER_MARK)) => {
            let members = members.into_iter();
            members.map(|(key, member)| (key.trim_start_matches(BYTE_ORDER_MARK).to_owned(), member)).collect()
        }
        other => other,
    }
}

/// The text with everything mended that costs no more than a character or a number. Text that is JSON keeps its meaning.
#[must_use]
pub fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut depth = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            BYTE_ORDER_MARK => {}
            '{' | '[' if depth == MAX_DEPTH => {
                skip_container(&mut characters);
                mended.push_str("null");
            }
            '{' | '[' | '}' | ']' => {
                depth = if matches!(character, '{' | '[') { depth + 1 } else { depth.saturating_sub(1) };
                mended.push(character);
            }
            '"' => mend_string(&mut characters, &mut mended),
            '-' | '+' | '.' | '0'..='9' | 'A'..='Z' | 'a'..='z' => mend_word(character, &mut characters, &mut mended),
            other => mended.push(other),
        }
    }
    mended
}

/// Skips the rest of a container, up to and with the bracket that closes it.
fn skip_container(characters: &mut Peekable<Chars<'_>>) {
    let (mut depth, mut unread) = (1_usize, String::new());
    while depth > 0 {
        match characters.next() {
            Some('{' | '[') => depth += 1,
            Some('}' | ']') => depth -= 1,
            Some('"') => {
                unread.clear();
                mend_string(characters, &mut unread);
            }
            Some(_) => {}
            None => return,
        }
    }
}

/// Copies a number or a word outside of a string. Numbers that no parser accepts become `null`.
fn mend_word(first: char, characters: &mut Peekable<Chars<'_>>, mended: &mut String) {
    let mut word = String::from(first);
    while let Some(next) = characters.next_if(|next| next.is_ascii_alphanumeric() || "+-.".contains(*next)) {
        word.push(next);
    }
    // Rust reads all of "NaN", "-Infinity" and "1e400" as numbers that are not finite.
    let is_unwritable = !is_whole(&word) && word.parse::<f64>().is_ok_and(|number| !number.is_finite());
    mended.push_str(if is_unwritable { "null" } else { &word });
}

/// Copies the rest of a string, up to and with the quotation mark that ends it.
fn mend_string(characters: &mut Peekable<Chars<'_>>, mended: &mut String) {
    mended.push('"');
    while let Some(character) = characters.next() {
        match character {
            '"' => return mended.push('"'),
            '\\' => mend_escape(characters, mended),
            '\n' => mended.push_str("\\n"),
            control if control.is_control() && control.is_ascii() => mended.push(' '),
            other => mended.push(other),
        }
    }
}

/// Copies an escape, whose backslash has been read.
fn mend_escape(characters: &mut Peekable<Chars<'_>>, mended: &mut String) {
    match characters.next() {
        Some('u') => mend_code_unit(characters, mended),
        Some(escape @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => mended.extend(['\\', escape]),
        // An escape of another language, such as \' or \x.
        Some(other) => mended.push(other),
        None => {}
    }
}

/// Copies an escape such as `\u00e9`, of which `\u` has been read, and the other half of a surrogate pair.
fn mend_code_unit(characters: &mut Peekable<Chars<'_>>, mended: &mut String) {
    let Some(unit) = code_unit(characters) else { return mended.push(char::REPLACEMENT_CHARACTER) };
    let escaped = |unit: u32| format!("\\u{unit:04x}");
    match unit {
        0xd800..=0xdbff => {
            let mut ahead = characters.clone();
            let has_escape = ahead.next() == Some('\\') && ahead.next() == Some('u');
            match code_unit(&mut ahead).filter(|low| has_escape && (0xdc00..=0xdfff).contains(low)) {
                Some(low) => {
                    *characters = ahead;
                    mended.push_str(&(escaped(unit) + &escaped(low)));
                }
                None => mended.push(char::REPLACEMENT_CHARACTER),
            }
        }
        0xdc00..=0xdfff => mended.push(char::REPLACEMENT_CHARACTER),
        unit => mended.push_str(&escaped(unit)),
    }
}

/// The number of the four hexadecimal digits that follow, which are taken if there are four.
fn code_unit(characters: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut ahead = characters.clone();
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + ahead.next()?.to_digit(16)?;
    }
    *characters = ahead;
    Some(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<Value, String> {
        super::parse(text, &Memory::default()).map_err(|error| error.problem.to_string())
    }

    fn text(json: &str) -> String {
        parse(json).unwrap_or_else(|error| panic!("{json}: {error}")).as_str().unwrap().to_owned()
    }

    #[test]
    fn half_of_a_surrogate_pair_costs_one_character() {
        for (json, expected) in [
            (r#""a \ud83d b""#, "a \u{fffd} b"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ude00 b""#, "\u{fffd} b"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ud83d\n\ud83d\u0041""#, "\u{fffd}\n\u{fffd}A"),
            (r#""\ud83""#, "\u{fffd}d83"),
            (r#""\\ud83d \ud83d""#, "\\ud83d \u{fffd}"),
        ] {
            assert_eq!(text(json), expected, "{json}");
        }
        assert_eq!(parse(r#"{"\ud83d": {"a": "\udc00"}}"#).unwrap(), json!({"\u{fffd}": {"a": "\u{fffd}"}}));
    }

    #[test]
    fn numbers_that_cannot_be_held_are_unknown() {
        for number in ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1E+999"] {
            let json = format!("{{\"a\": [{number}, 1.5, true, null, \"{number}\"]}}");
            assert_eq!(parse(&json).unwrap(), json!({"a": [null, 1.5, true, null, number]}), "{number}");
        }
    }

    #[test]
    fn whole_numbers_keep_their_digits_however_many_there_are() {
        let longest = "9".repeat(400);
        for number in ["18446744073709551616", "-123456789012345678901234567890", "1.10", &longest] {
            let json = format!("{{\"a\":[{number}]}}");
            assert_eq!(parse(&json).unwrap().to_string(), json);
            assert_eq!(parse(&format!("\u{feff}{json}")).unwrap().to_string(), json);
            let faulty = format!("{{\"a\":[{number}],\"b\":NaN}}");
            assert_eq!(parse(&faulty).unwrap().to_string(), faulty.replace("NaN", "null"));
        }
    }

    #[test]
    fn byte_order_marks_outside_of_values_are_dropped() {
        let marked = "\u{feff}{\"\u{feff}a\":\u{feff} \"\u{feff}b\"}\u{feff}";
        assert_eq!(parse(marked).unwrap(), json!({"a": "\u{feff}b"}));
        assert_eq!(parse(marked.trim_start_matches(BYTE_ORDER_MARK)).unwrap(), json!({"a": "\u{feff}b"}));
    }

    #[test]
    fn control_characters_and_escapes_of_other_languages_are_text() {
        assert_eq!(text("\"a\nb\tc\u{1}\""), "a\nb c ");
        assert_eq!(text(r#""it\'s \x""#), "it's x");
    }

    #[test]
    fn text_that_is_not_json_is_an_error_about_the_text_as_it_was_sent() {
        for (text, error) in [
            ("{\"a\": \"\\ud83d\", oops}", "is not JSON: unexpected end of hex escape at line 1 column 14"),
            ("{\n  \"a\": oops}", "is not JSON: expected value at line 2 column 8"),
            ("", "is not JSON: EOF while parsing a value at line 1 column 0"),
        ] {
            assert_eq!(parse(text).unwrap_err(), error);
        }
    }

    #[test]
    fn what_lies_too_deep_is_unknown_and_everything_else_is_read() {
        for (open, close) in [("[", "]"), ("{\"a\": [\"]}\", ", "]}"), ("{\"\\\"{\": ", "}")] {
            for depth in [60, 200, 100_000] {
                let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let read = parse(&format!("{{\"org_id\": \"acme\", \"deep\": {deep}, \"call_id\": \"c1\"}}")).unwrap();
                assert_eq!((&read["org_id"], &read["call_id"]), (&json!("acme"), &json!("c1")), "{depth} times {open}");
                assert_eq!(read.to_string().contains("null"), depth > MAX_DEPTH, "{depth} times {open}");
            }
        }
        assert!(parse(&"[".repeat(100_000)).unwrap_err().contains("recursion limit exceeded"));
    }

    fn escaped(units: &[u16]) -> String {
        units.iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
    }

    proptest! {
        #[test]
        fn json_is_read_unchanged(text in any::<String>(), number in any::<f64>(), is_escaped in any::<bool>()) {
            let text = text.trim_start_matches(BYTE_ORDER_MARK);
            let value = json!({text: [text, number, {"a": text}]});
            let mut json = value.to_string();
            if is_escaped {
                let escape = |c: char| escaped(c.encode_utf16(&mut [0; 2]));
                json = json.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect();
            }
            prop_assert_eq!(&parse(&json).unwrap(), &value);
            prop_assert_eq!(serde_json::from_str::<Value>(&mended(&json)).unwrap(), value);
        }

        #[test]
        fn a_string_cut_at_any_code_unit_is_still_a_string(said in ".{1,20}", at in any::<prop::sample::Index>()) {
            let units: Vec<u16> = said.encode_utf16().collect();
            let cut = units.get(..at.index(units.len())).unwrap();
            prop_assert_eq!(text(&format!("\"{}\"", escaped(cut))), String::from_utf16_lossy(cut));
        }
    }
}
