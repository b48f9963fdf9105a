//! Converts documents to items and back.
//!
//! Top-level attributes that are null are left out. A producer's `metadata` is stored as JSON text: it must be returned
//! unchanged, and DynamoDB's numbers can represent neither 1.0 nor 1e300. The fields of a row that no index projects are in the map
//! of the categories, see [`schema::ROW_FIELDS`]; those that are empty are left out, so that rows stay small.
//!
//! **Invariant:** an item without the form in which the store writes it, or wrote it before a field was new, is an error that names
//! item and attribute.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    Assessment, Certainty, Feedback, FeedbackRow, Outcome, Review, ReviewReason, StoredFeedback, Synopsis, TokenRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{StoreError, schema};

/// A DynamoDB item.
pub(crate) type Item = HashMap<String, AttributeValue>;

const METADATA: &str = "metadata";
const PROVENANCE: &str = "provenance";
const VIOLATIONS: &str = "violations";
const NEEDS_REVIEW: &str = "needs_review";

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
    if is_empty_list(item.get(VIOLATIONS)) {
        item.remove(VIOLATIONS);
    }
    let fields: Vec<_> = schema::ROW_FIELDS.iter().filter_map(|name| item.remove_entry(*name)).collect();
    if let Some(AttributeValue::M(categories)) = item.get_mut(schema::CATEGORIES) {
        categories.extend(fields.into_iter().filter(|(_, value)| !is_empty_list(Some(value))));
    }
    Ok(item)
}

fn is_empty_list(value: Option<&AttributeValue>) -> bool {
    value.and_then(|value| value.as_l().ok()).is_some_and(Vec::is_empty)
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
                violations: read::<Option<_>>(item, VIOLATIONS)?.unwrap_or_default(),
                feedback: read(item, "feedback")?,
                improvement_suggestions: read(item, "improvement_suggestions")?,
                categories: read(item, schema::CATEGORIES)?,
                criteria: read(item, "criteria")?,
                suggestions: read(item, "suggestions")?,
                conversation: read(item, "conversation")?,
            },
            provenance: read(item, PROVENANCE)?,
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
        categories: read(item, schema::CATEGORIES)?,
        started_at: read(item, "started_at")?,
        created_at: read(item, schema::CREATED_AT)?,
    })
}

fn certainty(item: &Item) -> Result<Certainty, StoreError> {
    Ok(Certainty {
        score_low: read_row_field(item, "score_low")?,
        score_high: read_row_field(item, "score_high")?,
        confidence: read_row_field(item, "confidence")?,
    })
}

fn review(item: &Item) -> Result<Review, StoreError> {
    let mut review = Review {
        needs_review: read_row_field::<Option<_>>(item, NEEDS_REVIEW)?.unwrap_or_default(),
        review_reasons: read_row_field::<Option<_>>(item, "review_reasons")?.unwrap_or_default(),
    };
    // Before reviews had reasons, the provenance said whether the samples of a model disagree.
    let provenance = item.get(PROVENANCE).and_then(|provenance| provenance.as_m().ok());
    if provenance.and_then(|fields| fields.get(NEEDS_REVIEW)) == Some(&AttributeValue::Bool(true)) {
        review.add([ReviewReason::SamplesDisagree]);
    }
    Ok(review)
}

fn synopsis(item: &Item) -> Result<Synopsis, StoreError> {
    Ok(Synopsis {
        summary: read_row_field(item, "summary")?,
        outcome: read_row_field(item, "outcome")?,
        topics: read_row_field::<Option<_>>(item, "topics")?.unwrap_or_default(),
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

/// One of [`schema::ROW_FIELDS`]. All of them may be absent: feedback that was stored before they were new has none.
fn read_row_field<T: DeserializeOwned>(item: &Item, field: &str) -> Result<T, StoreError> {
    let fields = item.get(schema::CATEGORIES).and_then(|categories| categories.as_m().ok());
    let value = fields.and_then(|fields| fields.get(field)).cloned().unwrap_or(AttributeValue::Null(true));
    serde_dynamo::from_attribute_value(value)
        .map_err(|error| corrupt(item, &format!("{}.{field}", schema::CATEGORIES), &error))
}

/// The error for an attribute of an item, with what is wrong with it.
pub(crate) fn corrupt(item: &Item, attribute: &str, reason: &impl ToString) -> StoreError {
    let text = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let key = text(schema::ITEM_KEY).or_else(|| text(schema::TOKEN_ID)).unwrap_or_else(|| "without a key".to_owned());
    StoreError::Corrupt { key, attribute: attribute.to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests;
