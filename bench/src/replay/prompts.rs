//! Writes what is still to be answered for a recording.

use std::fmt::Write;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde_json::Value;

use super::answers::PROMPT_SHA256;
use super::replayed::judge_at;
use super::{RecordedAnswers, ReplayError, replay};
use crate::calls::RatedCall;
use crate::error::DatasetError;

/// Nothing is asked there: the judge only says what it would ask.
const NOWHERE: &str = "127.0.0.1:9";

/// Writes to the folder what is the same for all calls (`system.txt`, `schema.json`, `prompt_sha256.txt`), and for each
/// call that something is to be answered about `CALL_ID.1.txt`, what is asked first, and, where the recorded answer is
/// sent back, `CALL_ID.2.txt`, what is said then, with `CALL_ID.2.schema.json` where another schema is sent. Files of
/// calls that are answered are removed. Returns the names of the answers that are to be recorded, a line each. Fails
/// when a file cannot be read or written, or when this machine has no judge.
pub async fn open_prompts(
    calls: &[RatedCall],
    answers: &RecordedAnswers,
    folder: &Path,
) -> Result<String, ReplayError> {
    let judge = judge_at(NOWHERE)?;
    let replay = replay(calls, answers).await?;
    fs::create_dir_all(folder).map_err(|source| DatasetError::Unwritable { path: folder.to_owned(), source })?;
    write_or_remove(folder, PROMPT_SHA256, Some(&format!("{}\n", judge.prompt_sha256())))?;
    let mut open = String::new();
    for rated in calls {
        let call = &rated.call.call_id;
        let Some(prompt) = judge.prompt(&rated.call) else {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(open, "{call}: too long");
            continue;
        };
        write_or_remove(folder, "system.txt", Some(&prompt.system))?;
        write_or_remove(folder, "schema.json", Some(&pretty(&prompt.schema)))?;
        let is_unanswered = replay.unanswered.iter().any(|one| one.call.call_id == *call);
        let repair = replay.sent_back.iter().find(|one| one.rated.call.call_id == *call && !one.is_answered);
        let question = prompt.messages.first().filter(|_| is_unanswered || repair.is_some());
        let other_schema = repair.map(|one| &one.schema).filter(|schema| **schema != prompt.schema);
        write_or_remove(folder, &format!("{call}.1.txt"), question.map(|message| message.text.as_str()))?;
        write_or_remove(folder, &format!("{call}.2.txt"), repair.map(|one| one.message.as_str()))?;
        write_or_remove(folder, &format!("{call}.2.schema.json"), other_schema.map(pretty).as_deref())?;
        if question.is_some() {
            let _ = writeln!(open, "{call}.{}.json", if is_unanswered { 1 } else { 2 });
        }
    }
    Ok(open)
}

/// Writes the file, or removes it where there is nothing to write.
fn write_or_remove(folder: &Path, name: &str, text: Option<&str>) -> Result<(), DatasetError> {
    let path = folder.join(name);
    let done = match text {
        Some(text) => fs::write(&path, text),
        None => fs::remove_file(&path).or_else(ignore_missing),
    };
    done.map_err(|source| DatasetError::Unwritable { path, source })
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}
