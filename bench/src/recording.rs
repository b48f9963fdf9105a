//! `bench prompts` and `bench intervals`: what is to be answered, so that a model's answers can be recorded, and how
//! far readers are from what the judge makes of recorded answers.

use std::error::Error;
use std::fs;
use std::io::{Write, stderr};
use std::path::PathBuf;

use bench::error::DatasetError;
use bench::intervals;
use bench::replay::{JUDGED, RecordedAnswers, open_prompts, replay};
use clap::Args;

use crate::whole_calls::rated_calls;

/// About which calls, and where the answers are.
#[derive(Debug, Args)]
pub(crate) struct PromptsArguments {
    /// Files of rated calls, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder of recorded answers.
    #[arg(long, default_value = JUDGED)]
    answers: PathBuf,
    /// The folder that the prompts are written to.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the prompts, and returns the names of the answers that are to be recorded. Fails when a file cannot be read
/// or written.
pub(crate) async fn prompts(arguments: &PromptsArguments) -> Result<String, Box<dyn Error>> {
    let rated = rated_calls(&arguments.paths)?;
    Ok(open_prompts(&rated, &RecordedAnswers::of(&arguments.answers), &arguments.out).await?)
}

/// From which calls, and where the answers are.
#[derive(Debug, Args)]
pub(crate) struct IntervalsArguments {
    /// Files of rated calls, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder of recorded answers.
    #[arg(long, default_value = JUDGED)]
    answers: PathBuf,
    /// The file that the intervals are written to.
    #[arg(long, default_value = "shared/judge/model_intervals.txt")]
    out: PathBuf,
}

/// Writes the intervals, and returns what it has written. Fails when a file cannot be read or written, or too few calls
/// are judged. Calls that are not judged are named on standard error.
pub(crate) async fn intervals(arguments: &IntervalsArguments) -> Result<String, Box<dyn Error>> {
    let rated = rated_calls(&arguments.paths)?;
    let replay = replay(&rated, &RecordedAnswers::of(&arguments.answers)).await?;
    for message in replay.messages() {
        writeln!(stderr(), "{message}")?;
    }
    let text = intervals::of_few(&replay.scored).ok_or("too few calls are judged for an interval")?;
    let path = arguments.out.clone();
    fs::write(&path, &text).map_err(|source| DatasetError::Unwritable { path, source })?;
    Ok(text)
}
