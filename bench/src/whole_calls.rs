//! `bench calls`: which calls are measured, with which scorer, and what is printed.

use std::error::Error;
use std::io::{Write, stderr};
use std::path::PathBuf;

use bench::calls::{self, Grouping, RatedCall, ScoredCall};
use bench::error::DatasetError;
use bench::replay::{JUDGED, RecordedAnswers, replay};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use judge::{Judge, Settings};

/// Which calls, and what is shown of them.
#[derive(Debug, Args)]
pub(crate) struct CallsArguments {
    /// Files of rated calls, or folders of them; without one, those in `bench/calls/known`.
    paths: Vec<PathBuf>,
    /// What scores the calls.
    #[arg(long, value_enum, default_value = "embedded")]
    scorer: CallScorer,
    /// By what the calls are told apart.
    #[arg(long, default_value = Grouping::Kind.name(), value_parser = grouping())]
    by: Grouping,
    /// Print the calls, one JSON object a line, instead of the figures.
    #[arg(long)]
    calls: bool,
    /// The folder of recorded answers, for `--scorer replayed`.
    #[arg(long, default_value = JUDGED)]
    answers: PathBuf,
    /// How many calls a model is asked about at a time.
    #[arg(long, default_value_t = 10)]
    jobs: usize,
}

/// What scores the calls.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum CallScorer {
    /// The embedded scorer.
    Embedded,
    /// The middle of the scale for every call.
    Constant,
    /// A language model, with the settings that `call-feedback score --scorer llm` takes from the environment.
    Llm,
    /// The judge with the recorded answers of a language model, of the calls that there are answers about.
    Replayed,
}

fn grouping() -> impl TypedValueParser<Value = Grouping> {
    PossibleValuesParser::new(Grouping::ALL.iter().map(|by| by.name()))
        .try_map(|name| Grouping::parse(&name).ok_or_else(|| format!("{name} is not among them")))
}

/// What is printed. Fails when the calls cannot be read, the model cannot be asked or no call is judged; calls that the
/// model does not judge, or has no recorded answer about, are named on standard error and left out.
pub(crate) async fn report(arguments: &CallsArguments) -> Result<String, Box<dyn Error>> {
    let known = [PathBuf::from(calls::KNOWN)];
    let paths = if arguments.paths.is_empty() { known.as_slice() } else { &arguments.paths };
    let rated = rated_calls(paths)?;
    let (scored, remark) = match arguments.scorer {
        CallScorer::Embedded => (calls::by_embedded(&rated), String::new()),
        CallScorer::Constant => (calls::by_constant(&rated), String::new()),
        CallScorer::Llm => (judged(&rated, arguments.jobs).await?, String::new()),
        CallScorer::Replayed => replayed(&rated, &RecordedAnswers::of(&arguments.answers)).await?,
    };
    let figures = || format!("{}{remark}", calls::measure(&scored, arguments.by));
    Ok(if arguments.calls { calls::lines(&scored)? } else { figures() })
}

/// The calls of those files and folders. Fails when one of them cannot be read.
pub(crate) fn rated_calls(paths: &[PathBuf]) -> Result<Vec<RatedCall>, DatasetError> {
    let mut rated = Vec::new();
    for path in paths {
        rated.extend(calls::read(path)?);
    }
    Ok(rated)
}

async fn judged(rated: &[RatedCall], jobs: usize) -> Result<Vec<ScoredCall<'_>>, Box<dyn Error>> {
    let settings = Settings::of_operator(environment::variable).await?;
    let timeout = settings.timeout;
    let (scored, failed) = calls::by_model(rated, &Judge::new(settings)?, timeout, jobs).await;
    for message in &failed {
        writeln!(stderr(), "not judged: {message}")?;
    }
    if scored.is_empty() { Err("no call was judged".into()) } else { Ok(scored) }
}

/// What the judge makes of the calls with recorded answers, and how many answers were sent back and are missing, in
/// words.
async fn replayed<'c>(
    rated: &'c [RatedCall],
    answers: &RecordedAnswers,
) -> Result<(Vec<ScoredCall<'c>>, String), Box<dyn Error>> {
    let replay = replay(rated, answers).await?;
    for message in replay.messages() {
        writeln!(stderr(), "{message}")?;
    }
    let remark = format!("\n{replay}");
    if replay.scored.is_empty() { Err("no call was judged".into()) } else { Ok((replay.scored, remark)) }
}
