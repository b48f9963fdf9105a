//! The envelope of a payload: the identifiers and speaker roles that the sender states outside the payload itself, as fields of
//! the message or as its attributes.

use std::collections::BTreeMap;

use domain::{AgentId, CallId, IdError, Role};
use serde_json::Value;

use crate::Attributes;
use crate::field::{Field, FieldError};

/// The longest speaker map in an attribute, in bytes. The attributes of a message that SNS passed on may be as long as an object.
const MAX_SPEAKER_MAP: usize = 64 << 10;

/// What the sender states about a payload. It takes precedence over what the payload says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// The call's identifier.
    pub(crate) call_id: Option<CallId>,
    /// The identifier of the agent who took the call.
    pub(crate) agent_id: Option<AgentId>,
    /// The role of each speaker or channel, by its number or name.
    pub(crate) speaker_map: BTreeMap<String, Role>,
    /// Where the speaker map is, for errors.
    pub(crate) speaker_map_path: String,
    /// The call's identifier of last resort: the name of the S3 object that the payload was read from.
    pub(crate) object_name: Option<String>,
}

impl Envelope {
    /// Takes the fields `call_id`, `agent_id` and `speaker_map` of the message or, where one is missing, the attribute of that
    /// name. A field that neither has keeps its value. Fails at the first that is wrong; the ones before it are set.
    pub(crate) fn read(&mut self, message: &Field<'_, '_>, attributes: Attributes<'_>) -> Result<(), FieldError> {
        let is_map = |text: &&str| text.len() <= MAX_SPEAKER_MAP;
        let parsed = |text| Some(text).filter(is_map).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let speaker_map = attributes.speaker_map.map(|text| parsed(text).unwrap_or_else(|| text.into()));
        let document = serde_json::json!({"messageAttributes": {
            "call_id": attributes.call_id, "agent_id": attributes.agent_id, "speaker_map": speaker_map,
        }});
        let document = Field::root(&document);
        let attributes = document.get("messageAttributes");
        self.call_id = identifier(message, &attributes, "call_id", CallId::parse)?.or(self.call_id.take());
        self.agent_id = identifier(message, &attributes, "agent_id", AgentId::parse)?.or(self.agent_id.take());
        let speaker_map = first_present(message.get("speaker_map"), attributes.get("speaker_map"));
        if let Some(roles) = speaker_map.optional(roles_by_speaker)? {
            self.speaker_map = roles;
            self.speaker_map_path = speaker_map.path();
        }
        Ok(())
    }
}

fn first_present<'v, 'p>(field: Field<'v, 'p>, attribute: Field<'v, 'p>) -> Field<'v, 'p> {
    if field.is_present() { field } else { attribute }
}

/// The identifier in the message, or else in its attributes. A number is accepted as well as a string.
fn identifier<T>(
    message: &Field<'_, '_>,
    attributes: &Field<'_, '_>,
    name: &str,
    parse: impl Fn(String) -> Result<T, IdError>,
) -> Result<Option<T>, FieldError> {
    first_present(message.get(name), attributes.get(name)).optional(|field| match field.required()? {
        Value::Number(number) => parse(number.to_string()).map_err(|error| field.error(error)),
        _ => field.identifier(&parse),
    })
}

/// Reads `{"0": "agent", "1": "customer"}`.
fn roles_by_speaker(field: &Field<'_, '_>) -> Result<BTreeMap<String, Role>, FieldError> {
    let entry = |(speaker, role): (&String, &Value)| match role.as_str().map(Role::parse) {
        Some(Ok(role)) => Ok((speaker.clone(), role)),
        _ => Err(field.error("must name a role for each speaker: agent, customer or other")),
    };
    field.object()?.iter().map(entry).collect()
}
