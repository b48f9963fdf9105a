//! The file that conversations are imported from into Google's Customer Experience Insights: a list of entries, each with
//! its time in microseconds since 1970. It does not name the call: `call_id` comes from the envelope, or is the name of the
//! file in the bucket.

use domain::Role;

use super::PayloadKind;
use super::google_insights::role_from_name;
use crate::call_builder::CallBuilder;
use crate::coerce::{call_offset_ms, timestamp_from_unix_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

const TIME: [&str; 2] = ["start_timestamp_usec", "startTimestampUsec"];
const USER: [&str; 2] = ["user_id", "userId"];
/// The unit of times that are given in microseconds, in milliseconds.
const MICROSECONDS: f64 = 1e-3;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let is_entry = |entry: Field<'_, '_>| {
        let is_told = || entry.has("role") && USER.iter().any(|name| entry.has(name));
        entry.has("text") && (TIME.iter().any(|name| entry.has(name)) || is_told())
    };
    payload.get("entries").elements().any(is_entry)
}

/// Reads the entries in the order of time.
pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.first_of(&["call_id", "conversation_id"])])?;
    let entries = payload.get("entries");
    let instant = |entry: &Field<'_, '_>| entry.first_of(&TIME).instant_ms();
    let start = entries.elements().filter_map(|entry| instant(&entry)).reduce(f64::min);
    builder.started_at = start.and_then(timestamp_from_unix_ms);
    let start_ms = |entry: &Field<'_, '_>| match instant(entry).zip(start) {
        Some((time, start)) => call_offset_ms(time - start),
        // Files made from other formats count from the start of the call.
        None => entry.first_of(&TIME).offset_ms(MICROSECONDS),
    };
    let has_roles = entries.elements().any(|entry| stated_role(&entry).is_some());
    for entry in sorted_by_start(entries.elements(), start_ms) {
        let role = role(&entry, has_roles, builder);
        let text = entry.get("text").non_blank().unwrap_or_default();
        builder.add_turn(role, text, TurnTimes::starting_at(start_ms(&entry)));
    }
    let is_known = |entry: &Field<'_, '_>| entry.get("text").is_text() && stated_role(entry) != Some(Role::Other);
    builder.require_understood(first_unknown(&entries, "has no text of a known role", is_known))?;
    let categories = payload.first_of(&["conversation_info.categories", "conversationInfo.categories"]);
    let names = categories
        .elements()
        .filter_map(|one| one.first_of(&["display_name", "displayName"]).non_blank().map(str::to_owned));
    let names: Vec<_> = names.collect();
    builder.metadata.add("categories", Some(names).filter(|names| !names.is_empty()));
    Ok(PayloadKind::Call)
}

fn stated_role(entry: &Field<'_, '_>) -> Option<Role> {
    entry.get("role").scalar_text().and_then(|role| role_from_name(&role))
}

/// The role of an entry: what the sender states of its user or of its role, its own, or a guess by its user if no entry has
/// a role.
fn role(entry: &Field<'_, '_>, has_roles: bool, builder: &mut CallBuilder) -> Role {
    let user = entry.first_of(&USER).scalar_text();
    let names = [user.clone(), entry.get("role").scalar_text()];
    let mapped = names.into_iter().flatten().find_map(|name| builder.mapped_role(&name));
    match (mapped.or_else(|| stated_role(entry)), user) {
        (Some(role), _) => role,
        (None, Some(user)) if !has_roles => builder.role_of(&user),
        _ => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};

    fn file() -> Value {
        json!({"org_id": "acme", "call_id": "c1", "conversation_info": {"categories": [{"display_name": "cards"}]}, "entries": [
            {"start_timestamp_usec": 1_772_438_402_250_000_u64, "text": "I lost my card.", "role": "CUSTOMER", "user_id": 1},
            {"start_timestamp_usec": "1772438400500000", "text": "Good day.", "role": "AGENT", "user_id": 2}]})
    }

    #[test]
    fn insights_entries_to_import_are_a_call_and_their_times_are_microseconds() {
        let call = read_call(&file());
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(0)), (Role::Customer, Some(1_750))]);
        assert_eq!(
            (call.producer.as_str(), call.started_at.unwrap().unix_seconds()),
            ("google_insights", 1_772_438_400)
        );
        assert_eq!(Value::Object(call.metadata), json!({"categories": ["cards"]}));
        let mut relative = file();
        for (entry, time) in [(0, 2_250_000), (1, 500_000)] {
            relative["entries"][entry]["start_timestamp_usec"] = json!(time);
        }
        let call = read_call(&relative);
        assert_eq!(call.transcript.iter().map(|turn| turn.start_ms).collect::<Vec<_>>(), [Some(500), Some(2_250)]);
        assert_eq!(call.started_at, None);
    }

    #[test]
    fn insights_entries_without_roles_are_told_apart_by_their_users() {
        let mut message = file();
        for entry in [0, 1] {
            message["entries"][entry]["role"].take();
        }
        let roles = |message: &Value| {
            let call = read_call(message);
            (call.transcript.iter().map(|turn| turn.role).collect::<Vec<_>>(), call.roles_guessed)
        };
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer], true));
        message["speaker_map"] = json!({"1": "agent", "2": "customer"});
        assert_eq!(roles(&message), (vec![Role::Customer, Role::Agent], false));
    }

    #[test]
    fn insights_entries_of_unknown_roles_are_an_error_and_not_silence() {
        let mut message = file();
        for entry in [0, 1] {
            message["entries"][entry]["role"] = json!("MONITOR");
        }
        let error = read_error(&message).to_string();
        assert!(error.starts_with("entries[0]: has no text of a known role"), "{error}");
    }
}
