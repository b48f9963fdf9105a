//! The entries of a JSON document: one call, a list of calls, or several of these one after the other.
//!
//! **Invariant:** one entry is held at a time. What is broken is an entry of its own, with its index and its place, and
//! hides what follows it only where the two cannot be told apart, which the entry then says.

use std::io::{self, BufRead};
use std::sync::Arc;

use serde::de::IgnoredAny;

use crate::byte_source::{ByteSource, Place};
use crate::input_entry::{InputEntry, InputError, InputLocation, LONGEST_CALL, SourcePart};
use crate::value_scanner::{ScannedValue, ValueEnd, WhenTooLong, scan};

/// So much of a list is looked at, in bytes, to tell a list of calls from a call that is a list of messages.
const LONGEST_PREFIX: usize = 1 << 20;

/// So many bytes in broken values are read again, because other values may be among them; the time stays in proportion
/// to the input.
const MOST_REREAD: usize = 1 << 28;

/// The entries of a document.
pub(crate) struct JsonDocument<R> {
    source: Arc<str>,
    bytes: ByteSource<R>,
    list: List,
    /// How many entries there were, and whether the document has, or may have, more than one.
    index: usize,
    has_many: bool,
    reread: usize,
    has_ended: bool,
}

/// Where in a list of calls the next byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// In none.
    Outside,
    /// After its bracket.
    Begun,
    /// After an element.
    AfterElement,
    /// After a comma.
    AfterComma,
}

impl<R: BufRead> Iterator for JsonDocument<R> {
    type Item = InputEntry;

    fn next(&mut self) -> Option<InputEntry> {
        if self.has_ended {
            return None;
        }
        self.read_next().unwrap_or_else(|error| {
            self.has_ended = true;
            Some(self.whole(error.into()))
        })
    }
}

impl<R: BufRead> JsonDocument<R> {
    pub(crate) const fn new(source: Arc<str>, bytes: ByteSource<R>) -> Self {
        Self { source, bytes, list: List::Outside, index: 0, has_many: false, reread: 0, has_ended: false }
    }

    fn read_next(&mut self) -> io::Result<Option<InputEntry>> {
        loop {
            self.bytes.skip_white_space()?;
            let place = self.bytes.place();
            let Some(byte) = self.bytes.peek()? else {
                self.has_ended = true;
                let is_open = self.list != List::Outside;
                return Ok(is_open.then(|| self.whole(not_json("EOF while parsing a list", place))));
            };
            match (self.list, byte) {
                (List::Outside, b'[') => {
                    if let Some(call) = self.begin_list()? {
                        return Ok(Some(call));
                    }
                }
                (List::Begun | List::AfterElement | List::AfterComma, b']') => {
                    self.bytes.take(1, None)?;
                    let before = std::mem::replace(&mut self.list, List::Outside);
                    if before == List::AfterComma {
                        return Ok(Some(self.whole(not_json("trailing comma", place))));
                    }
                }
                (List::AfterElement, b',') => {
                    self.bytes.take(1, None)?;
                    self.list = List::AfterComma;
                }
                (List::AfterElement, _) => return self.unexpected("expected `,` or `]`", place).map(Some),
                (_, b',' | b':' | b'}' | b']') => return self.unexpected("expected value", place).map(Some),
                (List::Outside | List::Begun | List::AfterComma, _) => {
                    let value = scan(&mut self.bytes, LONGEST_CALL, WhenTooLong::Skip)?;
                    return self.entry(value).map(Some);
                }
            }
        }
    }

    /// Begins a list of calls. A list of messages is returned instead, for it is one call.
    fn begin_list(&mut self) -> io::Result<Option<InputEntry>> {
        let mut list = scan(&mut self.bytes, LONGEST_PREFIX, WhenTooLong::Stop)?;
        let is_whole = list.end != ValueEnd::TooLong;
        let prefix = if is_whole { list.text.clone() } else { prefix(&list) };
        let is_call = String::from_utf8(prefix).is_ok_and(|prefix| intake::is_one_call(&prefix));
        if is_call && is_whole {
            return self.entry(list).map(Some);
        }
        self.bytes.give_back(list.text, list.place, list.indent);
        if is_call {
            list = scan(&mut self.bytes, LONGEST_CALL, WhenTooLong::Skip)?;
            return self.entry(list).map(Some);
        }
        self.bytes.take(1, None)?;
        (self.list, self.has_many) = (List::Begun, true);
        Ok(None)
    }

    /// The entry of a value. What may be the next value is taken off a broken one, and read again.
    fn entry(&mut self, mut value: ScannedValue) -> io::Result<InputEntry> {
        let mut text = checked(&value);
        let is_broken = match &text {
            Ok(_) => false,
            Err(InputError::NotUtf8At(_)) => value.end != ValueEnd::Found,
            Err(_) => true,
        };
        if let Some(next) = value.next_line.filter(|_| is_broken) {
            let rest = value.text.split_off(next);
            let place = value.place.after(&value.text);
            self.reread += rest.len();
            self.has_ended = self.reread > MOST_REREAD;
            self.bytes.give_back(rest, place, Some(Vec::new()));
            value.text.truncate(value.text.trim_ascii_end().len());
            value.end = ValueEnd::Found;
            text = checked(&value);
        }
        let hides_others = self.has_ended || value.end == ValueEnd::Lost && self.list != List::Outside;
        if let (Err(InputError::NotJson(message)), true) = (&mut text, hides_others) {
            message.push_str(", with what follows it");
        }
        self.bytes.skip_white_space()?;
        let next = self.bytes.peek()?;
        if self.list == List::Outside {
            self.has_many |= next.is_some();
        } else {
            // A comma may be missing because the value is broken, which is no fault of its own.
            let is_comma_lost = text.is_err() && next == Some(b'{');
            self.list = if is_comma_lost { List::AfterComma } else { List::AfterElement };
        }
        let part = if self.has_many { SourcePart::Element(self.index) } else { SourcePart::Whole };
        self.index += 1;
        Ok(InputEntry { location: InputLocation::part(&self.source, part), text })
    }

    /// An error at the next byte. What cannot be the beginning of a call is skipped.
    fn unexpected(&mut self, what: &str, place: Place) -> io::Result<InputEntry> {
        let is_comma_missing =
            self.list == List::AfterElement && self.bytes.peek()?.is_some_and(|byte| b"{[\"".contains(&byte));
        if !is_comma_missing {
            self.bytes.take(1, None)?;
            let is_in_list = self.list != List::Outside;
            let ends = |byte: &u8| b"{[".contains(byte) || is_in_list && b",]".contains(byte);
            loop {
                let available = self.bytes.available()?;
                let skipped = available.iter().position(ends).unwrap_or(available.len());
                if skipped == 0 {
                    break;
                }
                self.bytes.take(skipped, None)?;
            }
        }
        if self.list != List::Outside {
            let is_before_comma = self.bytes.peek()?.is_some_and(|byte| b",]".contains(&byte));
            self.list = if is_before_comma { List::AfterElement } else { List::AfterComma };
        }
        Ok(self.whole(not_json(what, place)))
    }

    fn whole(&self, error: InputError) -> InputEntry {
        InputEntry { location: InputLocation::part(&self.source, SourcePart::Whole), text: Err(error) }
    }
}

/// The list of those elements that are complete.
fn prefix(list: &ScannedValue) -> Vec<u8> {
    let complete = list.last_comma.and_then(|comma| list.text.get(..comma)).unwrap_or_default();
    [complete, b"]"].concat()
}

/// The text of a value if that is JSON, or nearly.
fn checked(value: &ScannedValue) -> Result<String, InputError> {
    if value.end == ValueEnd::TooLong {
        return Err(InputError::TooLong);
    }
    let text = str::from_utf8(&value.text).map_err(|error| {
        let before = value.text.get(..error.valid_up_to()).unwrap_or_default();
        InputError::NotUtf8At(value.place.after(before))
    })?;
    let check = |text: &str| serde_json::from_str::<IgnoredAny>(text);
    let Err(error) = check(text) else { return Ok(text.to_owned()) };
    let mended = intake::mended_json(text);
    if check(&mended).is_ok() { Ok(mended) } else { Err(in_document(&error, value.place)) }
}

/// The parser's error, with the place in the document of a value that begins there.
fn in_document(error: &serde_json::Error, start: Place) -> InputError {
    let in_value = Place { line: error.line(), column: error.column() };
    let place = match in_value.line {
        0 | 1 => Place { line: start.line, column: (start.column + in_value.column).saturating_sub(1) },
        line => Place { line: start.line + line - 1, ..in_value },
    };
    let message = error.to_string();
    not_json(message.strip_suffix(&format!(" at {in_value}")).unwrap_or(&message), place)
}

fn not_json(what: &str, place: Place) -> InputError {
    InputError::NotJson(format!("{what} at {place}"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read_text(text: impl AsRef<[u8]>) -> Vec<String> {
        // A reader with a small buffer hands a short text out in parts.
        let capacity = (text.as_ref().len() / 10).max(7);
        let bytes = ByteSource::new(io::BufReader::with_capacity(capacity, Cursor::new(text.as_ref().to_vec())));
        let shown = |entry: InputEntry| match entry.text {
            Ok(text) => format!("{} {text}", entry.location),
            Err(error) => format!("{} ERROR {error}", entry.location),
        };
        JsonDocument::new(Arc::from("in"), bytes).map(shown).collect()
    }

    #[test]
    fn elements_of_an_array_are_entries() {
        assert_eq!(read_text("[{\"a\": [1]},\n {\"b\": 2}, 3]"), ["in[0] {\"a\": [1]}", "in[1] {\"b\": 2}", "in[2] 3"]);
        assert_eq!(read_text("[{}]"), ["in[0] {}"]);
        assert_eq!(read_text(" [] "), [""; 0]);
    }

    #[test]
    fn values_one_after_the_other_are_entries() {
        assert_eq!(
            read_text("{\n\"a\": 1}\n{\n\"b\": 2}\n[3]"),
            ["in[0] {\n\"a\": 1}", "in[1] {\n\"b\": 2}", "in[2] 3"]
        );
    }

    #[test]
    fn a_list_of_messages_is_one_call() {
        let list = r#"[{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]"#;
        assert_eq!(read_text(list), [format!("in {list}")]);
    }

    #[test]
    fn a_broken_document_names_line_and_column() {
        assert_eq!(read_text("{\n\"a\": oops}"), ["in ERROR is not JSON: expected value at line 2 column 6"]);
    }

    #[test]
    fn a_document_that_is_almost_json_is_read() {
        let nearly = "{\n\"a\": NaN}\n\u{feff}{\n\"b\": \"\\ud83d\"}";
        assert_eq!(read_text(nearly), ["in[0] {\n\"a\": null}", "in[1] {\n\"b\": \"\\ud83d\"}"]);
    }

    #[test]
    fn a_broken_element_is_named_with_its_place_and_hides_no_other() {
        let cases: [(&[u8], &[&str]); 9] = [
            (
                b"[{},\n{\"a\"oops}, 3]",
                &["in[0] {}", "in[1] ERROR is not JSON: expected `:` at line 2 column 5", "in[2] 3"],
            ),
            (b"[{\"a\": [1}, {}]", &["in[0] ERROR is not JSON: expected `,` or `]` at line 1 column 10", "in[1] {}"]),
            (b"[1, {\"\n\": \"\xff\"}, 2]", &["in[0] 1", "in[1] ERROR is not UTF-8 at line 2 column 5", "in[2] 2"]),
            (b"[oops, {}]", &["in[0] ERROR is not JSON: expected value at line 1 column 2", "in[1] {}"]),
            (b"[{}, }, {}]", &["in[0] {}", "in ERROR is not JSON: expected value at line 1 column 6", "in[1] {}"]),
            (b"[{}}, {}]", &["in[0] {}", "in ERROR is not JSON: expected `,` or `]` at line 1 column 4", "in[1] {}"]),
            (b"[{} {}]", &["in[0] {}", "in ERROR is not JSON: expected `,` or `]` at line 1 column 5", "in[1] {}"]),
            (b"[{},]\n{}", &["in[0] {}", "in ERROR is not JSON: trailing comma at line 1 column 5", "in[1] {}"]),
            (b"{\n}]{}", &["in[0] {\n}", "in ERROR is not JSON: expected value at line 2 column 2", "in[1] {}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(read_text(text), expected, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn an_element_that_is_not_closed_ends_where_the_next_line_begins_one() {
        for broken in ["{\"a\": \"b}", "{\"a\": [1, 2", "{\"a\": {\"b\": 1}"] {
            for indent in ["", "  ", "\t"] {
                let text =
                    format!("[\n{indent}{{}},\n{indent}{broken},\n{indent}{{\"c\": 1}},\n{indent}{{\"d\": 1}}\n]");
                let found = read_text(&text);
                assert_eq!((found.len(), found[0].as_str()), (4, "in[0] {}"), "{text}: {found:?}");
                assert!(
                    found[1].starts_with("in[1] ERROR is not JSON: EOF while parsing a")
                        && found[1].contains(" at line 3 column "),
                    "{text}: {found:?}"
                );
                assert_eq!(found[2..], ["in[2] {\"c\": 1}", "in[3] {\"d\": 1}"], "{text}");
            }
        }
        let calls = "{\n\"a\": 1}\n{\"b\": \"2}\n{\"c\": 3}\n";
        assert_eq!(read_text(calls).len(), 3, "{:?}", read_text(calls));
    }

    #[test]
    fn an_element_that_may_hide_others_says_so() {
        let expected = [
            "in[0] {}",
            "in[1] ERROR is not JSON: EOF while parsing a string at line 1 column 26, with what follows it",
            "in ERROR is not JSON: EOF while parsing a list at line 1 column 27",
        ];
        assert_eq!(read_text("[{}, {\"a\": \"b}, {}, {}, 3]"), expected);
    }

    #[test]
    fn an_element_that_is_too_long_costs_itself_only() {
        let text = format!("[{{}}, {{\"a\": \"{}\"}}, 3]", "x".repeat(LONGEST_CALL));
        assert_eq!(read_text(text), ["in[0] {}", "in[1] ERROR is longer than 32 MiB, which no call is", "in[2] 3"]);
    }

    #[test]
    fn a_long_list_is_told_from_a_long_call_by_its_beginning() {
        let message = r#"{"role": "user", "content": "Hello, this is a long call."}"#;
        let messages = format!("[{}]", vec![message; 3 * LONGEST_PREFIX / message.len()].join(", "));
        assert_eq!(read_text(&messages), [format!("in {messages}")]);
        let call = format!(r#"{{"call_id": "c", "transcript": "{}"}}"#, "x".repeat(LONGEST_PREFIX));
        let found = read_text(format!("[{call}, {call}]"));
        assert_eq!(found, [format!("in[0] {call}"), format!("in[1] {call}")]);
    }
}
