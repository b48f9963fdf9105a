//! Calls that lie in S3: fetches what messages refer to.
//!
//! **Invariant:** nothing is fetched but from the bucket that the function is configured with, whatever a message names, and
//! never more than [`MAXIMUM_BYTES`] of it.

use aws::{S3, S3Error};
use domain::{OrgId, Timestamp};
use intake::{IntakeError, ParsedMessage, S3Reference};
use tokio::sync::Semaphore;

/// What an object may hold at most.
pub(crate) const MAXIMUM_BYTES: usize = 10 * 1024 * 1024;

/// The bucket that calls are fetched from.
#[derive(Debug)]
pub(crate) struct Bucket {
    s3: S3,
    name: String,
    owner: Option<OrgId>,
    /// Held while an object is read: parsed, ten of the largest at once would not fit into the function's memory.
    one_at_a_time: Semaphore,
}

/// An object that is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    /// It lies in another bucket.
    #[error("calls are fetched from the bucket of the parameter TranscriptBucket alone, and not from {0}")]
    OtherBucket(String),
    /// It is larger than [`MAXIMUM_BYTES`].
    #[error("the object is larger than {MAXIMUM_BYTES} bytes")]
    TooLarge,
    /// It holds no text.
    #[error("the object is not UTF-8")]
    NotText,
    /// S3 does not hand it over: it is not there, not yet, or not for this function, or S3 cannot be reached.
    #[error("the object cannot be fetched")]
    Unavailable(#[source] S3Error),
}

impl ObjectError {
    /// The stable name of what will never be otherwise; nothing for what may be tried again.
    pub(crate) const fn code(&self) -> Option<&'static str> {
        match self {
            Self::OtherBucket(_) => Some("bucket_not_configured"),
            Self::TooLarge => Some("object_too_large"),
            Self::NotText => Some("malformed_message"),
            Self::Unavailable(_) => None,
        }
    }
}

impl Bucket {
    /// The bucket of that name, and whose the calls in it are that do not say so themselves.
    pub(crate) fn new(s3: S3, name: &str, owner: Option<OrgId>) -> Self {
        Self { s3, name: name.to_owned(), owner, one_at_a_time: Semaphore::new(1) }
    }

    /// Whether the object lies in this bucket.
    pub(crate) fn holds(&self, object: &S3Reference) -> bool {
        object.bucket == self.name
    }

    /// Whose the calls are that do not say so themselves.
    pub(crate) const fn owner(&self) -> Option<&OrgId> {
        self.owner.as_ref()
    }

    /// What an object says at that time; fails when it cannot be fetched.
    pub(crate) async fn read(
        &self,
        object: &S3Reference,
        now: Timestamp,
    ) -> Result<Result<ParsedMessage, IntakeError>, ObjectError> {
        let _turn = self.one_at_a_time.acquire().await;
        let text = self.text(object, now).await?;
        Ok(intake::read_object(&text, object, self.owner.as_ref()))
    }

    async fn text(&self, object: &S3Reference, now: Timestamp) -> Result<String, ObjectError> {
        if !self.holds(object) {
            return Err(ObjectError::OtherBucket(object.bucket.clone()));
        }
        if object.bytes.is_some_and(|bytes| bytes > MAXIMUM_BYTES as u64) {
            return Err(ObjectError::TooLarge);
        }
        let bytes = self.s3.get(&self.name, &object.key, MAXIMUM_BYTES, now).await.map_err(|error| match error {
            S3Error::TooLarge(_) => ObjectError::TooLarge,
            other => ObjectError::Unavailable(other),
        })?;
        String::from_utf8(bytes).map_err(|_| ObjectError::NotText)
    }
}
