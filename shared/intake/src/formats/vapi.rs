//! Vapi: the server message `end-of-call-report`, and the call as `GET /call/{id}` returns it.
//!
//! The fields of a report may be in the message or in its `call`: relays take the envelope `message` off or put everything under
//! `message.call`. The `duration` of a message is not used: it is documented in seconds, sent in milliseconds, and shorter than the
//! turn when the bot pauses. `time` and `endTime` are milliseconds since 1970, `secondsFromStart` are seconds from the start of the
//! call.

use domain::{Role, SkipReason};
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration};
use crate::entries::{self, Entry, EntryKeys, Speaker};
use crate::field::{Field, FieldError};
use crate::speaker_labels::SpeakerLabel;
use crate::turn_times::TurnTimes;

const END_OF_CALL: &str = "end-of-call-report";
/// The other messages that Vapi sends, where they are not told by the call in them.
const OTHER_MESSAGES: [&str; 23] = [
    "assistant-request",
    "assistant.started",
    "call.deleted",
    "chat.created",
    "chat.deleted",
    "conversation-update",
    "function-call",
    "handoff-destination-request",
    "hang",
    "knowledge-base-request",
    "language-change-detected",
    "model-output",
    "phone-call-control",
    "session.created",
    "session.deleted",
    "session.updated",
    "speech-update",
    "status-update",
    "tool-calls",
    "transfer-destination-request",
    "transfer-update",
    "user-interrupted",
    "voice-input",
];
/// The types of calls.
const CALL_TYPES: [&str; 4] = ["inboundPhoneCall", "outboundPhoneCall", "webCall", "vapi.websocketCall"];
/// The keys of which a call that was fetched has one, beside those that say what happened in it ([`CALL_KEYS`]).
const OWNER_KEYS: [&str; 8] =
    ["assistantId", "assistant", "assistantOverrides", "squadId", "squad", "workflowId", "phoneNumberId", "orgId"];
const CALL_KEYS: [&str; 6] = ["artifact", "transcript", "messages", "endedReason", "startedAt", "costBreakdown"];

/// The keys of a message in a report.
const KEYS: EntryKeys = EntryKeys { role: "role", text: "message" };

/// Why calls end in which nobody speaks with anybody.
const NOT_ANSWERED: [&str; 7] = [
    "customer-busy",
    "customer-did-not-answer",
    "customer-did-not-give-microphone-permission",
    "twilio-failed-to-connect-call",
    "twilio-reported-customer-misdialed",
    "vonage-failed-to-connect-call",
    "vonage-rejected",
];

/// Where the transcript plan may be. What is overridden for one call comes first.
const TRANSCRIPT_PLAN_PATHS: [&str; 3] = [
    "assistantOverrides.artifactPlan.transcriptPlan",
    "artifactPlan.transcriptPlan",
    "assistant.artifactPlan.transcriptPlan",
];
/// Where the language of the transcriber may be.
const LANGUAGE_PATHS: [&str; 2] = ["assistantOverrides.transcriber.language", "assistant.transcriber.language"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    is_message(&payload.get("message"), &OTHER_MESSAGES) || is_message(payload, &[]) || is_resource(payload)
}

/// Whether this is a server message: the report, one that is told by its name, or one with a call of Vapi's in it.
fn is_message(message: &Field<'_, '_>, others: &[&str]) -> bool {
    let Some(event) = message.get("type").non_blank() else { return false };
    let owners = ["call.assistantId", "call.squadId", "call.orgId", "transcriptType"];
    event == END_OF_CALL
        || others.contains(&event)
        || owners.iter().any(|path| message.get(path).is_present())
        || has_call_type(&message.get("call"))
}

fn has_call_type(call: &Field<'_, '_>) -> bool {
    call.get("type").non_blank().is_some_and(|kind| CALL_TYPES.contains(&kind))
}

/// Whether a payload is a call as Vapi's API returns it.
pub(super) fn is_resource(payload: &Field<'_, '_>) -> bool {
    let has_any = |keys: &[&str]| keys.iter().any(|key| payload.has(key));
    let is_owned =
        has_any(&OWNER_KEYS) || payload.get("type").non_blank().is_some_and(|kind| CALL_TYPES.contains(&kind));
    payload.get("id").non_blank().is_some() && is_owned && has_any(&CALL_KEYS)
}

/// The objects that may have a call's fields, the first of which wins.
struct Report<'v, 'p> {
    message: Field<'v, 'p>,
    call: Field<'v, 'p>,
}

impl<'v, 'p> Report<'v, 'p> {
    /// The value at that path in the message, or else in its call; without either, the path in the message.
    fn get(&'p self, path: &'p str) -> Field<'v, 'p> {
        let of_call = self.call.get(path);
        if of_call.is_present() && !self.message.get(path).is_present() { of_call } else { self.message.get(path) }
    }

    /// The first value at one of these paths, in the call or in the message: for what is configured.
    fn first_of(&'p self, paths: &'p [&'p str]) -> impl Iterator<Item = Field<'v, 'p>> {
        paths.iter().flat_map(|path| [self.call.get(path), self.message.get(path)])
    }
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let message = payload.get("message");
    let is_enveloped = message.get("type").is_present();
    let message = if is_enveloped { message } else { *payload };
    let is_fetched = !is_enveloped && !is_message(payload, &[]);
    let report = Report { message, call: if is_fetched { message } else { message.get("call") } };
    let (event, end) = if is_fetched { ("status", "ended") } else { ("type", END_OF_CALL) };
    match message.get(event).scalar_text() {
        Some(event) if event != end => return Ok(PayloadKind::not_call_end(&event)),
        None if !is_resource(payload) => return Err(payload.get("message.type").error("is missing")),
        _ => {}
    }
    read_report(&report, builder)?;
    Ok(PayloadKind::Call)
}

fn read_report(report: &Report<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    builder.set_call_id(&[report.call.get("id")])?;
    // A call of a squad has no `assistantId`: its agent is the squad.
    builder.set_agent_id(&["assistantId", "squadId", "assistant.id"].map(|path| report.get(path)));
    let instant_ms = |key| [report.message.get(key), report.call.get(key)].iter().find_map(Field::rfc3339_ms);
    let (start, end) = (instant_ms("startedAt"), instant_ms("endedAt"));
    builder.started_at =
        [report.message.get("startedAt"), report.call.get("startedAt")].iter().find_map(Field::rfc3339);
    builder.duration_seconds = end.zip(start).and_then(|(end, start)| plausible_duration((end - start) / SECONDS));
    builder.stated_skip = report.get("endedReason").non_blank().and_then(skip_reason);
    if let Some(language) = report.first_of(&LANGUAGE_PATHS).find(Field::is_present) {
        builder.set_language(&language);
    }
    add_turns(report, start, builder)?;
    let metrics = report.get("artifact.performanceMetrics");
    builder.measures.interruptions_by_agent = metrics.get("numUserInterrupted").count();
    builder.measures.interruptions_by_customer = metrics.get("numAssistantInterrupted").count();
    add_verdict(report, builder);
    builder.metadata.add_all(&report.call.get("metadata"));
    builder.metadata.add_all(&report.get("assistant.metadata"));
    builder.metadata.add("agent_name", report.get("assistant.name").non_blank());
    builder.metadata.add("direction", report.call.get("type").non_blank().and_then(direction));
    builder.metadata.add("ended_reason", report.get("endedReason").non_blank());
    Ok(())
}

/// What the reason for the end of a call says about whom the agent spoke with.
fn skip_reason(ended_reason: &str) -> Option<SkipReason> {
    let is_unconnected =
        NOT_ANSWERED.contains(&ended_reason) || ended_reason.ends_with("outbound-call-failed-to-connect");
    match ended_reason {
        "voicemail" => Some(SkipReason::Voicemail),
        _ => is_unconnected.then_some(SkipReason::NotAnswered),
    }
}

/// Adds the turns of the list of messages, or else of the transcript that is one text. Fails when nothing of what there is was
/// understood.
fn add_turns(report: &Report<'_, '_>, start_ms: Option<f64>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    let lists = [
        report.message.get("artifact.messages"),
        report.message.get("messages"),
        report.call.get("artifact.messages"),
        report.call.get("messages"),
    ];
    let of_list =
        entries::read_first(&lists, KEYS, builder, |message, builder| add_message(message, start_ms, builder));
    if builder.turns.is_empty() {
        add_transcript_text(report, builder)?;
        if !builder.turns.is_empty() {
            return Ok(());
        }
    }
    of_list
}

fn add_message(message: &Field<'_, '_>, call_start_ms: Option<f64>, builder: &mut CallBuilder) -> Entry {
    let speaker = match message.get("role").non_blank().unwrap_or_default() {
        "tool_calls" => {
            for call in message.get("toolCalls").elements() {
                let (name, arguments) = (call.get("function.name"), call.get("function.arguments"));
                builder.add_tool_call(call.get("id").non_blank(), name.non_blank(), arguments.text_or_json());
            }
            return Entry::Understood;
        }
        "tool_call_result" => {
            let (id, name) = (message.get("toolCallId"), message.get("name"));
            builder.add_tool_result(id.non_blank(), name.non_blank(), message.get("result").text_or_json(), None);
            return Entry::Understood;
        }
        "bot" | "assistant" => Speaker::Known(Role::Agent),
        "user" => {
            // If several people share the customer's line, the speaker map may have their roles.
            let mapped = message.get("speakerLabel").non_blank().and_then(|label| builder.mapped_role(label));
            Speaker::Known(mapped.unwrap_or(Role::Customer))
        }
        other => Speaker::of(other),
    };
    // The artifact's other list of messages has `content`, and some relays send that one under the name of this.
    let text = message.get(if message.has("message") { "message" } else { "content" });
    if !text.is_present() && (message.has("message") || message.has("content")) {
        return Entry::Understood;
    }
    entries::add_turn(builder, speaker, &text, times(message, call_start_ms))
}

fn times(message: &Field<'_, '_>, call_start_ms: Option<f64>) -> TurnTimes {
    let (time, end_time) = (message.get("time").number(), message.get("endTime").number());
    let from_start = message.get("secondsFromStart").number().map(|seconds| seconds * SECONDS);
    let start = from_start.or_else(|| time.zip(call_start_ms).map(|(time, start)| time - start));
    let length = end_time.zip(time).map(|(end, start)| end - start);
    let end = start.zip(length.filter(|length| *length >= 0.0)).map(|(start, length)| start + length);
    TurnTimes { start_ms: start.and_then(call_offset_ms), end_ms: end.and_then(call_offset_ms) }
}

/// Adds the turns of the transcript that is one text. The transcript plan may have changed its two speaker labels.
fn add_transcript_text(report: &Report<'_, '_>, builder: &mut CallBuilder) -> Result<(), FieldError> {
    let plans: Vec<_> = report.first_of(&TRANSCRIPT_PLAN_PATHS).collect();
    let keys = [("assistantName", Role::Agent), ("userName", Role::Customer)];
    let label = |(key, role)| -> Option<SpeakerLabel<'_>> {
        Some((plans.iter().find_map(|plan| plan.get(key).non_blank())?.trim(), Some(role)))
    };
    let standard = [("AI", Some(Role::Agent)), ("User", Some(Role::Customer))];
    let labels: Vec<_> = keys.into_iter().filter_map(label).chain(standard).collect();
    let texts = [report.get("artifact.transcript"), report.get("transcript")];
    texts.iter().find(|text| text.is_present()).map_or(Ok(()), |text| builder.add_labelled_turns(text, &labels))
}

/// Sets what Vapi concluded: its analysis or else, as it recommends now, the structured outputs of the names that its templates
/// have ("Success Evaluation - Pass/Fail", "Call Summary").
fn add_verdict(report: &Report<'_, '_>, builder: &mut CallBuilder) {
    let outputs = ["artifact.structuredOutputs", "structuredOutputs", "analysis.structuredOutputs"];
    let outputs = outputs.map(|path| report.get(path));
    let output = |word: &str| {
        let members = outputs.iter().filter_map(|outputs| outputs.value()?.as_object()).flatten();
        let named = members.filter_map(|(key, output)| {
            let name = output.get("name").and_then(Value::as_str).unwrap_or(key);
            let result = output.get("result").unwrap_or(output);
            let text = Field::root(result).scalar_text()?;
            name.to_lowercase().contains(word).then(|| (name.to_owned(), text))
        });
        // The keys are random.
        named.min().map(|(_, text)| text)
    };
    let success = report.get("analysis.successEvaluation").scalar_text().or_else(|| output("success"));
    let summary = [report.get("analysis.summary"), report.get("summary")].iter().find_map(Field::scalar_text);
    let summary = summary.or_else(|| output("summary"));
    builder.set_verdict(success, output("sentiment"), summary.as_deref());
}

fn direction(call_type: &str) -> Option<&'static str> {
    match call_type {
        "inboundPhoneCall" => Some("inbound"),
        "outboundPhoneCall" => Some("outbound"),
        _ => None,
    }
}
