//! Calls in S3: fetches the objects that messages refer to.
//!
//! **Invariant:** objects are fetched only from the bucket that the function is configured with, whatever a message names, and never
//! more than [`MAXIMUM_BYTES`] of one.

use aws::{S3, S3Error};
use domain::{OrgId, Timestamp};
use intake::{IntakeError, ParsedMessage, S3Reference};
use tokio::sync::Semaphore;

/// The largest object that is read.
pub(crate) const MAXIMUM_BYTES: usize = 10 * 1024 * 1024;

/// The bucket that calls are fetched from.
#[derive(Debug)]
pub(crate) struct Bucket {
    s3: S3,
    name: String,
    owner: Option<OrgId>,
    /// Held while an object is read. Ten of the largest, parsed at the same time, would not fit into the function's memory.
    one_at_a_time: Semaphore,
}

/// An object that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    /// It is in another bucket.
    #[error("calls are fetched only from the bucket of the parameter TranscriptBucket, not from {0}")]
    OtherBucket(String),
    /// It is larger than [`MAXIMUM_BYTES`].
    #[error("the object is larger than {MAXIMUM_BYTES} bytes")]
    TooLarge,
    /// It has no key.
    #[error("an object has a key")]
    NoKey,
    /// S3 does not return it: it does not exist (yet), the function may not read it, or S3 cannot be reached.
    #[error("the object cannot be fetched")]
    Unavailable(#[source] S3Error),
}

impl ObjectError {
    /// The code of a permanent error; `None` if another attempt may succeed.
    pub(crate) const fn code(&self) -> Option<&'static str> {
        match self {
            Self::OtherBucket(_) => Some("bucket_not_configured"),
            Self::TooLarge => Some("object_too_large"),
            Self::NoKey => Some("malformed_message"),
            Self::Unavailable(_) => None,
        }
    }
}

impl Bucket {
    /// The bucket of that name. Calls in it that do not name their organisation are the `owner`'s.
    pub(crate) fn new(s3: S3, name: &str, owner: Option<OrgId>) -> Self {
        Self { s3, name: name.to_owned(), owner, one_at_a_time: Semaphore::new(1) }
    }

    /// Whether the object is in this bucket.
    pub(crate) fn contains(&self, object: &S3Reference) -> bool {
        object.bucket == self.name
    }

    /// The organisation of calls that do not name theirs.
    pub(crate) const fn owner(&self) -> Option<&OrgId> {
        self.owner.as_ref()
    }

    /// Fetches an object and reads it as a message; `now` is the time of the signature. Fails when the object cannot be fetched.
    pub(crate) async fn read(
        &self,
        object: &S3Reference,
        now: Timestamp,
    ) -> Result<Result<ParsedMessage, IntakeError>, ObjectError> {
        let _permit = self.one_at_a_time.acquire().await;
        let text = self.text(object, now).await?;
        Ok(intake::read_object(&text, object, self.owner.as_ref()))
    }

    async fn text(&self, object: &S3Reference, now: Timestamp) -> Result<String, ObjectError> {
        if !self.contains(object) {
            return Err(ObjectError::OtherBucket(object.bucket.clone()));
        }
        if object.bytes.is_some_and(|bytes| bytes > MAXIMUM_BYTES as u64) {
            return Err(ObjectError::TooLarge);
        }
        let bytes = self.s3.get(&self.name, &object.key, MAXIMUM_BYTES, now).await.map_err(|error| match error {
            S3Error::TooLarge(_) => ObjectError::TooLarge,
            S3Error::NoKey => ObjectError::NoKey,
            other => ObjectError::Unavailable(other),
        })?;
        Ok(intake::decoded(bytes))
    }
}
