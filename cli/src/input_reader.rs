//! Reads the entries of one input source, one after the other.
//!
//! **Invariant:** every call of a source is one entry, in the order of the source, and so is everything that cannot be
//! read: nothing is left out silently. One line or one element is held in memory at a time.

use std::io::{self, BufRead};
use std::sync::Arc;

use serde::de::IgnoredAny;

use crate::byte_source::{ByteSource, Line};
use crate::input_entry::{InputEntries, InputEntry, InputError, InputLocation, LONGEST_CALL, SourcePart, only};
use crate::json_document::JsonDocument;

/// The first byte of what gzip has compressed, which begins no text.
const GZIP: u8 = 0x1f;

/// What a transcript in `WebVTT` begins with, and what stands between the times in one of `SubRip`, in its second line.
const WEBVTT: &[u8] = b"WEBVTT";
const ARROW: &[u8] = b"-->";

/// Reads lines or a document. Unless `by_line` is set, the first line that is not blank decides: if it is a complete
/// JSON value, or cannot become one, the source has lines; if it begins an array or is the beginning of a value, it is
/// a document.
pub(crate) fn read(source: &Arc<str>, reader: impl BufRead + 'static, by_line: bool) -> InputEntries {
    let mut bytes = ByteSource::new(reader);
    match layout(&mut bytes, by_line) {
        Ok(Layout::Nothing) => only(source, Err(InputError::Empty)),
        Ok(Layout::Compressed) => only(source, Err(InputError::Compressed)),
        Ok(Layout::Subtitles) => only(source, whole(bytes)),
        Ok(Layout::Lines) => Box::new(Lines { source: source.clone(), bytes, has_ended: false }),
        Ok(Layout::Document) => Box::new(JsonDocument::new(source.clone(), bytes)),
        Err(error) => only(source, Err(error.into())),
    }
}

/// How a source is written.
enum Layout {
    Nothing,
    Compressed,
    /// As a transcript with times, which is one call.
    Subtitles,
    Lines,
    Document,
}

/// Looks at the beginning of a source; white space and byte order marks there are gone after that.
fn layout(bytes: &mut ByteSource<impl BufRead>, by_line: bool) -> io::Result<Layout> {
    bytes.skip_white_space()?;
    match bytes.peek()? {
        None => return Ok(Layout::Nothing),
        Some(GZIP) => return Ok(Layout::Compressed),
        Some(_) if by_line => return Ok(Layout::Lines),
        Some(b'[') => return Ok(Layout::Document),
        Some(_) => {}
    }
    let (place, indent) = (bytes.place(), bytes.indent().map(<[u8]>::to_vec));
    let Some(Line { mut text, is_torn }) = bytes.line(LONGEST_CALL)? else { return Ok(Layout::Nothing) };
    let is_begun = serde_json::from_slice::<IgnoredAny>(&text).is_err_and(|error| error.is_eof());
    let is_number = text.trim_ascii().iter().all(u8::is_ascii_digit);
    let is_subtitles = if is_number && !is_torn {
        let second = bytes.line(LONGEST_CALL)?.map(|line| line.text).unwrap_or_default();
        text.extend_from_slice(&second);
        second.windows(ARROW.len()).any(|part| part == ARROW)
    } else {
        text.starts_with(WEBVTT)
    };
    bytes.give_back(text, place, indent);
    Ok(match is_torn {
        _ if is_subtitles => Layout::Subtitles,
        false if is_begun => Layout::Document,
        _ => Layout::Lines,
    })
}

/// The whole of what is left of a source.
fn whole(mut bytes: ByteSource<impl BufRead>) -> Result<String, InputError> {
    let mut text = Vec::new();
    while let Some(mut line) = bytes.line(LONGEST_CALL)? {
        text.append(&mut line.text);
        if text.len() > LONGEST_CALL {
            return Err(InputError::TooLong);
        }
    }
    String::from_utf8(text).map_err(|_| InputError::NotUtf8)
}

struct Lines<R> {
    source: Arc<str>,
    bytes: ByteSource<R>,
    has_ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// The next line that is not blank. Of one that is too long, nothing is kept.
    fn read_next(&mut self) -> io::Result<Option<InputEntry>> {
        loop {
            let number = SourcePart::Line(self.bytes.place().line);
            let Some(line) = self.bytes.line(LONGEST_CALL)? else { return Ok(None) };
            let location = InputLocation::part(&self.source, number);
            if line.is_torn {
                while self.bytes.line(LONGEST_CALL)?.is_some_and(|rest| rest.is_torn) {}
                return Ok(Some(InputEntry { location, text: Err(InputError::TooLong) }));
            }
            let mut text = line.text;
            text.truncate(text.trim_ascii_end().len());
            if !text.is_empty() {
                let text = String::from_utf8(text).map_err(|_| InputError::NotUtf8);
                return Ok(Some(InputEntry { location, text }));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = InputEntry;

    fn next(&mut self) -> Option<InputEntry> {
        if self.has_ended {
            return None;
        }
        self.read_next().unwrap_or_else(|error| {
            self.has_ended = true;
            let location = InputLocation::part(&self.source, SourcePart::Line(self.bytes.place().line));
            Some(InputEntry { location, text: Err(error.into()) })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

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
    fn lines_are_entries_and_blank_ones_are_counted_only() {
        assert_eq!(
            read_text("\n{\"a\": 1}\r\n\n{\"b\": 2}\nno", false),
            ["in:2 {\"a\": 1}", "in:4 {\"b\": 2}", "in:5 no"]
        );
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
    fn empty_input_is_named() {
        for text in ["", "\n", " \r\n\t\n", "\u{feff}"] {
            for by_line in [true, false] {
                assert_eq!(read_text(text, by_line), ["in ERROR is empty"], "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_compressed_is_told_from_broken_lines() {
        let gzip = b"\x1f\x8b\x08\x00\n\n\xff";
        assert_eq!(
            read_text(gzip, true),
            ["in ERROR is compressed: unpack it first, as `gunzip -c FILE | call-feedback …` does"]
        );
    }

    #[test]
    fn a_transcript_with_times_is_one_entry() {
        for text in ["WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n", "1\n00:00:01,000 --> 00:00:02,000\nHi.\n\n2\n"] {
            assert_eq!(read_text(text, false), [format!("in {text}")]);
        }
        assert_eq!(read_text("1\n2\n", false), ["in:1 1", "in:2 2"]);
    }

    #[test]
    fn a_line_that_is_too_long_costs_itself_only() {
        let text = format!("1\n{}\n{{\"b\": 2}}", "x".repeat(LONGEST_CALL + 1));
        assert_eq!(
            read_text(&text, false),
            ["in:1 1", "in:2 ERROR is longer than 32 MiB, which no call is", "in:3 {\"b\": 2}"]
        );
    }

    proptest! {
        #[test]
        fn calls_are_the_same_entries_however_they_are_written(
            said in prop::collection::vec(any::<String>(), 1..9),
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
        fn every_input_but_an_empty_list_has_an_entry(
            // Without brackets, because an empty list is the only input that has none.
            bytes in prop::collection::vec(any::<u8>().prop_filter("a bracket", |byte| *byte != b'['), 0..60),
            by_line in any::<bool>(),
        ) {
            let is_blank = bytes.trim_ascii().is_empty();
            let mut entries = read(&Arc::from("in"), Cursor::new(bytes), by_line);
            prop_assert_eq!(matches!(entries.next().unwrap().text, Err(InputError::Empty)), is_blank);
        }
    }
}
