//! `call-feedback`: the command line tool of an operator or a producer of calls.
//!
//! `normalize` prints calls in the project's own schema. `score` prints their feedback without AWS, with the embedded scorer
//! (`score_embedded`) or a language model (`score_llm`). `send` puts calls on the queue. `token` manages API tokens.
//!
//! **Invariant:** standard output holds results only. The exit code is 0 when everything worked, 1 when something
//! failed, 2 for wrong usage, and 130 or 143 when `send` was interrupted. Only `arguments` reads the environment, and
//! only this file reads the clock.

mod arguments;
mod byte_source;
mod call_queue;
mod console;
mod error;
mod explain;
mod input;
mod input_entry;
mod input_folder;
mod input_reader;
mod interrupt;
mod json_document;
mod message_batch;
mod normalize;
mod overview;
mod queue_message;
mod resource;
mod score_embedded;
mod score_llm;
mod score_result;
mod send;
mod token;
mod token_expiry;
mod token_text;
mod transcript_bucket;
mod value_scanner;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Scorer, Timestamp};

use crate::arguments::{Arguments, Command};
use crate::error::CommandError;

fn main() -> ExitCode {
    match Arguments::read() {
        Ok(arguments) => run(arguments.command).unwrap_or_else(|error| error.report()),
        Err(code) => code,
    }
}

fn run(command: Command) -> Result<ExitCode, CommandError> {
    match command {
        Command::Score(arguments) => match arguments.scorer {
            Scorer::Embedded => score_embedded::run(&arguments),
            Scorer::Llm if arguments.explain => Err(CommandError::Usage(
                "--explain shows what the embedded scorer counts; a model gives reasons instead".to_owned(),
            )),
            Scorer::Llm => wait_for(score_llm::run(&arguments)),
        },
        Command::Normalize(arguments) => normalize::run(&arguments),
        Command::Send(arguments) => wait_for(send::run(arguments)),
        Command::Token(arguments) => wait_for(token::run(arguments, now()?)),
    }
}

fn wait_for<T>(work: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(CommandError::unavailable("cannot start"))?.block_on(work)
}

fn now() -> Result<Timestamp, CommandError> {
    #[expect(clippy::disallowed_methods, reason = "only here does the program read the clock")]
    let since_1970 =
        SystemTime::now().duration_since(UNIX_EPOCH).map_err(CommandError::unavailable("cannot read the clock"))?;
    let seconds = i64::try_from(since_1970.as_secs()).map_err(CommandError::unavailable("cannot read the clock"))?;
    Timestamp::from_unix_seconds(seconds).map_err(CommandError::unavailable("cannot read the clock"))
}
