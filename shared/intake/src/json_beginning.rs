//! The beginning of a JSON document whose end cannot be read. It is never scored: it may still say whose call it was.
//!
//! **Invariant:** what is told is what stands in the text. A value that the fault may have cut is left out, and so is what follows it.

use serde_json::Value;

/// How much of a document is read of which the whole would take too much memory, in bytes.
const LARGE: usize = 64 << 10;

/// The values before the fault that the parser found in a text; `null` when there are none.
pub(crate) fn before(text: &str, fault: &serde_json::Error) -> Value {
    let line: usize = text.split_inclusive('\n').take(fault.line().saturating_sub(1)).map(str::len).sum();
    // Columns count bytes from 1, up to the one that is wrong.
    of(text, line + fault.column().saturating_sub(1))
}

/// The first values of a text that is too large to be read.
pub(crate) fn of_large(text: &str) -> Value {
    of(text, LARGE)
}

/// The values that end within the first so many bytes.
fn of(text: &str, length: usize) -> Value {
    let beginning = text.get(..text.floor_char_boundary(length)).unwrap_or_default();
    serde_json::from_str(&closed(beginning)).unwrap_or_default()
}

/// The beginning of a document up to the last value that is whole, with the brackets that close it.
fn closed(beginning: &str) -> String {
    let mut scan = Scan::default();
    for (position, byte) in beginning.bytes().enumerate() {
        scan.read(position, byte);
        if scan.is_whole {
            break;
        }
    }
    let brackets = scan.closers.iter().rev().map(|byte| char::from(*byte));
    beginning.get(..scan.end).unwrap_or_default().chars().chain(brackets).collect()
}

/// Where a scan is.
#[derive(Default)]
struct Scan {
    /// The brackets that would close the containers that are open.
    closers: Vec<u8>,
    /// The end of the last value that is whole, or of the bracket that opens a container.
    end: usize,
    /// Whether the document has ended.
    is_whole: bool,
    /// What the scan is in.
    token: Token,
    /// Whether a value is next, and not a key.
    is_value_next: bool,
}

/// What a byte belongs to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// To nothing that has more than one byte.
    #[default]
    None,
    /// To a number or a literal, which ends before what follows it.
    Word,
    /// To a string.
    String,
    /// To an escape in a string.
    Escape,
}

impl Scan {
    fn read(&mut self, position: usize, byte: u8) {
        match (self.token, byte) {
            (Token::String, b'\\') => self.token = Token::Escape,
            (Token::String, b'"') => {
                self.token = Token::None;
                if self.is_value_next || self.closers.is_empty() {
                    self.end_value(position + 1);
                }
            }
            (Token::String, _) => {}
            (Token::Word, b',' | b':' | b'}' | b']' | b'"' | b' ' | b'\t' | b'\r' | b'\n') => {
                self.token = Token::None;
                self.end_value(position);
                self.read(position, byte);
            }
            (Token::Escape, _) | (_, b'"') => self.token = Token::String,
            (_, b'{' | b'[') => {
                self.closers.push(if byte == b'{' { b'}' } else { b']' });
                self.end = position + 1;
                self.is_value_next = byte == b'[';
            }
            (_, b'}' | b']') if self.closers.pop().is_some() => self.end_value(position + 1),
            (_, b'}' | b']') => self.is_whole = true,
            (_, b':') => self.is_value_next = true,
            (_, b',' | b' ' | b'\t' | b'\r' | b'\n') => {}
            _ => self.token = Token::Word,
        }
    }

    /// A value has ended there. The next one in an object follows a key.
    fn end_value(&mut self, position: usize) {
        self.end = position;
        self.is_whole = self.closers.is_empty();
        self.is_value_next = self.closers.last() == Some(&b']');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_beginning_ends_behind_the_last_value_that_is_whole() {
        for (beginning, document) in [
            ("", ""),
            ("{", "{}"),
            ("{\"org_id\": \"ac", "{}"),
            ("{\"org_id\": \"acme\"", "{\"org_id\": \"acme\"}"),
            ("{\"org_id\": \"acme\", \"call_id\": 12", "{\"org_id\": \"acme\"}"),
            ("{\"org_id\": \"acme\", \"call_id\": 12,", "{\"org_id\": \"acme\", \"call_id\": 12}"),
            ("{\"a\": [1, [\"x\\\"]\", {\"b\"", "{\"a\": [1, [\"x\\\"]\", {}]]}"),
            ("{\"a\": true, \"b\": fals", "{\"a\": true}"),
            ("{\"a\": {}} \"b\": 1", "{\"a\": {}}"),
            ("\"a\" 1", "\"a\""),
            ("}", ""),
        ] {
            assert_eq!(closed(beginning), document, "{beginning}");
        }
    }

    #[test]
    fn the_fault_is_where_the_parser_found_it() {
        let text = "{\n \"org_id\": \"acmé\",\r\n \"call_id\": \"c1\", \"transcript\": oops, \"agent_id\": \"a\"}";
        let fault = serde_json::from_str::<Value>(text).unwrap_err();
        assert_eq!(before(text, &fault), json!({"org_id": "acmé", "call_id": "c1"}));
    }

    #[test]
    fn of_a_large_text_the_first_values_are_read() {
        let text = format!("{{\"org_id\": \"acme\", \"items\": [{}\"\"]}}", "{\"a\": \"é\"},".repeat(LARGE));
        let read = of_large(&text);
        assert_eq!(read["org_id"], "acme");
        assert!(read["items"].as_array().unwrap().len() > LARGE / 20);
    }

    proptest! {
        #[test]
        fn every_beginning_is_a_document(key in any::<String>(), text in any::<String>(), number in any::<i64>(), at in any::<prop::sample::Index>()) {
            let document = json!({key: [text, {"a": null, "b": [number]}], "c": [[], {}, true]}).to_string();
            let beginning = document.get(..document.floor_char_boundary(at.index(document.len()))).unwrap();
            let closed = closed(beginning);
            prop_assert!(closed.is_empty() || serde_json::from_str::<Value>(&closed).is_ok(), "{closed}");
        }
    }
}
