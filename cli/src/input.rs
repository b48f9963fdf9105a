//! Where calls come from: files, folders and standard input, in the order they are named.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use futures_util::{Stream, stream};
use serde_json::json;
use tokio::sync::mpsc;

use crate::input_entry::{InputEntry, InputError, LONGEST_CALL, only};
use crate::input_folder::{FileKind, FolderContent, LeftOut, patterns};
use crate::input_reader::read;

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// What calls are read from.
pub(crate) struct InputSources {
    sources: Vec<InputSource>,
    /// What is in folders and not read.
    pub(crate) left_out: LeftOut,
}

/// Something that calls are read from.
enum InputSource {
    /// Standard input.
    StandardInput,
    /// One file.
    File(PathBuf),
    /// A folder that cannot be listed, or that has nothing to read.
    Unusable(PathBuf, InputError),
}

impl InputSources {
    /// The sources that those paths name: `-` is standard input, a folder is the files in it, and in the folders in it,
    /// whose extensions are known, in the order of their names.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut all = Self { sources: Vec::new(), left_out: LeftOut::default() };
        for path in paths {
            if path.as_os_str() == STANDARD_INPUT {
                all.sources.push(InputSource::StandardInput);
            } else if path.is_dir() {
                all.add_folder(path);
            } else {
                all.sources.push(InputSource::File(path.clone()));
            }
        }
        all
    }

    fn add_folder(&mut self, path: &Path) {
        let mut content = FolderContent::default();
        content.add(path);
        if content.files.is_empty() {
            self.sources.push(InputSource::Unusable(path.to_owned(), InputError::EmptyFolder(patterns())));
        }
        self.sources.extend(content.files.into_iter().map(|(path, listed)| match listed {
            Ok(()) => InputSource::File(path),
            Err(error) => InputSource::Unusable(path, error),
        }));
        self.left_out.add(content.left_out);
    }

    /// How many bytes there are to read; `None` when that cannot be known in advance.
    pub(crate) fn total_bytes(&self) -> Option<u64> {
        let bytes = |source: &InputSource| match source {
            InputSource::StandardInput => None,
            // A path that is not a plain file, such as a pipe, has a length of 0 although there is something to read.
            InputSource::File(path) => {
                path.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len())
            }
            InputSource::Unusable(..) => Some(0),
        };
        self.sources.iter().map(bytes).sum()
    }

    /// All entries of the sources, read when they are asked for.
    pub(crate) fn entries(self) -> impl Iterator<Item = InputEntry> {
        self.sources.into_iter().flat_map(|source| match source {
            InputSource::StandardInput => read(&Arc::from("stdin"), BufReader::new(io::stdin()), false),
            InputSource::File(path) => {
                let name = Arc::from(path.display().to_string());
                let kind = FileKind::of(&path);
                match File::open(&path) {
                    Ok(file) if kind == Some(FileKind::Subtitles) => only(&name, subtitles(&path, file)),
                    Ok(file) => read(&name, BufReader::new(file), kind == Some(FileKind::JsonLines)),
                    Err(error) => only(&name, Err(error.into())),
                }
            }
            InputSource::Unusable(path, error) => only(&path.display().to_string(), Err(error)),
        })
    }

    /// The same, read by a thread of their own, at most so many ahead: waiting for the next line of a slow input must
    /// delay neither the output of a result nor an interruption.
    pub(crate) fn stream(self, ahead: usize) -> impl Stream<Item = InputEntry> {
        let (sender, mut receiver) = mpsc::channel(ahead);
        thread::spawn(move || self.entries().try_for_each(|entry| sender.blocking_send(entry)));
        stream::poll_fn(move |context| receiver.poll_recv(context))
    }
}

/// A transcript with times as a call, which is named after the file.
fn subtitles(path: &Path, file: File) -> Result<String, InputError> {
    let mut bytes = Vec::new();
    file.take(u64::try_from(LONGEST_CALL).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    if bytes.len() == LONGEST_CALL {
        return Err(InputError::TooLong);
    }
    let text = String::from_utf8(bytes).map_err(|_| InputError::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(InputError::Empty);
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    Ok(json!({"call_id": name, "transcript": text}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paths: &[PathBuf]) -> Vec<String> {
        let shown = |entry: InputEntry| match entry.text {
            Ok(text) => text,
            Err(error) => format!("{} {error}", entry.location),
        };
        InputSources::of(paths).entries().map(shown).collect()
    }

    #[test]
    fn a_folder_is_its_calls_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("d.json")).unwrap();
        for name in ["b.jsonl", "a.json", "notes.txt", "c.json", "d.json/e.json"] {
            fs::write(folder.path().join(name), format!("\"{name}\"")).unwrap();
        }
        let paths = [folder.path().to_owned()];
        let read = ["\"a.json\"", "\"b.jsonl\"", "\"c.json\"", "\"d.json/e.json\""];
        assert_eq!(InputSources::of(&paths).total_bytes(), Some(read.concat().len().try_into().unwrap()));
        assert_eq!(shown(&paths), read);
        assert!(InputSources::of(&paths).left_out.to_string().starts_with("left out in folders: 1 *.txt ("));
    }

    #[test]
    fn what_cannot_be_read_is_an_entry_too() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing.json");
        let found = shown(&[folder.path().to_owned(), missing.clone()]);
        let expected = "holds no file that is read (*.json, *.jsonl, *.ndjson, *.vtt, *.srt)";
        assert_eq!(found[0], format!("{} {expected}", folder.path().display()));
        assert!(found[1].starts_with(&format!("{} cannot be read: No such file", missing.display())), "{}", found[1]);
    }

    #[test]
    fn a_transcript_with_times_is_a_call_that_is_named_after_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Good morning.";
        fs::write(folder.path().join("call-7.vtt"), format!("\u{feff}{text}")).unwrap();
        fs::write(folder.path().join("empty.srt"), "\n").unwrap();
        let found = shown(&[folder.path().to_owned()]);
        assert_eq!(found[0], json!({"call_id": "call-7", "transcript": text}).to_string());
        assert!(found[1].ends_with("empty.srt is empty"), "{found:?}");
    }
}
