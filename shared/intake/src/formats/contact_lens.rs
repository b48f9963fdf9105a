//! Amazon Connect Contact Lens: the output file for a call, version 1.1.0, and the answer of its API
//! (`contact_lens_segments`).
//!
//! Each turn names a participant, whose role is in a list of participants. When the file has no `ContactId`, the name of the S3
//! object identifies the call.

use domain::Role;

use super::{PayloadKind, aws_analytics_common, contact_lens_segments};
use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let transcript = payload.get("Transcript");
    let has_participant = |turn: &Field<'_, '_>| turn.has("ParticipantId");
    let is_empty = transcript.elements().next().is_none();
    let is_empty_contact = is_empty && payload.get("CustomerMetadata").is_present();
    payload.has("Transcript") && (is_empty_contact || transcript.elements().any(|turn| has_participant(&turn)))
        || contact_lens_segments::detects(payload)
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    builder.set_call_id(&[payload.get("CustomerMetadata.ContactId"), payload.get("ContactId")])?;
    if !payload.has("Transcript") && contact_lens_segments::detects(payload) {
        return contact_lens_segments::read(payload, builder);
    }
    let participants = payload.get("Participants");
    let roles: std::collections::HashMap<_, _> = participants
        .elements()
        .filter_map(|one| Some((one.get("ParticipantId").non_blank()?, one.get("ParticipantRole").non_blank()?)))
        .collect();
    // Files without a list of participants name them by their role, with a number if there are several.
    let role_from_id = |id: &str| match id {
        id if id.starts_with("AGENT") => Some(Role::Agent),
        id if id.starts_with("CUSTOMER") => Some(Role::Customer),
        id if id.starts_with("SYSTEM") => Some(Role::Other),
        _ => None,
    };
    let role_of = |id: &str| match roles.get(id) {
        Some(role) => Some(aws_analytics_common::role_from_name(role)),
        None => role_from_id(id),
    };
    aws_analytics_common::read(payload, "ParticipantId", role_of, builder)
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};
    use crate::{Attributes, ParsedMessage, read, read_object};

    fn file() -> Value {
        json!({"Version": "1.1.0", "Channel": "VOICE", "CustomerMetadata": {"ContactId": "contact-1"},
        "Participants": [{"ParticipantId": "P-1", "ParticipantRole": "AGENT"}, {"ParticipantId": "P-2", "ParticipantRole": "CUSTOMER"}],
        "ConversationCharacteristics": {"TotalConversationDurationMillis": 40_000,
            "Interruptions": {"TotalCount": 1, "InterruptionsByInterrupter": {"CUSTOMER": [{"BeginOffsetMillis": 1}]}},
            "NonTalkTime": {"TotalTimeMillis": 10_000},
            "TalkTime": {"DetailsByParticipant": {"AGENT": {"TotalTimeMillis": 15_000}, "CUSTOMER": {"TotalTimeMillis": 5_000}}},
            "TalkSpeed": {"DetailsByParticipant": {"AGENT": {"AverageWordsPerMinute": 163}}},
            "Sentiment": {"OverallSentiment": {"AGENT": 0, "CUSTOMER": 3.1}}},
        "Transcript": [
            {"ParticipantId": "P-2", "Content": "My name is [PII].", "BeginOffsetMillis": 24_120, "EndOffsetMillis": 30_000, "LoudnessScore": [1.5]},
            {"ParticipantId": "P-1", "Content": "Your name, please?", "BeginOffsetMillis": 20_000, "EndOffsetMillis": 24_140},
        ]})
    }

    fn with(key: &str, value: Value) -> Value {
        let mut file = file();
        file[key] = value;
        file
    }

    #[test]
    fn contact_lens_role_is_that_of_the_participant() {
        let mut file = file();
        file["Transcript"].as_array_mut().unwrap().push(json!({"ParticipantId": "P-9", "Content": "Hi."}));
        let roles: Vec<_> = read_call(&file).transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Other, Role::Customer]);
        let numbered = with("Transcript", json!([{"ParticipantId": "AGENT_1", "Content": "Hi."}]));
        assert_eq!(read_call(&numbered).transcript[0].role, Role::Agent);
    }

    #[test]
    fn contact_lens_turns_are_sorted_by_when_they_begin() {
        let texts: Vec<_> = read_call(&file()).transcript.into_iter().map(|turn| turn.text).collect();
        assert_eq!(texts, ["Your name, please?", "My name is [PII]."]);
    }

    #[test]
    fn contact_lens_measures_of_the_audio_are_kept() {
        let measures = read_call(&file()).platform_measures;
        assert_eq!((measures.interruptions_by_agent, measures.agent_words_per_minute), (Some(0), Some(163)));
        assert_eq!((measures.agent_talk_ratio, measures.silence_ratio), (Some(0.75), Some(0.25)));
        let nothing = with("ConversationCharacteristics", json!({}));
        assert_eq!(read_call(&nothing).platform_measures, domain::PlatformMeasures::default());
    }

    #[test]
    fn contact_lens_measures_of_several_agents_are_added_up() {
        let participants = json!([{"ParticipantId": "P-1", "ParticipantRole": "AGENT"},
            {"ParticipantId": "P-2", "ParticipantRole": "CUSTOMER"}, {"ParticipantId": "P-3", "ParticipantRole": "AGENT"}]);
        let mut file = with("Participants", participants);
        file["ConversationCharacteristics"] = json!({
            "TalkTime": {"DetailsByParticipant": {"P-1": {"TotalTimeMillis": 10_000}, "P-3": {"TotalTimeMillis": 50_000}, "P-2": {"TotalTimeMillis": 20_000}}},
            "Interruptions": {"InterruptionsByInterrupter": {"P-1": [{}], "P-3": [{}, {}], "P-2": [{}]}},
            "TalkSpeed": {"DetailsByParticipant": {"P-1": {"AverageWordsPerMinute": 100}, "P-3": {"AverageWordsPerMinute": 200}}}});
        let measures = read_call(&file).platform_measures;
        assert_eq!((measures.agent_talk_ratio, measures.interruptions_by_agent), (Some(0.75), Some(3)));
        assert_eq!(measures.agent_words_per_minute, None);
    }

    #[test]
    fn contact_lens_interruptions_that_were_not_measured_are_unknown_and_not_zero() {
        let unmeasured = with("ConversationCharacteristics", json!({"Interruptions": {}}));
        assert_eq!(read_call(&unmeasured).platform_measures.interruptions_by_agent, None);
    }

    #[test]
    fn contact_lens_redaction_marks_stay_in_the_text() {
        assert_eq!(read_call(&file()).transcript[1].text, "My name is [PII].");
    }

    #[test]
    fn contact_lens_contact_is_named_by_the_object_when_the_file_does_not() {
        let file = with("CustomerMetadata", json!(null));
        let error = read_error(&file).to_string();
        assert_eq!(
            error,
            "CustomerMetadata.ContactId: is missing, and nothing else names the call (in a message of the format contact_lens)"
        );
        let key =
            "connect/acme/Analysis/Voice/Redacted/2026/11/20/0194f1a0-7b7e_analysis_redacted_2026-11-20T10:00:00Z.json";
        let message = json!({"org_id": "acme", "s3": {"bucket": "calls", "key": key}}).to_string();
        let ParsedMessage::Objects(objects) = read(&message, Attributes::default()).unwrap() else {
            panic!("{message}")
        };
        let ParsedMessage::Call(call) = read_object(&file.to_string(), &objects.references[0], None).unwrap() else {
            panic!("{file}")
        };
        assert_eq!((call.org_id.as_str(), call.call_id.as_str()), ("acme", "0194f1a0-7b7e"));
    }

    #[test]
    fn contact_lens_file_is_detected_by_any_of_its_turns() {
        let turns = json!([null, {"Content": "Beep."}, {"ParticipantId": "P-1", "Content": "Hi."}]);
        let roles: Vec<_> = read_call(&with("Transcript", turns)).transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Other, Role::Agent]);
    }

    #[test]
    fn contact_lens_chats_are_ignored() {
        assert_eq!(
            read_ignored(&with("Channel", json!("CHAT"))),
            ("contact_lens", "CHAT is not the end of a call".to_owned())
        );
    }

    #[test]
    fn contact_lens_participants_of_whom_no_role_is_known_are_an_error_unless_turns_or_sender_state_them() {
        let mut file = with("Participants", json!([]));
        file["org_id"] = json!("acme");
        let error = read_error(&file).to_string();
        assert!(error.starts_with("Transcript[0]: has no Content of a participant whose role is known"), "{error}");
        let mut stated = file.clone();
        for (turn, role) in [(0, "CUSTOMER"), (1, "AGENT")] {
            stated["Transcript"][turn]["ParticipantRole"] = json!(role);
        }
        let roles: Vec<_> = read_call(&stated).transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer]);
        file["speaker_map"] = json!({"P-1": "agent", "P-2": "customer"});
        let roles: Vec<_> = read_call(&file).transcript.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Agent, Role::Customer]);
        let announcement = with("Transcript", json!([{"ParticipantId": "SYSTEM", "Content": "We are closed."}]));
        assert_eq!(read_call(&announcement).transcript[0].role, Role::Other);
    }
}
