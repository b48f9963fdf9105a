//! Genesys Cloud: the transcript of a conversation, the file that the URL of its Speech and Text Analytics leads to.
//!
//! A file has one or several transcripts, each of which is a list of phrases. A phrase has the purpose of its speaker, and
//! starts at a number of milliseconds since 1970, or since the start of the conversation. Nothing orders the phrases of
//! several transcripts but their times.

use std::collections::BTreeSet;

use domain::{Role, SkipReason};

use super::{PayloadKind, WRITTEN_CHAT};
use crate::call_builder::CallBuilder;
use crate::coerce::{MILLISECONDS, call_offset_ms, timestamp_from_unix_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

/// The media of conversations in writing.
const WRITTEN_MEDIA: [&str; 9] =
    ["chat", "email", "message", "messaging", "open", "sms", "social", "webchat", "webmessaging"];
/// The names of a phrase's text, the one with punctuation first.
const TEXTS: [&str; 2] = ["decoratedText", "text"];
/// The purposes of participants who are machines before an agent.
const MACHINES: [&str; 5] = ["acd", "botflow", "dialer", "ivr", "workflow"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let is_own_phrase = |phrase: &Field<'_, '_>| phrase.has("participantPurpose");
    let transcripts = payload.get("transcripts");
    let is_own = |transcript: Field<'_, '_>| {
        let phrases = transcript.get("phrases");
        payload.has("conversationId") && phrases.is_present() || phrases.elements().any(|phrase| is_own_phrase(&phrase))
    };
    payload.has("conversationId") && payload.has("communicationId") || transcripts.elements().any(is_own)
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let medium = payload.get("mediaType").non_blank().unwrap_or_default().to_ascii_lowercase();
    if WRITTEN_MEDIA.contains(&medium.as_str()) {
        return Ok(PayloadKind::Ignored(WRITTEN_CHAT.to_owned()));
    }
    builder.set_call_id(&[payload.get("conversationId")])?;
    let participants = payload.get("participants");
    let is_agent = |one: &Field<'_, '_>| purpose(one).is_some_and(|purpose| role_of(&purpose) == Some(Role::Agent));
    if let Some(agent) = participants.elements().find(|one| is_agent(one) && one.get("userId").is_present()) {
        builder.set_agent_id(&[agent.get("userId")]);
    }
    builder.stated_skip = skip_reason(&participants);
    let list = payload.get("transcripts");
    list.required()
        .map_err(|_| list.error("is missing: send the file that the transcript's URL leads to"))
        .and_then(|_| list.array())?;
    let transcripts: Vec<_> = list.elements().collect();
    let phrases: Vec<_> = transcripts.iter().map(|transcript| transcript.get("phrases")).collect();
    add_phrases(payload, &phrases, builder);
    let lacks = "has no text of a participant whose purpose is known";
    let unknown = phrases.iter().find_map(|list| first_unknown(list, lacks, is_known));
    builder.require_understood(unknown)?;
    builder.duration_seconds = milliseconds(&payload.get("duration")).duration_seconds(MILLISECONDS);
    if let Some(first) = transcripts.first() {
        builder.set_language(&first.get("language"));
    }
    let direction = participants.elements().find_map(|one| one.get("initialDirection").non_blank());
    builder.metadata.add("direction", direction);
    Ok(PayloadKind::Call)
}

/// Adds the phrases of all transcripts in the order of time.
fn add_phrases(payload: &Field<'_, '_>, lists: &[Field<'_, '_>], builder: &mut CallBuilder) {
    let stated = ["conversationStartTime", "startTime"].iter().find_map(|key| payload.get(key).instant_ms());
    let instant = |phrase: &Field<'_, '_>| {
        phrase.get("startTimeMs").number().filter(|time| timestamp_from_unix_ms(*time).is_some())
    };
    let all = || lists.iter().flat_map(Field::elements);
    let start = stated.or_else(|| all().filter_map(|phrase| instant(&phrase)).reduce(f64::min));
    builder.started_at = start.and_then(timestamp_from_unix_ms);
    // A phrase's `offset` counts from the start of its communication.
    let lead = payload.get("startTime").instant_ms().zip(start).map_or(0.0, |(own, start)| own - start);
    let start_ms = |phrase: &Field<'_, '_>| {
        let since_1970 = instant(phrase).zip(start).map(|(time, start)| time - start);
        let from_start = || phrase.get("startTimeMs").number();
        let from_lead = || milliseconds(&phrase.get("offset")).number().map(|offset| offset + lead);
        call_offset_ms(since_1970.or_else(from_start).or_else(from_lead)?)
    };
    for phrase in sorted_by_start(all(), start_ms) {
        let start_ms = start_ms(&phrase);
        let length = milliseconds(&phrase.get("duration")).offset_ms(MILLISECONDS);
        let end_ms = start_ms.zip(length).and_then(|(start, length)| start.checked_add(length));
        let purpose = purpose(&phrase).unwrap_or_default();
        let role = role_of(&purpose).or_else(|| builder.mapped_role(&purpose)).unwrap_or(Role::Other);
        builder.add_turn(role, phrase.first_of(&TEXTS).non_blank().unwrap_or_default(), TurnTimes { start_ms, end_ms });
    }
}

/// A length of time: a number of milliseconds, or an object that has it.
fn milliseconds<'v, 'p>(length: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    let inner = length.get("milliseconds");
    if inner.is_present() { inner } else { *length }
}

/// The purpose of a participant or of a phrase's speaker, in lower case.
fn purpose(one: &Field<'_, '_>) -> Option<String> {
    one.get("participantPurpose").non_blank().map(|purpose| purpose.trim().to_ascii_lowercase())
}

/// The role of a participant of that purpose: inside the organisation, outside, or a machine.
fn role_of(purpose: &str) -> Option<Role> {
    match purpose {
        "agent" | "internal" | "user" => Some(Role::Agent),
        "customer" | "external" => Some(Role::Customer),
        "voicemail" => Some(Role::Other),
        machine => MACHINES.contains(&machine).then_some(Role::Other),
    }
}

/// Whether a phrase is understood: a text, blank or not, of a participant whose purpose is known.
fn is_known(phrase: &Field<'_, '_>) -> bool {
    phrase.first_of(&TEXTS).is_text() && purpose(phrase).is_some_and(|purpose| role_of(&purpose).is_some())
}

/// Whom the caller reached, if no participant is an agent.
fn skip_reason(participants: &Field<'_, '_>) -> Option<SkipReason> {
    let purposes: BTreeSet<_> = participants.elements().filter_map(|one| purpose(&one)).collect();
    let is_machine = |purpose: &String| MACHINES.contains(&purpose.as_str());
    if purposes.iter().any(|purpose| role_of(purpose) == Some(Role::Agent)) {
        None
    } else if purposes.contains("voicemail") {
        Some(SkipReason::Voicemail)
    } else {
        purposes.iter().any(is_machine).then_some(SkipReason::IvrOnly)
    }
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    const START: u64 = 1_785_500_000_500;

    fn phrase(purpose: &str, text: &str, start: u64) -> Value {
        json!({"participantPurpose": purpose, "text": text, "startTimeMs": start, "duration": {"milliseconds": 900}})
    }

    fn file(phrases: &[Value]) -> Value {
        json!({"org_id": "acme", "conversationId": "g1", "communicationId": "g2", "mediaType": "call",
            "conversationStartTime": START, "duration": {"milliseconds": 61_500},
            "transcripts": [{"transcriptId": "t1", "language": "en-us", "phrases": phrases}],
            "participants": [{"participantPurpose": "external", "initialDirection": "inbound"},
                {"participantPurpose": "internal", "userId": "u-7"}]})
    }

    fn spoken() -> Value {
        file(&[phrase("external", "my lamp broke", START + 2_500), phrase("internal", "Good day.", START + 1_000)])
    }

    #[test]
    fn genesys_phrases_are_sorted_and_their_times_count_from_the_start_of_the_conversation() {
        let mut message = spoken();
        let call = read_call(&message);
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect();
        let expected = [(Role::Agent, Some(1_000), Some(1_900)), (Role::Customer, Some(2_500), Some(3_400))];
        assert_eq!(turns, expected);
        assert_eq!((call.call_id.as_str(), call.agent_id.unwrap().as_str()), ("g1", "u-7"));
        assert_eq!((call.stated_duration_seconds, call.language.as_deref()), (Some(61.5), Some("en-us")));
        for (phrase, start) in [(0, 2_500), (1, 1_000)] {
            message["transcripts"][0]["phrases"][phrase]["startTimeMs"] = json!(start);
        }
        assert_eq!(read_call(&message).transcript, call.transcript);
        for (phrase, start) in [(0, 2_000), (1, 500)] {
            message["transcripts"][0]["phrases"][phrase]["startTimeMs"].take();
            message["transcripts"][0]["phrases"][phrase]["offset"] = json!({"milliseconds": start});
        }
        message["startTime"] = json!(START + 500);
        assert_eq!(read_call(&message).transcript, call.transcript);
    }

    #[test]
    fn genesys_transcripts_of_one_file_are_one_call_and_the_text_with_punctuation_is_preferred() {
        let mut message = spoken();
        let mut second = phrase("internal", "which one", START + 4_000);
        second["decoratedText"] = json!("Which one?");
        message["transcripts"].as_array_mut().unwrap().insert(0, json!({"phrases": [second]}));
        let texts: Vec<_> = read_call(&message).transcript.into_iter().map(|turn| turn.text).collect();
        assert_eq!(texts, ["Good day.", "my lamp broke", "Which one?"]);
    }

    #[test]
    fn genesys_conversations_in_writing_are_ignored() {
        for medium in ["message", "CHAT", "email"] {
            let mut message = spoken();
            message["mediaType"] = json!(medium);
            assert_eq!(read_ignored(&message), ("genesys", "a written chat is not a call".to_owned()), "{medium}");
        }
    }

    #[test]
    fn genesys_participants_tell_whom_the_caller_reached() {
        let skip = |purposes: &[&str]| {
            let mut message = spoken();
            message["participants"] = purposes.iter().map(|purpose| json!({"participantPurpose": purpose})).collect();
            read_call(&message).stated_skip
        };
        assert_eq!(skip(&["customer", "ivr", "acd", "agent"]), None);
        assert_eq!(skip(&["customer", "ivr", "voicemail"]), Some(SkipReason::Voicemail));
        assert_eq!(skip(&["external", "ivr"]), Some(SkipReason::IvrOnly));
        assert_eq!((skip(&["external"]), skip(&[])), (None, None));
    }

    #[test]
    fn genesys_machines_and_strangers_are_others_and_nobody_known_is_an_error() {
        let roles = |purposes: [&str; 3]| {
            let phrases = purposes.map(|purpose| phrase(purpose, "Hello.", START));
            read_call(&file(&phrases)).transcript.iter().map(|turn| turn.role).collect::<Vec<_>>()
        };
        assert_eq!(roles(["ivr", "agent", "monitor"]), [Role::Other, Role::Agent, Role::Other]);
        let mut nobody = file(&[phrase("monitor", "Hello.", START)]);
        let error = read_error(&nobody).to_string();
        assert!(error.starts_with("transcripts[0].phrases[0]: has no text of a participant"), "{error}");
        nobody["transcripts"].take();
        let error = read_error(&nobody).to_string();
        assert!(error.starts_with("transcripts: is missing: send the file"), "{error}");
    }
}
