//! Reads what producers put on the queue: one message in, one [`Message`] out, or an error that names the JSON path.
//!
//! **Invariant:** pure. Whatever the body, the answer is a value or an error, in time proportional to the body's length, and
//! the same body always gives the same answer.
//!
//! A message is what a voice platform posts when a call ends, or a call of the project's own schema (`formats`), either bare
//! or in an envelope `{"org_id": …, "payload": …}`. The organisation may be named in the body, by the envelope and by the
//! message's attribute `org_id`: once is enough, and whatever names it more than once must agree, because nothing here can
//! tell whose call it is if they do not. What a format has no field for, the sender states in the envelope (`envelope`).

mod call_builder;
mod coerce;
mod envelope;
mod error;
mod field;
mod formats;
mod objects;
#[cfg(test)]
mod proptests;
mod speaker_labels;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use domain::{AgentId, Call, CallId, OrgId};
use serde_json::Value;

pub use error::IntakeError;
pub use formats::native::json as native_json;
pub use objects::S3Reference;

use call_builder::CallBuilder;
use envelope::Envelope;
use error::Reason;
use field::Field;
use formats::{Format, Reading};

/// How many keys of an unknown payload an error names, and how many characters of each.
const ECHOED_KEYS: usize = 8;
const ECHOED_KEY_LENGTH: usize = 32;

/// What a message says besides its body: its attributes, as far as they are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// The organisation.
    pub org_id: Option<&'a str>,
    /// The call, for a payload that does not name it.
    pub call_id: Option<&'a str>,
    /// Who took the call, for a payload that does not say.
    pub agent_id: Option<&'a str>,
    /// Which side a speaker or a channel is, as JSON: `{"0": "agent", "1": "customer"}`.
    pub speaker_map: Option<&'a str>,
    /// Whether whoever holds a token may have posted it, rather than somebody who may write to the queue. Such a message
    /// brings its call along: it may not have objects read that may be another organisation's.
    pub from_webhook: bool,
}

/// What a message is.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// A finished call. It may still be one that is not scored, because nobody speaks in it for example.
    Call(Box<Call>),
    /// An event of a platform that is not the end of a call: nothing is to be done about it, ever.
    Ignored {
        /// The name of the format.
        format: &'static str,
        /// Why it is ignored.
        reason: String,
    },
    /// Objects with a call each, to be fetched and given to [`read_object`].
    Objects(Vec<S3Reference>),
}

/// Reads one queue message.
///
/// Fails when the body is not JSON, is no known format, lacks an organisation or has a field that is wrong. The error
/// still knows whose message it was wherever the message says so.
pub fn read(body: &str, attributes: Attributes<'_>) -> Result<Message, IntakeError> {
    known(|known| Source { attributes, ..Source::default() }.read(body, known))
}

/// Reads one queue message as one of that format, whatever it looks like; `None` when there is no format of that name.
#[must_use]
pub fn read_as(format: &str, body: &str, attributes: Attributes<'_>) -> Option<Result<Message, IntakeError>> {
    let format = Some(formats::named(format)?);
    Some(known(|known| Source { attributes, format, ..Source::default() }.read(body, known)))
}

/// Reads the call in an object that a message refers to. What the reference states counts as the call's envelope, the
/// object's name is the call's where nothing else names it, and so is `owner` its organisation.
///
/// Fails as [`read`] does; an object that refers to objects itself is of no known format.
pub fn read_object(text: &str, reference: &S3Reference, owner: Option<&OrgId>) -> Result<Message, IntakeError> {
    known(|known| {
        known.org.clone_from(&reference.org_id);
        known.call = reference.call_id();
        let source = Source { object: Some((reference, owner)), ..Source::default() };
        source.read(text, known)
    })
}

/// The names of all formats.
pub fn format_names() -> impl Iterator<Item = &'static str> {
    formats::ALL.iter().map(|format| format.name)
}

/// Whether a JSON array is one call: a list of messages, not a list of calls.
#[must_use]
pub fn is_one_call(array: &str) -> bool {
    serde_json::from_str(array).is_ok_and(|array| formats::detect(&Field::root(&array)).is_some())
}

fn known(read: impl FnOnce(&mut Known) -> Result<Message, Reason>) -> Result<Message, IntakeError> {
    let mut known = Known::default();
    read(&mut known).map_err(|reason| IntakeError {
        org_id: known.org,
        call_id: known.call,
        agent_id: known.agent,
        reason: Box::new(reason),
    })
}

/// What has been learned of a message so far.
#[derive(Default)]
struct Known {
    org: Option<OrgId>,
    call: Option<CallId>,
    agent: Option<AgentId>,
}

impl Known {
    /// Takes note of what names the organisation, if it does; fails when that is no identifier or contradicts an earlier
    /// one. Of a contradiction nothing is kept: neither organisation may see the other's call among its failures.
    fn note_organisation(&mut self, field: &Field<'_, '_>) -> Result<(), Reason> {
        let Some(found) = field.optional(|field| field.identifier(OrgId::parse))? else { return Ok(()) };
        match self.org.take() {
            Some(expected) if expected != found => {
                Err(Reason::ConflictingOrganisations { path: field.path(), found, expected })
            }
            _ => {
                self.org = Some(found);
                Ok(())
            }
        }
    }
}

/// Where a text comes from, and what is said of it.
#[derive(Default)]
struct Source<'a> {
    attributes: Attributes<'a>,
    /// The object it was read from, and whose that is if nothing else says so.
    object: Option<(&'a S3Reference, Option<&'a OrgId>)>,
    format: Option<&'static Format>,
}

impl Source<'_> {
    fn read(&self, body: &str, known: &mut Known) -> Result<Message, Reason> {
        let attributes = serde_json::json!({ "messageAttributes": { "org_id": self.attributes.org_id } });
        known.note_organisation(&Field::root(&attributes).get("messageAttributes.org_id"))?;
        let owner = || self.object.and_then(|(_, owner)| owner).cloned();
        let document: Value = serde_json::from_str(body).map_err(|error| {
            known.org = known.org.take().or_else(owner);
            Reason::NotJson(error.to_string())
        })?;
        let message = Field::root(&document);
        known.note_organisation(&message.get("org_id"))?;
        known.org = known.org.take().or_else(owner);
        let mut envelope = self.object.map(|(reference, _)| reference.envelope()).unwrap_or_default();
        let is_envelope_read = envelope.read(&message, self.attributes);
        known.call = envelope.call_id.clone().or(known.call.take());
        known.agent.clone_from(&envelope.agent_id);
        is_envelope_read?;
        if self.object.is_none()
            && self.format.is_none()
            && let Some(found) = objects::read(&message, known.org.as_ref(), &envelope)?
        {
            let is_refused = self.attributes.from_webhook && matches!(found, Message::Objects(_));
            return if is_refused { Err(Reason::ObjectsFromWebhook) } else { Ok(found) };
        }
        // A native call may carry a field `payload` of its own: it is ignored, like every unknown field.
        let is_enveloped = message.has("payload") && !message.has("transcript");
        let payload = if is_enveloped { message.get("payload") } else { message };
        payload.required()?;
        let Some(format) = self.format.or_else(|| formats::detect(&payload)) else {
            return Err(Reason::UnknownFormat { path: payload.path(), keys: keys(&payload)? });
        };
        call(format, &payload, envelope, known)
    }
}

fn call(
    format: &'static Format,
    payload: &Field<'_, '_>,
    envelope: Envelope,
    known: &mut Known,
) -> Result<Message, Reason> {
    let mut builder = CallBuilder::new(envelope, format.name);
    let reading = (format.read)(payload, &mut builder);
    known.call = builder.call_id.clone().or(known.call.take());
    known.agent.clone_from(&builder.agent_id);
    if format.is_ours {
        known.note_organisation(&payload.get("org_id"))?;
    }
    match reading {
        Ok(Reading::Ignored(reason)) => return Ok(Message::Ignored { format: format.name, reason }),
        Ok(Reading::Call) => {}
        Err(error) if format.is_ours => return Err(error.into()),
        Err(error) => return Err(Reason::Foreign { format: format.name, error }),
    }
    let org_id = known.org.clone().ok_or(Reason::MissingOrganisation)?;
    let call = builder.build(org_id).ok_or_else(|| payload.get("call_id").error("is missing"))?;
    Ok(Message::Call(Box::new(call)))
}

/// The keys of an object as a phrase, cut short: they are names of a foreign schema, or else somebody's data.
fn keys(object: &Field<'_, '_>) -> Result<String, Reason> {
    let members = object.object()?;
    // The first ones by name, because whether a map keeps the order of its keys depends on who else uses the parser.
    let mut first = BTreeSet::new();
    for key in members.keys() {
        first.insert(key.as_str());
        if first.len() > ECHOED_KEYS {
            first.pop_last();
        }
    }
    let named = first.into_iter().map(|key| key.chars().take(ECHOED_KEY_LENGTH).collect::<String>());
    let named = named.collect::<Vec<_>>().join(", ");
    Ok(match members.len() {
        0 => "no keys".to_owned(),
        count if count > ECHOED_KEYS => format!("keys: {named} and {} more", count - ECHOED_KEYS),
        _ => format!("keys: {named}"),
    })
}
