//! What every format must do, tested on each of them.

use domain::{Call, Role};
use serde_json::{Value, json};

use super::fixture_tests;
use crate::tests::{read_call, read_for_acme};
use crate::{ParsedMessage, format_names};

/// A payload of each format with three turns of one speaker, "One.", a blank one and "Two.", without any times.
fn payloads_with_a_blank_turn() -> Vec<Value> {
    let texts = ["One.", " ", "Two."];
    let list = |entry: &dyn Fn(&str) -> Value| Value::from_iter(texts.map(entry));
    let vapi = list(&|text| json!({"role": "bot", "message": text}));
    let retell = list(&|text| json!({"role": "agent", "content": text, "words": []}));
    let elevenlabs = list(&|text| json!({"role": "agent", "message": text, "time_in_call_secs": null}));
    let bland = list(&|text| json!({"user": "assistant", "text": text}));
    let bolna = texts.map(|text| format!("assistant: {text}")).join("\n");
    let contact_lens = list(&|text| json!({"ParticipantId": "AGENT", "Content": text}));
    let call_analytics = list(&|text| json!({"ParticipantRole": "AGENT", "Content": text}));
    let segments = list(&|text| json!({"SegmentSpeaker": "spk_0", "DisplayText": text}));
    let deepgram = list(&|text| json!({"speaker": 0, "transcript": text}));
    let livekit = list(&|text| json!({"type": "message", "role": "assistant", "content": [text]}));
    let messages = list(&|text| json!({"role": "assistant", "content": text}));
    let telnyx = list(&|text| json!({"role": "assistant", "text": text, "tool_calls": []}));
    let assemblyai = list(&|text| json!({"speaker": "A", "text": text}));
    let transcribe = list(&|text| json!({"speaker_label": "spk_0", "transcript": text}));
    let whisper = list(&|text| json!({"speaker": "SPEAKER_00", "text": text}));
    let azure = list(&|text| json!({"speaker": 1, "text": text}));
    let twilio = list(&|text| json!({"media_channel": 1, "transcript": text}));
    let audio = |text: &str| json!([{"type": "output_audio", "transcript": text}]);
    let openai = list(&|text| json!({"itemId": "i", "type": "message", "role": "assistant", "content": audio(text)}));
    let genesys = list(&|text| json!({"participantPurpose": "internal", "text": text}));
    let ultravox = list(&|text| json!({"role": "MESSAGE_ROLE_AGENT", "text": text}));
    let aircall = list(&|text| json!({"participant_type": "internal", "text": text}));
    let insights = list(&|text| json!({"segmentParticipant": {"role": "HUMAN_AGENT"}, "text": text}));
    let import = list(&|text| json!({"role": "AGENT", "user_id": 2, "text": text}));
    let synthflow = texts.map(|text| format!("bot: {text}")).join("\n");
    vec![
        json!({"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "artifact": {"messages": vapi}}}),
        json!({"event": "call_ended", "call": {"call_id": "c1", "transcript_object": retell}}),
        json!({"type": "post_call_transcription", "data": {"conversation_id": "c1", "transcript": elevenlabs}}),
        json!({"call_id": "c1", "transcripts": bland}),
        json!({"id": "c1", "agent_id": "a1", "status": "completed", "telephony_data": null, "transcript": bolna}),
        json!({"CustomerMetadata": {"ContactId": "c1"}, "Transcript": contact_lens}),
        json!({"SessionId": "c1", "Transcript": call_analytics}),
        json!({"ConversationAnalytics": {"GUID": "c1"}, "SpeechSegments": segments}),
        json!({"metadata": {"request_id": "c1"}, "results": {"channels": [{}], "utterances": deepgram}}),
        json!({"room_id": "c1", "chat_history": {"items": livekit}}),
        json!({"call_id": "c1", "messages": messages}),
        json!({"transcript_sid": "c1", "sentences": twilio}),
        json!({"call_id": "c1", "data": telnyx}),
        json!({"id": "c1", "status": "completed", "audio_duration": null, "utterances": assemblyai}),
        json!({"jobName": "c1", "results": {"audio_segments": transcribe}}),
        json!({"call_id": "c1", "segments": whisper}),
        json!({"call_id": "c1", "combinedPhrases": [], "phrases": azure}),
        json!({"call_id": "c1", "history": openai}),
        json!({"conversationId": "c1", "transcripts": [{"phrases": genesys}]}),
        json!({"call_id": "c1", "results": ultravox}),
        json!({"event": "transcription.created", "data": {"call_id": 1, "content": {"utterances": aircall}}}),
        json!({"name": "projects/p/locations/l/conversations/c1", "transcript": {"transcriptSegments": insights}}),
        json!({"call_id": "c1", "entries": import}),
        json!({"lead": {}, "call": {"call_id": "c1", "model_id": "m1", "transcript": synthflow}}),
    ]
}

#[test]
fn turns_are_not_merged_and_blank_ones_are_dropped_and_missing_times_are_none() {
    let messages = payloads_with_a_blank_turn();
    let formats: std::collections::BTreeSet<_> = messages.iter().map(|message| read_call(message).producer).collect();
    // All but our own, which keeps blank turns, captions, which are nothing without times, and single words.
    let others = ["native", "captions", "speechmatics"];
    assert_eq!(formats.len() + others.len(), format_names().count(), "{formats:?}");
    for message in messages {
        let call = read_call(&message);
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
        assert_eq!(turns, [(Role::Agent, "One."), (Role::Agent, "Two.")], "{message}");
        assert!(call.transcript.iter().all(|turn| turn.start_ms.is_none() && turn.end_ms.is_none()), "{message}");
        assert_eq!((call.started_at, call.stated_duration_seconds), (None, None), "{message}");
    }
}

/// The document with a member added to every object that no format knows.
fn with_unknown_members(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(with_unknown_members).collect(),
        Value::Object(members) => {
            // The speaker map is part of the envelope, in which an unknown role is an error.
            let extended =
                |name, member| if name == "speaker_map" { Value::clone(member) } else { with_unknown_members(member) };
            let known = members.iter().map(|(name, member)| (name.clone(), extended(name, member)));
            known.chain([("from_a_later_release".to_owned(), json!({"role": "system"}))]).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn unknown_fields_are_ignored_wherever_they_are() {
    // Metadata and the arguments and results of tools are kept unchanged, so they have the unknown members.
    let without_opaque_data = |call: Call| Call { metadata: serde_json::Map::new(), tool_events: Vec::new(), ..call };
    for (path, message) in format_names().flat_map(fixture_tests::load) {
        if let Ok(ParsedMessage::Call(call)) = read_for_acme(&message) {
            let Ok(ParsedMessage::Call(later)) = read_for_acme(&with_unknown_members(&message)) else {
                panic!("{} is not a call any more", path.display())
            };
            assert_eq!(without_opaque_data(*later), without_opaque_data(*call), "{}", path.display());
        }
    }
}

#[test]
fn a_call_id_added_to_a_bare_payload_does_not_change_its_format() {
    for (path, message) in format_names().flat_map(fixture_tests::load) {
        if let (Ok(ParsedMessage::Call(call)), Value::Object(mut members)) = (read_for_acme(&message), message)
            && !members.contains_key("payload")
        {
            members.insert("call_id".to_owned(), json!("envelope-call"));
            let Ok(ParsedMessage::Call(named)) = read_for_acme(&Value::Object(members)) else {
                panic!("{} is not a call any more", path.display())
            };
            let expected = ("envelope-call", call.producer.as_str(), call.transcript.len());
            assert_eq!((named.call_id.as_str(), named.producer.as_str(), named.transcript.len()), expected);
        }
    }
}
