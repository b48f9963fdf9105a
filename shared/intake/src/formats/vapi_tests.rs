//! Tests of the reader of Vapi's reports.

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
    for (sent, kept) in [(json!("8"), "8"), (json!("true"), "true"), (json!("Good"), "Good"), (json!(false), "false")] {
        let mut report = report(&json!([]));
        report["message"]["analysis"] = json!({"successEvaluation": sent});
        assert_eq!(read_call(&report).producer_verdict.unwrap().success.as_deref(), Some(kept));
    }
}

#[test]
fn vapis_transcript_text_is_read_with_the_labels_of_the_transcript_plan() {
    let plan = |name: &str| json!({"artifactPlan": {"transcriptPlan": {"assistantName": name, "userName": "Guest"}}});
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
fn vapi_counts_who_is_interrupted_and_not_who_interrupts() {
    let mut report = report(&json!([]));
    report["message"]["artifact"]["performanceMetrics"] =
        json!({"numUserInterrupted": 2, "numAssistantInterrupted": 7});
    let measures = read_call(&report).platform_measures;
    assert_eq!((measures.interruptions_by_agent, measures.interruptions_by_customer), (Some(2), Some(7)));
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

#[test]
fn vapis_report_may_be_under_its_call_or_without_its_envelope() {
    let whole = report(&json!([{"role": "bot", "message": "Hi."}, {"role": "user", "message": "Hello."}]));
    let mut below = whole.clone();
    below["message"]["call"]["artifact"] = below["message"]["artifact"].take();
    below["message"]["call"]["analysis"] = json!({"summary": "A greeting.", "successEvaluation": true});
    let call = read_call(&below);
    let verdict = call.producer_verdict.unwrap();
    assert_eq!((verdict.success.as_deref(), verdict.summary.as_deref()), (Some("true"), Some("A greeting.")));
    assert_eq!(call.transcript, read_call(&whole).transcript);
    assert_eq!(read_call(&whole["message"]), read_call(&whole));
}

#[test]
fn vapis_structured_outputs_are_its_verdict_where_the_analysis_has_none() {
    let mut report = report(&json!([]));
    report["message"]["artifact"]["structuredOutputs"] = json!({
        "9": {"name": "Call Summary", "result": "The roof leaks."}, "1": {"name": "Urgency", "result": "high"},
        "5": {"name": "Success Evaluation - Pass/Fail", "result": false}, "2": {"name": "Address", "result": {"no": 4}}});
    let verdict = |report: &Value| {
        let verdict = read_call(report).producer_verdict.unwrap();
        (verdict.success.unwrap(), verdict.summary.unwrap())
    };
    assert_eq!(verdict(&report), ("false".to_owned(), "The roof leaks.".to_owned()));
    report["message"]["analysis"] = json!({"successEvaluation": "true", "summary": "Fixed."});
    assert_eq!(verdict(&report), ("true".to_owned(), "Fixed.".to_owned()));
}

#[test]
fn vapis_language_is_the_transcribers_unless_that_knows_several() {
    for (sent, kept) in [
        (json!("no"), Some("no")),
        (json!("en-US"), Some("en-US")),
        (json!("multi"), None),
        (json!("English"), None),
        (json!("und"), None),
        (json!(null), None),
    ] {
        let mut report = report(&json!([]));
        report["message"]["assistant"] = json!({"transcriber": {"language": sent}});
        assert_eq!(read_call(&report).language.as_deref(), kept, "{sent}");
        report["message"]["call"]["assistantOverrides"] = json!({"transcriber": {"language": "pl"}});
        assert_eq!(read_call(&report).language.as_deref(), Some("pl"));
    }
}

#[test]
fn vapis_messages_may_have_the_content_of_its_other_list() {
    let messages = json!([{"role": "assistant", "content": "Hi."}, {"role": "assistant", "content": null}]);
    let call = read_call(&report(&messages));
    assert_eq!(call.transcript.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["Hi."]);
}

#[test]
fn vapis_times_of_day_count_where_the_seconds_from_the_start_are_missing() {
    let mut report = report(&json!([{"role": "bot", "message": "Hi.", "time": 1_754_436_129_585_u64,
        "endTime": 1_754_436_130_085_u64}]));
    assert_eq!(read_call(&report).transcript[0].start_ms, None);
    report["message"]["startedAt"] = json!("2025-08-05T23:22:08.585Z");
    let turn = read_call(&report).transcript.remove(0);
    assert_eq!((turn.start_ms, turn.end_ms), (Some(1_000), Some(1_500)));
}
