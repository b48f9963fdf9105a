//! Reads the messages that producers put on the queue: one message in, one [`ParsedMessage`] out, or an error that names the
//! JSON path.
//!
//! **Invariant:** pure. Every body gives a value or an error, in time proportional to its length, and the same body always gives
//! the same result. The memory that it takes is bounded, whatever the body (`json_memory`).
//!
//! A message is what a voice platform posts when a call ends, or a call in the project's own schema (`formats`), either bare or in
//! an envelope `{"org_id": …, "payload": …}`. The organisation may be named in the body, in the envelope and in the message
//! attribute `org_id`. One of them is enough; if there are several they must agree, because nothing here could tell which of them
//! owns the call. The envelope also has what a format has no field for (`envelope`).

mod call_builder;
mod call_metadata;
mod caption_markup;
mod caption_text;
mod coerce;
mod encoding;
mod entries;
mod envelope;
mod error;
mod field;
mod formats;
mod json_beginning;
mod json_memory;
mod json_text;
mod label_text;
#[cfg(test)]
mod proptests;
mod relays;
mod s3_objects;
mod speaker_labels;
mod speaker_roles;
mod speech_markup;
mod speech_segments;
#[cfg(test)]
mod tests;
mod turn_times;
#[cfg(test)]
mod unreadable_tests;

use std::collections::BTreeSet;

use domain::{AgentId, Call, CallId, OrgId};

pub use caption_text::is_captions;
pub use encoding::decoded;
pub use error::IntakeError;
pub use formats::native::json as native_json;
pub use json_text::mended as mended_json;
pub use s3_objects::{S3Objects, S3Reference};

use call_builder::CallBuilder;
use envelope::Envelope;
use error::IntakeErrorKind;
use field::Field;
use formats::{Format, PayloadKind};
use json_memory::Memory;
use json_text::{Problem, Unreadable};
use relays::{MAX_RELAYS, Relayed};

/// How many keys of an unknown payload an error names.
const ECHOED_KEYS: usize = 8;
/// How many characters of each of these keys.
const ECHOED_KEY_LENGTH: usize = 32;

/// The attributes of a message, as far as it has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// The organisation.
    pub org_id: Option<&'a str>,
    /// The call, for a payload that does not name it.
    pub call_id: Option<&'a str>,
    /// Who took the call, for a payload that does not name the agent.
    pub agent_id: Option<&'a str>,
    /// The role of each speaker or channel, as JSON: `{"0": "agent", "1": "customer"}`.
    pub speaker_map: Option<&'a str>,
    /// Whether the message came through the webhook, where anybody with a token can post, and not from a sender that may write
    /// to the queue. Such a message must hold the call itself: an object that it refers to may be another organisation's.
    pub from_webhook: bool,
}

/// What a message turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsedMessage {
    /// A finished call. It may still be skipped later, for example because nobody speaks in it.
    Call(Box<Call>),
    /// A platform's event other than the end of a call. There is nothing to do.
    Ignored {
        /// The name of the format.
        format: &'static str,
        /// Why it is ignored.
        reason: String,
    },
    /// References to objects that hold a call each, to be fetched and given to [`read_object`].
    Objects(S3Objects),
}

/// Reads one message of the queue.
///
/// Fails when the body is not JSON, is too large, is of no known format, names no organisation or has a field that is wrong. The error
/// has the identifiers that were found in the message, or, if it cannot be read to its end, in its beginning.
pub fn read(body: &str, attributes: Attributes<'_>) -> Result<ParsedMessage, IntakeError> {
    with_ids(|ids| MessageReader { attributes, ..MessageReader::default() }.read(body, ids))
}

/// Reads one message of the queue as one of that format, whatever it looks like; `None` when there is no format of that name.
#[must_use]
pub fn read_as(format: &str, body: &str, attributes: Attributes<'_>) -> Option<Result<ParsedMessage, IntakeError>> {
    let format = Some(formats::by_name(format)?);
    Some(with_ids(|ids| MessageReader { attributes, format, ..MessageReader::default() }.read(body, ids)))
}

/// Reads the call in an object that a message refers to. What the reference states counts as the call's envelope. Where nothing
/// else names them, the call is named by the object and the organisation is `owner`, the owner of the bucket.
///
/// Fails as [`read`] does. An object that refers to objects itself is of no known format.
pub fn read_object(text: &str, reference: &S3Reference, owner: Option<&OrgId>) -> Result<ParsedMessage, IntakeError> {
    with_ids(|ids| {
        ids.org.clone_from(&reference.org_id);
        ids.call = reference.call_id();
        MessageReader { object: Some((reference, owner)), ..MessageReader::default() }.read(text, ids)
    })
}

/// The names of all formats.
pub fn format_names() -> impl Iterator<Item = &'static str> {
    formats::FORMATS.iter().map(|format| format.name)
}

/// Whether a JSON array is one call, a list of chat messages, rather than a list of calls.
#[must_use]
pub fn is_one_call(array: &str) -> bool {
    json_text::parse(array, &Memory::default()).is_ok_and(|array| formats::detect(&Field::root(&array)).is_some())
}

/// Adds the identifiers that `read` found to its error.
fn with_ids(
    read: impl FnOnce(&mut MessageIds) -> Result<ParsedMessage, IntakeErrorKind>,
) -> Result<ParsedMessage, IntakeError> {
    let mut ids = MessageIds::default();
    read(&mut ids).map_err(|kind| IntakeError {
        org_id: ids.org,
        call_id: ids.call,
        agent_id: ids.agent,
        kind: Box::new(kind),
    })
}

/// The identifiers that were found in a message so far.
#[derive(Default)]
struct MessageIds {
    org: Option<OrgId>,
    call: Option<CallId>,
    agent: Option<AgentId>,
}

impl MessageIds {
    /// Takes the organisation from a field, if it has one. Fails when it is not an identifier or differs from the one found
    /// before; then neither is kept: no organisation may see another one's call among its failures.
    fn set_org_id(&mut self, field: &Field<'_, '_>) -> Result<(), IntakeErrorKind> {
        let Some(found) = field.optional(|field| field.identifier(OrgId::parse))? else { return Ok(()) };
        match self.org.take() {
            Some(expected) if expected != found => {
                Err(IntakeErrorKind::ConflictingOrganisations { path: field.path(), found, expected })
            }
            _ => {
                self.org = Some(found);
                Ok(())
            }
        }
    }
}

/// Reads one text, given what is known about its source.
#[derive(Default)]
struct MessageReader<'a> {
    attributes: Attributes<'a>,
    /// The object that the text is from, and its owner unless something else names the organisation.
    object: Option<(&'a S3Reference, Option<&'a OrgId>)>,
    /// The format to read it as; it is detected if there is none.
    format: Option<&'static Format>,
    /// For the text and the documents that are written in it as texts.
    memory: Memory,
}

impl MessageReader<'_> {
    fn read(&self, body: &str, ids: &mut MessageIds) -> Result<ParsedMessage, IntakeErrorKind> {
        let attributes = serde_json::json!({ "messageAttributes": { "org_id": self.attributes.org_id } });
        ids.set_org_id(&Field::root(&attributes).get("messageAttributes.org_id"))?;
        let envelope = self.object.map(|(reference, _)| reference.envelope()).unwrap_or_default();
        let read = match json_text::parse(body, &self.memory) {
            Ok(document) => self.read_relayed(&Field::root(&document), self.attributes, envelope, MAX_RELAYS, ids),
            Err(Unreadable { problem, beginning }) => {
                let beginning = Field::root(&beginning);
                let read = self.read_relayed(&beginning, self.attributes, envelope, MAX_RELAYS, ids);
                Err(unreadable(&beginning, problem, read))
            }
        };
        if read.as_ref().is_err_and(|error| !matches!(error, IntakeErrorKind::ConflictingOrganisations { .. })) {
            ids.org = ids.org.take().or_else(|| self.owner());
        }
        read
    }

    /// The owner of the object that is read, unless something else names the organisation.
    fn owner(&self) -> Option<OrgId> {
        self.object.and_then(|(_, owner)| owner).cloned()
    }

    /// Reads a message, or what is in it when a service put something around it, at most that many times.
    fn read_relayed(
        &self,
        message: &Field<'_, '_>,
        attributes: Attributes<'_>,
        mut envelope: Envelope,
        most_relays: usize,
        ids: &mut MessageIds,
    ) -> Result<ParsedMessage, IntakeErrorKind> {
        ids.set_org_id(&message.get("org_id"))?;
        let is_envelope_read = envelope.read(message, attributes);
        ids.call = envelope.call_id.clone().or(ids.call.take());
        ids.agent.clone_from(&envelope.agent_id);
        is_envelope_read?;
        let Some(most_relays) = most_relays.checked_sub(1) else { return self.read_message(message, envelope, ids) };
        let relayed = relays::open(message, &self.memory)?;
        if relayed.is_some() {
            ids.set_org_id(&relays::org_id(message))?;
        }
        let attributes = relays::attributes(message, attributes);
        match relayed {
            None => self.read_message(message, envelope, ids),
            Some(Relayed::Value(inner)) => self.read_relayed(&inner, attributes, envelope, most_relays, ids),
            Some(Relayed::Document(text, document)) => {
                self.read_relayed(&text.with_value(&document), attributes, envelope, most_relays, ids)
            }
            Some(Relayed::Unreadable(text, Unreadable { problem, beginning })) => {
                let beginning = text.with_value(&beginning);
                let read = self.read_relayed(&beginning, attributes, envelope, most_relays, ids);
                Err(unreadable(&beginning, problem, read))
            }
            Some(Relayed::Nothing { service, reason }) => Ok(ParsedMessage::Ignored { format: service, reason }),
        }
    }

    fn read_message(
        &self,
        message: &Field<'_, '_>,
        envelope: Envelope,
        ids: &mut MessageIds,
    ) -> Result<ParsedMessage, IntakeErrorKind> {
        ids.org = ids.org.take().or_else(|| self.owner());
        if self.object.is_none()
            && self.format.is_none()
            && let Some(found) = s3_objects::read(message, ids.org.as_ref(), &envelope)?
        {
            let is_refused = self.attributes.from_webhook && matches!(found, ParsedMessage::Objects(_));
            return if is_refused { Err(IntakeErrorKind::ObjectsFromWebhook) } else { Ok(found) };
        }
        // A native call may have a field `payload` of its own: it is ignored, like every unknown field.
        let is_enveloped = message.has("payload") && !message.has("transcript");
        let payload = if is_enveloped { message.get("payload") } else { *message };
        payload.required()?;
        let Some(format) = self.format.or_else(|| formats::detect(&payload)) else {
            return Err(IntakeErrorKind::UnknownFormat { path: payload.path(), keys: describe(&payload)? });
        };
        read_payload(format, &payload, envelope, ids)
    }
}

fn read_payload(
    format: &'static Format,
    payload: &Field<'_, '_>,
    envelope: Envelope,
    ids: &mut MessageIds,
) -> Result<ParsedMessage, IntakeErrorKind> {
    let mut builder = CallBuilder::new(envelope, format.name);
    let kind = (format.read)(payload, &mut builder).and_then(|kind| builder.require_mapped_speakers().map(|()| kind));
    let is_too_long = builder.is_too_long();
    ids.call = builder.call_id.clone().or(ids.call.take());
    ids.agent.clone_from(&builder.agent_id);
    if format.is_native {
        ids.set_org_id(&payload.get("org_id"))?;
    }
    match kind {
        Ok(PayloadKind::Ignored(reason)) => return Ok(ParsedMessage::Ignored { format: format.name, reason }),
        Ok(PayloadKind::Call) => {}
        Err(error) if format.is_native => return Err(error.into()),
        Err(error) => return Err(IntakeErrorKind::PlatformField { format: format.name, error }),
    }
    if is_too_long {
        return Err(IntakeErrorKind::TooLong { path: payload.path() });
    }
    let org_id = ids.org.clone().ok_or(IntakeErrorKind::MissingOrganisation)?;
    let call = builder.build(org_id).ok_or_else(|| payload.get("call_id").error("is missing"))?;
    Ok(ParsedMessage::Call(Box::new(call)))
}

/// The error about a text that cannot be read, after its beginning was read for the identifiers in it. That it names two organisations
/// counts more: neither may see the call.
fn unreadable(
    text: &Field<'_, '_>,
    problem: Problem,
    beginning: Result<ParsedMessage, IntakeErrorKind>,
) -> IntakeErrorKind {
    match (beginning, problem) {
        (Err(conflict @ IntakeErrorKind::ConflictingOrganisations { .. }), _) => conflict,
        (_, problem @ Problem::NotJson(_)) => text.error(problem).into(),
        (_, Problem::TooLarge(error)) => IntakeErrorKind::TooLarge { path: text.path(), error },
    }
}

/// The keys of an object, and the known format that it looks like, as a phrase for an error.
fn describe(object: &Field<'_, '_>) -> Result<String, IntakeErrorKind> {
    let keys = describe_keys(object)?;
    Ok(match formats::resemblance::of(object) {
        Some(format) => format!("{keys}; it looks like {format}"),
        None => keys,
    })
}

/// The keys of an object as a phrase for an error. Only the first few, shortened: they may be somebody's data.
fn describe_keys(object: &Field<'_, '_>) -> Result<String, IntakeErrorKind> {
    let members = object.object()?;
    // The first ones in alphabetical order: whether a map keeps the order of its keys depends on serde_json's features.
    let mut first = BTreeSet::new();
    for key in members.keys() {
        first.insert(key.as_str());
        if first.len() > ECHOED_KEYS {
            first.pop_last();
        }
    }
    let names = first.into_iter().map(|key| key.chars().take(ECHOED_KEY_LENGTH).collect::<String>());
    let names = names.collect::<Vec<_>>().join(", ");
    Ok(match members.len() {
        0 => "no keys".to_owned(),
        count if count > ECHOED_KEYS => format!("keys: {names} and {} more", count - ECHOED_KEYS),
        _ => format!("keys: {names}"),
    })
}
