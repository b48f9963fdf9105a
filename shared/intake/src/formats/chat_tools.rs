//! Calls of tools in chat messages and their results, as OpenAI, Anthropic, Telnyx and the common frameworks write
//! them: fields of a message, parts of its content, or entries of the list beside the messages.

use crate::call_builder::CallBuilder;
use crate::field::Field;

/// The types of parts of a message's content that call a tool.
const CALL_PARTS: [&str; 4] = ["tool_use", "server_tool_use", "mcp_tool_use", "tool-call"];
/// The names of a call's identifier, in the call and in its result. An entry of a list has an `id` of its own beside
/// it.
const CALL_ID: [&str; 6] = ["call_id", "callId", "toolCallId", "tool_call_id", "tool_use_id", "id"];
const NAME: [&str; 3] = ["function.name", "name", "toolName"];
const ARGUMENTS: [&str; 4] = ["function.arguments", "arguments", "args", "input"];
const RESULT: [&str; 6] = ["content", "output.value", "output.text", "output", "result", "text"];
const IS_ERROR: [&str; 2] = ["is_error", "isError"];

/// What an entry of a list of messages is, as far as tools are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToolEntry {
    /// A call of a tool.
    Call,
    /// The result of one.
    Result,
}

/// Whether an entry of a list, which is no message of a speaker, is a tool's.
pub(super) fn entry_kind(entry: &Field<'_, '_>) -> Option<ToolEntry> {
    match (entry.get("type").non_blank(), entry.get("role").non_blank()) {
        (Some("function_call" | "mcp_call"), _) => Some(ToolEntry::Call),
        (Some("function_call_output" | "function_call_result"), _) | (_, Some("tool" | "function")) => {
            Some(ToolEntry::Result)
        }
        _ => None,
    }
}

/// Whether a message calls a tool.
pub(super) fn has_calls(message: &Field<'_, '_>) -> bool {
    let calls = message.get("tool_calls");
    let parts = message.get("content");
    calls.elements().next().is_some()
        || message.get("function_call").is_present()
        || parts.elements().any(|part| is_call_part(&part))
}

/// Adds the calls in a message, after what it says.
pub(super) fn add_calls(message: &Field<'_, '_>, builder: &mut CallBuilder) {
    let (calls, parts) = (message.get("tool_calls"), message.get("content"));
    calls.elements().for_each(|call| add_call(&call, builder));
    parts.elements().filter(is_call_part).for_each(|part| add_call(&part, builder));
    // OpenAI's older form: one call per message, without an identifier.
    let single = message.get("function_call");
    if single.is_present() {
        add_call(&single, builder);
    }
}

/// Adds the results among the parts of a message; whether there are any.
pub(super) fn add_result_parts(message: &Field<'_, '_>, builder: &mut CallBuilder) -> bool {
    let parts = message.get("content");
    let mut has_result = false;
    for part in parts.elements().filter(is_result_part) {
        has_result = true;
        add_result(&part, builder);
    }
    has_result
}

/// Adds the call that a part or an entry is, and its result, if it has that too.
pub(super) fn add_call(call: &Field<'_, '_>, builder: &mut CallBuilder) {
    let (id, name) = (call.first_of(&CALL_ID), call.first_of(&NAME));
    let id = id.non_blank().or(name.non_blank());
    builder.add_tool_call(id, name.non_blank(), call.first_of(&ARGUMENTS).text_or_json());
    if call.get("output").is_present() {
        add_result(call, builder);
    }
}

/// Adds the result that a message, a part or an entry is. One without an identifier is that of the tool it names.
pub(super) fn add_result(result: &Field<'_, '_>, builder: &mut CallBuilder) {
    let (id, name) = (result.first_of(&CALL_ID), result.first_of(&NAME));
    let id = id.non_blank().or(name.non_blank());
    builder.add_tool_result(id, name.non_blank(), result_text(result), result.first_of(&IS_ERROR).boolean());
}

/// The result as a text: as it is written, its parts of text, or its JSON.
fn result_text(result: &Field<'_, '_>) -> Option<String> {
    let value = result.first_of(&RESULT);
    let text = value.message_text();
    if text.is_empty() && !value.is_text() { value.text_or_json() } else { Some(text).filter(|text| !text.is_empty()) }
}

fn is_call_part(part: &Field<'_, '_>) -> bool {
    part.get("type").non_blank().is_some_and(|kind| CALL_PARTS.contains(&kind))
}

/// Such as `tool_result`, `web_search_tool_result` and `tool-result`.
fn is_result_part(part: &Field<'_, '_>) -> bool {
    part.get("type").non_blank().is_some_and(|kind| kind.ends_with("tool_result") || kind == "tool-result")
}
