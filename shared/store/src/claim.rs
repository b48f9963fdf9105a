//! Claims: which delivery of a call may ask a scorer that costs money, so that feedback is paid for once.
//!
//! A claim is a lease on a call. Its holder asks the scorer; other deliveries try again later. Feedback that could not be stored
//! is parked in the claim, and the next holder stores it without asking the scorer.
//!
//! **Invariant:** feedback is looked up *after* the call is claimed; otherwise feedback stored between lookup and claim would be
//! paid for again. It is looked up before that as well, so that deliveries of a call that has feedback do not claim it and make
//! each other wait.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use domain::{CallId, Feedback, OrgId, StoredFeedback, Timestamp};

use crate::error::CONDITION_FAILED;
use crate::expression::Aliases;
use crate::item::{self, Item};
use crate::store::key;
use crate::{CreateResult, Store, StoreError, schema};

/// How long a claim is kept after it was last written: as long as a message of its call may wait in the dead-letter queue, so
/// that the feedback is still there when the message is sent again.
const CLAIM_DAYS: i64 = 14;
/// The lease's holder.
const HOLDER: &str = "holder";
/// When the lease ends, in seconds since 1970.
const LEASE_UNTIL: &str = "lease_until";
/// The parked feedback, as JSON.
const PARKED: &str = "answer";

/// The result of claiming a call.
#[derive(Debug)]
pub enum Claim {
    /// The caller holds the lease and may ask the scorer until the lease ends.
    Granted(Lease),
    /// The caller holds the lease and must store this parked feedback without asking a scorer.
    Parked(Lease, Box<Feedback>),
    /// Another delivery holds the lease.
    Held {
        /// When that lease ends.
        until: Timestamp,
    },
    /// The call has feedback.
    Scored,
}

/// The right to have a call scored, for a limited time.
#[derive(Debug, PartialEq, Eq)]
pub struct Lease {
    org: OrgId,
    call: CallId,
    holder: String,
}

impl Store {
    /// Claims a call until that time. Of simultaneous claims one is granted; a lease that has ended blocks no claim.
    pub async fn claim(
        &self,
        org: &OrgId,
        call: &CallId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError> {
        if self.has_feedback(org, call).await? {
            return Ok(Claim::Scored);
        }
        // Unique to this claim: a second delivery of the same message gets a different one.
        let holder = format!("{:032x}", fastrand::u128(..));
        let lease = Lease { org: org.clone(), call: call.clone(), holder };
        let item = match self.acquire_lease(&lease, now, until).await? {
            Ok(item) => item,
            Err(held) => return Ok(Claim::Held { until: lease_end(&held)? }),
        };
        match self.has_feedback(org, call).await {
            Ok(false) => granted_or_parked(lease, &item),
            Ok(true) => self.delete_claim(&lease).await.map(|()| Claim::Scored),
            Err(error) => {
                // If the lease cannot be released either, it ends by itself.
                drop(self.release(lease).await);
                Err(error)
            }
        }
    }

    /// Stores the feedback of a claimed call as [`Store::create_feedback`] does, and deletes the claim.
    pub async fn create_claimed(&self, lease: &Lease, feedback: &StoredFeedback) -> Result<CreateResult, StoreError> {
        let claim_key = schema::claim_key(&lease.call);
        let creation = self.create("create_claimed", &lease.org, feedback, Some(&claim_key)).await?;
        if creation == CreateResult::Duplicate {
            self.delete_claim(lease).await?;
        }
        Ok(creation)
    }

    /// Keeps feedback that could not be stored for the next holder, and ends the lease.
    pub async fn park(&self, lease: &Lease, feedback: &Feedback, now: Timestamp) -> Result<(), StoreError> {
        let operation = "park";
        let text = serde_json::to_string(feedback)
            .map_err(|source| StoreError::Rejected { operation, source: Box::new(source) })?;
        let mut aliases = Aliases::default();
        let parked = aliases.equals(PARKED, AttributeValue::S(text));
        let expiry = aliases.equals(schema::EXPIRES_AT, expires_at(now));
        let update = format!("SET {parked}, {expiry} REMOVE {}, {}", aliases.name(HOLDER), aliases.name(LEASE_UNTIL));
        let request = self.client.update_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        let request = request
            .update_expression(update)
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values());
        request.send().await.map(drop).map_err(|error| StoreError::from_sdk(operation, error))
    }

    /// Ends a lease that led to no feedback, unless another delivery holds it by now.
    pub async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        let mut aliases = Aliases::default();
        let is_holder = aliases.equals(HOLDER, AttributeValue::S(lease.holder.clone()));
        let nothing_parked = format!("attribute_not_exists({})", aliases.name(PARKED));
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(claim_key(&lease)));
        let request = request
            .condition_expression(format!("{is_holder} AND {nothing_parked}"))
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values());
        match request.send().await {
            Err(error) if error.code() != Some(CONDITION_FAILED) => Err(StoreError::from_sdk("release", error)),
            _ => Ok(()),
        }
    }

    async fn has_feedback(&self, org: &OrgId, call: &CallId) -> Result<bool, StoreError> {
        Ok(self.find("claim", org, &schema::feedback_key(call), true).await?.is_some())
    }

    /// Takes the lease and returns the claim's item; `Err` is the item of a claim that another delivery holds.
    async fn acquire_lease(
        &self,
        lease: &Lease,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Result<Item, Item>, StoreError> {
        let mut aliases = Aliases::default();
        let [holder, end, expiry] = [HOLDER, LEASE_UNTIL, schema::EXPIRES_AT].map(|name| aliases.name(name));
        let [new_holder, new_end, new_expiry] =
            [AttributeValue::S(lease.holder.clone()), unix_seconds(until), expires_at(until)]
                .map(|value| aliases.value(value));
        let now = aliases.value(unix_seconds(now));
        let request = self.client.update_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        let response = request
            .update_expression(format!("SET {holder} = {new_holder}, {end} = {new_end}, {expiry} = {new_expiry}"))
            // The last term is for the SDK's retries: the first request may have succeeded and its response got lost.
            .condition_expression(format!("attribute_not_exists({end}) OR {end} <= {now} OR {holder} = {new_holder}"))
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values())
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match response {
            Ok(UpdateItemOutput { attributes, .. }) => Ok(Ok(attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(held)) => {
                    Ok(Err(held.item().cloned().unwrap_or_default()))
                }
                _ => Err(StoreError::from_sdk("claim", error)),
            },
        }
    }

    /// Deletes the claim of a call that has feedback, whoever holds it: the holder will find that feedback.
    async fn delete_claim(&self, lease: &Lease) -> Result<(), StoreError> {
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        request.send().await.map(drop).map_err(|error| StoreError::from_sdk("delete_claim", error))
    }
}

fn granted_or_parked(lease: Lease, item: &Item) -> Result<Claim, StoreError> {
    let Some(text) = item::read::<Option<String>>(item, PARKED)? else { return Ok(Claim::Granted(lease)) };
    // By way of a value: in a document whose fields are flattened, serde does not recognise numbers that are read from a text.
    let value = serde_json::from_str::<serde_json::Value>(&text);
    let feedback = value.and_then(serde_json::from_value).map_err(|error| item::corrupt(item, PARKED, &error))?;
    Ok(Claim::Parked(lease, Box::new(feedback)))
}

fn lease_end(item: &Item) -> Result<Timestamp, StoreError> {
    let seconds = item::read(item, LEASE_UNTIL)?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| item::corrupt(item, LEASE_UNTIL, &error))
}

fn claim_key(lease: &Lease) -> Item {
    key(&lease.org, &schema::claim_key(&lease.call))
}

fn unix_seconds(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.unix_seconds().to_string())
}

fn expires_at(written: Timestamp) -> AttributeValue {
    AttributeValue::N((written.unix_seconds() + CLAIM_DAYS * 86_400).to_string())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
    use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
    use test_support::FeedbackBuilder;

    use super::*;

    const THROTTLED: &str = r#"{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "no"}"#;

    fn store(rules: &[&Rule]) -> Store {
        Store::from_client(mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, rules), "call_feedback")
    }

    fn lease() -> Lease {
        let (org, call) = (OrgId::parse("acme").unwrap(), CallId::parse("call_1").unwrap());
        Lease { org, call, holder: "me".to_owned() }
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T10:00:31Z").unwrap()
    }

    async fn claim(store: &Store) -> Result<Claim, StoreError> {
        let Lease { org, call, .. } = lease();
        store.claim(&org, &call, now(), now()).await
    }

    fn claim_succeeds(item: &[(&str, &str)]) -> Rule {
        let item: Item =
            item.iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect();
        mock!(Client::update_item)
            .then_output(move || UpdateItemOutput::builder().set_attributes(Some(item.clone())).build())
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_is_transient_when_claiming_parking_and_releasing() {
        let update =
            mock!(Client::update_item).sequence().http_status(400, Some(THROTTLED.into())).repeatedly().build();
        let delete =
            mock!(Client::delete_item).sequence().http_status(400, Some(THROTTLED.into())).repeatedly().build();
        let lookup = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        let store = store(&[&update, &delete, &lookup]);
        let feedback = FeedbackBuilder::new("call_1").build(&lease().org).feedback;
        for error in [
            claim(&store).await.unwrap_err(),
            store.park(&lease(), &feedback, now()).await.unwrap_err(),
            store.release(lease()).await.unwrap_err(),
        ] {
            assert!(error.is_transient(), "{error:?}");
        }
    }

    #[test]
    fn parked_feedback_is_read_as_it_was_written_whatever_numbers_it_has() {
        let metadata = serde_json::from_str("[123456789012345678901234567890, 1.10, 1e300]").unwrap();
        let full = FeedbackBuilder::new("call_1").tenths(73).metadata("long", metadata).with_every_field();
        for feedback in [full, FeedbackBuilder::new("call_1")].map(|builder| builder.build(&lease().org).feedback) {
            let text = serde_json::to_string(&feedback).unwrap();
            let item = Item::from([(PARKED.to_owned(), AttributeValue::S(text))]);
            let Ok(Claim::Parked(_, parked)) = granted_or_parked(lease(), &item) else { panic!("{feedback:?}") };
            assert_eq!(*parked, feedback);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_claim_is_released_when_the_lookup_of_feedback_fails() {
        let lookup = mock!(Client::get_item)
            .match_requests(|request| request.consistent_read() == Some(true))
            .sequence()
            .output(|| GetItemOutput::builder().build())
            .http_status(400, Some(THROTTLED.into()))
            .repeatedly()
            .build();
        let delete = mock!(Client::delete_item)
            .match_requests(|request| request.condition_expression().is_some())
            .then_output(|| DeleteItemOutput::builder().build());
        let error = claim(&store(&[&claim_succeeds(&[]), &lookup, &delete])).await.unwrap_err();
        assert!(error.is_transient() && delete.num_calls() == 1, "{error:?}");
    }

    #[tokio::test]
    async fn feedback_that_is_stored_between_lookup_and_claim_is_found() {
        let lookup = mock!(Client::get_item)
            .match_requests(|request| request.consistent_read() == Some(true))
            .sequence()
            .output(|| GetItemOutput::builder().build())
            .output(|| GetItemOutput::builder().item("id", AttributeValue::S("fb".to_owned())).build())
            .build();
        let delete = mock!(Client::delete_item).then_output(|| DeleteItemOutput::builder().build());
        let claim = claim(&store(&[&lookup, &claim_succeeds(&[]), &delete])).await.unwrap();
        assert!(matches!(claim, Claim::Scored) && delete.num_calls() == 1, "{claim:?}");
    }

    #[tokio::test]
    async fn parked_feedback_that_cannot_be_read_is_an_error() {
        let no_feedback = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        let item = claim_succeeds(&[(schema::ITEM_KEY, "claim#call_1"), (PARKED, "{}")]);
        let message = claim(&store(&[&item, &no_feedback])).await.unwrap_err().to_string();
        assert!(message.starts_with("the item claim#call_1 is corrupt: answer "), "{message}");
    }
}
