//! An entry of the input: the text of a call that has not been parsed, and where it is.

use std::io;
use std::sync::Arc;

use crate::byte_source::Place;

/// A longer call is not read, in bytes: 32 MiB, three times what the generator fetches.
pub(crate) const LONGEST_CALL: usize = 32 << 20;

/// Where in the input an entry is, such as `calls.jsonl:17` (a line), `calls.json[3]` (an element, from 0) or
/// `call.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InputLocation {
    source: Arc<str>,
    part: SourcePart,
}

/// The part of a source that an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourcePart {
    /// All of it.
    Whole,
    /// The line of that number, from 1.
    Line(usize),
    /// The element of that index, from 0, of a list, or of several values that follow each other.
    Element(usize),
}

impl InputLocation {
    /// A part of a source.
    pub(crate) fn part(source: &Arc<str>, part: SourcePart) -> Self {
        Self { source: source.clone(), part }
    }

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
    /// The source has nothing but white space.
    #[error("is empty")]
    Empty,
    /// The source is compressed with gzip.
    #[error("is compressed: unpack it first, as `gunzip -c FILE | call-feedback …` does")]
    Compressed,
    /// The folder has no file of the right kind.
    #[error("holds no file that is read ({0})")]
    EmptyFolder(String),
    /// The text is not UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// A text in a document is not UTF-8; the place is in the document.
    #[error("is not UTF-8 at {0}")]
    NotUtf8At(Place),
    /// The document is not JSON; the message names line and column in the document.
    #[error("is not JSON: {0}")]
    NotJson(String),
    /// The text is too long.
    #[error("is longer than {} MiB, which no call is", LONGEST_CALL >> 20)]
    TooLong,
}

/// Entries, read when they are asked for.
pub(crate) type InputEntries = Box<dyn Iterator<Item = InputEntry>>;

/// A source that is one entry as a whole.
pub(crate) fn only(source: &str, text: Result<String, InputError>) -> InputEntries {
    Box::new(std::iter::once(InputEntry { location: InputLocation::whole(source), text }))
}
