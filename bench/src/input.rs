//! Dialogues from JSON Lines files, as the scorer takes them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use domain::{Call, CallId, OrgId, Role, Turn};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why a file of dialogues cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// One of its lines is not what is expected.
    #[error("line {line} of {path} is no dialogue")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It is no collection of pairs.
    #[error("{path} is no collection of pairs")]
    NoPairs {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It has no dialogue.
    #[error("{0} holds no dialogue")]
    Empty(PathBuf),
}

/// One entry of a dialogue.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// `agent` or `customer`; whoever else speaks belongs to neither side.
    pub role: String,
    /// What was said, as a person typed it.
    pub text: String,
    /// What was said, as a machine understood it.
    pub asr_text: Option<String>,
    /// Milliseconds from the start of the call to the start of the turn.
    pub start_ms: Option<u64>,
    /// Milliseconds from the start of the call to the end of the turn.
    pub end_ms: Option<u64>,
}

/// A dialogue that people rated.
#[derive(Debug, Clone, Deserialize)]
pub struct Rated {
    /// The collection it belongs to.
    pub set: String,
    /// What was said.
    pub turns: Vec<Entry>,
    /// The mean of the raters' overall satisfaction, from 0 to 10.
    pub overall: f64,
}

/// A telephone call, transcribed by a person and by a machine.
#[derive(Debug, Clone, Deserialize)]
pub struct Spoken {
    /// Its name.
    pub id: String,
    /// What was said.
    pub turns: Vec<Entry>,
    /// How long it took.
    pub duration_seconds: Option<f64>,
}

/// What a file says; fails when it cannot be read.
pub fn text(path: &Path) -> Result<String, InputError> {
    fs::read_to_string(path).map_err(|source| InputError::Unreadable { path: path.to_owned(), source })
}

/// The dialogues of a JSON Lines file.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, InputError> {
    let text = text(path)?;
    let mut dialogues = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let malformed = |source| InputError::Malformed { path: path.to_owned(), line: index + 1, source };
        dialogues.push(serde_json::from_str(line).map_err(malformed)?);
    }
    if dialogues.is_empty() { Err(InputError::Empty(path.to_owned())) } else { Ok(dialogues) }
}

impl Entry {
    /// The entry as a turn of a call, with the text it is given.
    fn turn(&self, text: &str) -> Turn {
        let role = Role::parse(&self.role).unwrap_or(Role::Other);
        Turn { role, text: text.to_owned(), start_ms: self.start_ms, end_ms: self.end_ms }
    }
}

impl Rated {
    /// The dialogue as a call.
    #[must_use]
    pub fn call(&self) -> Call {
        call(self.turns.iter().map(|entry| entry.turn(&entry.text)).collect())
    }
}

impl Spoken {
    /// The call as a person transcribed it.
    #[must_use]
    pub fn by_person(&self) -> Call {
        call(self.turns.iter().map(|entry| entry.turn(&entry.text)).collect())
    }

    /// The call as a machine transcribed it.
    #[must_use]
    pub fn by_machine(&self) -> Call {
        let text = |entry: &Entry| entry.asr_text.clone().unwrap_or_default();
        call(self.turns.iter().map(|entry| entry.turn(&text(entry))).collect())
    }
}

/// A call of which nothing is known but its turns.
///
/// # Panics
/// Never: the identifiers are valid.
#[must_use]
#[expect(clippy::expect_used, reason = "the identifiers are constants within their alphabet")]
pub fn call(transcript: Vec<Turn>) -> Call {
    let org_id = OrgId::parse("bench").expect("a valid identifier");
    let call_id = CallId::parse("bench").expect("a valid identifier");
    Call::new(org_id, call_id, transcript)
}
