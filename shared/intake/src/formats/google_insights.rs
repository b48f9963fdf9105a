//! Google Cloud's Customer Experience Insights (formerly CCAI Insights): a conversation as its API returns it, and the file
//! that conversations are imported from (`google_insights_import`).
//!
//! A segment has a participant, whose role may be missing, and the channel that it was heard on. The times of its words are
//! texts of seconds from the start of the call. Google's libraries write names in snake case too, and roles as numbers.

use std::collections::BTreeMap;

use domain::Role;

use super::{PayloadKind, WRITTEN_CHAT, google_insights_import};
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, call_offset_ms, plausible_duration, timestamp_from_unix_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

const SEGMENTS: [&str; 2] = ["transcript.transcriptSegments", "transcript.transcript_segments"];
const PARTICIPANT: [&str; 2] = ["segmentParticipant", "segment_participant"];
const CHANNEL: [&str; 2] = ["channelTag", "channel_tag"];
const START_OFFSET: [&str; 2] = ["startOffset", "start_offset"];
const END_OFFSET: [&str; 2] = ["endOffset", "end_offset"];
const MESSAGE_TIME: [&str; 2] = ["messageTime", "message_time"];
const START_TIME: [&str; 2] = ["startTime", "start_time"];
/// What a conversation's name has before its identifier.
const NAME_PART: &str = "/conversations/";
/// How the medium of a chat is written: its name or its number.
const CHAT: [&str; 2] = ["CHAT", "2"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let name = payload.get("name").non_blank().unwrap_or_default();
    let segments = payload.first_of(&SEGMENTS);
    let is_segment = |one: Field<'_, '_>| PARTICIPANT.iter().chain(&CHANNEL).any(|key| one.has(key));
    segments.elements().any(is_segment)
        || name.starts_with("projects/") && name.contains(NAME_PART)
        || google_insights_import::detects(payload)
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if payload.get("medium").scalar_text().is_some_and(|medium| CHAT.contains(&medium.as_str())) {
        return Ok(PayloadKind::Ignored(WRITTEN_CHAT.to_owned()));
    }
    if !payload.first_of(&SEGMENTS).is_present() && google_insights_import::detects(payload) {
        return google_insights_import::read(payload, builder);
    }
    let name = payload.get("name").non_blank().unwrap_or_default();
    let id = name.split_once(NAME_PART).map(|(_, id)| id.split('/').next().unwrap_or(id));
    let id = serde_json::Value::from(id);
    builder.set_call_id(&[payload.get("name").with_value(&id)])?;
    set_facts(payload, builder);
    let segments = payload.first_of(&SEGMENTS);
    segments
        .required()
        .map_err(|_| segments.error("is missing: request the conversation with view=FULL"))
        .and_then(|_| segments.array())?;
    let start = payload.first_of(&START_TIME).proto_instant_ms();
    let roles = StatedRoles::of(payload, &segments);
    let mut customer_channel = None;
    for segment in sorted_by_start(segments.elements(), |segment| times(segment, start).start_ms) {
        let Some(text) = segment.get("text").non_blank() else { continue };
        let role = roles.of_segment(&segment, builder);
        if role == Role::Customer {
            customer_channel = customer_channel.or_else(|| channel(&segment));
        }
        builder.add_turn(role, text, times(&segment, start));
    }
    require_speakers(&segments, builder)?;
    builder.require_understood(first_unknown(&segments, "has no text", |segment| segment.get("text").is_text()))?;
    set_verdict(payload, customer_channel.as_deref(), builder);
    Ok(PayloadKind::Call)
}

/// What the conversation says of the call.
fn set_facts(payload: &Field<'_, '_>, builder: &mut CallBuilder) {
    builder.started_at = payload.first_of(&START_TIME).proto_instant_ms().and_then(timestamp_from_unix_ms);
    builder.duration_seconds = payload.get("duration").proto_seconds().and_then(plausible_duration);
    builder.set_language(&payload.first_of(&["languageCode", "language_code"]));
    let agents = payload.first_of(&["qualityMetadata.agentInfo", "quality_metadata.agent_info"]);
    let first = agents.elements().next();
    let of_first = first
        .and_then(|first| first.first_of(&["agentId", "agent_id", "displayName", "display_name"]).value().cloned());
    let of_first = serde_json::Value::from(of_first);
    builder.set_agent_id(&[payload.first_of(&["agentId", "agent_id"]), agents.with_value(&of_first)]);
    builder.metadata.add_all(&payload.get("labels"));
}

/// What the analysis concluded: the customer's sentiment, from -1 to 1, and a summary.
fn set_verdict(payload: &Field<'_, '_>, customer_channel: Option<&str>, builder: &mut CallBuilder) {
    let analysis = payload.first_of(&["latestAnalysis.analysisResult", "latest_analysis.analysis_result"]);
    let sentiments = analysis.first_of(&["callAnalysisMetadata.sentiments", "call_analysis_metadata.sentiments"]);
    let is_customers = |one: &Field<'_, '_>| customer_channel.is_some() && channel(one).as_deref() == customer_channel;
    let of_customer = sentiments.elements().find(is_customers);
    let score =
        of_customer.and_then(|one| one.first_of(&["sentimentData.score", "sentiment_data.score"]).scalar_text());
    let summary = payload.first_of(&["latestSummary.text", "latest_summary.text"]);
    builder.set_verdict(None, score, summary.non_blank());
}

/// The channel that a segment was heard on. 0 stands for one that all share.
fn channel(segment: &Field<'_, '_>) -> Option<String> {
    segment.first_of(&CHANNEL).scalar_text().filter(|channel| channel != "0")
}

/// The name by which a segment's speaker is told apart when nothing states a role: the channel, or else the participant.
fn speaker(segment: &Field<'_, '_>) -> Option<String> {
    let participant = segment.first_of(&PARTICIPANT);
    let id = participant.first_of(&["userId", "user_id", "dialogflowParticipantName", "dialogflow_participant_name"]);
    channel(segment).or_else(|| id.scalar_text())
}

/// The role that a segment's participant has, as its name or its number.
fn stated_role(segment: &Field<'_, '_>) -> Option<Role> {
    let participant = segment.first_of(&PARTICIPANT);
    participant.get("role").scalar_text().and_then(|role| role_from_name(&role))
}

/// The role of that name; `None` when it is not stated. The libraries write the numbers of the schema.
pub(super) fn role_from_name(name: &str) -> Option<Role> {
    match name.to_ascii_uppercase().as_str() {
        "AGENT" | "HUMAN_AGENT" | "AUTOMATED_AGENT" | "ANY_AGENT" | "1" | "2" | "4" => Some(Role::Agent),
        "CUSTOMER" | "END_USER" | "3" => Some(Role::Customer),
        "ROLE_UNSPECIFIED" | "0" => None,
        _ => Some(Role::Other),
    }
}

/// What a conversation states of its speakers.
struct StatedRoles {
    /// The roles of the channels, by the conversation or by the participants who were heard on them.
    by_channel: BTreeMap<String, Role>,
    /// Whether it states any role. If it does, none is guessed.
    has_any: bool,
}

impl StatedRoles {
    fn of(payload: &Field<'_, '_>, segments: &Field<'_, '_>) -> Self {
        let heard = segments.elements().filter_map(|one| Some((channel(&one)?, stated_role(&one)?)));
        let mut by_channel: BTreeMap<_, _> = heard.collect();
        let metadata = payload.first_of(&["callMetadata", "call_metadata"]);
        for (names, role) in [
            (["agentChannel", "agent_channel"], Role::Agent),
            (["customerChannel", "customer_channel"], Role::Customer),
        ] {
            if let Some(channel) = metadata.first_of(&names).scalar_text().filter(|channel| channel != "0") {
                by_channel.insert(channel, role);
            }
        }
        let has_any = !by_channel.is_empty() || segments.elements().any(|one| stated_role(&one).is_some());
        Self { by_channel, has_any }
    }

    /// The role of a segment's speaker: what the sender states, the participant's, the channel's, or a guess.
    fn of_segment(&self, segment: &Field<'_, '_>, builder: &mut CallBuilder) -> Role {
        let speaker = speaker(segment);
        let mapped = speaker.as_ref().and_then(|speaker| builder.mapped_role(speaker));
        let of_channel = || self.by_channel.get(channel(segment)?.as_str()).copied();
        let known = mapped.or_else(|| stated_role(segment)).or_else(of_channel);
        match speaker {
            Some(speaker) if known.is_none() && !self.has_any => builder.role_of(&speaker),
            _ => known.unwrap_or(Role::Other),
        }
    }
}

/// Fails when there are words, and neither participants nor channels tell who speaks.
fn require_speakers(segments: &Field<'_, '_>, builder: &CallBuilder) -> Result<(), FieldError> {
    let is_told = |segment: Field<'_, '_>| stated_role(&segment).is_some() || speaker(&segment).is_some();
    if builder.turns.is_empty() || segments.elements().any(is_told) {
        return Ok(());
    }
    Err(segments.error("does not tell the speakers apart: import the recording with separate channels or diarization"))
}

/// When a segment was said: from its first word to its last, or else from when it was sent.
fn times(segment: &Field<'_, '_>, call_start_ms: Option<f64>) -> TurnTimes {
    let words = segment.get("words");
    let offset_ms = |word: &Field<'_, '_>, names| call_offset_ms(word.first_of(names).proto_seconds()? * SECONDS);
    let start_ms = words.elements().find_map(|word| offset_ms(&word, &START_OFFSET));
    if start_ms.is_some() {
        let end_ms = words.elements().filter_map(|word| offset_ms(&word, &END_OFFSET)).last();
        return TurnTimes { start_ms, end_ms };
    }
    let sent = segment.first_of(&MESSAGE_TIME).proto_instant_ms().zip(call_start_ms);
    TurnTimes::starting_at(sent.and_then(|(sent, start)| call_offset_ms(sent - start)))
}

#[cfg(test)]
mod tests {
    use domain::{Role, SkipReason};
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn segment(role: &str, channel: u32, text: &str, start: &str, end: &str) -> Value {
        json!({"text": text, "channelTag": channel, "segmentParticipant": {"role": role},
            "words": [{"word": "a", "startOffset": start}, {"word": "b", "endOffset": end}]})
    }

    fn conversation() -> Value {
        json!({"org_id": "acme", "name": "projects/p/locations/us-central1/conversations/conv-1", "medium": "PHONE_CALL",
            "startTime": "2026-03-02T08:00:00.500Z", "duration": "61.5s", "languageCode": "en-AU", "agentId": "M77",
            "labels": {"queue": "cards"}, "latestSummary": {"text": "A card is blocked."},
            "latestAnalysis": {"analysisResult": {"callAnalysisMetadata": {"sentiments": [
                {"channelTag": 1, "sentimentData": {"score": -0.75}}, {"channelTag": 2, "sentimentData": {"score": 0.5}}]}}},
            "transcript": {"transcriptSegments": [
                segment("END_USER", 1, "I lost my card.", "2.250s", "4s"),
                segment("HUMAN_AGENT", 2, "Good day.", "0.5s", "1.900s")]}})
    }

    fn roles(message: &Value) -> (Vec<Role>, bool) {
        let call = read_call(message);
        (call.transcript.iter().map(|turn| turn.role).collect(), call.roles_guessed)
    }

    #[test]
    fn insights_segments_are_sorted_by_their_first_word() {
        let call = read_call(&conversation());
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(500), Some(1_900)), (Role::Customer, Some(2_250), Some(4_000))]);
        assert_eq!((call.call_id.as_str(), call.agent_id.unwrap().as_str()), ("conv-1", "M77"));
        assert_eq!((call.stated_duration_seconds, call.language.as_deref()), (Some(61.5), Some("en-AU")));
        assert_eq!((call.producer.as_str(), call.stated_skip), ("google_insights", None::<SkipReason>));
        let verdict = call.producer_verdict.unwrap();
        assert_eq!(
            (verdict.sentiment.as_deref(), verdict.summary.as_deref()),
            (Some("-0.75"), Some("A card is blocked."))
        );
    }

    #[test]
    fn insights_conversation_as_the_libraries_write_it_is_the_same_call() {
        let mut written = json!({"org_id": "acme", "name": conversation()["name"], "medium": 1, "agent_id": "M77",
            "start_time": "2026-03-02T08:00:00.500Z", "duration": {"seconds": "61", "nanos": 500_000_000},
            "language_code": "en-AU", "labels": {"queue": "cards"}, "latest_summary": {"text": "A card is blocked."},
            "latest_analysis": {"analysis_result": {"call_analysis_metadata": {"sentiments": [
                {"channel_tag": 1, "sentiment_data": {"score": -0.75}}]}}},
            "transcript": {"transcript_segments": [
                {"text": "I lost my card.", "channel_tag": 1, "segment_participant": {"role": 3},
                    "words": [{"start_offset": {"seconds": 2, "nanos": 250_000_000}, "end_offset": {"seconds": 4}}]},
                {"text": "Good day.", "channel_tag": 2, "segment_participant": {"role": 1},
                    "words": [{"start_offset": "0.5s", "end_offset": "1.9s"}]}]}});
        assert_eq!(read_call(&written), read_call(&conversation()));
        written["medium"] = json!(2);
        assert_eq!(read_ignored(&written), ("google_insights", "a written chat is not a call".to_owned()));
    }

    #[test]
    fn insights_channels_tell_the_speakers_where_roles_are_missing() {
        let mut message = conversation();
        for position in [0, 1] {
            message["transcript"]["transcriptSegments"][position]["segmentParticipant"].take();
        }
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer], true));
        message["callMetadata"] = json!({"agentChannel": 1, "customerChannel": 2});
        assert_eq!(roles(&message), (vec![Role::Customer, Role::Agent], false));
        message["speaker_map"] = json!({"1": "customer", "2": "agent"});
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer], false));
    }

    #[test]
    fn insights_role_that_is_stated_once_counts_for_its_channel_and_for_nobody_else() {
        let mut message = conversation();
        let mut list = vec![segment("ROLE_UNSPECIFIED", 2, "Anything else?", "5s", "6s")];
        list.push(segment("ROLE_UNSPECIFIED", 3, "Hold on.", "7s", "8s"));
        message["transcript"]["transcriptSegments"].as_array_mut().unwrap().extend(list);
        assert_eq!(roles(&message), (vec![Role::Agent, Role::Customer, Role::Agent, Role::Other], false));
    }

    #[test]
    fn insights_without_speakers_or_segments_is_an_error_that_says_what_to_do() {
        let mut message = conversation();
        for position in [0, 1] {
            message["transcript"]["transcriptSegments"][position]["segmentParticipant"].take();
            message["transcript"]["transcriptSegments"][position]["channelTag"] = json!(0);
        }
        let error = read_error(&message).to_string();
        assert!(error.starts_with("transcript.transcriptSegments: does not tell the speakers apart"), "{error}");
        message["transcript"].take();
        let error = read_error(&message).to_string();
        assert!(error.starts_with("transcript.transcriptSegments: is missing: request the conversation"), "{error}");
    }

    #[test]
    fn insights_segments_without_words_have_the_time_that_they_were_sent() {
        let mut message = conversation();
        for (position, time) in [(0, "2026-03-02T08:00:03.750Z"), (1, "2026-03-02T08:00:01.500Z")] {
            message["transcript"]["transcriptSegments"][position]["words"].take();
            message["transcript"]["transcriptSegments"][position]["messageTime"] = json!(time);
        }
        let times: Vec<_> = read_call(&message).transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(1_000), None), (Some(3_250), None)]);
    }
}
