//! What holds for all platforms that run calls (Vapi, Retell, Bland, ElevenLabs), tested on each of them: what the platform knows
//! of a call decides, nothing is passed over in silence, and the API's copy of a call is read like the webhook.

use domain::{Call, Role, SkipReason};
use serde_json::{Value, json};

use crate::tests::{read_call, read_error, read_for_acme, read_ignored};

/// A finished call on each platform, in which the agent and the customer each say something.
fn calls() -> [Value; 4] {
    let turns = [("agent", "Good day."), ("user", "I need a plumber.")];
    let list = |keys: [&str; 2]| Value::from_iter(turns.map(|(role, text)| json!({keys[0]: role, keys[1]: text})));
    [
        json!({"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "artifact": {
            "messages": [{"role": "bot", "message": "Good day."}, {"role": "user", "message": "I need a plumber."}]}}}),
        json!({"event": "call_ended", "call": {"call_id": "c1", "transcript_object": list(["role", "content"])}}),
        json!({"call_id": "c1", "corrected_duration": "50", "transcripts": list(["user", "text"])}),
        json!({"type": "post_call_transcription", "data": {"conversation_id": "c1", "agent_id": "a1",
            "transcript": list(["role", "message"]), "metadata": {"call_duration_secs": 50}}}),
    ]
}

/// The payload with a value at that path, whose objects are made where they are missing.
fn with(mut payload: Value, path: &str, value: Value) -> Value {
    let place = path.split('.').fold(&mut payload, |place, key| &mut place[key]);
    *place = value;
    payload
}

fn turns(call: &Call) -> Vec<(Role, &str)> {
    call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect()
}

/// The turns of [`calls`].
const SAID: [(Role, &str); 2] = [(Role::Agent, "Good day."), (Role::Customer, "I need a plumber.")];

#[test]
fn what_the_platform_says_of_who_answered_decides() {
    let [vapi, retell, bland, elevenlabs] = calls();
    let tool = json!([{"role": "agent", "message": null, "tool_calls": [{"tool_name": "voicemail_detection"}]}]);
    for (call, path, value, reason) in [
        (&vapi, "message.endedReason", json!("voicemail"), SkipReason::Voicemail),
        (&vapi, "message.call.endedReason", json!("voicemail"), SkipReason::Voicemail),
        (&vapi, "message.endedReason", json!("customer-busy"), SkipReason::NotAnswered),
        (&retell, "call.disconnection_reason", json!("voicemail_reached"), SkipReason::Voicemail),
        (&retell, "call.disconnection_reason", json!("machine_detected"), SkipReason::Voicemail),
        (&retell, "call.call_analysis.in_voicemail", json!(true), SkipReason::Voicemail),
        (&retell, "call.disconnection_reason", json!("ivr_reached"), SkipReason::IvrOnly),
        (&retell, "call.disconnection_reason", json!("dial_no_answer"), SkipReason::NotAnswered),
        (&retell, "call.call_status", json!("not_connected"), SkipReason::NotAnswered),
        (&bland, "answered_by", json!("voicemail"), SkipReason::Voicemail),
        (&bland, "answered_by", json!("no-answer"), SkipReason::NotAnswered),
        (&bland, "status", json!("busy"), SkipReason::NotAnswered),
        (&elevenlabs, "data.metadata.termination_reason", json!("voicemail_detection tool"), SkipReason::Voicemail),
        (
            &elevenlabs,
            "data.metadata.features_usage.voicemail_detection",
            json!({"enabled": true, "used": true}),
            SkipReason::Voicemail,
        ),
        (&elevenlabs, "data.transcript", tool, SkipReason::Voicemail),
    ] {
        let read = read_call(&with(call.clone(), path, value.clone()));
        assert_eq!(read.stated_skip, Some(reason), "{path}: {value}");
    }
}

#[test]
fn an_ordinary_end_of_a_call_is_no_reason_to_skip_it() {
    let [vapi, retell, bland, elevenlabs] = calls();
    for (call, path, value) in [
        (&vapi, "message.endedReason", json!("customer-ended-call")),
        (&retell, "call.disconnection_reason", json!("user_hangup")),
        (&retell, "call.call_analysis.in_voicemail", json!(false)),
        (&bland, "answered_by", json!("human")),
        (&bland, "answered_by", json!("unknown")),
        (&elevenlabs, "data.metadata.termination_reason", json!("Client disconnected")),
        (&elevenlabs, "data.metadata.features_usage.voicemail_detection", json!({"enabled": true, "used": false})),
        (&elevenlabs, "data.metadata.text_only", json!(false)),
    ] {
        let read = read_call(&with(call.clone(), path, value));
        assert_eq!((read.stated_skip, turns(&read)), (None, SAID.to_vec()), "{path}");
    }
}

#[test]
fn a_written_chat_is_not_a_call() {
    let [_, _, _, elevenlabs] = calls();
    let typed = json!([{"role": "agent", "message": "Good day."},
        {"role": "user", "message": "plumber", "source_medium": "text"}]);
    let chats = [
        with(elevenlabs.clone(), "data.metadata.text_only", json!(true)),
        with(elevenlabs.clone(), "data.metadata.whatsapp", json!({"direction": "inbound"})),
        with(elevenlabs.clone(), "data.metadata.sms", json!({})),
        with(elevenlabs.clone(), "data.transcript", typed),
        json!({"chat_id": "x", "chat_status": "ended", "transcript": "Agent: Good day.\nUser: Plumber."}),
    ];
    for chat in chats {
        assert_eq!(read_ignored(&chat).1, "a written chat is not a call", "{chat}");
    }
    let mut spoken = with(elevenlabs, "data.metadata.whatsapp", json!({"direction": "inbound"}));
    spoken["data"]["transcript"][1]["source_medium"] = json!("audio");
    assert_eq!(turns(&read_call(&spoken)), SAID);
}

#[test]
fn entries_of_another_shape_are_an_error_that_names_the_first() {
    let [vapi, retell, bland, elevenlabs] = calls();
    let other = json!([{"speaker": "agent", "line": "Good day."}, {"speaker": "user", "line": "A plumber."}]);
    let instructed = json!([{"role": "system", "message": "Sell."}, {"role": "bot", "line": "Good day."}]);
    let strangers = json!([{"role": "Zed", "content": "Good day."}, {"role": "Ada", "content": "A plumber."}]);
    for (call, path, list, error) in [
        (&vapi, "message.artifact.messages", &other, "message.artifact.messages[0]: has neither role nor message"),
        (&vapi, "message.artifact.messages", &instructed, "message.artifact.messages[1].message: is missing"),
        (&vapi, "message.artifact.messages", &json!({}), "message.artifact.messages: must be an array, not an object"),
        (&vapi, "message.artifact", &json!({"transcript": []}), "message.artifact.transcript: must be a string"),
        (&retell, "call.transcript_object", &other, "call.transcript_object[0]: has neither role nor content"),
        (&retell, "call.transcript_object", &strangers, "call.transcript_object[0].role: is no known speaker"),
        (&bland, "transcripts", &other, "transcripts[0]: has neither user nor text"),
        (&elevenlabs, "data.transcript", &other, "data.transcript[0]: has neither role nor message"),
        (&elevenlabs, "data.transcript", &strangers, "data.transcript[0].message: is missing"),
    ] {
        let found = read_error(&with(call.clone(), path, list.clone())).to_string();
        assert!(found.starts_with(error), "{found}");
    }
}

#[test]
fn a_list_that_is_not_understood_is_no_loss_where_a_text_says_the_same() {
    let [vapi, retell, bland, _] = calls();
    let other = json!([{"line": "Good day."}]);
    for (call, list, text) in [
        (vapi, "message.artifact.messages", "message.artifact.transcript"),
        (retell, "call.transcript_object", "call.transcript"),
        (bland, "transcripts", "concatenated_transcript"),
    ] {
        let call = with(with(call, list, other.clone()), text, json!("Agent: Good day.\nUser: I need a plumber."));
        assert_eq!(turns(&read_call(&call)), SAID);
    }
}

#[test]
fn a_transcript_on_one_line_has_the_turns_of_its_labels() {
    let [vapi, retell, bland, _] = calls();
    for (call, list, text, labels) in [
        (vapi, "message.artifact.messages", "message.artifact.transcript", ["AI", "User"]),
        (retell, "call.transcript_object", "call.transcript", ["Agent", "User"]),
        (bland, "transcripts", "concatenated_transcript", ["assistant", "user"]),
    ] {
        let [agent, customer] = labels;
        let line = format!("{agent}: Good day. {customer}: I need a plumber. {agent}: For when? {customer}: Now");
        let call = read_call(&with(with(call, list, json!([])), text, json!(line)));
        let roles: Vec<_> = call.transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer, Role::Agent, Role::Customer], "{line}");
    }
}

#[test]
fn markup_for_the_voice_is_not_speech() {
    for call in calls() {
        let marked = call.to_string().replace("Good day.", "<speak>Good <break time='1s'/>day.</speak>");
        let marked = serde_json::from_str(&marked).unwrap();
        assert_ne!(marked, call);
        assert_eq!(turns(&read_call(&marked)), SAID, "{marked}");
    }
}

#[test]
fn the_apis_copy_of_a_call_is_read_like_the_webhook() {
    let [vapi, retell, _, elevenlabs] = calls();
    let fetched_vapi = json!({"id": "c1", "assistantId": "a1", "status": "ended", "transcript": "AI: Good day.",
        "startedAt": "2026-03-01T08:00:00.250Z", "endedAt": "2026-03-01T08:01:00Z", "endedReason": "voicemail",
        "artifact": vapi["message"]["artifact"]});
    let mut fetched_retell = retell["call"].clone();
    fetched_retell["call_status"] = json!("ended");
    let without_list = json!({"call_id": "c1", "call_status": "ended", "duration_ms": 50_000,
        "transcript": "Agent: Good day.\nUser: I need a plumber."});
    let copies = [
        ("vapi", fetched_vapi),
        ("retell", fetched_retell),
        ("retell", without_list),
        ("elevenlabs", elevenlabs["data"].clone()),
        ("elevenlabs", json!({"data": elevenlabs["data"]})),
    ];
    for (producer, copy) in &copies {
        let call = read_call(copy);
        assert_eq!((call.producer.as_str(), call.call_id.as_str(), turns(&call)), (*producer, "c1", SAID.to_vec()));
        // A sender may name the call beside it; that does not make it a call in our own schema.
        let mut named = copy.clone();
        named["call_id"] = json!("named");
        let named = read_call(&named);
        assert_eq!((named.producer.as_str(), named.call_id.as_str()), (*producer, "named"));
    }
    let [(_, fetched_vapi), ..] = copies;
    let call = read_call(&fetched_vapi);
    assert_eq!((call.stated_duration_seconds, call.stated_skip), (Some(59.75), Some(SkipReason::Voicemail)));
    assert_eq!((call.agent_id.unwrap().as_str(), call.started_at.unwrap().unix_seconds()), ("a1", 1_772_352_000));
}

#[test]
fn the_apis_copy_of_a_running_call_is_ignored() {
    let [_, _, bland, elevenlabs] = calls();
    let running = [
        json!({"id": "c1", "assistantId": "a1", "status": "in-progress", "startedAt": "2026-03-01T08:00:00Z"}),
        json!({"call_id": "c1", "call_status": "ongoing", "call_type": "web_call", "transcript": "Agent: Good day."}),
        with(bland, "queue_status", json!("started")),
        with(elevenlabs["data"].clone(), "status", json!("processing")),
    ];
    for (call, producer) in running.iter().zip(["vapi", "retell", "bland", "elevenlabs"]) {
        assert_eq!(read_ignored(call).0, producer, "{call}");
    }
}

#[test]
fn payloads_of_others_are_not_taken_for_a_platforms() {
    let others = [
        json!({"event": "call.analyzed", "call": {"callId": "3c90", "endReason": "hangup"}}),
        json!({"event": "call_finished", "call": {"id": "3c90"}}),
        json!({"message": {"type": "text", "text": "Good day."}}),
        json!({"type": "status-update", "call": {"id": "c1"}}),
        json!({"id": "c1", "status": "ended", "artifact": {"name": "build.zip"}}),
        json!({"type": "transcription", "data": {"conversation_id": "c1"}}),
        json!({"conversationId": "c1", "transcripts": [{"lines": [{"text": "Good day."}]}]}),
        json!({"resource": "call", "event": "call.ended", "timestamp": 1, "data": {"words": ["Good day."]}}),
        json!({"call_id": "c1", "results": [{"role": "AGENT", "text": "Good day."}]}),
        json!({"call_id": "c1", "entries": [{"name": "AGENT", "text": "Good day."}]}),
        json!({"name": "projects/p/conversations", "segments": [{"text": "Good day."}]}),
        json!({"call": {"call_id": "c1", "transcript": "bot: Good day."}}),
        json!({"call_id": "c1", "history": [{"at": "08:00", "note": "Good day."}]}),
    ];
    for other in others {
        assert_eq!(read_error(&other).code(), "unknown_format", "{other}");
    }
    // Our own schema, with fields that it does not know.
    let own = json!({"call_id": "c1", "conversation_id": "x", "call_status": "done", "assistantId": "a1",
        "transcript": [{"role": "agent", "text": "Good day."}]});
    assert_eq!(read_call(&own).producer, "native");
    let listed = json!({"call_id": "c1", "transcripts": [{"phrases": [{"text": "Good day."}]}]});
    assert!(!format!("{:?}", read_for_acme(&listed)).contains("bland"));
}
