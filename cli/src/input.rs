//! Where calls come from: files, folders and standard input, as JSON or JSON Lines, one entry after the other.
//!
//! **Invariant:** every call of the input is one entry, in the input's order, and so is everything that cannot be read:
//! nothing is left out in silence. Lines are read one at a time; a JSON document is held as a whole.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Something to read calls from.
pub(crate) enum Source {
    /// Standard input.
    StandardInput,
    /// One file.
    File(PathBuf),
    /// A folder that cannot be listed, or in which there is nothing to read.
    Unusable(PathBuf, InputError),
}

/// Where in the input an entry stands, such as `calls.jsonl:17` (a line), `calls.json[3]` (an element, from 0) or
/// `call.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    source: Arc<str>,
    spot: Spot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Whole,
    Line(usize),
    Element(usize),
}

impl Place {
    /// A source as a whole.
    pub(crate) fn whole(source: &str) -> Self {
        Self { source: Arc::from(source), spot: Spot::Whole }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.spot {
            Spot::Whole => write!(f, "{}", self.source),
            Spot::Line(line) => write!(f, "{}:{line}", self.source),
            Spot::Element(index) => write!(f, "{}[{index}]", self.source),
        }
    }
}

/// One call of the input, not yet understood, or why there is none.
pub(crate) struct Entry {
    /// Where it stands.
    pub(crate) place: Place,
    /// Its JSON as it was written.
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

/// What those paths name: `-` is standard input, a folder is its `*.json` and `*.jsonl` files in the order of their names.
pub(crate) fn sources(paths: &[PathBuf]) -> Vec<Source> {
    let expand = |path: &PathBuf| match path {
        path if path.as_os_str() == STANDARD_INPUT => vec![Source::StandardInput],
        path if path.is_dir() => match folder(path) {
            Ok(files) if files.is_empty() => vec![Source::Unusable(path.clone(), InputError::EmptyFolder)],
            Ok(files) => files.into_iter().map(Source::File).collect(),
            Err(error) => vec![Source::Unusable(path.clone(), error.into())],
        },
        path => vec![Source::File(path.clone())],
    };
    paths.iter().flat_map(expand).collect()
}

/// How many bytes there are to read; `None` when that cannot be known before.
pub(crate) fn total_bytes(sources: &[Source]) -> Option<u64> {
    let bytes = |source: &Source| match source {
        Source::StandardInput => None,
        // What is no plain file (a pipe, say) has a length of 0 and more to read.
        Source::File(path) => path.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len()),
        Source::Unusable(..) => Some(0),
    };
    sources.iter().map(bytes).sum()
}

/// All entries of those sources, read as they are asked for.
pub(crate) fn entries(sources: Vec<Source>) -> impl Iterator<Item = Entry> {
    sources.into_iter().flat_map(|source| match source {
        Source::StandardInput => read(&Arc::from("stdin"), BufReader::new(io::stdin()), false),
        Source::File(path) => {
            let name = Arc::from(path.display().to_string());
            let by_line = has_extension(&path, &["jsonl", "ndjson"]);
            match File::open(&path) {
                Ok(file) => read(&name, BufReader::new(file), by_line),
                Err(error) => only(&name, Err(error.into())),
            }
        }
        Source::Unusable(path, error) => only(&path.display().to_string(), Err(error)),
    })
}

type Entries = Box<dyn Iterator<Item = Entry>>;

fn folder(path: &Path) -> io::Result<Vec<PathBuf>> {
    let files = fs::read_dir(path)?.map(|file| file.map(|file| file.path()));
    let mut files = files.collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| has_extension(file, &["json", "jsonl"]) && !file.is_dir());
    files.sort();
    Ok(files)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|found| extensions.contains(&found))
}

fn only(source: &str, text: Result<String, InputError>) -> Entries {
    Box::new(std::iter::once(Entry { place: Place::whole(source), text }))
}

/// Reads lines or a document. When the name does not tell, the first line that is not blank does: one that is a complete
/// JSON value, or will never be one, is a line; an array, or one that goes on, begins a document.
fn read(source: &Arc<str>, mut reader: impl BufRead + 'static, by_line: bool) -> Entries {
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

/// Reads up to and with the first line that is not blank, without the byte order mark that some editors write.
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
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
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
            return Some(Entry { place: Place { source: self.source.clone(), spot: Spot::Line(self.line) }, text });
        }
        None
    }
}

/// The calls of a JSON document: one call, an array of calls, or several of these one after the other.
fn document(source: &Arc<str>, bytes: Vec<u8>) -> Entries {
    let Ok(text) = String::from_utf8(bytes) else { return only(source, Err(InputError::NotUtf8)) };
    let mut calls = Vec::new();
    let mut is_list = false;
    for value in serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>() {
        let elements = value.and_then(|value| match value.get() {
            array if array.starts_with('[') => {
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
        // What is wrong with the document itself has the document's lines and columns.
        let spot = if is_list && text.is_ok() { Spot::Element(index) } else { Spot::Whole };
        Entry { place: Place { source: source.clone(), spot }, text }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(entry: Entry) -> String {
        match entry.text {
            Ok(text) => format!("{} {text}", entry.place),
            Err(error) => format!("{} ERROR {error}", entry.place),
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
    fn empty_input_has_no_entries() {
        for text in ["", "\n", " \r\n\t\n", "\u{feff}"] {
            assert_eq!(read_text(text, false), [""; 0]);
        }
    }

    #[test]
    fn a_folder_is_its_calls_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.jsonl", "a.json", "notes.txt", "c.json"] {
            fs::write(folder.path().join(name), format!("\"{name}\"")).unwrap();
        }
        fs::create_dir(folder.path().join("d.json")).unwrap();
        let sources = sources(&[folder.path().to_owned()]);
        assert_eq!(total_bytes(&sources), Some("\"a.json\"\"b.jsonl\"\"c.json\"".len().try_into().unwrap()));
        let names: Vec<_> = entries(sources).map(|entry| entry.text.unwrap()).collect();
        assert_eq!(names, ["\"a.json\"", "\"b.jsonl\"", "\"c.json\""]);
    }

    #[test]
    fn what_cannot_be_read_is_an_entry_too() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.json");
        let found: Vec<_> = entries(sources(&[folder.path().to_owned(), missing.clone()])).map(shown).collect();
        assert_eq!(found[0], format!("{} ERROR holds no *.json and no *.jsonl file", folder.path().display()));
        assert!(
            found[1].starts_with(&format!("{} ERROR cannot be read: No such file", missing.display())),
            "{}",
            found[1]
        );
    }
}
