//! The project's own schema of a call.
//!
//! Strict where it matters: a wrong type, an unknown role, a missing identifier or text is an error. What it does not know
//! it ignores, and of a repeated key the last one counts, as with every common JSON parser. Nothing limits the number of
//! turns but the size of a message: reading takes time in proportion to it.

use domain::{AgentId, Call, CallId, OrgId, Role, Turn};
use serde_json::{Map, Value};

use crate::field::{Field, FieldError};
use crate::labelled;

/// The most bytes that a call's metadata may have, written as compact JSON.
const LARGEST_METADATA_BYTES: usize = 2048;

/// The longest language tag that RFC 5646 (4.4.1) asks software to hold.
const LONGEST_LANGUAGE_TAG: usize = 35;

/// The longest unknown role that an error echoes: a longer one is rather speech in the wrong field.
const LONGEST_ECHOED_ROLE: usize = 32;

/// Whether that is meant to be a call of this schema, complete or not.
pub(crate) fn recognises(payload: &Field<'_>) -> bool {
    payload.has("call_id") || payload.has("transcript")
}

/// The call's identifier.
pub(crate) fn call_id(payload: &Field<'_>) -> Result<CallId, FieldError> {
    payload.get("call_id").identifier(CallId::parse)
}

/// The agent's identifier, when there is one.
pub(crate) fn agent_id(payload: &Field<'_>) -> Result<Option<AgentId>, FieldError> {
    payload.get("agent_id").optional(|field| field.identifier(AgentId::parse))
}

/// The call of that organisation; fails at the first field that is wrong.
pub(crate) fn read(payload: &Field<'_>, org_id: OrgId) -> Result<Call, FieldError> {
    Ok(Call {
        agent_id: agent_id(payload)?,
        started_at: payload.get("started_at").optional(Field::timestamp)?,
        stated_duration_seconds: payload.get("duration_seconds").optional(Field::seconds)?,
        language: payload.get("language").optional(language)?,
        metadata: payload.get("metadata").optional(metadata)?.unwrap_or_default(),
        ..Call::new(org_id, call_id(payload)?, transcript(&payload.get("transcript"))?)
    })
}

fn language(field: &Field<'_>) -> Result<String, FieldError> {
    let tag = field.text()?;
    let tag_like = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=LONGEST_LANGUAGE_TAG).contains(&tag.len()) && tag.bytes().all(tag_like) {
        Ok(tag.to_owned())
    } else {
        Err(field.error("must be a language tag such as en or en-US"))
    }
}

fn metadata(field: &Field<'_>) -> Result<Map<String, Value>, FieldError> {
    let members = field.object()?;
    let bytes = serde_json::to_vec(members).map_err(|error| field.error(error))?.len();
    if bytes > LARGEST_METADATA_BYTES {
        return Err(field.error(format_args!("must not be larger than {LARGEST_METADATA_BYTES} bytes, but is {bytes}")));
    }
    Ok(members.clone())
}

fn transcript(field: &Field<'_>) -> Result<Vec<Turn>, FieldError> {
    match field.required()? {
        Value::String(text) => labelled::turns(text).map_err(|error| field.error(error)),
        Value::Array(turns) => {
            turns.iter().enumerate().map(|(index, value)| turn(&field.element(index, value))).collect()
        }
        other => Err(field.wrong_type("an array of turns or a string", other)),
    }
}

fn turn(field: &Field<'_>) -> Result<Turn, FieldError> {
    field.object()?;
    Ok(Turn {
        role: role(&field.get("role"))?,
        text: field.get("text").text()?.to_owned(),
        start_ms: field.get("start_ms").optional(Field::milliseconds)?,
        end_ms: field.get("end_ms").optional(Field::milliseconds)?,
    })
}

fn role(field: &Field<'_>) -> Result<Role, FieldError> {
    let name = field.text()?;
    Role::parse(name).map_err(|error| {
        if name.len() > LONGEST_ECHOED_ROLE {
            field.error("must be agent, customer or other")
        } else {
            field.error(error)
        }
    })
}
