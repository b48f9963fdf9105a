//! Prints measurements of the scorers.

mod whole_calls;

use std::io::{Write, stdout};
use std::path::PathBuf;

use bench::error::DatasetError;
use bench::{agreement, fit, input, pairs, speech};
use clap::{Parser, Subcommand};

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
    /// Fit the signals' gains to ratings, leaving each set out once, and show how they order the set that was left out.
    Fit {
        /// As for `agreement`.
        rated: PathBuf,
        /// Sets are left out, and the mean is taken over them, when their name begins with this.
        #[arg(long, default_value = "")]
        over: String,
        /// How strongly the gains are held to those that the scorer has.
        #[arg(long, default_value_t = fit::DEFAULT_HOLD)]
        hold: f64,
    },
    /// Pairs of calls that differ in one thing: the share that is scored as it should be.
    Pairs {
        /// Pairs that are not the project's own, in the form of `minimal_pairs.json`.
        pairs: Option<PathBuf>,
    },
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
        Measurement::Fit { rated, over, hold } => fit::report(&input::read(&rated)?, &over, hold),
        Measurement::Pairs { pairs: None } => pairs::report(pairs::PAIRS)?,
        Measurement::Pairs { pairs: Some(path) } => {
            pairs::report(&input::text(&path)?).map_err(|source| DatasetError::NotPairs { path, source })?
        }
        Measurement::Speech { spoken } => speech::table(&input::read(&spoken)?),
    };
    stdout().write_all(report.as_bytes())?;
    Ok(())
}
