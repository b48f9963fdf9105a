//! Finds where a JSON value ends without reading it as JSON, because a value that is broken has an end as well.
//!
//! **Invariant:** the end of JSON is that of the value. The end of anything else is a guess, from its brackets and
//! lines, which hides as little as possible of what follows. Each byte is looked at once, and no more of them are kept
//! than may be.

use std::io::{self, BufRead};

use crate::byte_source::{ByteSource, Place};

/// How a value ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueEnd {
    /// Where it is closed, or the line of the next value begins.
    Found,
    /// Not where it is closed: the input, or the list around it, ended before.
    Lost,
    /// It is longer than what may be kept.
    TooLong,
}

/// What to do with a value that is longer than what may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenTooLong {
    /// Stop there.
    Stop,
    /// Take the rest of it all the same.
    Skip,
}

/// The text of a value.
pub(crate) struct ScannedValue {
    pub(crate) text: Vec<u8>,
    /// Where it begins.
    pub(crate) place: Place,
    /// The white space that stands before it on its line; `None` when something else does.
    pub(crate) indent: Option<Vec<u8>>,
    pub(crate) end: ValueEnd,
    /// The first line of an object that looks like the beginning of the next one, as an index.
    pub(crate) next_line: Option<usize>,
    /// The last comma between the elements of a list, as an index.
    pub(crate) last_comma: Option<usize>,
}

/// Takes the value that begins with the next byte, and keeps `longest` bytes of it.
pub(crate) fn scan(
    bytes: &mut ByteSource<impl BufRead>,
    longest: usize,
    when_too_long: WhenTooLong,
) -> io::Result<ScannedValue> {
    let (place, indent) = (bytes.place(), bytes.indent().map(<[u8]>::to_vec));
    let mut state = ScanState::new(indent.clone().unwrap_or_default());
    let (mut text, mut stop, mut is_too_long) = (Vec::new(), None, false);
    while stop.is_none() {
        let room = longest - text.len();
        let available = bytes.available()?;
        if available.is_empty() {
            break;
        }
        if room == 0 && !is_too_long {
            is_too_long = true;
            if when_too_long == WhenTooLong::Stop || state.next_line.is_some() {
                break;
            }
        }
        let window = available.get(..room).filter(|_| room > 0).unwrap_or(available);
        let count;
        (count, stop) = state.run(window);
        bytes.take(count, (room > 0).then_some(&mut text))?;
    }
    if stop == Some(Stop::NextValue) {
        let next = [state.indent.as_slice(), b"{"].concat();
        text.truncate(text.len().saturating_sub(next.len()));
        text.truncate(text.trim_ascii_end().len());
        let line_start = Place { column: 1, ..bytes.place() };
        bytes.give_back(next, line_start, Some(Vec::new()));
    }
    let end = match stop {
        _ if is_too_long => ValueEnd::TooLong,
        Some(Stop::Closed | Stop::NextValue) => ValueEnd::Found,
        Some(Stop::Outside) if state.kind == ValueKind::Word => ValueEnd::Found,
        Some(Stop::Outside) | None => ValueEnd::Lost,
    };
    let ScanState { next_line, last_comma, .. } = state;
    let next_line = next_line.filter(|line| *line < text.len());
    Ok(ScannedValue { text, place, indent, end, next_line, last_comma })
}

/// Why the scan stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The value ends with this byte.
    Closed,
    /// This byte is not part of the value.
    Outside,
    /// The value was left open, in a string: this byte is the first of the next value, on a line of its own.
    NextValue,
}

/// What a value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum ValueKind {
    Object,
    /// Neither an object nor a list nor a string.
    Word,
    #[default]
    Other,
}

/// Whether a byte is within a string.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum InString {
    #[default]
    No,
    Yes,
    /// After a backslash.
    Escaped,
}

/// What is known of a value after some of its bytes.
#[derive(Default)]
struct ScanState {
    /// What the lines of values like this one begin with.
    indent: Vec<u8>,
    /// How many bytes were looked at.
    at: usize,
    kind: ValueKind,
    string: InString,
    /// The bytes that close what is open, and how many of them are braces.
    closers: Vec<u8>,
    braces: usize,
    /// How much of the line is the same as the indent, if all of it is.
    line: Option<usize>,
    next_line: Option<usize>,
    last_comma: Option<usize>,
}

impl ScanState {
    fn new(indent: Vec<u8>) -> Self {
        Self { indent, ..Self::default() }
    }

    /// Looks at bytes up to the end of the value; returns how many are part of it, and why it ended if it did.
    fn run(&mut self, bytes: &[u8]) -> (usize, Option<Stop>) {
        for (index, byte) in bytes.iter().enumerate() {
            let stop = self.step(*byte);
            self.at += 1;
            match stop {
                None => {}
                Some(Stop::Outside) => return (index, stop),
                Some(Stop::Closed | Stop::NextValue) => return (index + 1, stop),
            }
        }
        (bytes.len(), None)
    }

    fn step(&mut self, byte: u8) -> Option<Stop> {
        if self.at == 0 {
            self.kind = match byte {
                b'{' => ValueKind::Object,
                b'[' | b'"' => ValueKind::Other,
                _ => ValueKind::Word,
            };
        }
        let is_next_value = self.follow_line(byte);
        if self.string != InString::No {
            return self.step_in_string(byte, is_next_value);
        }
        match byte {
            _ if self.kind == ValueKind::Word => {
                let ends = byte.is_ascii_whitespace() || b",:{}[]\"".contains(&byte);
                return (ends && self.at > 0).then_some(Stop::Outside);
            }
            b'"' => self.string = InString::Yes,
            b'{' => self.open(b'}'),
            b'[' => self.open(b']'),
            b'}' | b']' => return self.close(byte),
            b',' if self.closers == b"]" => self.last_comma = Some(self.at),
            _ => {}
        }
        None
    }

    fn step_in_string(&mut self, byte: u8, is_next_value: bool) -> Option<Stop> {
        if is_next_value {
            // JSON has no line breaks in strings.
            return Some(Stop::NextValue);
        }
        self.string = match (self.string, byte) {
            (InString::Yes, b'\\') => InString::Escaped,
            (InString::Yes, b'"') => InString::No,
            _ => InString::Yes,
        };
        (self.string == InString::No && self.closers.is_empty()).then_some(Stop::Closed)
    }

    /// Compares the line with those that values like this one begin with; says whether the byte begins one.
    fn follow_line(&mut self, byte: u8) -> bool {
        if byte == b'\n' {
            self.line = (self.kind == ValueKind::Object).then_some(0);
            return false;
        }
        let Some(same) = self.line.take() else { return false };
        if self.indent.get(same) == Some(&byte) {
            self.line = Some(same + 1);
            return false;
        }
        let begins = same == self.indent.len() && byte == b'{';
        if begins {
            self.next_line = self.next_line.or(Some(self.at - same));
        }
        begins
    }

    fn open(&mut self, closer: u8) {
        self.braces += usize::from(closer == b'}');
        self.closers.push(closer);
    }

    /// Closes the last thing that this byte closes, and with it what is open inside.
    fn close(&mut self, closer: u8) -> Option<Stop> {
        let open = if closer == b'}' { self.braces } else { self.closers.len() - self.braces };
        if open == 0 {
            // A list outside of the value may end here, an object cannot.
            return (closer == b']').then_some(Stop::Outside);
        }
        while let Some(closed) = self.closers.pop() {
            self.braces -= usize::from(closed == b'}');
            if closed == closer {
                break;
            }
        }
        self.closers.is_empty().then_some(Stop::Closed)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn scanned(text: &str, longest: usize) -> (String, ValueEnd, String) {
        // A reader with a small buffer hands the bytes out in parts.
        let mut bytes = ByteSource::new(io::BufReader::with_capacity(3, Cursor::new(text.as_bytes().to_vec())));
        let value = scan(&mut bytes, longest, WhenTooLong::Skip).unwrap();
        let mut rest = Vec::new();
        while let Some(mut line) = bytes.line(usize::MAX).unwrap() {
            rest.append(&mut line.text);
        }
        (String::from_utf8(value.text).unwrap(), value.end, String::from_utf8(rest).unwrap())
    }

    #[test]
    fn a_broken_value_ends_where_it_hides_least() {
        for (text, value, end, rest) in [
            (r#"{"a"oops}, 1"#, r#"{"a"oops}"#, ValueEnd::Found, ", 1"),
            (r#"{"a": [1}, 2"#, r#"{"a": [1}"#, ValueEnd::Found, ", 2"),
            (r#"{"a": 1], 2"#, r#"{"a": 1"#, ValueEnd::Lost, "], 2"),
            (r#"{"a": [{]}, 2"#, r#"{"a": [{]}"#, ValueEnd::Found, ", 2"),
            ("{\"a\": \"b},\n{\"c\": 1}", "{\"a\": \"b},", ValueEnd::Found, "{\"c\": 1}"),
            ("{\"a\": \"b", "{\"a\": \"b", ValueEnd::Lost, ""),
            ("oops, 1", "oops", ValueEnd::Found, ", 1"),
            ("-1.5e3\n2", "-1.5e3", ValueEnd::Found, "\n2"),
            ("}, 1", "}", ValueEnd::Found, ", 1"),
        ] {
            assert_eq!(scanned(text, 100), (value.to_owned(), end, rest.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_rest_of_a_value_that_is_too_long_is_skipped() {
        assert_eq!(scanned("[1, \"]]\"], 2", 4), ("[1, ".to_owned(), ValueEnd::TooLong, ", 2".to_owned()));
        let lines = "{\"a\": \"bbbbbbbbbb,\n{\"c\": 1}";
        assert_eq!(scanned(lines, 8).2, "{\"c\": 1}");
        let mut bytes = ByteSource::new(Cursor::new(b"[1, 2, 3]"));
        let begun = scan(&mut bytes, 6, WhenTooLong::Stop).unwrap();
        assert_eq!(
            (begun.text.as_slice(), begun.last_comma, bytes.peek().unwrap()),
            (&b"[1, 2,"[..], Some(5), Some(b' '))
        );
    }

    #[test]
    fn brackets_that_close_nothing_take_no_longer_than_others() {
        let text = format!("{}{}", "[".repeat(200_000), "}".repeat(200_000));
        assert_eq!(scanned(&text, usize::MAX).1, ValueEnd::Lost);
    }

    proptest! {
        #[test]
        fn the_end_of_json_is_that_of_the_value(
            said in prop::collection::vec(any::<String>(), 0..5),
            number in any::<f64>(),
        ) {
            let value = json!([said, {"a": said, "{\"": number}, number, [[]], {}]);
            for json in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                let (text, end, rest) = scanned(&format!("{json}, {json}"), usize::MAX);
                prop_assert_eq!((&text, end, rest), (&json, ValueEnd::Found, format!(", {json}")));
                prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &value);
            }
        }
    }
}
