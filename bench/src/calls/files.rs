//! Reads files and folders of rated calls.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::format::parse;
use super::rated::{RatedCall, WrittenCall};
use crate::error::DatasetError;
use crate::input::text;

/// The calls that the scorer may be tuned with.
pub const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/calls/known");

/// The calls of a file, or of all `.txt` files of a folder in the order of their names, as a scorer gets them. Fails when one
/// of them cannot be read, is not in the format, or has the identifier of another; also when there is none.
pub fn read(path: &Path) -> Result<Vec<RatedCall>, DatasetError> {
    Ok(read_written(path)?.iter().map(WrittenCall::transcribed).collect())
}

/// The calls of a file or a folder, as they were written. Fails like [`read`].
pub fn read_written(path: &Path) -> Result<Vec<WrittenCall>, DatasetError> {
    let mut ids = BTreeSet::new();
    let mut calls = Vec::new();
    for file in files(path)? {
        let malformed = |(line, source)| DatasetError::NotRated { path: file.clone(), line, source };
        for (line, call) in parse(&text(&file)?).map_err(malformed)? {
            if !ids.insert(call.id.clone()) {
                return Err(DatasetError::TwiceRated { path: file, line, id: call.id });
            }
            calls.push(call);
        }
    }
    if calls.is_empty() { Err(DatasetError::Empty(path.to_owned())) } else { Ok(calls) }
}

/// The file itself, or the texts of a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = |source| DatasetError::Unreadable { path: path.to_owned(), source };
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    Ok(files)
}
