//! Documents are read as they were written, and what is wrong with an item is named.

use aws_sdk_dynamodb::primitives::Blob;
use domain::{
    CallId, Evidence, OrgId, OutcomeKind, ProducerVerdict, Role, StartTime, Timestamp, Token, TokenScope, Violation,
};
use serde_json::json;
use test_support::FeedbackBuilder;

use super::*;

fn feedback() -> StoredFeedback {
    FeedbackBuilder::new("call_1")
        .tenths(80)
        .agent("agent_7")
        .metadata("one", json!({"float": 1.0, "huge": 1e300, "big": u64::MAX, "none": null, "empty": "", "list": [[]]}))
        .metadata("long", serde_json::from_str("[123456789012345678901234567890, 1.10]").unwrap())
        .with_every_field()
        .started_at(StartTime::parse("2026-11-22T09:58:00.250Z").unwrap())
        .build(&OrgId::parse("acme").unwrap())
}

#[test]
fn feedback_and_its_metadata_are_read_as_they_were_written() {
    for stored in [feedback(), FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap())] {
        let read = to_feedback(&from_feedback("test", &stored).unwrap()).unwrap();
        assert_eq!(read, stored);
        assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&stored).unwrap());
    }
    let document = serde_json::to_string(&to_feedback(&item_of(&feedback())).unwrap()).unwrap();
    assert!(document.contains(r#""long":[123456789012345678901234567890,1.10]"#), "{document}");
    assert!(document.contains(r#""started_at":"2026-11-22T09:58:00.250Z""#), "{document}");
}

#[test]
fn a_start_that_was_stored_in_whole_seconds_is_read() {
    let mut item = item_of(&feedback());
    item.insert("started_at".to_owned(), AttributeValue::S("2026-11-22T09:58:00Z".to_owned()));
    let expected = StartTime::parse("2026-11-22T09:58:00Z").ok();
    assert_eq!(to_feedback(&item).unwrap().feedback.started_at, expected);
}

/// The item of that feedback, with its key.
fn item_of(stored: &StoredFeedback) -> Item {
    let mut item = from_feedback("test", stored).unwrap();
    item.insert(schema::ITEM_KEY.to_owned(), AttributeValue::S("feedback#call_1".to_owned()));
    item
}

fn names(fields: &Item) -> Vec<&str> {
    let mut names: Vec<_> = fields.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn null_fields_and_empty_lists_are_not_written() {
    let stored = FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap());
    let item = from_feedback("test", &stored).unwrap();
    for name in [schema::AGENT_ID, "started_at", "producer_verdict", "score_before_cap", VIOLATIONS] {
        assert!(!item.contains_key(name), "{name}");
    }
    assert_eq!(item[schema::SCORE], AttributeValue::N("7.5".to_owned()));
    let categories = item[schema::CATEGORIES].as_m().unwrap();
    let scores = ["communication_quality", "customer_experience", "effectiveness"];
    let mut expected = [&scores[..], &["confidence", NEEDS_REVIEW, "score_high", "score_low"]].concat();
    expected.sort_unstable();
    assert_eq!(names(categories), expected);
}

#[test]
fn a_row_has_the_same_values_as_its_feedback() {
    let stored = feedback();
    let row = to_row(&from_feedback("test", &stored).unwrap()).unwrap();
    let document = serde_json::to_value(&stored).unwrap();
    for (name, value) in serde_json::to_value(&row).unwrap().as_object().unwrap() {
        assert_eq!(document[name], *value, "{name}");
        let is_in = |names: &[&str]| names.contains(&name.as_str());
        assert!(is_in(&schema::ROW_ATTRIBUTES) || is_in(&schema::ROW_FIELDS), "{name}");
    }
}

#[test]
fn a_row_is_read_from_what_the_indexes_project() {
    let stored = feedback();
    let mut projected = item_of(&stored);
    projected.retain(|name, _| schema::ROW_ATTRIBUTES.contains(&name.as_str()));
    let row = to_row(&projected).unwrap();
    let Assessment { certainty, review, synopsis, .. } = stored.feedback.assessment;
    assert!(certainty.confidence.is_some() && review.needs_review && synopsis.outcome.is_some());
    assert_eq!((row.certainty, row.review, row.synopsis), (certainty, review, synopsis));
}

#[test]
fn feedback_stored_before_a_field_was_new_is_still_read() {
    let mut stored = feedback();
    let mut item = item_of(&stored);
    item.retain(|name, _| !["score_before_cap", VIOLATIONS].contains(&name.as_str()));
    let Some(AttributeValue::M(categories)) = item.get_mut(schema::CATEGORIES) else { panic!("no map") };
    categories.retain(|name, _| !schema::ROW_FIELDS.contains(&name.as_str()));
    let row = to_row(&item).unwrap();
    assert_eq!((row.certainty, row.review, row.synopsis), Default::default());
    let assessment = &mut stored.feedback.assessment;
    (assessment.score_before_cap, assessment.violations) = (None, Vec::new());
    (assessment.certainty, assessment.review, assessment.synopsis) = Default::default();
    assert_eq!(to_feedback(&item).unwrap(), stored);
    let Some(AttributeValue::M(provenance)) = item.get_mut(PROVENANCE) else { panic!("no map") };
    provenance.insert(NEEDS_REVIEW.to_owned(), AttributeValue::Bool(true));
    stored.feedback.assessment.review.add([ReviewReason::SamplesDisagree]);
    assert_eq!(to_feedback(&item).unwrap(), stored, "the flag of the provenance");
}

#[test]
fn outcomes_and_tokens_are_read_as_they_were_written() {
    let at = Timestamp::parse("2026-11-22T10:00:31Z").unwrap();
    let outcome = Outcome {
        call_id: CallId::parse("call_1").unwrap(),
        agent_id: None,
        kind: OutcomeKind::Failed,
        reason: "unknown_format".to_owned(),
        message: "The payload is of no known format.".to_owned(),
        attempts: 5,
        recorded_at: at,
    };
    assert_eq!(to_outcome(&from_document("test", &outcome).unwrap()).unwrap(), outcome);
    let token = Token::from_random([1; 8], [2; 32]);
    let record = TokenRecord {
        token_id: token.id().clone(),
        org_id: OrgId::parse("acme").unwrap(),
        scope: TokenScope::Intake,
        secret_sha256: token.secret_hash(),
        created_at: at,
        expires_at: None,
        revoked_at: Some(at),
    };
    let mut item = from_document("test", &record).unwrap();
    let read = to_token(&item).unwrap();
    assert!(read.secret_sha256.matches(&token));
    assert_eq!(serde_json::to_value(read).unwrap(), serde_json::to_value(record).unwrap());
    item.remove("scope");
    assert_eq!(to_token(&item).unwrap().scope, TokenScope::Read, "the default is read");
    item.insert("scope".to_owned(), AttributeValue::S("everything".to_owned()));
    assert!(to_token(&item).is_err(), "an unknown scope is an error");
}

/// What the store reads from no attribute of that type.
fn wrong() -> AttributeValue {
    AttributeValue::B(Blob::new([0xff]))
}

#[test]
fn each_missing_or_wrong_attribute_is_an_error_that_names_item_and_attribute() {
    let valid = item_of(&feedback());
    let optional = [schema::AGENT_ID, "score_before_cap", VIOLATIONS, "producer_verdict", "started_at"];
    assert!(optional.iter().all(|name| valid.contains_key(*name)));
    for attribute in valid.keys().filter(|name| *name != schema::ITEM_KEY) {
        let mut item = valid.clone();
        item.insert(attribute.clone(), wrong());
        let message = to_feedback(&item).unwrap_err().to_string();
        assert!(message.starts_with(&format!("the item feedback#call_1 is corrupt: {attribute} ")), "{message}");
        item.remove(attribute);
        let missing = to_feedback(&item).map_err(|error| error.to_string());
        let expected = format!("the item feedback#call_1 is corrupt: {attribute} is missing");
        let is_optional = optional.contains(&attribute.as_str());
        assert_eq!(missing.err(), (!is_optional).then_some(expected), "{attribute}");
    }
    let mut item = valid;
    item.insert(METADATA.to_owned(), AttributeValue::S("[]".to_owned()));
    assert!(to_feedback(&item).unwrap_err().to_string().contains("is corrupt: metadata "));
}

#[test]
fn each_wrong_field_of_a_row_is_an_error_that_names_it() {
    for field in schema::ROW_FIELDS {
        let mut item = item_of(&feedback());
        let Some(AttributeValue::M(categories)) = item.get_mut(schema::CATEGORIES) else { panic!("no map") };
        assert!(categories.insert(field.to_owned(), wrong()).is_some(), "{field}");
        let expected = format!("the item feedback#call_1 is corrupt: categories.{field} ");
        let messages = [to_row(&item).unwrap_err().to_string(), to_feedback(&item).unwrap_err().to_string()];
        assert!(messages.iter().all(|message| message.starts_with(&expected)), "{messages:?}");
    }
}

/// The size of a value as the table counts it: names, texts and numbers, and a few bytes for each list, map and member.
fn size(value: &AttributeValue) -> usize {
    let members = |size: usize, members: usize| size + 3 + members;
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
        AttributeValue::L(list) => members(list.iter().map(size).sum(), list.len()),
        AttributeValue::M(map) => members(map.iter().map(|(name, value)| name.len() + size(value)).sum(), map.len()),
        _ => 1,
    }
}

#[test]
fn the_longest_feedback_of_a_model_is_half_as_large_as_an_item_may_be_at_most() {
    // Texts as long as a judge lets them be and a violation of each kind, in characters of three bytes, such as Japanese, and of
    // four, such as emoji.
    for character in ["話", "😀"] {
        let (text, reason) = (character.repeat(1_500), character.repeat(500));
        let quotes = vec![Evidence { turn: 9_999, role: Role::Customer, quote: character.repeat(400) }; 3];
        let mut stored = feedback();
        let assessment = &mut stored.feedback.assessment;
        (assessment.feedback, assessment.improvement_suggestions) = (text.clone(), text);
        for criterion in &mut assessment.criteria {
            (criterion.reason, criterion.evidence) = (reason.clone(), quotes.clone());
        }
        assessment.suggestions[0].text.clone_from(&reason);
        assessment.suggestions = vec![assessment.suggestions[0].clone(); 5];
        let violation = Violation { reason: reason.clone(), evidence: quotes, ..assessment.violations[0].clone() };
        assessment.violations = vec![violation; 9];
        assessment.synopsis.summary = Some(reason.clone());
        assessment.synopsis.topics = vec![reason; 3];
        let verdict = character.repeat(ProducerVerdict::MAX_SUMMARY_CHARS);
        stored.feedback.producer_verdict = Some(ProducerVerdict { summary: Some(verdict), ..Default::default() });
        let bytes: usize = item_of(&stored).iter().map(|(name, value)| name.len() + size(value)).sum();
        assert!(bytes < 400 * 1024 / 2, "{bytes} bytes");
    }
}
