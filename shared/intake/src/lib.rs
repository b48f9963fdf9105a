//! Reads what producers put on the queue: one message in, one [`Call`] out, or an error that names the JSON path.
//!
//! **Invariant:** pure. Whatever the body, the answer is a call or an error, in time proportional to the body's length, and
//! the same body always gives the same answer.
//!
//! A message is a call of the native schema (see `native`), either bare or in an envelope
//! `{"org_id": …, "payload": {…}}`. The organisation may be named in the body, by the envelope and by the message's
//! attribute `org_id`: once is enough, and whatever names it more than once must agree, because nothing here can tell
//! whose call it is if they do not.

mod error;
mod field;
mod labelled;
mod native;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use domain::{AgentId, Call, CallId, OrgId};
use serde_json::Value;

pub use error::IntakeError;
use error::Reason;
use field::Field;

/// How many keys of an unknown payload an error names, and how many characters of each.
const ECHOED_KEYS: usize = 8;
const ECHOED_KEY_LENGTH: usize = 32;

/// Reads one queue message. `org_attribute` is its message attribute `org_id`, when there is one.
///
/// Fails when the body is not JSON, is no known format, lacks an organisation or has a field that is wrong. The error
/// still knows whose message it was wherever the message says so.
pub fn parse_message(body: &str, org_attribute: Option<&str>) -> Result<Call, IntakeError> {
    let mut known = Known::default();
    read(body, org_attribute, &mut known).map_err(|reason| IntakeError {
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
    fn note_organisation(&mut self, field: &Field<'_>) -> Result<(), Reason> {
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

fn read(body: &str, org_attribute: Option<&str>, known: &mut Known) -> Result<Call, Reason> {
    let attributes = serde_json::json!({ "messageAttributes": { "org_id": org_attribute } });
    known.note_organisation(&Field::root(&attributes).get("messageAttributes").get("org_id"))?;
    let document: Value = serde_json::from_str(body).map_err(|error| Reason::NotJson(error.to_string()))?;
    let message = Field::root(&document);
    message.object()?;
    // A native call may carry a field `payload` of its own: it is ignored, like every unknown field.
    let payload = if message.has("payload") && !message.has("transcript") { message.get("payload") } else { message };
    let is_native = native::recognises(&payload);
    if is_native {
        known.call = native::call_id(&payload).ok();
        known.agent = native::agent_id(&payload).ok().flatten();
    }
    known.note_organisation(&message.get("org_id"))?;
    if !is_native {
        return Err(Reason::UnknownFormat { path: payload.path(), keys: keys(&payload)? });
    }
    known.note_organisation(&payload.get("org_id"))?;
    let org_id = known.org.clone().ok_or(Reason::MissingOrganisation)?;
    Ok(native::read(&payload, org_id)?)
}

/// The keys of an object as a phrase, cut short: they are names of a foreign schema, or else somebody's data.
fn keys(object: &Field<'_>) -> Result<String, Reason> {
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
