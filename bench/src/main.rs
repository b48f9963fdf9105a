//! Prints measurements of the scorers.

mod recording;
mod whole_calls;

use std::io::{Write, stdout};
use std::path::PathBuf;

use bench::error::DatasetError;
use bench::train::TrainingData;
use bench::{agreement, calls, input, pairs, speech, train};
use clap::{Parser, Subcommand};

use crate::recording::{IntervalsArguments, PromptsArguments};
use crate::whole_calls::CallsArguments;

/// Measure the scorers.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What to measure.
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Debug, Subcommand)]
enum Measurement {
    /// Agreement with people's ratings: rank correlation, pairs in the right order, spread of the scores.
    Agreement {
        /// JSON Lines: `{"set", "turns": [{"role", "text"}], "overall": 0 to 10}`.
        rated: PathBuf,
        /// The mean is taken over the sets whose name begins with this.
        #[arg(long, default_value = "")]
        over: String,
    },
    /// Whole calls with a reader's rating: agreement, false claims, what must be said, stated intervals.
    Calls(CallsArguments),
    /// Train the scorer's model with rated calls and dialogues, and say how it does on those left out.
    Train {
        /// The folder of rated calls.
        #[arg(long, default_value = calls::KNOWN)]
        calls: PathBuf,
        /// Rated dialogues, as for `agreement`.
        #[arg(long)]
        dialogues: PathBuf,
        /// The folder that the model is written to.
        #[arg(long, default_value = "shared/scoring/model")]
        model: PathBuf,
    },
    /// Pairs of calls that differ in one thing: the share that is scored as it should be.
    Pairs {
        /// Pairs that are not the project's own, in the form of `minimal_pairs.json`.
        pairs: Option<PathBuf>,
    },
    /// Measure how far readers' scores lie from the judge's, with recorded answers.
    Intervals(IntervalsArguments),
    /// Write what a model is to be asked about whole calls, to record its answers.
    Prompts(PromptsArguments),
    /// Robustness: human against machine transcripts, turns merged, punctuation added.
    Speech {
        /// JSON Lines: `{"id", "turns": [{"role", "text", "asr_text", "start_ms", "end_ms"}]}`.
        spoken: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let report = match Arguments::parse().measurement {
        Measurement::Agreement { rated, over } => agreement::table(&input::read(&rated)?, &over),
        Measurement::Calls(arguments) => whole_calls::report(&arguments).await?,
        Measurement::Train { calls, dialogues, model } => {
            let data = TrainingData {
                calls: calls::read(&calls)?,
                dialogues: input::read(&dialogues)?,
                pairs: pairs::pairs()?,
            };
            train::train(&data, &model)?
        }
        Measurement::Pairs { pairs: None } => pairs::report(pairs::PAIRS)?,
        Measurement::Pairs { pairs: Some(path) } => {
            pairs::report(&input::text(&path)?).map_err(|source| DatasetError::NotPairs { path, source })?
        }
        Measurement::Intervals(arguments) => recording::intervals(&arguments).await?,
        Measurement::Prompts(arguments) => recording::prompts(&arguments).await?,
        Measurement::Speech { spoken } => speech::table(&input::read(&spoken)?),
    };
    stdout().write_all(report.as_bytes())?;
    Ok(())
}
