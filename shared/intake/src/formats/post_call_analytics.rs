//! The output of the AWS sample solution "Amazon Transcribe Post Call Analytics".
//!
//! Some of its numbers are strings, and its `GUID` is the text `None` when the name of the recording has none.
//! `ConversationTime` has no time zone and may be the time of processing, so it is not used as the start of the call.
//! The telephone system's own record has the start, where the solution is connected to one.

use std::collections::{BTreeMap, HashSet};

use domain::{PlatformMeasures, Role};

use super::PayloadKind;
use super::aws_analytics_common::ratio;
use crate::call_builder::CallBuilder;
use crate::coerce::{SECONDS, plausible_duration, timestamp_from_unix_ms};
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::{TurnTimes, sorted_by_start};

/// The names of a segment's text, the corrected one first.
const TEXTS: [&str; 2] = ["DisplayText", "OriginalText"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.has("ConversationAnalytics") && payload.has("SpeechSegments")
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let header = payload.get("ConversationAnalytics");
    let sources = header.get("SourceInformation");
    let (job, nothing) = (sources.elements().next(), serde_json::Value::Null);
    let job = job.and_then(|source| source.get("TranscribeJobInfo").value());
    let job = Field::root(job.unwrap_or(&nothing));
    let (guid, job_name) = (header.get("GUID"), job.get("TranscriptionJobName"));
    let call_ids: Vec<_> = [guid, job_name].into_iter().filter(|id| id.non_blank() != Some("None")).collect();
    builder.set_call_id(&call_ids)?;
    builder.set_agent_id(&[header.get("Agent")]);
    builder.duration_seconds = header.get("Duration").duration_seconds(SECONDS);
    set_telephony_times(&header, builder);
    builder.set_language(&header.get("LanguageCode"));
    payload.get("SpeechSegments").array()?;
    let speakers = roles_by_speaker(&header);
    let (mut by_agent, mut by_customer) = (0, 0);
    let segments = payload.get("SpeechSegments");
    let start = |segment: &Field<'_, '_>| segment.get("SegmentStartTime").offset_ms(SECONDS);
    for segment in sorted_by_start(segments.elements(), start) {
        let Some(text) = TEXTS.iter().find_map(|name| segment.get(name).non_blank()) else { continue };
        let role = segment_role(&segment, &speakers, builder);
        let interrupts = segment.get("SegmentInterruption").boolean() == Some(true);
        by_agent += u32::from(interrupts && role == Role::Agent);
        by_customer += u32::from(interrupts && role == Role::Customer);
        let times = TurnTimes::read(&segment.get("SegmentStartTime"), &segment.get("SegmentEndTime"), SECONDS);
        builder.add_turn(role, text, times);
    }
    let lacks = "has no text of a speaker who is known";
    builder.require_understood(first_unknown(&segments, lacks, |one| is_known(one, &speakers)))?;
    builder.measures = measures(&header, &speakers);
    // Only jobs of Transcribe Call Analytics detect interruptions; in plain jobs the field is always false.
    let is_measured = job.get("TranscribeApiType").non_blank() == Some("analytics");
    builder.measures.interruptions_by_agent = is_measured.then_some(by_agent);
    builder.measures.interruptions_by_customer = is_measured.then_some(by_customer);
    let customer = first_speaker_with(&speakers, Role::Customer);
    let trends = header.get("SentimentTrends");
    let sentiment = customer.and_then(|speaker| trends.get(speaker).get("SentimentScore").scalar_text());
    builder.set_verdict(None, sentiment, header.get("Summary.Summary").non_blank());
    Ok(PayloadKind::Call)
}

/// Takes the start of the call, and its duration unless that is known, from the record of the telephone system: a
/// member of `Telephony` with the name of the system.
fn set_telephony_times(header: &Field<'_, '_>, builder: &mut CallBuilder) {
    let systems = header.get("Telephony");
    let names = systems.value().and_then(serde_json::Value::as_object).into_iter().flat_map(|systems| systems.keys());
    for name in names {
        let system = systems.get(name);
        let (start, end) = (system.get("startTime"), system.get("endTime"));
        if start.is_absolute_instant() {
            builder.started_at = start.instant_ms().and_then(timestamp_from_unix_ms);
            let from_times = || plausible_duration((end.instant_ms()? - start.instant_ms()?) / SECONDS);
            builder.duration_seconds = builder.duration_seconds.or_else(from_times);
            return;
        }
    }
}

/// Whether a segment is understood: an announcement, or a text, blank or not, of a speaker who has a label unless
/// nobody has.
fn is_known(segment: &Field<'_, '_>, speakers: &BTreeMap<&str, Role>) -> bool {
    let speaker = segment.get("SegmentSpeaker").non_blank();
    let is_labelled = speaker.is_some_and(|speaker| speakers.is_empty() || speakers.contains_key(speaker));
    let has_text = TEXTS.iter().any(|name| segment.get(name).is_text());
    segment.get("IVRSegment").boolean() == Some(true) || has_text && is_labelled
}

/// The roles of the speakers whose label tells it: `Agent`, `Customer`, or the name of an agent or customer in the header.
fn roles_by_speaker<'v>(header: &Field<'v, '_>) -> BTreeMap<&'v str, Role> {
    let labels = header.get("SpeakerLabels");
    let (agents, customer) = (header.get("Agents"), header.get("Cust").non_blank());
    let mut agent_names: HashSet<&str> = header.get("Agent").non_blank().into_iter().collect();
    for agent in agents.elements() {
        agent_names.extend(agent.non_blank());
    }
    let role = |label: &str| match label.to_lowercase().as_str() {
        "agent" => Some(Role::Agent),
        "customer" | "caller" => Some(Role::Customer),
        "ivr" | "system" => Some(Role::Other),
        _ if agent_names.contains(label) => Some(Role::Agent),
        _ if customer == Some(label) => Some(Role::Customer),
        _ => None,
    };
    let entry = |label: Field<'v, '_>| {
        Some((label.get("Speaker").non_blank()?, role(label.get("DisplayText").non_blank()?.trim())?))
    };
    labels.elements().filter_map(entry).collect()
}

fn segment_role(segment: &Field<'_, '_>, speakers: &BTreeMap<&str, Role>, builder: &mut CallBuilder) -> Role {
    let (speaker, is_announcement) = (segment.get("SegmentSpeaker"), segment.get("IVRSegment").boolean() == Some(true));
    let Some(speaker) = speaker.non_blank().filter(|_| !is_announcement) else { return Role::Other };
    let number = speaker.trim_start_matches("spk_");
    let known =
        builder.mapped_role(speaker).or_else(|| builder.mapped_role(number)).or_else(|| speakers.get(speaker).copied());
    known.unwrap_or_else(|| if speakers.is_empty() { builder.role_of(number) } else { Role::Other })
}

fn first_speaker_with<'v>(speakers: &BTreeMap<&'v str, Role>, wanted: Role) -> Option<&'v str> {
    speakers.iter().find(|(_, role)| **role == wanted).map(|(speaker, _)| *speaker)
}

fn measures(header: &Field<'_, '_>, speakers: &BTreeMap<&str, Role>) -> PlatformMeasures {
    let times = header.get("SpeakerTime");
    let talk_time = |wanted| {
        let of_wanted = speakers.iter().filter(|(_, role)| **role == wanted);
        of_wanted.filter_map(|(speaker, _)| times.get(speaker).get("TotalTimeSecs").number()).reduce(|a, b| a + b)
    };
    let silence = times.get("NonTalkTime.TotalTimeSecs").number();
    PlatformMeasures {
        agent_talk_ratio: talk_time(Role::Agent)
            .zip(talk_time(Role::Customer))
            .and_then(|(agent, customer)| ratio(agent, agent + customer)),
        silence_ratio: silence.zip(header.get("Duration").number()).and_then(|(silent, total)| ratio(silent, total)),
        ..PlatformMeasures::default()
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};

    fn output(header: &Value) -> Value {
        let mut output = json!({"ConversationAnalytics": {"GUID": "guid-1", "Duration": "61.5",
                "SpeakerLabels": [{"Speaker": "spk_0", "DisplayText": "Customer"}, {"Speaker": "spk_1", "DisplayText": "Agent"}]},
            "SpeechSegments": [
                {"SegmentStartTime": 0.5, "SegmentEndTime": 2.25, "SegmentSpeaker": "spk_9", "IVRSegment": true, "DisplayText": "Press one."},
                {"SegmentStartTime": 3.0, "SegmentEndTime": 5.0, "SegmentSpeaker": "spk_1", "SegmentInterruption": true, "DisplayText": "Hello."},
                {"SegmentStartTime": "5.5", "SegmentEndTime": "7", "SegmentSpeaker": "spk_0", "DisplayText": "Hi."}]});
        output["ConversationAnalytics"].as_object_mut().unwrap().extend(header.as_object().unwrap().clone());
        output
    }

    fn roles(output: &Value) -> (Vec<Role>, bool) {
        let call = read_call(output);
        (call.transcript.iter().map(|turn| turn.role).collect(), call.roles_guessed)
    }

    #[test]
    fn post_call_analytics_roles_come_from_labels_and_announcements_have_the_role_other() {
        let expected = vec![Role::Other, Role::Agent, Role::Customer];
        assert_eq!(roles(&output(&json!({}))), (expected.clone(), false));
        let named = json!({"Agent": "Chris Lee", "SpeakerLabels": [
            {"Speaker": "spk_0", "DisplayText": "Customer"}, {"Speaker": "spk_1", "DisplayText": "Chris Lee"}]});
        assert_eq!(roles(&output(&named)), (expected, false));
        assert_eq!(read_call(&output(&named)).agent_id.unwrap().as_str(), "Chris-Lee");
    }

    #[test]
    fn post_call_analytics_roles_without_labels_are_guessed_and_marked_so() {
        let unlabelled = output(&json!({"SpeakerLabels": []}));
        assert_eq!(roles(&unlabelled), (vec![Role::Other, Role::Agent, Role::Customer], true));
        let mut mapped = unlabelled;
        mapped["speaker_map"] = json!({"1": "customer", "0": "agent"});
        assert_eq!(roles(&mapped), (vec![Role::Other, Role::Customer, Role::Agent], false));
    }

    #[test]
    fn post_call_analytics_conversation_time_is_not_the_start_of_the_call() {
        let call = read_call(&output(
            &json!({"ConversationTime": "2026-11-20 06:01:22", "ProcessTime": "2026-11-20 06:01:22"}),
        ));
        assert_eq!((call.started_at, call.stated_duration_seconds), (None, Some(61.5)));
    }

    #[test]
    fn post_call_analytics_guid_may_be_none_and_then_the_job_names_the_call() {
        let job =
            json!([{"TranscribeJobInfo": {"TranscriptionJobName": "job-7.wav", "TranscribeApiType": "standard"}}]);
        let call = read_call(&output(&json!({"GUID": "None", "SourceInformation": job})));
        assert_eq!(call.call_id.as_str(), "job-7.wav");
    }

    #[test]
    fn post_call_analytics_segments_are_sorted_by_when_they_begin() {
        let mut sent = output(&json!({}));
        sent["SpeechSegments"].as_array_mut().unwrap().reverse();
        assert_eq!(read_call(&sent).transcript, read_call(&output(&json!({}))).transcript);
    }

    #[test]
    fn post_call_analytics_interruptions_count_only_where_they_were_measured() {
        let job = |api: &str| json!([{"TranscribeJobInfo": {"TranscribeApiType": api}}]);
        let interruptions =
            |api| read_call(&output(&json!({"SourceInformation": job(api)}))).platform_measures.interruptions_by_agent;
        assert_eq!((interruptions("analytics"), interruptions("standard")), (Some(1), None));
    }

    #[test]
    fn post_call_analytics_start_is_that_of_the_telephone_system() {
        let times = json!({"startTime": "2026-01-12T14:03:21.400Z", "endTime": "2026-01-12T14:04:52.900Z"});
        let call = read_call(&output(&json!({"Telephony": {"Genesys": times}})));
        assert_eq!(call.started_at.unwrap().to_string(), "2026-01-12T14:03:21.400Z");
        assert_eq!(call.stated_duration_seconds, Some(61.5));
        let without = read_call(&output(&json!({"Duration": null, "Telephony": {"Queue": "sales", "Other": times}})));
        assert_eq!(without.stated_duration_seconds, Some(91.5));
        let local = json!({"Telephony": {"Genesys": {"startTime": "2026-01-12 14:03:21"}}});
        assert_eq!(read_call(&output(&local)).started_at, None);
    }

    #[test]
    fn post_call_analytics_segment_without_a_speaker_is_nobodys() {
        let mut sent = output(&json!({"SpeakerLabels": []}));
        sent["SpeechSegments"][1]["SegmentSpeaker"].take();
        assert_eq!(roles(&sent), (vec![Role::Other, Role::Other, Role::Agent], true));
    }

    #[test]
    fn post_call_analytics_segments_that_are_not_understood_are_an_error_and_not_silence() {
        let error = |name: &str| {
            let mut sent = output(&json!({"SpeakerLabels": []}));
            sent["org_id"] = json!("acme");
            for segment in sent["SpeechSegments"].as_array_mut().unwrap() {
                segment[name].take();
            }
            read_error(&sent).to_string()
        };
        for name in ["DisplayText", "SegmentSpeaker"] {
            let error = error(name);
            assert!(error.starts_with("SpeechSegments[1]: has no text of a speaker who is known"), "{error}");
        }
    }
}
