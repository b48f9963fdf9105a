//! `normalize`: inputs of any format in, calls of the project's own schema out, in the same order.

use std::process::ExitCode;

use domain::OrgId;
use serde_json::Value;

use crate::arguments::NormalizeArguments;
use crate::console::Console;
use crate::error::CommandError;
use crate::input::InputSources;
use crate::input_entry::InputEntry;
use crate::queue_message::{is_no_call, read};

/// Stands for the organisation of a call that names none; it is not printed.
const NOBODY: &str = "nobody";

/// Prints all calls of the input. The code is 1 when one of them cannot be read.
pub(crate) fn run(arguments: &NormalizeArguments) -> Result<ExitCode, CommandError> {
    let nobody = OrgId::parse(NOBODY).map_err(CommandError::unavailable("cannot start"))?;
    let sources = InputSources::of(&arguments.input.paths);
    let mut console = Console::of(&sources);
    let (mut normalized, mut ignored) = (0_usize, 0_usize);
    for entry in sources.entries() {
        match normalize(&entry, arguments, &nobody) {
            Ok(Ok(call)) => {
                normalized += 1;
                console.result(&call.to_string())?;
            }
            Ok(Err(remark)) => {
                ignored += 1;
                console.remark(&entry.location, remark);
            }
            Err(message) => console.error(&entry.location, message),
        }
        console.advance(&entry);
    }
    console.finish(format_args!("normalized {normalized}, ignored {ignored}"))
}

/// The call, or a remark on what the input is instead; fails with what is wrong with the input.
fn normalize(
    entry: &InputEntry,
    arguments: &NormalizeArguments,
    nobody: &OrgId,
) -> Result<Result<Value, String>, String> {
    let text = entry.text.as_ref().map_err(ToString::to_string)?;
    let default_org = arguments.input.org.as_ref().unwrap_or(nobody);
    let (message, given_org) =
        read(text, Some(default_org), arguments.format.as_deref()).map_err(|error| error.to_string())?;
    let intake::ParsedMessage::Call(call) = &message else { return Ok(Err(is_no_call(&message).unwrap_or_default())) };
    let mut native = intake::native_json(call);
    let names_nobody = given_org.as_ref() == Some(nobody) && arguments.input.org.is_none();
    if names_nobody && let Some(org_id) = native.get_mut("org_id") {
        *org_id = Value::Null;
    }
    Ok(Ok(native))
}
