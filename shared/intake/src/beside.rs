//! What stands beside a payload: the identifiers and roles that a format has no place for, in the envelope or as attributes of
//! the message.

use std::collections::BTreeMap;

use domain::{AgentId, CallId, IdError, Role};
use serde_json::Value;

use crate::Attributes;
use crate::field::{Field, FieldError};

/// What the sender adds to a payload, or knows better than it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The call.
    pub(crate) call_id: Option<CallId>,
    /// Who took it.
    pub(crate) agent_id: Option<AgentId>,
    /// Which side a speaker or a channel is, by its number or name.
    pub(crate) speakers: BTreeMap<String, Role>,
    /// What the call is called when nothing else names it: the name of the object it lies in.
    pub(crate) object_name: Option<String>,
}

impl Beside {
    /// Takes the fields `call_id`, `agent_id` and `speaker_map` of the message, or else its attributes of these names; keeps
    /// what neither says. Fails at the first that is wrong, and has what comes before it.
    pub(crate) fn read(&mut self, message: &Field<'_, '_>, attributes: Attributes<'_>) -> Result<(), FieldError> {
        let map =
            attributes.speaker_map.map(|text| serde_json::from_str::<Value>(text).unwrap_or_else(|_| text.into()));
        let said = serde_json::json!({"messageAttributes": {
            "call_id": attributes.call_id, "agent_id": attributes.agent_id, "speaker_map": map,
        }});
        let said = Field::root(&said);
        let said = said.get("messageAttributes");
        self.call_id = identifier(message, &said, "call_id", CallId::parse)?.or(self.call_id.take());
        self.agent_id = identifier(message, &said, "agent_id", AgentId::parse)?.or(self.agent_id.take());
        let told = first(message.get("speaker_map"), said.get("speaker_map")).optional(speakers)?;
        self.speakers = told.unwrap_or_else(|| std::mem::take(&mut self.speakers));
        Ok(())
    }
}

fn first<'v, 'p>(field: Field<'v, 'p>, attribute: Field<'v, 'p>) -> Field<'v, 'p> {
    if field.is_present() { field } else { attribute }
}

/// The identifier in the message, or else in its attributes. A number is one as well.
fn identifier<T>(
    message: &Field<'_, '_>,
    attributes: &Field<'_, '_>,
    name: &str,
    parse: impl Fn(String) -> Result<T, IdError>,
) -> Result<Option<T>, FieldError> {
    first(message.get(name), attributes.get(name)).optional(|field| match field.required()? {
        Value::Number(number) => parse(number.to_string()).map_err(|error| field.error(error)),
        _ => field.identifier(&parse),
    })
}

/// Reads `{"0": "agent", "1": "customer"}`.
fn speakers(field: &Field<'_, '_>) -> Result<BTreeMap<String, Role>, FieldError> {
    let role = |(speaker, role): (&String, &Value)| match role.as_str().map(Role::parse) {
        Some(Ok(role)) => Ok((speaker.clone(), role)),
        _ => Err(field.error("must name a role for each speaker: agent, customer or other")),
    };
    field.object()?.iter().map(role).collect()
}
