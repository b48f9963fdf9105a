//! The answer of Contact Lens' API for a call: a list of segments, each of which is a turn, a category or a summary.
//! Its turns have the role of their speaker. It names neither the contact nor the duration.
//!
//! **Invariant:** a page of a longer answer, or the analysis of a call that still runs, is not read as the call.

use super::PayloadKind;
use super::aws_analytics_common::{self, NO_TURN, add_turn, is_known_turn, start_ms};
use crate::call_builder::CallBuilder;
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::sorted_by_start;

/// The key of a turn's speaker.
const SPEAKER: &str = "ParticipantRole";

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let segments = payload.get("Segments");
    let is_segment = |one: &Field<'_, '_>| {
        one.get("Transcript.ParticipantId").is_present() || one.get("Transcript.ParticipantRole").is_present()
    };
    segments.elements().any(|segment| is_segment(&segment))
}

/// Reads an answer whose call is identified already.
pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    if let Some(other) = aws_analytics_common::not_a_call(payload) {
        return Ok(other);
    }
    // In a stream of events, segments come while the call runs.
    if let Some(event) = payload.get("EventType").non_blank() {
        return Ok(PayloadKind::not_call_end(event));
    }
    let next = payload.get("NextToken");
    if next.is_present() {
        return Err(next.error("names another page: send the segments of all pages in one list"));
    }
    let role_of = |name: &str| Some(aws_analytics_common::role_from_name(name));
    let segments = payload.get("Segments");
    let entries: Vec<_> = segments.elements().collect();
    let turns = entries.iter().map(|segment| segment.get("Transcript")).filter(Field::is_present);
    for turn in sorted_by_start(turns, start_ms) {
        add_turn(&turn, SPEAKER, &role_of, builder);
    }
    let is_known = |segment: &Field<'_, '_>| {
        !segment.has("Transcript") || is_known_turn(&segment.get("Transcript"), SPEAKER, &role_of)
    };
    builder.require_understood(first_unknown(&segments, NO_TURN, is_known))?;
    let summary = entries.iter().find_map(|segment| segment.get("PostContactSummary.Content").non_blank());
    builder.set_verdict(None, None, summary);
    let categories = entries.iter().find_map(|segment| segment.get("Categories.MatchedCategories").value());
    if let Some(categories) = categories {
        builder.metadata.add_value("categories", categories);
    }
    Ok(PayloadKind::Call)
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

    fn answer() -> Value {
        json!({"call_id": "contact-1", "org_id": "acme", "Channel": "VOICE", "Status": "COMPLETED", "Segments": [
            {"Transcript": {"Id": "2", "ParticipantId": "P-1", "ParticipantRole": "CUSTOMER", "Content": "My lamp broke.", "BeginOffsetMillis": 2_100, "EndOffsetMillis": 3_000}},
            {"Transcript": {"Id": "1", "ParticipantId": "P-2", "ParticipantRole": "AGENT", "Content": "Good day.", "BeginOffsetMillis": 500, "EndOffsetMillis": 1_900}},
            {"Categories": {"MatchedCategories": ["returns"], "MatchedDetails": {}}},
            {"PostContactSummary": {"Content": "A lamp is replaced.", "Status": "COMPLETED"}}]})
    }

    #[test]
    fn contact_lens_segments_are_turns_a_summary_and_categories() {
        let call = read_call(&answer());
        let turns: Vec<_> = call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect();
        assert_eq!(turns, [(Role::Agent, Some(500), Some(1_900)), (Role::Customer, Some(2_100), Some(3_000))]);
        assert_eq!((call.producer.as_str(), call.call_id.as_str()), ("contact_lens", "contact-1"));
        assert_eq!(call.producer_verdict.unwrap().summary.as_deref(), Some("A lamp is replaced."));
        assert_eq!(Value::Object(call.metadata), json!({"categories": ["returns"]}));
    }

    #[test]
    fn contact_lens_segments_of_a_running_call_or_of_one_page_are_not_the_call() {
        let with = |key: &str, value: &str| {
            let mut answer = answer();
            answer[key] = json!(value);
            answer
        };
        for (key, value) in [("Status", "IN_PROGRESS"), ("EventType", "SEGMENTS"), ("Channel", "CHAT")] {
            let expected = ("contact_lens", format!("{value} is not the end of a call"));
            assert_eq!(read_ignored(&with(key, value)), expected);
        }
        let error = read_error(&with("NextToken", "page-2")).to_string();
        assert!(error.starts_with("NextToken: names another page"), "{error}");
    }

    #[test]
    fn contact_lens_segments_under_unknown_names_are_an_error_and_not_silence() {
        let mut answer = answer();
        for segment in [0, 1] {
            answer["Segments"][segment]["Transcript"]["Text"] =
                answer["Segments"][segment]["Transcript"]["Content"].take();
        }
        let error = read_error(&answer).to_string();
        assert!(error.starts_with("Segments[0]: has no Content"), "{error}");
    }
}
