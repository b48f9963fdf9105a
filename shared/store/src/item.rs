//! Documents to items and back.
//!
//! Top-level attributes that hold nothing are left out. A producer's `metadata` is kept as JSON text: it must come back
//! untouched, and DynamoDB's numbers know neither 1.0 nor 1e300.
//!
//! **Invariant:** an item that is not what the store writes is an error that names the item and the attribute.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Assessment, Feedback, FeedbackRow, Outcome, StoredFeedback, TokenRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{StoreError, schema};

/// An item as DynamoDB gives and takes it.
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
        feedback: read(item, "feedback")?,
        categories: read(item, "categories")?,
        started_at: read(item, "started_at")?,
        created_at: read(item, schema::CREATED_AT)?,
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

/// One attribute; an absent one is a document's `None`, and wrong where the document has no such thing.
pub(crate) fn read<T: DeserializeOwned>(item: &Item, attribute: &str) -> Result<T, StoreError> {
    let value = item.get(attribute);
    serde_dynamo::from_attribute_value(value.cloned().unwrap_or(AttributeValue::Null(true))).map_err(|error| {
        if value.is_some() { corrupt(item, attribute, &error) } else { corrupt(item, attribute, &"is missing") }
    })
}

/// The error that says what is wrong with an attribute of an item.
pub(crate) fn corrupt(item: &Item, attribute: &str, problem: &impl ToString) -> StoreError {
    let text = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let key = text(schema::ITEM_KEY).or_else(|| text(schema::TOKEN_ID)).unwrap_or_else(|| "without a key".to_owned());
    StoreError::Corrupt { key, attribute: attribute.to_owned(), problem: problem.to_string() }
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
    fn feedback_survives_its_item_and_metadata_comes_back_untouched() {
        for stored in [feedback(), FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap())] {
            let read = to_feedback(&from_feedback("test", &stored).unwrap()).unwrap();
            assert_eq!(read, stored);
            assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&stored).unwrap());
        }
    }

    #[test]
    fn what_a_document_does_not_have_is_no_attribute() {
        let item =
            from_feedback("test", &FeedbackBuilder::new("call_2").build(&OrgId::parse("acme").unwrap())).unwrap();
        assert!(!item.contains_key(schema::AGENT_ID) && !item.contains_key("started_at"), "{item:?}");
        assert_eq!(item[schema::SCORE], AttributeValue::N("7.5".to_owned()));
    }

    #[test]
    fn the_row_of_an_item_is_the_feedbacks_own() {
        let stored = feedback();
        let row = to_row(&from_feedback("test", &stored).unwrap()).unwrap();
        let document = serde_json::to_value(&stored).unwrap();
        for (name, value) in serde_json::to_value(&row).unwrap().as_object().unwrap() {
            assert_eq!(document[name], *value, "{name}");
            assert!(schema::ROW_ATTRIBUTES.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn outcomes_and_tokens_survive_their_items() {
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
        assert_eq!(to_token(&item).unwrap().scope, TokenScope::Read, "a token is for reading unless it says otherwise");
        item.insert("scope".to_owned(), AttributeValue::S("everything".to_owned()));
        assert!(to_token(&item).is_err(), "an unknown scope is none");
    }

    #[test]
    fn each_missing_or_wrong_attribute_is_an_error_that_names_item_and_attribute() {
        let mut whole = from_feedback("test", &feedback()).unwrap();
        whole.insert(schema::ITEM_KEY.to_owned(), AttributeValue::S("feedback#call_1".to_owned()));
        for attribute in whole.keys().filter(|name| *name != schema::ITEM_KEY) {
            let mut wrong = whole.clone();
            wrong.insert(attribute.clone(), AttributeValue::Bool(true));
            let message = to_feedback(&wrong).unwrap_err().to_string();
            assert!(message.starts_with(&format!("the item feedback#call_1 is corrupt: {attribute} ")), "{message}");
            let mut missing = whole.clone();
            missing.remove(attribute);
            if attribute != schema::AGENT_ID {
                let message = to_feedback(&missing).unwrap_err().to_string();
                assert_eq!(message, format!("the item feedback#call_1 is corrupt: {attribute} is missing"));
            }
        }
        whole.insert(METADATA.to_owned(), AttributeValue::S("[]".to_owned()));
        assert!(to_feedback(&whole).unwrap_err().to_string().contains("is corrupt: metadata "));
    }
}
