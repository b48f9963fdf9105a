//! Vapi: the server message `end-of-call-report`.
//!
//! The `duration` of a message is not used: it is documented in seconds, sent in milliseconds, and shorter than the turn when the
//! bot pauses. `time` and `endTime` are milliseconds since 1970, `secondsFromStart` are seconds from the start of the call.

use domain::Role;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration};
use crate::field::{Field, FieldError};
use crate::speaker_labels::{SpeakerLabel, fallback_role};
use crate::turn_times::TurnTimes;

/// Where the transcript plan may be. What is overridden for one call comes first.
const TRANSCRIPT_PLAN_PATHS: [&str; 4] = [
    "call.assistantOverrides.artifactPlan.transcriptPlan",
    "call.artifactPlan.transcriptPlan",
    "assistant.artifactPlan.transcriptPlan",
    "call.assistant.artifactPlan.transcriptPlan",
];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.get("message.type").non_blank().is_some()
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let message = payload.get("message");
    let event = message.get("type").text()?;
    if event != "end-of-call-report" {
        return Ok(PayloadKind::not_call_end(event));
    }
    builder.set_call_id(&[message.get("call.id")])?;
    // A call of a squad has no `assistantId`: its agent is the squad.
    builder.set_agent_id(&[message.get("call.assistantId"), message.get("call.squadId"), message.get("assistant.id")]);
    let starts = [message.get("startedAt"), message.get("call.startedAt")];
    let ends = [message.get("endedAt"), message.get("call.endedAt")];
    builder.started_at = starts.iter().find_map(Field::rfc3339);
    let first_ms = |fields: &[Field<'_, '_>]| fields.iter().find_map(Field::rfc3339_ms);
    builder.duration_seconds =
        first_ms(&ends).zip(first_ms(&starts)).and_then(|(end, start)| plausible_duration((end - start) / SECONDS));
    let lists = [message.get("artifact.messages"), message.get("messages")];
    if let Some(list) = lists.iter().find(|list| list.elements().next().is_some()) {
        list.elements().for_each(|message| add_message(&message, builder));
    }
    if builder.turns.is_empty() {
        add_transcript_text(&message, builder)?;
    }
    builder.measures.interruptions_by_agent = message.get("artifact.performanceMetrics.numUserInterrupted").count();
    let analysis = message.get("analysis");
    builder.set_verdict(analysis.get("successEvaluation").scalar_text(), None, analysis.get("summary").non_blank());
    builder.add_all_metadata(&message.get("call.metadata"));
    builder.add_all_metadata(&message.get("assistant.metadata"));
    builder.add_metadata("agent_name", message.get("assistant.name").non_blank());
    builder.add_metadata("direction", message.get("call.type").non_blank().and_then(direction));
    builder.add_metadata("ended_reason", message.get("endedReason").non_blank());
    Ok(PayloadKind::Call)
}

fn add_message(message: &Field<'_, '_>, builder: &mut CallBuilder) {
    let role = message.get("role").non_blank().unwrap_or_default();
    let text = message.get("message").non_blank().unwrap_or_default();
    match role {
        "tool_calls" => {
            for call in message.get("toolCalls").elements() {
                let (name, arguments) = (call.get("function.name"), call.get("function.arguments"));
                builder.add_tool_call(call.get("id").non_blank(), name.non_blank(), arguments.text_or_json());
            }
        }
        "tool_call_result" => {
            let (id, name) = (message.get("toolCallId"), message.get("name"));
            builder.add_tool_result(id.non_blank(), name.non_blank(), message.get("result").text_or_json(), None);
        }
        "bot" | "assistant" => builder.add_turn(Role::Agent, text, times(message)),
        "user" => {
            // If several people share the customer's line, the speaker map may have their roles.
            let mapped = message.get("speakerLabel").non_blank().and_then(|label| builder.mapped_role(label));
            builder.add_turn(mapped.unwrap_or(Role::Customer), text, times(message));
        }
        other => {
            if let Some(role) = fallback_role(other) {
                builder.add_turn(role, text, times(message));
            }
        }
    }
}

fn times(message: &Field<'_, '_>) -> TurnTimes {
    let start = message.get("secondsFromStart").number().map(|seconds| seconds * SECONDS);
    let length = message.get("endTime").number().zip(message.get("time").number()).map(|(end, start)| end - start);
    let end = start.zip(length.filter(|length| *length >= 0.0)).map(|(start, length)| start + length);
    TurnTimes { start_ms: start.and_then(call_offset_ms), end_ms: end.and_then(call_offset_ms) }
}

/// Adds the turns of the transcript that is one text. The transcript plan may have changed its two speaker labels.
fn add_transcript_text(message: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    let plans = TRANSCRIPT_PLAN_PATHS.map(|path| message.get(path));
    let keys = [("assistantName", Role::Agent), ("userName", Role::Customer)];
    let label = |(key, role)| -> Option<SpeakerLabel<'_>> {
        Some((plans.iter().find_map(|plan| plan.get(key).non_blank())?.trim(), Some(role)))
    };
    let labels: Vec<_> = keys.into_iter().filter_map(label).collect();
    let texts = [message.get("artifact.transcript"), message.get("transcript")];
    texts
        .iter()
        .find(|text| text.non_blank().is_some())
        .map_or(Ok(()), |text| builder.add_labelled_turns(text, &labels))
}

fn direction(call_type: &str) -> Option<&'static str> {
    match call_type {
        "inboundPhoneCall" => Some("inbound"),
        "outboundPhoneCall" => Some("outbound"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_ignored};

    fn report(messages: &Value) -> Value {
        json!({"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "artifact": {"messages": messages}}})
    }

    #[test]
    fn vapis_duration_of_a_message_is_not_used() {
        let turn = json!({"role": "bot", "message": "Good morning.", "time": 1_754_436_129_585_u64,
            "endTime": 1_754_436_140_835.001, "secondsFromStart": 1.199_999_9, "duration": 10240.0007});
        let turn = read_call(&report(&json!([turn]))).transcript.remove(0);
        assert_eq!((turn.start_ms, turn.end_ms), (Some(1_200), Some(12_450)));
    }

    #[test]
    fn vapis_system_prompt_is_not_a_turn() {
        let messages = json!([
            {"role": "system", "message": "You are a helpful assistant. Say goodbye.", "secondsFromStart": 0},
            {"role": "bot", "message": "Good morning.", "secondsFromStart": 1.2},
        ]);
        let call = read_call(&report(&messages));
        assert_eq!(call.transcript.len(), 1);
        assert_eq!((call.transcript[0].role, call.transcript[0].text.as_str()), (Role::Agent, "Good morning."));
    }

    #[test]
    fn vapis_success_evaluation_is_kept_as_text_whatever_its_type() {
        for (sent, kept) in
            [(json!("8"), "8"), (json!("true"), "true"), (json!("Good"), "Good"), (json!(false), "false")]
        {
            let mut report = report(&json!([]));
            report["message"]["analysis"] = json!({"successEvaluation": sent});
            assert_eq!(read_call(&report).producer_verdict.unwrap().success.as_deref(), Some(kept));
        }
    }

    #[test]
    fn vapis_transcript_text_is_read_with_the_labels_of_the_transcript_plan() {
        let plan =
            |name: &str| json!({"artifactPlan": {"transcriptPlan": {"assistantName": name, "userName": "Guest"}}});
        for pointer in ["/message/assistant", "/message/call/assistant", "/message/call/assistantOverrides"] {
            let mut report = report(&json!([{"role": "system", "message": "You are Mia."}]));
            report["message"]["artifact"]["transcript"] = json!("Guest: Hi.\nMia: Hello.");
            report["message"]["assistant"] = plan("Amy");
            report["message"]["call"]["assistant"] = json!({});
            report["message"]["call"]["assistantOverrides"] = json!({});
            *report.pointer_mut(pointer).unwrap() = plan("Mia");
            if pointer == "/message/call/assistant" {
                report["message"]["assistant"].take();
            }
            let roles: Vec<_> = read_call(&report).transcript.iter().map(|turn| turn.role).collect();
            assert_eq!(roles, [Role::Customer, Role::Agent], "{pointer}");
        }
    }

    #[test]
    fn vapis_tool_messages_are_not_turns_whatever_their_role() {
        let messages = json!([{"role": "function_call", "message": "look up"}, {"role": "function_result", "message": "4711"},
            {"role": "tool", "message": "4711"}, {"role": "bot", "message": "Here it is."}]);
        let call = read_call(&report(&messages));
        assert_eq!(call.transcript.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["Here it is."]);
    }

    #[test]
    fn vapis_older_reports_have_their_messages_one_level_up() {
        let old = json!({"message": {"type": "end-of-call-report", "call": {"id": "c1"},
            "messages": [{"role": "user", "message": "Yep."}]}});
        assert_eq!(read_call(&old).transcript[0].role, Role::Customer);
    }

    #[test]
    fn vapis_call_duration_is_computed_from_start_and_end() {
        let mut report = report(&json!([]));
        report["message"]["durationSeconds"] = json!(9);
        assert_eq!(read_call(&report).stated_duration_seconds, None);
        report["message"]["startedAt"] = json!("2025-08-05T23:22:08.258Z");
        report["message"]["endedAt"] = json!("2025-08-05T23:23:18.758Z");
        assert_eq!(read_call(&report).stated_duration_seconds, Some(70.5));
    }

    #[test]
    fn vapis_users_that_share_a_line_have_the_roles_of_the_speaker_map() {
        let messages = json!([{"role": "user", "message": "Hi.", "speakerLabel": "Speaker 1"},
            {"role": "user", "message": "Hello, I translate.", "speakerLabel": "Speaker 2"}]);
        let mut message = report(&messages);
        message["speaker_map"] = json!({"Speaker 2": "other"});
        let roles: Vec<_> = read_call(&message).transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Customer, Role::Other]);
    }

    #[test]
    fn vapis_interruptions_are_those_of_the_user_and_not_of_the_assistant() {
        let mut report = report(&json!([]));
        report["message"]["artifact"]["performanceMetrics"] =
            json!({"numUserInterrupted": 2, "numAssistantInterrupted": 7});
        assert_eq!(read_call(&report).platform_measures.interruptions_by_agent, Some(2));
    }

    #[test]
    fn vapis_squad_is_the_agent_of_its_calls() {
        let mut report = report(&json!([]));
        report["message"]["call"]["squadId"] = json!("squad-1");
        report["message"]["assistant"] = json!({"id": "closer"});
        assert_eq!(read_call(&report).agent_id.unwrap().as_str(), "squad-1");
    }

    #[test]
    fn vapis_other_messages_are_ignored() {
        let update = json!({"message": {"type": "status-update", "status": "ended", "call": {"id": "c1"}}});
        assert_eq!(read_ignored(&update), ("vapi", "status-update is not the end of a call".to_owned()));
    }
}
