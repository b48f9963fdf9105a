//! Bland: the webhook after a call, which has the fields of the call as the API returns it. Also the API's copy of a webhook that
//! was sent, which has it under `data.payload`.
//!
//! `call_length` is in minutes, `corrected_duration` is a string of seconds. Turns have the time of day at which they start.

use domain::{Role, SkipReason};

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration};
use crate::entries::{self, Entry, EntryKeys, Speaker};
use crate::field::{Field, FieldError};
use crate::speaker_labels::SpeakerLabel;
use crate::turn_times::TurnTimes;

const MINUTES: f64 = 60.0 * SECONDS;

/// The speaker labels of the transcript that is one text.
const LABELS: [SpeakerLabel<'_>; 7] = [
    ("user", Some(Role::Customer)),
    ("assistant", Some(Role::Agent)),
    ("agent", Some(Role::Agent)),
    ("robot", Some(Role::Agent)),
    ("agent-action", None),
    ("webhook", None),
    ("narrator", None),
];
/// The keys of an entry of the list of transcripts.
const KEYS: EntryKeys = EntryKeys { role: "user", text: "text" };
/// The keys of which a call has one, unless its transcripts are known by their own keys.
const CALL_KEYS: [&str; 9] = [
    "answered_by",
    "c_id",
    "call_ended_by",
    "call_length",
    "concatenated_transcript",
    "corrected_duration",
    "inbound",
    "pathway_id",
    "queue_status",
];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    is_call(payload) || is_call(&payload.get("data.payload"))
}

fn is_call(call: &Field<'_, '_>) -> bool {
    let is_named = call.has("call_id") || call.has("c_id");
    let transcripts = call.get("transcripts");
    let is_turn = |entry: Field<'_, '_>| entry.has(KEYS.role) && entry.has(KEYS.text);
    let has_turns = || transcripts.elements().next().is_none() || transcripts.elements().any(is_turn);
    is_named
        && (call.has("transcripts") || call.has("concatenated_transcript"))
        && (CALL_KEYS.iter().any(|key| call.has(key)) || has_turns())
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let call = if is_call(payload) { *payload } else { payload.get("data.payload") };
    if is_running(&call) {
        return Ok(PayloadKind::Ignored("the call is not completed yet".to_owned()));
    }
    builder.set_call_id(&[call.get("call_id"), call.get("c_id")])?;
    let started_at = call.get("started_at");
    builder.started_at = started_at.rfc3339();
    let from_minutes = || call.get("call_length").duration_seconds(MINUTES);
    let from_times = || {
        let times = call.get("end_at").rfc3339_ms().zip(started_at.rfc3339_ms());
        times.and_then(|(end, start)| plausible_duration((end - start) / SECONDS))
    };
    let corrected = call.get("corrected_duration").duration_seconds(SECONDS);
    builder.duration_seconds = corrected.or_else(from_minutes).or_else(from_times);
    builder.stated_skip = skip_reason(&call);
    let start_ms = started_at.rfc3339_ms();
    let of_list = entries::read_first(&[call.get("transcripts")], KEYS, builder, |entry, builder| {
        add_entry(entry, start_ms, builder)
    });
    if builder.turns.is_empty() {
        builder.add_labelled_turns(&call.get("concatenated_transcript"), &LABELS)?;
        if builder.turns.is_empty() {
            of_list?;
        }
    } else {
        of_list?;
    }
    builder.set_verdict(None, None, call.get("summary").non_blank());
    builder.metadata.add_all(&call.get("metadata"));
    builder
        .metadata
        .add("direction", call.get("inbound").boolean().map(|inbound| if inbound { "inbound" } else { "outbound" }));
    builder.metadata.add("ended_by", call.get("call_ended_by").non_blank());
    builder.metadata.add("answered_by", call.get("answered_by").non_blank());
    Ok(PayloadKind::Call)
}

/// Whether the call still runs, or has not begun: by the field that says so, or else by its status.
fn is_running(call: &Field<'_, '_>) -> bool {
    let states = ["in-progress", "in_progress", "started", "ringing", "queued", "allocated", "new"];
    let is_running = |key| call.get(key).non_blank().is_some_and(|state| states.contains(&state));
    match call.get("completed").boolean() {
        Some(completed) => !completed,
        None => is_running("status") || is_running("queue_status"),
    }
}

/// What Bland says about whom the agent spoke with.
fn skip_reason(call: &Field<'_, '_>) -> Option<SkipReason> {
    match call.get("answered_by").non_blank() {
        Some("voicemail" | "machine" | "answering_machine") => return Some(SkipReason::Voicemail),
        Some("ivr") => return Some(SkipReason::IvrOnly),
        Some("no-answer" | "no_answer" | "busy") => return Some(SkipReason::NotAnswered),
        Some("human") => return None,
        _ => {}
    }
    let is_unanswered = matches!(call.get("status").non_blank(), Some("no-answer" | "busy" | "canceled"));
    is_unanswered.then_some(SkipReason::NotAnswered)
}

fn add_entry(entry: &Field<'_, '_>, call_start_ms: Option<f64>, builder: &mut CallBuilder) -> Entry {
    let text = entry.get("text");
    let speaker = match entry.get("user").non_blank().unwrap_or_default() {
        "assistant" | "agent" | "robot" => Speaker::Known(Role::Agent),
        "user" => Speaker::Known(Role::Customer),
        action @ ("agent-action" | "webhook") => {
            builder.add_tool_result(None, Some(action), text.text_or_json(), None);
            return Entry::Understood;
        }
        "narrator" => Speaker::Nobody,
        other => Speaker::of(other),
    };
    if !text.is_present() && entry.has("text") {
        return Entry::Understood;
    }
    let times = entry.get("created_at").rfc3339_ms().zip(call_start_ms);
    let start_ms = times.and_then(|(start, call_start)| call_offset_ms(start - call_start));
    entries::add_turn(builder, speaker, &text, TurnTimes::starting_at(start_ms))
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_ignored};

    fn with(key: &str, value: Value) -> Value {
        let mut call = json!({"call_id": "d9cce3f3", "call_length": 0.75, "started_at": "2024-04-27T23:51:25+00:00", "transcripts": [
            {"id": 1, "created_at": "2024-04-27T23:51:26.5+00:00", "text": "Hello?", "user": "user"},
            {"id": 2, "created_at": "2024-04-27T23:51:28+00:00", "text": "Hi there!", "user": "assistant"},
        ]});
        call[key] = value;
        call
    }

    #[test]
    fn blands_call_length_is_minutes_and_its_corrected_duration_a_string_of_seconds() {
        assert_eq!(read_call(&with("price", json!(0))).stated_duration_seconds, Some(45.0));
        assert_eq!(read_call(&with("corrected_duration", json!("47"))).stated_duration_seconds, Some(47.0));
        assert_eq!(read_call(&with("corrected_duration", json!(""))).stated_duration_seconds, Some(45.0));
    }

    #[test]
    fn blands_duration_is_that_from_start_to_end_where_no_other_is_given() {
        let mut call = with("end_at", json!("2024-04-27T23:52:05.5+00:00"));
        assert_eq!(read_call(&call).stated_duration_seconds, Some(45.0));
        call["call_length"].take();
        assert_eq!(read_call(&call).stated_duration_seconds, Some(40.5));
        call["started_at"].take();
        assert_eq!(read_call(&call).stated_duration_seconds, None);
    }

    #[test]
    fn blands_times_of_day_become_offsets_from_the_start_of_the_call() {
        let call = read_call(&with("created_at", json!("2024-04-27T23:51:18.025251+00:00")));
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(1_500), None), (Some(3_000), None)]);
        let unconnected = with("started_at", Value::Null);
        assert!(crate::tests::read_call(&unconnected).transcript.iter().all(|turn| turn.start_ms.is_none()));
    }

    #[test]
    fn blands_created_at_is_not_the_start_of_the_call() {
        let mut sent = with("created_at", json!("2024-04-27T20:00:00Z"));
        assert_eq!(read_call(&sent).started_at.unwrap().to_string(), "2024-04-27T23:51:25Z");
        sent["started_at"].take();
        assert_eq!(read_call(&sent).started_at, None);
    }

    #[test]
    fn blands_agent_action_is_not_a_turn() {
        let call = read_call(&with(
            "transcripts",
            json!([
            {"text": "Hi!", "user": "robot"}, {"text": "Ended call", "user": "agent-action"}, {"text": "Bye.", "user": "user"}]),
        ));
        let roles: Vec<_> = call.transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer]);
        assert_eq!(
            (call.tool_events[0].after_turn, call.tool_events[0].result.as_deref()),
            (Some(0), Some("Ended call"))
        );
    }

    #[test]
    fn blands_concatenated_transcript_is_read_when_there_are_no_turns() {
        let mut sent = with("concatenated_transcript", json!("user: Hello? \n assistant: Hi there!"));
        sent["transcripts"] = json!([]);
        let turns: Vec<_> = read_call(&sent).transcript.into_iter().map(|turn| (turn.role, turn.text)).collect();
        assert_eq!(turns, [(Role::Customer, "Hello?".to_owned()), (Role::Agent, "Hi there!".to_owned())]);
    }

    #[test]
    fn blands_actions_are_not_turns_in_the_concatenated_transcript() {
        let text = "user: Hello? \n assistant: Let me see. \n agent-action: Calling tool: find {\"order\": 7} \n narrator: A pause. \n robot: It is on its way. \n system: Be brief.";
        let mut sent = with("concatenated_transcript", json!(text));
        sent["transcripts"].take();
        let turns: Vec<_> = read_call(&sent).transcript.into_iter().map(|turn| (turn.role, turn.text)).collect();
        let expected = [(Role::Customer, "Hello?"), (Role::Agent, "Let me see."), (Role::Agent, "It is on its way.")];
        assert_eq!(turns, expected.map(|(role, text)| (role, text.to_owned())));
    }

    #[test]
    fn blands_call_id_is_never_taken_from_a_nested_call() {
        let mut sent = with("price", json!(0));
        sent["data"] = json!({"payload": {"call_id": "other", "transcripts": [{"text": "Bye.", "user": "user"}]}});
        let call = read_call(&sent);
        assert_eq!((call.call_id.as_str(), call.transcript.len()), ("d9cce3f3", 2));
    }

    #[test]
    fn blands_webhook_may_come_as_the_api_returns_it() {
        let resent = json!({"errors": null, "data": {"call_id": "d9cce3f3", "payload": with("price", json!(0))}});
        assert_eq!(read_call(&resent), read_call(&with("price", json!(0))));
    }

    #[test]
    fn blands_call_has_no_agent_unless_the_sender_names_one() {
        assert_eq!(read_call(&with("price", json!(0))).agent_id, None);
        assert_eq!(read_call(&with("agent_id", json!("sales"))).agent_id.unwrap().as_str(), "sales");
    }

    #[test]
    fn blands_running_call_is_ignored() {
        assert_eq!(read_ignored(&with("completed", json!(false))).0, "bland");
    }
}
