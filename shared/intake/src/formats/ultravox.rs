//! Ultravox: the messages of a call as its API lists them, alone or beside the call's own resource or event.
//!
//! The events and the resource have no words. Times are texts of seconds from when the call was joined.
//!
//! **Invariant:** a page of a longer list is not read as the call.

use domain::{Role, SkipReason};

use super::{PayloadKind, WRITTEN_CHAT};
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration};
use crate::entries::{self, Entry, EntryKeys, Speaker};
use crate::field::{Field, FieldError};
use crate::turn_times::TurnTimes;

/// What the roles of messages begin with.
const ROLE_PREFIX: &str = "MESSAGE_ROLE_";
/// The keys of a message.
const KEYS: EntryKeys = EntryKeys { role: "role", text: "text" };
/// The names under which senders put the list of messages.
const LISTS: [&str; 2] = ["results", "messages"];
/// The keys that the resource of a call has beside its identifier.
const CALL_KEYS: [&str; 3] = ["joined", "ended", "endReason"];
/// The events of a call.
const EVENTS: [&str; 4] = ["call.started", "call.joined", CALL_ENDED, "call.billed"];
/// The one of its end.
const CALL_ENDED: &str = "call.ended";
/// Why a call ended that nobody joined.
const UNJOINED: &str = "unjoined";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let list = message_list(payload);
    let is_event = payload.get("event").non_blank().is_some_and(|event| EVENTS.contains(&event));
    list.elements().any(|entry| is_message(&entry))
        || is_event && payload.get("call.callId").is_present()
        || is_resource(payload)
}

/// Whether an entry of a list is a message: its role is written as only Ultravox writes it.
fn is_message(entry: &Field<'_, '_>) -> bool {
    entry.get("role").non_blank().is_some_and(|role| role.starts_with(ROLE_PREFIX))
}

/// Whether a payload is a call as the API returns it.
fn is_resource(payload: &Field<'_, '_>) -> bool {
    payload.has("callId") && CALL_KEYS.iter().all(|key| payload.has(key))
}

/// The messages: the payload itself, or the list in it.
fn message_list<'v, 'p>(payload: &'p Field<'v, 'p>) -> Field<'v, 'p> {
    if payload.value().is_some_and(serde_json::Value::is_array) { *payload } else { payload.first_of(&LISTS) }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let list = message_list(payload);
    let call = if is_resource(payload) { *payload } else { payload.get("call") };
    let event = payload.get("event").non_blank();
    if let Some(other) = event.filter(|event| *event != CALL_ENDED && !list.is_present()) {
        return Ok(PayloadKind::not_call_end(other));
    }
    let is_running = call.has("ended") && !call.get("ended").is_present() && event != Some(CALL_ENDED);
    if is_running {
        return Ok(PayloadKind::Ignored("the call has not ended yet".to_owned()));
    }
    builder.set_call_id(&[call.get("callId"), payload.get("call_id"), payload.get("callId")])?;
    set_facts(&call, builder);
    if !list.is_present() && builder.stated_skip.is_some() {
        return Ok(PayloadKind::Call);
    }
    list.required().map_err(|_| list.error("is missing: events and calls do not have it; send the call's messages"))?;
    list.array()?;
    require_all_pages(payload, &list)?;
    if is_written(&list) {
        return Ok(PayloadKind::Ignored(WRITTEN_CHAT.to_owned()));
    }
    entries::read_first(&[list], KEYS, builder, add_message)?;
    Ok(PayloadKind::Call)
}

/// What the resource of the call says of it.
fn set_facts(call: &Field<'_, '_>, builder: &mut CallBuilder) {
    builder.set_agent_id(&[call.get("agentId"), call.get("agent.agentId"), call.get("agent.name")]);
    let (joined, ended) = (call.get("joined"), call.get("ended"));
    builder.started_at = joined.rfc3339();
    let from_times = joined.rfc3339_ms().zip(ended.rfc3339_ms()).map(|(joined, ended)| (ended - joined) / SECONDS);
    builder.duration_seconds = from_times.and_then(plausible_duration);
    builder.set_language(&call.get("languageHint"));
    let reason = call.get("endReason").non_blank();
    let is_unjoined = reason == Some(UNJOINED) || ended.is_present() && call.has("joined") && !joined.is_present();
    builder.stated_skip = is_unjoined.then_some(SkipReason::NotAnswered);
    builder.set_verdict(None, None, call.get("summary").non_blank().or(call.get("shortSummary").non_blank()));
    builder.metadata.add_all(&call.get("metadata"));
    builder.metadata.add("ended_reason", reason);
}

/// Fails when the list is one page of several. A list assembled from all pages has all that are counted, and may still
/// have what one of its pages says of the others.
fn require_all_pages(payload: &Field<'_, '_>, list: &Field<'_, '_>) -> Result<(), FieldError> {
    let total = payload.get("total");
    let count = list.elements().count();
    let total_count = total.count().and_then(|total| usize::try_from(total).ok());
    if total_count.is_some_and(|total| total > count) {
        return Err(total.error("is more than there are: send the messages of all pages in one list"));
    }
    let pages = [payload.get("next"), payload.get("previous")];
    match pages.iter().find(|page| page.is_present() && total_count.is_none()) {
        Some(page) => Err(page.error("names another page: send the messages of all pages in one list")),
        None => Ok(()),
    }
}

/// Whether everything that was said was typed.
fn is_written(list: &Field<'_, '_>) -> bool {
    let is_said = |message: &Field<'_, '_>| {
        message.get("text").non_blank().is_some() && matches!(speaker(message), Speaker::Known(_))
    };
    let mut media = list.elements().filter(is_said).map(|message| message.get("medium").non_blank()).peekable();
    media.peek().is_some() && media.all(|medium| medium == Some("MESSAGE_MEDIUM_TEXT"))
}

/// Who speaks in a message.
fn speaker(message: &Field<'_, '_>) -> Speaker {
    let role = message.get("role").non_blank().unwrap_or_default();
    match role.strip_prefix(ROLE_PREFIX).unwrap_or(role).to_ascii_lowercase().as_str() {
        "agent" => Speaker::Known(Role::Agent),
        "user" => Speaker::Known(Role::Customer),
        "tool_call" | "tool_result" => Speaker::Nobody,
        other => Speaker::of(other),
    }
}

fn add_message(message: &Field<'_, '_>, builder: &mut CallBuilder) -> Entry {
    let (id, name, text) = (message.get("invocationId"), message.get("toolName"), message.get("text"));
    match message.get("role").non_blank() {
        Some("MESSAGE_ROLE_TOOL_CALL") => {
            builder.add_tool_call(id.non_blank(), name.non_blank(), text.text_or_json());
            return Entry::Understood;
        }
        Some("MESSAGE_ROLE_TOOL_RESULT") => {
            let is_error = message.get("errorDetails").non_blank().map(|_| true);
            builder.add_tool_result(id.non_blank(), name.non_blank(), text.text_or_json(), is_error);
            return Entry::Understood;
        }
        _ => {}
    }
    if !text.is_present() && message.has("text") {
        return Entry::Understood;
    }
    entries::add_turn(builder, speaker(message), &text, times(message))
}

/// When a message was said, by the recording of the caller or else by the clock.
fn times(message: &Field<'_, '_>) -> TurnTimes {
    let span = message.first_of(&["timespan", "wallClockTimespan"]);
    let offset_ms = |key| span.get(key).proto_seconds().and_then(|seconds| call_offset_ms(seconds * SECONDS));
    TurnTimes { start_ms: offset_ms("start"), end_ms: offset_ms("end") }
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn message(role: &str, text: &str, start: &str, end: &str) -> Value {
        json!({"role": format!("MESSAGE_ROLE_{role}"), "text": text, "medium": "MESSAGE_MEDIUM_VOICE",
            "timespan": {"start": start, "end": end}})
    }

    fn listed() -> Value {
        json!({"org_id": "acme", "call_id": "u1", "next": null, "previous": null, "total": 2, "results": [
            message("AGENT", "Hi there.", "0.5s", "1.250s"), message("USER", "I lost my card.", "2s", "3.5s")]})
    }

    fn ended(reason: &str) -> Value {
        json!({"org_id": "acme", "event": "call.ended", "call": {"callId": "u2", "agentId": "a1", "endReason": reason,
            "joined": "2026-03-02T08:00:00.250Z", "ended": "2026-03-02T08:01:00.250Z", "shortSummary": "A card is blocked."}})
    }

    #[test]
    fn ultravox_messages_have_roles_and_times_in_texts_of_seconds() {
        let call = read_call(&listed());
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(500), Some(1_250)), (Role::Customer, Some(2_000), Some(3_500))]);
        assert_eq!((call.call_id.as_str(), call.producer.as_str()), ("u1", "ultravox"));
    }

    #[test]
    fn ultravox_event_of_the_end_has_no_words_unless_the_messages_are_sent_with_it() {
        let mut event = ended("hangup");
        let error = read_error(&event);
        assert!(error.to_string().starts_with("results: is missing: events and calls do not have it"), "{error}");
        assert_eq!(error.call_id.unwrap().as_str(), "u2");
        for name in ["results", "messages"] {
            let mut whole = event.clone();
            whole[name] = listed()["results"].clone();
            let call = read_call(&whole);
            assert_eq!((call.transcript.len(), call.stated_duration_seconds), (2, Some(60.0)), "{name}");
            assert_eq!((call.agent_id.unwrap().as_str(), call.call_id.as_str()), ("a1", "u2"));
            assert_eq!(call.producer_verdict.unwrap().summary.as_deref(), Some("A card is blocked."));
        }
        for other in ["call.started", "call.joined", "call.billed"] {
            event["event"] = json!(other);
            assert_eq!(read_ignored(&event), ("ultravox", format!("{other} is not the end of a call")));
        }
    }

    #[test]
    fn ultravox_call_that_nobody_joined_was_not_answered() {
        let mut event = ended("unjoined");
        assert_eq!(read_call(&event).stated_skip, Some(SkipReason::NotAnswered));
        event["call"]["endReason"] = json!("timeout");
        event["call"]["joined"].take();
        let call = read_call(&event);
        assert_eq!((call.stated_skip, call.transcript.len()), (Some(SkipReason::NotAnswered), 0));
    }

    #[test]
    fn ultravox_resource_of_a_call_is_ignored_while_it_runs_and_has_no_words_then() {
        let mut resource = ended("hangup")["call"].clone();
        resource["org_id"] = json!("acme");
        assert!(read_error(&resource).to_string().starts_with("results: is missing"));
        resource["messages"] = listed()["results"].clone();
        assert_eq!(read_call(&resource).transcript.len(), 2);
        resource["ended"].take();
        assert_eq!(read_ignored(&resource), ("ultravox", "the call has not ended yet".to_owned()));
    }

    #[test]
    fn ultravox_page_of_a_longer_list_is_not_the_call() {
        let mut page = listed();
        page["next"] = json!("https://api.ultravox.ai/api/calls/u1/messages?cursor=x");
        assert_eq!(read_call(&page).transcript.len(), 2);
        page["total"] = json!(7);
        let error = read_error(&page).to_string();
        assert!(error.starts_with("total: is more than there are"), "{error}");
        page["total"].take();
        let error = read_error(&page).to_string();
        assert!(error.starts_with("next: names another page"), "{error}");
    }

    #[test]
    fn ultravox_tools_are_messages_and_one_that_failed_says_so() {
        let mut list = listed();
        list["total"] = json!(4);
        list["results"].as_array_mut().unwrap().extend([
            json!({"role": "MESSAGE_ROLE_TOOL_CALL", "text": "{\"card\":7}", "invocationId": "i1", "toolName": "block"}),
            json!({"role": "MESSAGE_ROLE_TOOL_RESULT", "text": "try later", "invocationId": "i1", "toolName": "block", "errorDetails": "503"}),
        ]);
        let call = read_call(&list);
        let [event] = call.tool_events.as_slice() else { panic!("{:?}", call.tool_events) };
        assert_eq!((event.after_turn, event.name.as_str(), event.is_error), (Some(1), "block", Some(true)));
        assert_eq!((event.arguments.as_deref(), event.result.as_deref()), (Some("{\"card\":7}"), Some("try later")));
        assert_eq!(call.transcript.len(), 2);
    }

    #[test]
    fn ultravox_chat_in_writing_is_ignored_and_a_call_with_a_typed_line_is_not() {
        let mut list = listed();
        list["results"][1]["medium"] = json!("MESSAGE_MEDIUM_TEXT");
        assert_eq!(read_call(&list).transcript.len(), 2);
        list["results"][0]["medium"] = json!("MESSAGE_MEDIUM_TEXT");
        assert_eq!(read_ignored(&list), ("ultravox", "a written chat is not a call".to_owned()));
    }

    #[test]
    fn ultravox_messages_that_are_not_understood_are_an_error_and_not_silence() {
        let mut list = listed();
        for position in [0, 1] {
            list["results"][position]["role"] = json!("MESSAGE_ROLE_UNSPECIFIED");
        }
        let error = read_error(&list).to_string();
        assert!(error.starts_with("results[0].role: is no known speaker"), "{error}");
    }
}
