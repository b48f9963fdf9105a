//! Who has a call scored where that costs money: nobody pays twice for the same feedback.
//!
//! A claim is a lease on a call. Whoever holds it asks the scorer; everybody else is told to come back. Feedback that was made and
//! could not be stored is parked in the claim, and whoever claims the call next stores it without asking.
//!
//! **Invariant:** feedback is looked for *after* the call is claimed: what is stored between a look and the claim would be paid
//! for again. It is looked for before that as well, so that deliveries of a call that has feedback do not claim it, and keep
//! each other waiting.

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
const KEPT_DAYS: i64 = 14;
/// Who holds the lease.
const HOLDER: &str = "holder";
/// When the lease is over, in seconds since 1970.
const LEASE_UNTIL: &str = "lease_until";
/// The parked feedback, as JSON.
const PARKED: &str = "answer";

/// What claiming a call came to.
#[derive(Debug)]
pub enum Claim {
    /// The call is the caller's alone, for as long as the lease lasts: the scorer may be asked.
    Granted(Lease),
    /// The call is the caller's alone, and a scorer has made its feedback: that is to be stored, and no scorer to be asked.
    Parked(Lease, Box<Feedback>),
    /// Somebody else has the call scored.
    Held {
        /// When that lease is over.
        until: Timestamp,
    },
    /// The call has feedback.
    Scored,
}

/// The right to have a call scored.
#[derive(Debug, PartialEq, Eq)]
pub struct Lease {
    org: OrgId,
    call: CallId,
    holder: String,
}

impl Store {
    /// Claims a call until that time. Claims that are made at the same time exclude each other; a lease that is over excludes
    /// nobody.
    pub async fn claim(
        &self,
        org: &OrgId,
        call: &CallId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claim, StoreError> {
        if self.is_scored(org, call).await? {
            return Ok(Claim::Scored);
        }
        // Nobody else's, a second delivery of the same message included.
        let holder = format!("{:032x}", fastrand::u128(..));
        let lease = Lease { org: org.clone(), call: call.clone(), holder };
        let item = match self.lease(&lease, now, until).await? {
            Ok(item) => item,
            Err(former) => return Ok(Claim::Held { until: lease_end(&former)? }),
        };
        match self.is_scored(org, call).await {
            Ok(false) => claimed(lease, &item),
            Ok(true) => self.forget(&lease).await.map(|()| Claim::Scored),
            Err(error) => {
                // If the lease cannot be given back either, it ends by itself.
                drop(self.release(lease).await);
                Err(error)
            }
        }
    }

    /// Stores the feedback of a claimed call as [`Store::create_feedback`] does; the claim goes away with it.
    pub async fn create_claimed(&self, lease: &Lease, feedback: &StoredFeedback) -> Result<CreateResult, StoreError> {
        let claim_key = schema::claim_key(&lease.call);
        let creation = self.create("create_claimed", &lease.org, feedback, Some(&claim_key)).await?;
        if creation == CreateResult::Duplicate {
            self.forget(lease).await?;
        }
        Ok(creation)
    }

    /// Keeps feedback that could not be stored for whoever claims the call next, and gives the lease back.
    pub async fn park(&self, lease: &Lease, feedback: &Feedback, now: Timestamp) -> Result<(), StoreError> {
        let operation = "park";
        let text = serde_json::to_string(feedback)
            .map_err(|source| StoreError::Rejected { operation, source: Box::new(source) })?;
        let mut aliases = Aliases::default();
        let kept = aliases.equals(PARKED, AttributeValue::S(text));
        let expiry = aliases.equals(schema::EXPIRES_AT, expires_at(now));
        let update = format!("SET {kept}, {expiry} REMOVE {}, {}", aliases.name(HOLDER), aliases.name(LEASE_UNTIL));
        let request = self.client.update_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        let request = request
            .update_expression(update)
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values());
        request.send().await.map(drop).map_err(|error| StoreError::from_sdk(operation, error))
    }

    /// Gives a lease back that came to nothing, unless it is somebody else's by now.
    pub async fn release(&self, lease: Lease) -> Result<(), StoreError> {
        let mut aliases = Aliases::default();
        let mine = aliases.equals(HOLDER, AttributeValue::S(lease.holder.clone()));
        let nothing_parked = format!("attribute_not_exists({})", aliases.name(PARKED));
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(claim_key(&lease)));
        let request = request
            .condition_expression(format!("{mine} AND {nothing_parked}"))
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values());
        match request.send().await {
            Err(error) if error.code() != Some(CONDITION_FAILED) => Err(StoreError::from_sdk("release", error)),
            _ => Ok(()),
        }
    }

    async fn is_scored(&self, org: &OrgId, call: &CallId) -> Result<bool, StoreError> {
        Ok(self.find("claim", org, &schema::feedback_key(call), true).await?.is_some())
    }

    /// Takes the lease, or finds the item of the claim that somebody else holds.
    async fn lease(&self, lease: &Lease, now: Timestamp, until: Timestamp) -> Result<Result<Item, Item>, StoreError> {
        let mut aliases = Aliases::default();
        let [holder, end, expiry] = [HOLDER, LEASE_UNTIL, schema::EXPIRES_AT].map(|name| aliases.name(name));
        let [me, until_value, kept] = [AttributeValue::S(lease.holder.clone()), seconds(until), expires_at(until)]
            .map(|value| aliases.value(value));
        let now = aliases.value(seconds(now));
        let request = self.client.update_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        let response = request
            .update_expression(format!("SET {holder} = {me}, {end} = {until_value}, {expiry} = {kept}"))
            // The last term is for a request whose response was lost on the way: the SDK sends it again.
            .condition_expression(format!("attribute_not_exists({end}) OR {end} <= {now} OR {holder} = {me}"))
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

    /// Deletes the claim of a call that has feedback: whoever holds it will find that.
    async fn forget(&self, lease: &Lease) -> Result<(), StoreError> {
        let request = self.client.delete_item().table_name(&self.table).set_key(Some(claim_key(lease)));
        request.send().await.map(drop).map_err(|error| StoreError::from_sdk("forget_claim", error))
    }
}

fn claimed(lease: Lease, item: &Item) -> Result<Claim, StoreError> {
    let Some(text) = item::read::<Option<String>>(item, PARKED)? else { return Ok(Claim::Granted(lease)) };
    let feedback = serde_json::from_str(&text).map_err(|error| item::corrupt(item, PARKED, &error))?;
    Ok(Claim::Parked(lease, Box::new(feedback)))
}

fn lease_end(item: &Item) -> Result<Timestamp, StoreError> {
    let seconds = item::read(item, LEASE_UNTIL)?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| item::corrupt(item, LEASE_UNTIL, &error))
}

fn claim_key(lease: &Lease) -> Item {
    key(&lease.org, &schema::claim_key(&lease.call))
}

fn seconds(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.unix_seconds().to_string())
}

fn expires_at(written: Timestamp) -> AttributeValue {
    AttributeValue::N((written.unix_seconds() + KEPT_DAYS * 86_400).to_string())
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

    fn leased(item: &[(&str, &str)]) -> Rule {
        let item: Item =
            item.iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect();
        mock!(Client::update_item)
            .then_output(move || UpdateItemOutput::builder().set_attributes(Some(item.clone())).build())
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_table_can_be_asked_again_for_every_step_of_a_claim() {
        let update =
            mock!(Client::update_item).sequence().http_status(400, Some(THROTTLED.into())).repeatedly().build();
        let delete =
            mock!(Client::delete_item).sequence().http_status(400, Some(THROTTLED.into())).repeatedly().build();
        let look = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        let store = store(&[&update, &delete, &look]);
        let feedback = FeedbackBuilder::new("call_1").build(&lease().org).feedback;
        for error in [
            claim(&store).await.unwrap_err(),
            store.park(&lease(), &feedback, now()).await.unwrap_err(),
            store.release(lease()).await.unwrap_err(),
        ] {
            assert!(error.is_transient(), "{error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_claim_is_given_back_when_nobody_can_tell_whether_the_call_is_scored() {
        let look = mock!(Client::get_item)
            .match_requests(|request| request.consistent_read() == Some(true))
            .sequence()
            .output(|| GetItemOutput::builder().build())
            .http_status(400, Some(THROTTLED.into()))
            .repeatedly()
            .build();
        let delete = mock!(Client::delete_item)
            .match_requests(|request| request.condition_expression().is_some())
            .then_output(|| DeleteItemOutput::builder().build());
        let error = claim(&store(&[&leased(&[]), &look, &delete])).await.unwrap_err();
        assert!(error.is_transient() && delete.num_calls() == 1, "{error:?}");
    }

    #[tokio::test]
    async fn feedback_that_is_stored_between_the_look_and_the_claim_is_found() {
        let look = mock!(Client::get_item)
            .match_requests(|request| request.consistent_read() == Some(true))
            .sequence()
            .output(|| GetItemOutput::builder().build())
            .output(|| GetItemOutput::builder().item("id", AttributeValue::S("fb".to_owned())).build())
            .build();
        let delete = mock!(Client::delete_item).then_output(|| DeleteItemOutput::builder().build());
        let claim = claim(&store(&[&look, &leased(&[]), &delete])).await.unwrap();
        assert!(matches!(claim, Claim::Scored) && delete.num_calls() == 1, "{claim:?}");
    }

    #[tokio::test]
    async fn parked_feedback_that_cannot_be_read_is_an_error_and_not_asked_for_again() {
        let nothing = mock!(Client::get_item).then_output(|| GetItemOutput::builder().build());
        let item = leased(&[(schema::ITEM_KEY, "claim#call_1"), (PARKED, "{}")]);
        let message = claim(&store(&[&item, &nothing])).await.unwrap_err().to_string();
        assert!(message.starts_with("the item claim#call_1 is corrupt: answer "), "{message}");
    }
}
