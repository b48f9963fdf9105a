//! The folder of recorded answers.

use std::io::ErrorKind;
use std::iter;
use std::path::{Path, PathBuf};

use domain::CallId;

use crate::error::DatasetError;
use crate::input::text;

/// The project's own recording, of calls in `bench/calls/unseen`.
pub const JUDGED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/judged");
/// The file with the hash of the prompt, in a folder of answers and in one of prompts.
pub(super) const PROMPT_SHA256: &str = "prompt_sha256.txt";

/// A folder of recorded answers.
#[derive(Debug, Clone)]
pub struct RecordedAnswers {
    folder: PathBuf,
}

impl RecordedAnswers {
    /// The answers in that folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// What the model answered about the call: nothing, the first answer, or the first and what it answered when that
    /// was sent back. Fails when a file is there and cannot be read.
    pub fn about(&self, call: &CallId) -> Result<Vec<String>, DatasetError> {
        let Some(first) = self.file(&format!("{call}.1.json"))? else { return Ok(Vec::new()) };
        let second = self.file(&format!("{call}.2.json"))?;
        Ok(iter::once(first).chain(second).collect())
    }

    /// The hash of the prompt that was answered, if the recording states it. Fails when the file is there and cannot be
    /// read.
    pub fn prompt_sha256(&self) -> Result<Option<String>, DatasetError> {
        Ok(self.file(PROMPT_SHA256)?.map(|hash| hash.trim().to_owned()))
    }

    /// The text of a file of the folder, if it is there.
    fn file(&self, name: &str) -> Result<Option<String>, DatasetError> {
        match text(&self.folder.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(DatasetError::Unreadable { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
