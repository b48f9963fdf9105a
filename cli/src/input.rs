//! Where calls come from: files, folders and standard input, in the order they are named.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::input_entry::{InputEntry, InputError, only, read};

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Something that calls are read from.
pub(crate) enum InputSource {
    /// Standard input.
    StandardInput,
    /// One file.
    File(PathBuf),
    /// A folder that cannot be listed, or that has nothing to read.
    Unusable(PathBuf, InputError),
}

/// The sources that those paths name: `-` is standard input, a folder is its `*.json` and `*.jsonl` files in the order of their names.
pub(crate) fn sources(paths: &[PathBuf]) -> Vec<InputSource> {
    let expand = |path: &PathBuf| match path {
        path if path.as_os_str() == STANDARD_INPUT => vec![InputSource::StandardInput],
        path if path.is_dir() => match folder(path) {
            Ok(files) if files.is_empty() => vec![InputSource::Unusable(path.clone(), InputError::EmptyFolder)],
            Ok(files) => files.into_iter().map(InputSource::File).collect(),
            Err(error) => vec![InputSource::Unusable(path.clone(), error.into())],
        },
        path => vec![InputSource::File(path.clone())],
    };
    paths.iter().flat_map(expand).collect()
}

/// How many bytes there are to read; `None` when that cannot be known in advance.
pub(crate) fn total_bytes(sources: &[InputSource]) -> Option<u64> {
    let bytes = |source: &InputSource| match source {
        InputSource::StandardInput => None,
        // A path that is not a plain file, such as a pipe, has a length of 0 although there is something to read.
        InputSource::File(path) => path.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len()),
        InputSource::Unusable(..) => Some(0),
    };
    sources.iter().map(bytes).sum()
}

/// All entries of those sources, read when they are asked for.
pub(crate) fn entries(sources: Vec<InputSource>) -> impl Iterator<Item = InputEntry> {
    sources.into_iter().flat_map(|source| match source {
        InputSource::StandardInput => read(&Arc::from("stdin"), BufReader::new(io::stdin()), false),
        InputSource::File(path) => {
            let name = Arc::from(path.display().to_string());
            let by_line = has_extension(&path, &["jsonl"]);
            match File::open(&path) {
                Ok(file) => read(&name, BufReader::new(file), by_line),
                Err(error) => only(&name, Err(error.into())),
            }
        }
        InputSource::Unusable(path, error) => only(&path.display().to_string(), Err(error)),
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;

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
        let found: Vec<_> = entries(sources(&[folder.path().to_owned(), missing.clone()]))
            .map(|entry| format!("{} {}", entry.location, entry.text.unwrap_err()))
            .collect();
        assert_eq!(found[0], format!("{} holds no *.json and no *.jsonl file", folder.path().display()));
        assert!(found[1].starts_with(&format!("{} cannot be read: No such file", missing.display())), "{}", found[1]);
    }
}
