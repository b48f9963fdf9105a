//! Twilio Conversational Intelligence: the sentences of a transcript, as its API lists them.
//!
//! The event that a transcript is available has only its identifier. Numbers are strings. A sentence has a channel but no role.

use std::collections::HashMap;

use domain::Role;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::field::{Field, FieldError};
use crate::turn_times::TurnTimes;

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    payload.has("sentences") || payload.has("transcript_sid")
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let list = payload.get("sentences");
    let first = list.elements().next().and_then(|sentence| sentence.get("transcript_sid").value().cloned());
    let first = first.unwrap_or_default();
    builder.set_call_id(&[payload.get("transcript_sid"), Field::root(&first)])?;
    if !list.is_present() {
        return Err(
            list.error("is missing: the event does not have them; send the Sentences list of the transcript instead")
        );
    }
    list.array()?;
    let mut sentences: Vec<_> = list.elements().enumerate().collect();
    // The list may have been assembled from several pages in any order.
    sentences.sort_by_key(|(position, sentence)| {
        sentence.get("sentence_index").count().map_or(*position, |index| usize::try_from(index).unwrap_or(*position))
    });
    let participants = roles_by_channel(payload);
    for (_, sentence) in sentences {
        let Some(text) = sentence.get("transcript").non_blank() else { continue };
        let role = match sentence.get("media_channel").scalar_text() {
            Some(channel) if builder.mapped_role(&channel).is_none() && !participants.is_empty() => {
                participants.get(&channel).copied().unwrap_or(Role::Other)
            }
            Some(channel) => builder.role_of(&channel),
            None => Role::Other,
        };
        builder.add_turn(role, text, TurnTimes::read(&sentence.get("start_time"), &sentence.get("end_time"), SECONDS));
    }
    builder.duration_seconds = payload.get("duration").duration_seconds(SECONDS);
    builder.set_language(&payload.get("language_code"));
    Ok(PayloadKind::Call)
}

/// The roles of the channels, from the participants in the transcript's resource, if the payload includes it.
fn roles_by_channel(payload: &Field<'_, '_>) -> HashMap<String, Role> {
    let role = |name: &str| match name.to_lowercase().as_str() {
        "customer" => Role::Customer,
        // Such as `Agent`, `Virtual Agent` and `AI Agent`.
        name if name.ends_with("agent") => Role::Agent,
        _ => Role::Other,
    };
    let entry =
        |one: Field<'_, '_>| Some((one.get("channel_participant").scalar_text()?, role(one.get("role").non_blank()?)));
    payload.get("channel.participants").elements().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error};

    fn listed() -> Value {
        json!({"transcript_sid": "GT0123", "sentences": [
            {"media_channel": 2, "sentence_index": 1, "start_time": "2.5", "end_time": "4.25", "transcript": "My order is late.", "confidence": "0.98"},
            {"media_channel": 1, "sentence_index": 0, "start_time": "0.7", "end_time": "2.1", "transcript": "How can I help?", "confidence": "0.99"},
        ]})
    }

    fn roles(message: &Value) -> (Vec<Role>, bool) {
        let call = read_call(message);
        (call.transcript.iter().map(|turn| turn.role).collect(), call.roles_guessed)
    }

    #[test]
    fn twilios_numbers_are_strings() {
        let call = read_call(&listed());
        let times: Vec<_> = call.transcript.iter().map(|turn| (turn.start_ms, turn.end_ms)).collect();
        assert_eq!(times, [(Some(700), Some(2_100)), (Some(2_500), Some(4_250))]);
    }

    #[test]
    fn twilios_channels_have_guessed_roles_unless_they_are_stated() {
        assert_eq!(roles(&listed()), (vec![Role::Agent, Role::Customer], true));
        let mut mapped = listed();
        mapped["speaker_map"] = json!({"1": "customer", "2": "agent"});
        assert_eq!(roles(&mapped), (vec![Role::Customer, Role::Agent], false));
        let mut resource = listed();
        resource["channel"] = json!({"participants": [
            {"channel_participant": 1, "role": "Customer"}, {"channel_participant": 2, "role": "Agent"}]});
        assert_eq!(roles(&resource), (vec![Role::Customer, Role::Agent], false));
        resource["channel"]["participants"][0]["role"] = json!("Virtual Agent");
        resource["channel"]["participants"][1]["role"].take();
        assert_eq!(roles(&resource), (vec![Role::Agent, Role::Other], false));
    }

    #[test]
    fn twilios_event_without_sentences_is_an_error() {
        let event = json!({"org_id": "acme", "transcript_sid": "GT0123", "service_sid": "GA1", "event_type": "voice_intelligence_transcript_available"});
        let error = read_error(&event);
        assert!(error.to_string().starts_with("sentences: is missing: the event does not have them"), "{error}");
        assert_eq!(error.call_id.unwrap().as_str(), "GT0123");
    }

    #[test]
    fn twilios_sentences_name_their_transcript_when_the_list_does_not() {
        let mut list = listed();
        list["transcript_sid"].take();
        list["sentences"][0]["transcript_sid"] = json!("GT0456");
        assert_eq!(read_call(&list).call_id.as_str(), "GT0456");
    }
}
