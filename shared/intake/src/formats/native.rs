//! The project's own schema of a call, with a field for everything that a [`Call`] has.
//!
//! It is read strictly: a wrong type, an unknown role, a missing identifier or text is an error. Unknown fields are ignored, and of
//! a repeated key the last value counts, as in most JSON parsers. Reading takes time proportional to the size of a message.

use domain::{AgentId, Call, CallId, PlatformMeasures, Role, SkipReason, ToolEvent, Turn};
use serde_json::{Map, Value, json};

use super::PayloadKind;
use crate::call_builder::{CallBuilder, is_language_tag};
use crate::call_metadata::CallMetadata;
use crate::caption_text;
use crate::field::{Field, FieldError};
use crate::speaker_labels::{self, SpeakerLabel};

/// The longest unknown role that an error echoes: a longer text may be speech in the wrong field.
const MAX_ECHOED_ROLE_LENGTH: usize = 32;

/// The labels of lines that nobody speaks. A system, unlike in platforms' texts, may be one that speaks with the caller.
const TOOL_LABELS: [&str; 7] =
    ["developer", "function", "function call", "tool", "tool call", "tool result", "tool response"];

/// The fields that only this schema has under these names. Senders add the identifiers to payloads of platforms as well.
const OWN_FIELDS: [&str; 11] = [
    "transcript",
    "started_at",
    "duration_seconds",
    "language",
    "skip_reason",
    "metadata",
    "roles_guessed",
    "tool_events",
    "platform_measures",
    "producer_verdict",
    "producer",
];
/// The fields that say which call it is and who speaks, in our schema and in the envelope.
const ENVELOPE_FIELDS: [&str; 4] = ["org_id", "call_id", "agent_id", "speaker_map"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let is_named = payload.has("call_id") || payload.has("transcript");
    is_named && (has_turns(payload) || (is_mostly_native(payload) && !super::is_platform_format(payload)))
}

/// Whether the transcript is a list of turns as only this schema has them.
fn has_turns(payload: &Field<'_, '_>) -> bool {
    let transcript = payload.get("transcript");
    transcript.elements().next().is_some_and(|turn| turn.has("role") && turn.has("text"))
}

/// Whether a payload has a transcript, or would be a call of this schema if it had one: no more fields of others than of its own.
fn is_mostly_native(payload: &Field<'_, '_>) -> bool {
    let names = || payload.value().and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str);
    let own = names().filter(|name| OWN_FIELDS.contains(name)).count();
    let others = names().filter(|name| !OWN_FIELDS.contains(name) && !ENVELOPE_FIELDS.contains(name)).count();
    payload.get("transcript").is_present() || own >= others
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let (call_id, agent_id) = (payload.get("call_id"), payload.get("agent_id"));
    call_id.optional(|field| field.identifier(CallId::parse))?;
    builder.set_call_id(&[call_id])?;
    let agent = agent_id.optional(|field| field.identifier(AgentId::parse))?;
    builder.agent_id = builder.agent_id.take().or(agent);
    builder.started_at = payload.get("started_at").optional(Field::start_time)?;
    builder.duration_seconds = payload.get("duration_seconds").optional(Field::seconds)?;
    builder.language = payload.get("language").optional(language)?;
    builder.stated_skip = payload.get("skip_reason").optional(stated_skip)?;
    let spoken = payload.get("transcript");
    let text = spoken.value().and_then(Value::as_str);
    if let Some(captions) = text.filter(|text| caption_text::is_captions(text)) {
        caption_text::add_turns(captions, &spoken, builder)?;
    } else if text.is_none_or(|text| builder.may_take_apart(text)) {
        builder.turns = transcript(&spoken, &builder.mapped_labels())?;
    }
    builder.metadata = payload.get("metadata").optional(CallMetadata::read)?.unwrap_or_default();
    builder.roles_guessed |= payload.get("roles_guessed").optional(boolean)?.unwrap_or_default();
    payload.get("tool_events").optional(|field| tool_events(field, builder))?;
    builder.measures = payload.get("platform_measures").optional(measures)?.unwrap_or_default();
    let verdict = payload.get("producer_verdict");
    verdict.optional(Field::object)?;
    let verdict_text = |name| verdict.get(name).optional(Field::text).map(|text| text.map(str::to_owned));
    builder.set_verdict(verdict_text("success")?, verdict_text("sentiment")?, verdict_text("summary")?.as_deref());
    if let Some(producer) = payload.get("producer").optional(producer)? {
        builder.producer = producer;
    }
    Ok(PayloadKind::Call)
}

/// The call as a message in this schema; reading it gives the same call.
#[must_use]
pub fn json(call: &Call) -> Value {
    let turn =
        |turn: &Turn| json!({"role": turn.role, "text": turn.text, "start_ms": turn.start_ms, "end_ms": turn.end_ms});
    let event = |event: &ToolEvent| {
        let ToolEvent { after_turn, name, arguments, result, is_error } = event;
        json!({"after_turn": after_turn, "name": name, "arguments": arguments, "result": result, "is_error": is_error})
    };
    let PlatformMeasures {
        agent_talk_ratio,
        interruptions_by_agent,
        interruptions_by_customer,
        silence_ratio,
        agent_words_per_minute,
    } = call.platform_measures;
    let mut message = json!({
        "org_id": call.org_id, "call_id": call.call_id, "agent_id": call.agent_id, "producer": call.producer,
        "started_at": call.started_at, "duration_seconds": call.stated_duration_seconds, "language": call.language,
        "roles_guessed": call.roles_guessed, "transcript": call.transcript.iter().map(turn).collect::<Vec<_>>(),
        "tool_events": call.tool_events.iter().map(event).collect::<Vec<_>>(),
        "platform_measures": {
            "agent_talk_ratio": agent_talk_ratio, "interruptions_by_agent": interruptions_by_agent,
            "silence_ratio": silence_ratio, "agent_words_per_minute": agent_words_per_minute,
        },
        "producer_verdict": call.producer_verdict, "metadata": call.metadata,
    });
    if let (Some(reason), Some(members)) = (call.stated_skip, message.as_object_mut()) {
        members.insert("skip_reason".to_owned(), reason.code().into());
    }
    if let Some(measures) = message.get_mut("platform_measures").and_then(Value::as_object_mut) {
        let by_customer = interruptions_by_customer.map(|count| ("interruptions_by_customer".to_owned(), count.into()));
        measures.extend(by_customer);
    }
    message
}

fn language(field: &Field<'_, '_>) -> Result<String, FieldError> {
    let tag = field.text()?;
    if is_language_tag(tag) {
        Ok(tag.to_owned())
    } else {
        Err(field.error("must be a language tag such as en or en-US"))
    }
}

fn stated_skip(field: &Field<'_, '_>) -> Result<SkipReason, FieldError> {
    let known = || SkipReason::STATED_BY_PLATFORMS.map(SkipReason::code).join(", ");
    SkipReason::parse_stated(field.text()?).ok_or_else(|| field.error(format_args!("must be one of {}", known())))
}

/// The format that a call was converted from. Its name has the alphabet of identifiers.
fn producer(field: &Field<'_, '_>) -> Result<String, FieldError> {
    field.identifier(AgentId::parse).map(String::from)
}

fn boolean(field: &Field<'_, '_>) -> Result<bool, FieldError> {
    let value = field.required()?;
    value.as_bool().ok_or_else(|| field.wrong_type("a boolean", value))
}

/// The turns of a list, or of a text with speaker labels, of which the envelope's speaker map may have these.
fn transcript(field: &Field<'_, '_>, mapped: &[SpeakerLabel<'_>]) -> Result<Vec<Turn>, FieldError> {
    match field.required()? {
        Value::String(text) => {
            let labels = [mapped, &TOOL_LABELS.map(|label| (label, None))].concat();
            speaker_labels::parse(text, &labels).map_err(|error| field.error(error))
        }
        Value::Array(turns) => {
            turns.iter().enumerate().map(|(index, value)| turn(&field.element(index, value))).collect()
        }
        other => Err(field.wrong_type("an array of turns or a string", other)),
    }
}

fn turn(field: &Field<'_, '_>) -> Result<Turn, FieldError> {
    field.object()?;
    Ok(Turn {
        role: role(&field.get("role"))?,
        text: field.get("text").text()?.to_owned(),
        start_ms: field.get("start_ms").optional(Field::milliseconds)?,
        end_ms: field.get("end_ms").optional(Field::milliseconds)?,
    })
}

fn role(field: &Field<'_, '_>) -> Result<Role, FieldError> {
    let name = field.text()?;
    Role::parse(name).map_err(|error| {
        if name.len() > MAX_ECHOED_ROLE_LENGTH {
            field.error("must be agent, customer or other")
        } else {
            field.error(error)
        }
    })
}

fn tool_events(field: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    for (index, value) in field.array()?.iter().enumerate() {
        let event = field.element(index, value);
        let name = event.get("name").text()?;
        let after_turn = event.get("after_turn");
        let after_turn = after_turn.optional(|field| turn_index(field, builder.turns.len()))?;
        let is_error = event.get("is_error").optional(boolean)?;
        let (arguments, result) = (event.get("arguments").text_or_json(), event.get("result").text_or_json());
        builder.add_tool_event(after_turn, name, arguments, result, is_error);
    }
    Ok(())
}

fn turn_index(field: &Field<'_, '_>, turns: usize) -> Result<usize, FieldError> {
    let index = field.required()?.as_u64().and_then(|index| usize::try_from(index).ok());
    index.filter(|index| *index < turns).ok_or_else(|| field.error("must be the index of a turn, from 0"))
}

fn measures(field: &Field<'_, '_>) -> Result<PlatformMeasures, FieldError> {
    field.object()?;
    let ratio = |field: &Field<'_, '_>| {
        let ratio = field.number().filter(|ratio| (0.0..=1.0).contains(ratio));
        ratio.ok_or_else(|| field.error("must be a ratio from 0 to 1"))
    };
    let count = |field: &Field<'_, '_>| field.count().ok_or_else(|| field.error("must be a whole number, 0 or more"));
    Ok(PlatformMeasures {
        agent_talk_ratio: field.get("agent_talk_ratio").optional(ratio)?,
        interruptions_by_agent: field.get("interruptions_by_agent").optional(count)?,
        interruptions_by_customer: field.get("interruptions_by_customer").optional(count)?,
        silence_ratio: field.get("silence_ratio").optional(ratio)?,
        agent_words_per_minute: field.get("agent_words_per_minute").optional(count)?,
    })
}
