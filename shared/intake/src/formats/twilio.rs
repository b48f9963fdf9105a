//! Twilio Conversational Intelligence: the sentences of a transcript, as its API lists them, alone or beside the
//! transcript's own resource.
//!
//! The event that a transcript is available has only its identifier. Numbers are strings. A sentence has a channel but
//! no role; the resource has the roles of the channels. Twilio's library for Node writes all names in camel case.
//!
//! **Invariant:** a page of a longer list is not read as the call.

use std::collections::HashMap;

use domain::Role;
use serde_json::Value;

use super::PayloadKind;
use crate::call_builder::CallBuilder;
use crate::coerce::SECONDS;
use crate::entries::first_unknown;
use crate::field::{Field, FieldError};
use crate::turn_times::TurnTimes;

const TRANSCRIPT_SID: [&str; 2] = ["transcript_sid", "transcriptSid"];
const MEDIA_CHANNEL: [&str; 2] = ["media_channel", "mediaChannel"];
const SENTENCE_INDEX: [&str; 2] = ["sentence_index", "sentenceIndex"];
/// What the identifiers of transcripts begin with.
const SID_PREFIX: &str = "GT";
/// The states of a transcript that is still being made.
const RUNNING: [&str; 2] = ["queued", "in-progress"];

pub(super) fn detects(payload: &Field<'_, '_>) -> bool {
    let sentences = payload.get("sentences");
    let is_sentence = |one: &Field<'_, '_>| {
        TRANSCRIPT_SID.iter().chain(&MEDIA_CHANNEL).chain(&SENTENCE_INDEX).any(|name| one.has(name))
    };
    TRANSCRIPT_SID.iter().any(|name| payload.has(name))
        || payload.get("sid").non_blank().is_some_and(|sid| sid.starts_with(SID_PREFIX))
        || sid_in_address(payload).is_some()
        || sentences.elements().any(|sentence| is_sentence(&sentence))
}

pub(super) fn read(payload: &Field<'_, '_>, builder: &mut CallBuilder) -> Result<PayloadKind, FieldError> {
    let list = payload.get("sentences");
    let first = list.elements().next().and_then(|sentence| sentence.first_of(&TRANSCRIPT_SID).value());
    let in_address = sid_in_address(payload).map(Value::from).unwrap_or_default();
    let elsewhere = Field::root(first.unwrap_or(&in_address));
    builder.set_call_id(&[payload.first_of(&TRANSCRIPT_SID), payload.get("sid"), elsewhere])?;
    let status = payload.get("status");
    if let Some(status) = status.non_blank().filter(|status| RUNNING.contains(status)) {
        return Ok(PayloadKind::not_call_end(status));
    }
    if !list.is_present() {
        return Err(
            list.error("is missing: the event does not have them; send the Sentences list of the transcript instead")
        );
    }
    list.array()?;
    require_all_pages(payload)?;
    let mut sentences: Vec<_> = list.elements().enumerate().collect();
    // The list may have been assembled from several pages in any order.
    sentences.sort_by_key(|(position, sentence)| {
        let index = sentence.first_of(&SENTENCE_INDEX).count();
        index.map_or(*position, |index| usize::try_from(index).unwrap_or(*position))
    });
    let participants = roles_by_channel(payload);
    for (_, sentence) in sentences {
        let Some(text) = sentence.get("transcript").non_blank() else { continue };
        let role = match sentence.first_of(&MEDIA_CHANNEL).scalar_text() {
            Some(channel) => match builder.mapped_role(&channel) {
                Some(role) => role,
                None if participants.is_empty() => builder.role_of(&channel),
                None => participants.get(&channel).copied().unwrap_or(Role::Other),
            },
            None => Role::Other,
        };
        let (start, end) = (["start_time", "startTime"], ["end_time", "endTime"]);
        builder.add_turn(role, text, TurnTimes::read(&sentence.first_of(&start), &sentence.first_of(&end), SECONDS));
    }
    let has_text = |sentence: &Field<'_, '_>| sentence.get("transcript").is_text();
    builder.require_understood(first_unknown(&list, "has no transcript", has_text))?;
    require_channels(payload, &list, &participants)?;
    set_facts(payload, builder);
    Ok(PayloadKind::Call)
}

/// What the resource of the transcript says of the call.
fn set_facts(payload: &Field<'_, '_>, builder: &mut CallBuilder) {
    builder.started_at = payload.first_of(&["media_start_time", "mediaStartTime"]).rfc3339();
    builder.duration_seconds = payload.get("duration").duration_seconds(SECONDS);
    builder.set_language(&payload.first_of(&["language_code", "languageCode"]));
    let participants = payload.get("channel.participants");
    let is_agent = |one: &Field<'_, '_>| one.get("role").non_blank().map(role_from_name) == Some(Role::Agent);
    if let Some(agent) = participants.elements().find(|one| is_agent(one)) {
        builder.set_agent_id(&[agent.first_of(&["user_id", "userId"]), agent.first_of(&["full_name", "fullName"])]);
    }
    let call_sids = ["media_properties.reference_sids.call_sid", "mediaProperties.referenceSids.callSid"];
    builder.metadata.add("call_sid", payload.get("channel").first_of(&call_sids).non_blank());
    builder.metadata.add("customer_key", payload.first_of(&["customer_key", "customerKey"]).non_blank());
}

/// The transcript's identifier in the address that the answer of the API names as its own.
fn sid_in_address<'v>(payload: &Field<'v, '_>) -> Option<&'v str> {
    let meta = payload.get("meta");
    let addresses = [meta.get("url"), meta.get("first_page_url")];
    let sid = |address: &Field<'v, '_>| address.non_blank()?.split_once("/Transcripts/")?.1.split(['/', '?']).next();
    addresses.iter().find_map(sid).filter(|sid| sid.starts_with(SID_PREFIX))
}

/// Fails when the list is one page of several: the rest of the call is missing. A list assembled from all pages is
/// longer than a page, and may still have the `meta` of one of them.
fn require_all_pages(payload: &Field<'_, '_>) -> Result<(), FieldError> {
    let (meta, sentences) = (payload.get("meta"), payload.get("sentences"));
    let page_size = meta.first_of(&["page_size", "pageSize"]).count().and_then(|size| usize::try_from(size).ok());
    let is_assembled = page_size.is_some_and(|size| sentences.elements().count() > size);
    let others =
        [meta.first_of(&["next_page_url", "nextPageUrl"]), meta.first_of(&["previous_page_url", "previousPageUrl"])];
    match others.iter().find(|other| other.is_present() && !is_assembled) {
        Some(other) => Err(other.error("names another page: send the sentences of all pages in one list")),
        None => Ok(()),
    }
}

/// Fails when no sentence has a channel, or none has one whose participant is named: nobody's role would be known.
fn require_channels(
    payload: &Field<'_, '_>,
    list: &Field<'_, '_>,
    participants: &HashMap<String, Role>,
) -> Result<(), FieldError> {
    let channel = |sentence: Field<'_, '_>| sentence.first_of(&MEDIA_CHANNEL).scalar_text();
    let spoken = || list.elements().filter(|sentence| sentence.get("transcript").non_blank().is_some());
    let Some(first) = spoken().next() else { return Ok(()) };
    if !spoken().any(|sentence| channel(sentence).is_some()) {
        return Err(first.first_of(&MEDIA_CHANNEL).error("is missing, as in every sentence: nobody's role is known"));
    }
    let is_named = |sentence| channel(sentence).is_some_and(|channel| participants.contains_key(&channel));
    if !participants.is_empty() && !spoken().any(is_named) {
        return Err(payload.get("channel.participants").error("names none of the channels of the sentences"));
    }
    Ok(())
}

fn role_from_name(name: &str) -> Role {
    match name.to_lowercase().as_str() {
        "customer" => Role::Customer,
        // Such as `Agent`, `Virtual Agent` and `AI Agent`.
        name if name.ends_with("agent") => Role::Agent,
        _ => Role::Other,
    }
}

/// The roles of the channels, from the participants in the transcript's resource, if the payload includes it.
fn roles_by_channel(payload: &Field<'_, '_>) -> HashMap<String, Role> {
    let entry = |one: Field<'_, '_>| {
        let channel = one.first_of(&["channel_participant", "channelParticipant"]).scalar_text()?;
        Some((channel, role_from_name(one.get("role").non_blank()?)))
    };
    payload.get("channel.participants").elements().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::{Value, json};

    use crate::tests::{read_call, read_error, read_ignored};

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

    /// The resource of a transcript with its sentences, in the names that Twilio's API writes.
    fn resource() -> Value {
        json!({"sid": "GT0789", "status": "completed", "media_start_time": "2026-03-02T08:15:30.250Z", "duration": 58,
            "language_code": "en-GB", "customer_key": "ticket-7",
            "channel": {"media_properties": {"reference_sids": {"call_sid": "CA7"}}, "participants": [
                {"channel_participant": 1, "role": "Agent", "full_name": "Ada Byron"},
                {"channel_participant": 2, "role": "Customer"}]},
            "sentences": listed()["sentences"]})
    }

    /// The document with every name in camel case.
    fn in_camel_case(value: &Value) -> Value {
        let name = |snake: &String| {
            let mut name = String::new();
            for (index, word) in snake.split('_').enumerate() {
                let mut letters = word.chars();
                name.extend(letters.next().map(|first| if index > 0 { first.to_ascii_uppercase() } else { first }));
                name.push_str(letters.as_str());
            }
            name
        };
        match value {
            Value::Array(elements) => elements.iter().map(in_camel_case).collect(),
            Value::Object(members) => members.iter().map(|(key, member)| (name(key), in_camel_case(member))).collect(),
            other => other.clone(),
        }
    }

    #[test]
    fn twilios_resource_names_the_call_its_start_and_who_is_who() {
        let call = read_call(&resource());
        assert_eq!((call.call_id.as_str(), call.agent_id.as_ref().unwrap().as_str()), ("GT0789", "Ada-Byron"));
        assert_eq!(call.started_at.unwrap().to_string(), "2026-03-02T08:15:30.250Z");
        assert_eq!((call.stated_duration_seconds, call.language.as_deref()), (Some(58.0), Some("en-GB")));
        assert_eq!(roles(&resource()), (vec![Role::Agent, Role::Customer], false));
        assert_eq!(Value::Object(call.metadata), json!({"call_sid": "CA7", "customer_key": "ticket-7"}));
    }

    #[test]
    fn twilios_names_may_be_in_camel_case() {
        assert_eq!(read_call(&in_camel_case(&resource())), read_call(&resource()));
        assert_eq!(read_call(&in_camel_case(&listed())), read_call(&listed()));
    }

    #[test]
    fn twilios_list_of_sentences_names_its_transcript_in_its_address() {
        let address = "https://intelligence.twilio.com/v2/Transcripts/GT0999/Sentences?PageSize=50&Page=0";
        let mut answer = json!({"sentences": listed()["sentences"],
            "meta": {"key": "sentences", "url": address, "page_size": 50, "next_page_url": null}});
        assert_eq!(read_call(&answer).call_id.as_str(), "GT0999");
        answer["sentences"] = json!([]);
        assert!(read_call(&answer).transcript.is_empty());
    }

    #[test]
    fn twilios_page_of_a_longer_list_is_not_the_call() {
        let page = |size: u32| {
            let mut page = listed();
            page["meta"] = json!({"page_size": size, "next_page_url": "https://intelligence.twilio.com/v2/…&Page=1"});
            page["org_id"] = json!("acme");
            page
        };
        let error = read_error(&page(2)).to_string();
        assert!(error.starts_with("meta.next_page_url: names another page"), "{error}");
        assert_eq!(read_call(&page(1)).transcript.len(), 2);
    }

    #[test]
    fn twilios_transcript_that_is_still_being_made_is_ignored_and_one_without_sentences_is_an_error() {
        let mut resource = resource();
        resource["sentences"].take();
        assert!(read_error(&resource).to_string().starts_with("sentences: is missing"));
        resource["status"] = json!("in-progress");
        assert_eq!(read_ignored(&resource), ("twilio", "in-progress is not the end of a call".to_owned()));
    }

    #[test]
    fn twilios_sentences_under_unknown_names_or_without_channels_are_errors_and_not_silence() {
        let error = |mut message: Value, name: &str| {
            for sentence in message["sentences"].as_array_mut().unwrap() {
                sentence[name].take();
            }
            read_error(&message).to_string()
        };
        let no_text = error(listed(), "transcript");
        assert!(no_text.starts_with("sentences[0]: has no transcript"), "{no_text}");
        let no_channel = error(listed(), "media_channel");
        assert!(no_channel.starts_with("sentences[0].media_channel: is missing"), "{no_channel}");
        let mut unnamed = resource();
        for channel in [0, 1] {
            unnamed["channel"]["participants"][channel]["channel_participant"] = json!(channel + 5);
        }
        let unnamed = read_error(&unnamed).to_string();
        assert!(unnamed.starts_with("channel.participants: names none of the channels"), "{unnamed}");
    }

    #[test]
    fn twilios_list_of_sentences_is_not_that_of_another_service() {
        for sentence in [
            json!({"text": "Hi.", "start": 250, "end": 900, "speaker": "A"}),
            json!({"index": 0, "speaker_name": "Ada", "text": "Hi.", "start_time": 1.2}),
            json!({"sentence": "Hi.", "channel": 0}),
        ] {
            assert_eq!(read_error(&json!({"id": "t1", "sentences": [sentence]})).code(), "unknown_format");
        }
    }
}
