//! The entries of one input source, one after the other: each is the text of a call that has not been parsed.
//!
//! **Invariant:** every call of a source is one entry, in the order of the source, and so is everything that cannot be read:
//! nothing is left out silently. Lines are read one at a time; a JSON document is held in memory as a whole.

use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// Where in the input an entry is, such as `calls.jsonl:17` (a line), `calls.json[3]` (an element, from 0) or
/// `call.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InputLocation {
    source: Arc<str>,
    part: SourcePart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SourcePart {
    Whole,
    Line(usize),
    Element(usize),
}

impl InputLocation {
    /// The whole of a source.
    pub(crate) fn whole(source: &str) -> Self {
        Self { source: Arc::from(source), part: SourcePart::Whole }
    }
}

impl std::fmt::Display for InputLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.part {
            SourcePart::Whole => write!(f, "{}", self.source),
            SourcePart::Line(line) => write!(f, "{}:{line}", self.source),
            SourcePart::Element(index) => write!(f, "{}[{index}]", self.source),
        }
    }
}

/// The text of one call of the input, or why it cannot be read.
pub(crate) struct InputEntry {
    /// Where it is.
    pub(crate) location: InputLocation,
    /// Its JSON, as it was written.
    pub(crate) text: Result<String, InputError>,
}

/// Why something cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// The file or folder cannot be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// The folder has no file of the right kind.
    #[error("holds no *.json and no *.jsonl file")]
    EmptyFolder,
    /// The text is not UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// The document is not JSON; the parser's message names line and column.
    #[error("is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

/// Entries, read when they are asked for.
pub(crate) type InputEntries = Box<dyn Iterator<Item = InputEntry>>;

/// A source that is one entry as a whole.
pub(crate) fn only(source: &str, text: Result<String, InputError>) -> InputEntries {
    Box::new(std::iter::once(InputEntry { location: InputLocation::whole(source), text }))
}

/// Reads lines or a document. Unless `by_line` is set, the first line that is not blank decides: if it is a complete JSON value,
/// or cannot become one, the source has lines; if it begins an array or is the beginning of a value, it is a document.
pub(crate) fn read(source: &Arc<str>, mut reader: impl BufRead + 'static, by_line: bool) -> InputEntries {
    let mut head = Vec::new();
    if let Err(error) = first_line(&mut reader, &mut head) {
        return only(source, Err(error.into()));
    }
    let is_document = head.trim_ascii_start().first() == Some(&b'[')
        || serde_json::from_slice::<IgnoredAny>(&head).is_err_and(|error| error.is_eof());
    if by_line || !is_document || head.trim_ascii().is_empty() {
        return Box::new(Lines {
            source: source.clone(),
            reader: Cursor::new(head).chain(reader),
            line: 0,
            ended: false,
        });
    }
    if let Err(error) = reader.read_to_end(&mut head) {
        return only(source, Err(error.into()));
    }
    document(source, head)
}

/// Reads up to the end of the first line that is not blank, without the byte order mark that some editors write.
fn first_line(reader: &mut impl BufRead, head: &mut Vec<u8>) -> io::Result<()> {
    while head.trim_ascii().is_empty() && reader.read_until(b'\n', head)? > 0 {
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
    }
    Ok(())
}

struct Lines<R> {
    source: Arc<str>,
    reader: R,
    line: usize,
    ended: bool,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = InputEntry;

    fn next(&mut self) -> Option<InputEntry> {
        while !self.ended {
            let mut bytes = Vec::new();
            self.line += 1;
            let text = match self.reader.read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) if bytes.trim_ascii().is_empty() => continue,
                Ok(_) => {
                    bytes.truncate(bytes.trim_ascii_end().len());
                    String::from_utf8(bytes).map_err(|_| InputError::NotUtf8)
                }
                Err(error) => {
                    self.ended = true;
                    Err(error.into())
                }
            };
            return Some(InputEntry {
                location: InputLocation { source: self.source.clone(), part: SourcePart::Line(self.line) },
                text,
            });
        }
        None
    }
}

/// The entries of a JSON document: one call, an array of calls, or several of these one after the other.
fn document(source: &Arc<str>, bytes: Vec<u8>) -> InputEntries {
    let Ok(text) = String::from_utf8(bytes) else { return only(source, Err(InputError::NotUtf8)) };
    let is_json = |text: &String| {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
        values.all(|value| value.is_ok())
    };
    let text = if is_json(&text) { text } else { Some(intake::mended_json(&text)).filter(is_json).unwrap_or(text) };
    let mut calls = Vec::new();
    let mut is_list = false;
    for value in serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>() {
        let elements = value.and_then(|value| match value.get() {
            array if array.starts_with('[') && !intake::is_one_call(array) => {
                is_list = true;
                serde_json::from_str::<Vec<&RawValue>>(array)
            }
            _ => Ok(vec![value]),
        });
        match elements {
            Ok(elements) => calls.extend(elements.into_iter().map(|element| Ok(element.get().to_owned()))),
            Err(error) => calls.push(Err(InputError::from(error))),
        }
    }
    is_list |= calls.len() > 1;
    let source = source.clone();
    Box::new(calls.into_iter().enumerate().map(move |(index, text)| {
        // An error in the document itself names the document's line and column.
        let part = if is_list && text.is_ok() { SourcePart::Element(index) } else { SourcePart::Whole };
        InputEntry { location: InputLocation { source: source.clone(), part }, text }
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn shown(entry: InputEntry) -> String {
        match entry.text {
            Ok(text) => format!("{} {text}", entry.location),
            Err(error) => format!("{} ERROR {error}", entry.location),
        }
    }

    fn read_text(text: &(impl AsRef<[u8]> + ?Sized), by_line: bool) -> Vec<String> {
        read(&Arc::from("in"), Cursor::new(text.as_ref().to_vec()), by_line).map(shown).collect()
    }

    #[test]
    fn one_call_is_one_entry_however_it_is_laid_out() {
        assert_eq!(read_text("{\"a\": 1}", false), ["in:1 {\"a\": 1}"]);
        assert_eq!(read_text("{\n  \"a\": 1\n}\n", false), ["in {\n  \"a\": 1\n}"]);
        assert_eq!(read_text("\u{feff}\n{\"a\":\n1}", false), ["in {\"a\":\n1}"]);
    }

    #[test]
    fn elements_of_an_array_are_entries() {
        assert_eq!(
            read_text("[{\"a\": [1]},\n {\"b\": 2}, 3]", false),
            ["in[0] {\"a\": [1]}", "in[1] {\"b\": 2}", "in[2] 3"]
        );
        assert_eq!(read_text("[{}]", false), ["in[0] {}"]);
        assert_eq!(read_text(" [] ", false), [""; 0]);
    }

    #[test]
    fn lines_are_entries_and_blank_ones_are_counted_only() {
        assert_eq!(
            read_text("\n{\"a\": 1}\r\n\n{\"b\": 2}\nno", false),
            ["in:2 {\"a\": 1}", "in:4 {\"b\": 2}", "in:5 no"]
        );
    }

    #[test]
    fn values_one_after_the_other_are_entries() {
        assert_eq!(
            read_text("{\n\"a\": 1}\n{\n\"b\": 2}\n[3]", false),
            ["in[0] {\n\"a\": 1}", "in[1] {\n\"b\": 2}", "in[2] 3"]
        );
    }

    #[test]
    fn a_list_of_messages_is_one_call() {
        let list = r#"[{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]"#;
        assert_eq!(read_text(list, false), [format!("in {list}")]);
    }

    #[test]
    fn a_broken_line_does_not_hide_the_others() {
        let text = b"{\"a\": 1}\n{\"a\": \n\xff\xfe\n{\"b\": 2}";
        assert_eq!(
            read_text(text, true),
            ["in:1 {\"a\": 1}", "in:2 {\"a\":", "in:3 ERROR is not UTF-8", "in:4 {\"b\": 2}"]
        );
        assert_eq!(read_text("oops\n{\"b\": 2}", false), ["in:1 oops", "in:2 {\"b\": 2}"]);
    }

    #[test]
    fn a_broken_document_names_line_and_column() {
        assert_eq!(read_text("[{},\n{\"a\"oops}]", false), ["in ERROR is not JSON: expected `:` at line 2 column 5"]);
        assert_eq!(read_text("{\n\"a\": oops}", false), ["in ERROR is not JSON: expected value at line 2 column 6"]);
        assert_eq!(read_text(b"[\xff]", false), ["in ERROR is not UTF-8"]);
    }

    #[test]
    fn a_document_that_is_almost_json_is_read() {
        let nearly = "{\n\"a\": NaN}\n\u{feff}{\n\"b\": \"\\ud83d\"}";
        assert_eq!(read_text(nearly, false), ["in[0] {\n\"a\": null}", "in[1] {\n\"b\": \"\u{fffd}\"}"]);
    }

    #[test]
    fn empty_input_has_no_entries() {
        for text in ["", "\n", " \r\n\t\n", "\u{feff}"] {
            assert_eq!(read_text(text, false), [""; 0]);
        }
    }

    proptest! {
        #[test]
        fn calls_are_the_same_entries_however_they_are_written(
            said in prop::collection::vec(any::<String>(), 0..9),
            by_line in any::<bool>(),
        ) {
            let calls: Vec<Value> = said.iter().map(|text| json!({"transcript": [{"text": text}, [{}]]})).collect();
            let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
            let values = |text: String, by_line: bool| -> Vec<Value> {
                let entries = read(&Arc::from("in"), Cursor::new(text), by_line);
                entries.map(|entry| serde_json::from_str(&entry.text.unwrap()).unwrap()).collect()
            };
            let lines: Vec<String> = calls.iter().map(Value::to_string).collect();
            prop_assert_eq!(&values(lines.join("\n"), by_line), &calls);
            prop_assert_eq!(&values(lines.join("\r\n\r\n"), by_line), &calls);
            prop_assert_eq!(&values(json!(calls).to_string(), false), &calls);
            prop_assert_eq!(&values(pretty(&json!(calls)), false), &calls);
            prop_assert_eq!(&values(calls.iter().map(pretty).collect::<Vec<_>>().join("\n"), false), &calls);
        }

        #[test]
        fn only_blank_input_has_no_entries(
            // Without brackets, because an empty array is not blank and has no entries either.
            bytes in prop::collection::vec(any::<u8>().prop_filter("a bracket", |byte| *byte != b'['), 0..60),
            by_line in any::<bool>(),
        ) {
            let is_blank = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii().is_empty();
            let entries = read(&Arc::from("in"), Cursor::new(bytes), by_line).count();
            prop_assert_eq!(entries == 0, is_blank);
        }
    }
}
