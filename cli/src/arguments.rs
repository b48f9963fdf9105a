//! The command line. No other file of this program reads the environment.

use std::borrow::Cow;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::{ArgAction, Args, Parser, Subcommand};
use domain::{OrgId, Scorer, TokenScope};
use judge::{Settings, SettingsError};
use scoring::Redaction;

use crate::token_expiry::TokenExpiry;
use crate::token_text::without_secrets;

/// Score phone calls, put them on the queue, manage API tokens.
///
/// Exit codes: 0 everything worked, 1 something failed (see standard error), 2 wrong usage; 130 and 143 `send` was
/// interrupted.
#[derive(Debug, Parser)]
#[command(name = "call-feedback", version)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// The arguments that the program was started with. Fails, when they are wrong or ask for help, with the code to
    /// exit with, after it has written what there is to say.
    pub(crate) fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|error| {
            let text = error.render().to_string();
            let written = match without_secrets(&text) {
                // The message repeats what was given.
                Cow::Owned(clean) => io::stderr().write_all(clean.as_bytes()),
                Cow::Borrowed(_) => error.print(),
            };
            // A reader that has seen enough of the help is no error.
            let _ = written;
            u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
        })
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Score calls here, without AWS: one JSON line per call on standard output.
    ///
    /// Lines come in the order of the input: the feedback of a call that is scored, or
    /// `{"call_id": …, "skipped": {"reason": …, "message": …}}` for a call that is skipped, which is not an error. A call that
    /// cannot be read gets no line but an error that names its file, line or index, and JSON path; the exit code is then 1.
    /// The embedded scorer gives the same bytes for the same input.
    ///
    /// `--scorer llm` asks a language model: `LLM_MODEL` names it, `LLM_API_KEY` is its key, `LLM_PROTOCOL` (openai,
    /// anthropic or bedrock) and `LLM_BASE_URL` say where it is; docs/CONFIGURATION.md has the other settings. A model on your own
    /// machine needs `--jobs 1` and more `LLM_TIMEOUT_SECONDS`. A call that the model cannot judge gets
    /// no line but an error.
    Score(ScoreArguments),
    /// Print calls in the project's own schema: one JSON line per call on standard output.
    ///
    /// `producer` is the format that was detected. A line can be used as input again and gives the same call. An input that is
    /// not a finished call gets no line; a remark on standard error says what it is.
    Normalize(NormalizeArguments),
    /// Put calls on the queue.
    ///
    /// Each call is checked first; an invalid one is reported and not sent, and the exit code is then 1.
    /// Sending a call twice is harmless. When it is interrupted, it says how many calls were sent and where to go on.
    Send(SendArguments),
    /// Create, list and revoke API tokens.
    Token(TokenArguments),
}

/// Where calls come from.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Files with calls as JSON (one call, several or an array) or JSON Lines, in any known format, or a transcript as
    /// *.vtt or *.srt. A folder stands for the *.json, *.jsonl, *.ndjson, *.vtt and *.srt files in it and in the
    /// folders in it, - for standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) paths: Vec<PathBuf>,

    /// The organisation of calls that do not name one.
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<OrgId>,
}

/// How to score.
#[derive(Debug, Args)]
pub(crate) struct ScoreArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// Skip calls that are known to be shorter than this.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds, allow_negative_numbers = true)]
    pub(crate) min_seconds: f64,

    /// Instead of the feedback, print for each criterion what counted, by how much and in which turns.
    #[arg(long)]
    pub(crate) explain: bool,

    /// How many calls to score at a time [default: the number of processors; 10 with a language model].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Which scorer to use: `embedded`, which runs here without a network, or `llm`, a language model.
    #[arg(long, value_name = "SCORER", env = "SCORER", default_value_t = Scorer::Embedded)]
    pub(crate) scorer: Scorer,

    /// Whether personal data, such as card numbers, birth dates and phone numbers, is redacted before anything else is done: on or off.
    #[arg(long, value_name = "on|off", env = "REDACT", default_value = "on", value_parser = on_or_off, action = ArgAction::Set)]
    pub(crate) redact: bool,

    /// Whether it is redacted in the metadata as well: on or off.
    #[arg(long, value_name = "on|off", env = "REDACT_METADATA", default_value = "on", value_parser = on_or_off, action = ArgAction::Set)]
    pub(crate) redact_metadata: bool,
}

impl ScoreArguments {
    /// What of a call is redacted.
    pub(crate) const fn redaction(&self) -> Redaction {
        match (self.redact, self.redact_metadata) {
            (false, _) => Redaction::Nothing,
            (true, false) => Redaction::AllButMetadata,
            (true, true) => Redaction::All,
        }
    }

    /// Which model is asked, where and how, as the environment says; fails, naming the variable.
    pub(crate) async fn model_settings() -> Result<Settings, SettingsError> {
        Settings::of_operator(environment::variable).await
    }
}

/// How to normalize.
#[derive(Debug, Args)]
pub(crate) struct NormalizeArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// Read the input as this format instead of detecting it.
    #[arg(long = "as", value_name = "FORMAT", value_parser = PossibleValuesParser::new(intake::format_names()))]
    pub(crate) format: Option<String>,
}

/// Where to send.
#[derive(Debug, Args)]
pub(crate) struct SendArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    /// The queue to send to.
    #[arg(long, value_name = "URL", env = "CALL_FEEDBACK_QUEUE_URL", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) queue_url: Option<String>,

    /// The bucket for calls that are too large for the queue: the one from which the stack fetches calls.
    #[arg(long, value_name = "NAME", env = "CALL_FEEDBACK_BUCKET", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) bucket: Option<String>,

    /// Send to the queue of this deployed stack, whatever the environment says.
    #[arg(long, value_name = "NAME")]
    pub(crate) stack: Option<String>,
}

/// Which tokens, and what to do with them.
#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// What to do with tokens.
    #[command(subcommand)]
    pub(crate) command: TokenCommand,

    /// The table that holds the tokens.
    #[arg(long, global = true, value_name = "NAME", env = "CALL_FEEDBACK_TOKEN_TABLE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) token_table: Option<String>,

    /// Use the table of this deployed stack, whatever the environment says.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) stack: Option<String>,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Create a token and print it, with nothing else, on standard output. It is shown only this once and stored nowhere.
    Create {
        /// The organisation that the token gives access to.
        #[arg(long)]
        org: OrgId,

        /// What the token is for: `read` to read feedback, or `intake` to post calls to the webhook address.
        #[arg(long, value_name = "SCOPE", default_value_t = TokenScope::Read)]
        scope: TokenScope,

        /// When it expires: a time (2027-01-01T00:00:00Z) or a duration from now (90d, 12h, 30m) [default: never].
        #[arg(long, value_name = "WHEN")]
        expires: Option<TokenExpiry>,
    },
    /// List tokens, without their secrets.
    List {
        /// Only the tokens of this organisation.
        #[arg(long)]
        org: Option<OrgId>,
    },
    /// Revoke a token. It is refused as soon as the API's cache of it has expired; `intake` tokens are not cached.
    Revoke {
        /// The token's identifier: the 16 digits between its underscores. The whole token is accepted, too, and not
        /// shown.
        // A value that is refused here would be shown.
        #[arg(value_name = "ID")]
        id: String,
    },
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..f64::INFINITY).contains(&seconds) => Ok(seconds),
        _ => Err("must be a number of seconds, 0 or more".to_owned()),
    }
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_minimum_is_a_number_of_seconds() {
        assert_eq!((seconds("30"), seconds("0"), seconds("2.5")), (Ok(30.0), Ok(0.0), Ok(2.5)));
        for text in ["-1", "NaN", "inf", "30s", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
