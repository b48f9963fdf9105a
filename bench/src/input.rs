//! Reads dialogues from JSON Lines files and makes calls of them.

use std::fs;
use std::path::Path;

use domain::{Call, CallId, OrgId, Role, Turn};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::DatasetError;

/// One turn of a dialogue.
#[derive(Debug, Clone, Deserialize)]
pub struct DialogueTurn {
    /// `agent` or `customer`; anybody else belongs to neither side.
    pub role: String,
    /// The text as a person transcribed it.
    pub text: String,
    /// The text as a machine transcribed it.
    pub asr_text: Option<String>,
    /// Milliseconds from the start of the call to the start of the turn.
    pub start_ms: Option<u64>,
    /// Milliseconds from the start of the call to the end of the turn.
    pub end_ms: Option<u64>,
}

/// A dialogue with its rating.
#[derive(Debug, Clone, Deserialize)]
pub struct RatedDialogue {
    /// The collection it belongs to.
    pub set: String,
    /// What was said.
    pub turns: Vec<DialogueTurn>,
    /// The mean of the raters' overall satisfaction, from 0 to 10.
    pub overall: f64,
}

/// A telephone call, transcribed by a person and by a machine.
#[derive(Debug, Clone, Deserialize)]
pub struct SpokenCall {
    /// Its name.
    pub id: String,
    /// What was said.
    pub turns: Vec<DialogueTurn>,
    /// How long it took.
    pub duration_seconds: Option<f64>,
}

/// The text of a file; fails when it cannot be read.
pub fn text(path: &Path) -> Result<String, DatasetError> {
    fs::read_to_string(path).map_err(|source| DatasetError::Unreadable { path: path.to_owned(), source })
}

/// The dialogues of a JSON Lines file.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, DatasetError> {
    let text = text(path)?;
    let mut dialogues = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let malformed = |source| DatasetError::Malformed { path: path.to_owned(), line: index + 1, source };
        dialogues.push(serde_json::from_str(line).map_err(malformed)?);
    }
    if dialogues.is_empty() { Err(DatasetError::Empty(path.to_owned())) } else { Ok(dialogues) }
}

impl DialogueTurn {
    /// The turn of a call with that text.
    fn turn(&self, text: &str) -> Turn {
        let role = Role::parse(&self.role).unwrap_or(Role::Other);
        Turn { role, text: text.to_owned(), start_ms: self.start_ms, end_ms: self.end_ms }
    }
}

impl RatedDialogue {
    /// The dialogue as a call.
    #[must_use]
    pub fn call(&self) -> Call {
        call(self.turns.iter().map(|turn| turn.turn(&turn.text)).collect())
    }
}

impl SpokenCall {
    /// The call as a person transcribed it.
    #[must_use]
    pub fn by_person(&self) -> Call {
        call(self.turns.iter().map(|turn| turn.turn(&turn.text)).collect())
    }

    /// The call as a machine transcribed it.
    #[must_use]
    pub fn by_machine(&self) -> Call {
        let text = |turn: &DialogueTurn| turn.asr_text.clone().unwrap_or_default();
        call(self.turns.iter().map(|turn| turn.turn(&text(turn))).collect())
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
