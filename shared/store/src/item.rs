//! Converts documents to items and back.
//!
//! Top-level attributes that are null are left out. A producer's `metadata` is stored as JSON text: it must be returned
//! unchanged, and DynamoDB's numbers can represent neither 1.0 nor 1e300.
//!
//! **Invariant:** an item without the form in which the store writes it is an error that names item and attribute.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Assessment, Certainty, Feedback, FeedbackRow, Outcome, Review, StoredFeedback, Synopsis, TokenRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{StoreError, schema};

/// A DynamoDB item.
pub(crate) type Item = HashMap<String, AttributeValue>;

const METADATA: &str = "metadata";

/// The item of a document, without its keys. Fails when the document cannot be written, which is a bug.
pub(crate) fn from_document<T: Serialize>(operation: &'static str, document: &T) -> Result<Item, StoreError> {
    let mut item: Item = serde_dynamo::to_item(document)
        .map_err(|source| StoreError::Rejected { operation, source: Box::new(source) })?;
    item.retain(|_, value| !value.is_null());
    Ok(item)
}

/// The item of a feedback, without its keys.
pub(crate) fn from_feedback(operation: &'static str, stored: &StoredFeedback) -> Result<Item, StoreError> {
    let mut item = from_document(operation, stored)?;
    let metadata = serde_json::to_string(&stored.feedback.metadata)
        .map_err(|source| StoreError::Rejected { operation, source: Box::new(source) })?;
    item.insert(METADATA.to_owned(), AttributeValue::S(metadata));
    Ok(item)
}

/// The feedback in an item.
pub(crate) fn to_feedback(item: &Item) -> Result<StoredFeedback, StoreError> {
    let metadata: String = read(item, METADATA)?;
    Ok(StoredFeedback {
        feedback: Feedback {
            id: read(item, "id")?,
            call_id: read(item, schema::CALL_ID)?,
            agent_id: read(item, schema::AGENT_ID)?,
            assessment: Assessment {
                score: read(item, schema::SCORE)?,
                score_before_cap: read(item, "score_before_cap")?,
                certainty: certainty(item)?,
                review: review(item)?,
                synopsis: synopsis(item)?,
                // Feedback stored before there were violations has none; the same goes for the fields above.
                violations: read::<Option<_>>(item, "violations")?.unwrap_or_default(),
                feedback: read(item, "feedback")?,
                improvement_suggestions: read(item, "improvement_suggestions")?,
                categories: read(item, "categories")?,
                criteria: read(item, "criteria")?,
                suggestions: read(item, "suggestions")?,
                conversation: read(item, "conversation")?,
            },
            provenance: read(item, "provenance")?,
            producer_verdict: read(item, "producer_verdict")?,
            metadata: serde_json::from_str(&metadata).map_err(|error| corrupt(item, METADATA, &error))?,
            started_at: read(item, "started_at")?,
        },
        created_at: read(item, schema::CREATED_AT)?,
    })
}

/// The row in an item of an index.
pub(crate) fn to_row(item: &Item) -> Result<FeedbackRow, StoreError> {
    Ok(FeedbackRow {
        id: read(item, "id")?,
        call_id: read(item, schema::CALL_ID)?,
        agent_id: read(item, schema::AGENT_ID)?,
        score: read(item, schema::SCORE)?,
        certainty: certainty(item)?,
        review: review(item)?,
        synopsis: synopsis(item)?,
        feedback: read(item, "feedback")?,
        categories: read(item, "categories")?,
        started_at: read(item, "started_at")?,
        created_at: read(item, schema::CREATED_AT)?,
    })
}

fn certainty(item: &Item) -> Result<Certainty, StoreError> {
    Ok(Certainty {
        score_low: read(item, "score_low")?,
        score_high: read(item, "score_high")?,
        confidence: read(item, "confidence")?,
    })
}

fn review(item: &Item) -> Result<Review, StoreError> {
    Ok(Review {
        needs_review: read::<Option<_>>(item, "needs_review")?.unwrap_or_default(),
        review_reasons: read::<Option<_>>(item, "review_reasons")?.unwrap_or_default(),
    })
}

fn synopsis(item: &Item) -> Result<Synopsis, StoreError> {
    Ok(Synopsis {
        summary: read(item, "summary")?,
        outcome: read(item, "outcome")?,
        topics: read::<Option<_>>(item, "topics")?.unwrap_or_default(),
    })
}

/// The outcome in an item.
pub(crate) fn to_outcome(item: &Item) -> Result<Outcome, StoreError> {
    Ok(Outcome {
        call_id: read(item, schema::CALL_ID)?,
        agent_id: read(item, schema::AGENT_ID)?,
        kind: read(item, "kind")?,
        reason: read(item, "reason")?,
        message: read(item, "message")?,
        attempts: read(item, "attempts")?,
        recorded_at: read(item, "recorded_at")?,
    })
}

/// The token in an item.
pub(crate) fn to_token(item: &Item) -> Result<TokenRecord, StoreError> {
    Ok(TokenRecord {
        token_id: read(item, schema::TOKEN_ID)?,
        org_id: read(item, schema::ORG_ID)?,
        // Tokens made before there were scopes have none.
        scope: read::<Option<_>>(item, "scope")?.unwrap_or_default(),
        secret_sha256: read(item, "secret_sha256")?,
        created_at: read(item, schema::CREATED_AT)?,
        expires_at: read(item, schema::EXPIRES_AT)?,
        revoked_at: read(item, schema::REVOKED_AT)?,
    })
}

/// One attribute. An absent one is `None` where `T` is an option, and an error otherwise.
pub(crate) fn read<T: DeserializeOwned>(item: &Item, attribute: &str) -> Result<T, StoreError> {
    let value = item.get(attribute);
    serde_dynamo::from_attribute_value(value.cloned().unwrap_or(AttributeValue::Null(true))).map_err(|error| {
        if value.is_some() { corrupt(item, attribute, &error) } else { corrupt(item, attribute, &"is missing") }
    })
}

/// The error for an attribute of an item, with what is wrong with it.
pub(crate) fn corrupt(item: &Item, attribute: &str, reason: &impl ToString) -> StoreError {
    let text = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let key = text(schema::ITEM_KEY).or_else(|| text(schema::TOKEN_ID)).unwrap_or_else(|| "without a key".to_owned());
    StoreError::Corrupt { key, attribute: attribute.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use domain::{CallId, OrgId, OutcomeKind, Timestamp, Token, TokenScope};
    use serde_json::json;
    use test_support::FeedbackBuilder;

    use super::*;

    fn feedback() -> StoredFeedback {
        FeedbackBuilder::new("call_1")
            .tenths(80)
            .agent("agent_7")
            .metadata(
                "one",
                json!({"float": 1.0, "huge": 1e300, "big": u64::MAX, "none": null, "empty": "", "list": [[]]}),
            )
            .build(&OrgId::parse("acme").unwrap())
    }

    #[test]
    fn feedback_and_its_metadata_are_read_as_they_were_written() {
        for stored in [feedback(), FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap())] {
            let read = to_feedback(&from_feedback("test", &stored).unwrap()).unwrap();
            assert_eq!(read, stored);
            assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&stored).unwrap());
        }
    }

    #[test]
    fn null_fields_are_not_written() {
        let item =
            from_feedback("test", &FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap())).unwrap();
        assert!(!item.contains_key(schema::AGENT_ID) && !item.contains_key("started_at"), "{item:?}");
        assert_eq!(item[schema::SCORE], AttributeValue::N("7.5".to_owned()));
    }

    #[test]
    fn a_row_has_the_same_values_as_its_feedback() {
        let stored = feedback();
        let row = to_row(&from_feedback("test", &stored).unwrap()).unwrap();
        let document = serde_json::to_value(&stored).unwrap();
        for (name, value) in serde_json::to_value(&row).unwrap().as_object().unwrap() {
            assert_eq!(document[name], *value, "{name}");
            assert!(schema::ROW_ATTRIBUTES.contains(&name.as_str()), "{name}");
        }
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

    #[test]
    fn each_missing_or_wrong_attribute_is_an_error_that_names_item_and_attribute() {
        let mut valid = from_feedback("test", &feedback()).unwrap();
        valid.insert(schema::ITEM_KEY.to_owned(), AttributeValue::S("feedback#call_1".to_owned()));
        for attribute in valid.keys().filter(|name| *name != schema::ITEM_KEY) {
            let mut wrong = valid.clone();
            wrong.insert(attribute.clone(), AttributeValue::Bool(true));
            let message = to_feedback(&wrong).unwrap_err().to_string();
            assert!(message.starts_with(&format!("the item feedback#call_1 is corrupt: {attribute} ")), "{message}");
            let mut missing = valid.clone();
            missing.remove(attribute);
            if attribute != schema::AGENT_ID {
                let message = to_feedback(&missing).unwrap_err().to_string();
                assert_eq!(message, format!("the item feedback#call_1 is corrupt: {attribute} is missing"));
            }
        }
        valid.insert(METADATA.to_owned(), AttributeValue::S("[]".to_owned()));
        assert!(to_feedback(&valid).unwrap_err().to_string().contains("is corrupt: metadata "));
    }
}
