//! Calls that lie in S3: fetches what messages refer to.
//!
//! **Invariant:** nothing is fetched but from the bucket that the function is configured with, whatever a message names, and
//! never more than [`MAXIMUM_BYTES`] of it.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError};
use domain::OrgId;
use intake::{IntakeError, Message, S3Reference};
use tokio::sync::Semaphore;

/// What an object may hold at most.
pub(crate) const MAXIMUM_BYTES: usize = 10 * 1024 * 1024;

/// The bucket that calls are fetched from.
#[derive(Debug)]
pub(crate) struct Bucket {
    client: Client,
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
    NotOurs(String),
    /// It is larger than [`MAXIMUM_BYTES`].
    #[error("the object is larger than {MAXIMUM_BYTES} bytes")]
    TooLarge,
    /// It holds no text.
    #[error("the object is not UTF-8")]
    NotText,
    /// S3 does not hand it over. Whether it is not there, not yet, or not for this function is not always told apart.
    #[error("the object cannot be fetched from S3")]
    Unavailable(#[source] Box<SdkError<GetObjectError>>),
    /// It broke off.
    #[error("the object broke off")]
    BrokeOff(#[from] ByteStreamError),
}

impl ObjectError {
    /// The stable name of what will never be otherwise; nothing for what may be tried again.
    pub(crate) const fn code(&self) -> Option<&'static str> {
        match self {
            Self::NotOurs(_) => Some("bucket_not_configured"),
            Self::TooLarge => Some("object_too_large"),
            Self::NotText => Some("malformed_message"),
            Self::Unavailable(_) | Self::BrokeOff(_) => None,
        }
    }
}

impl Bucket {
    /// The bucket of that name, and whose the calls in it are that do not say so themselves.
    pub(crate) fn new(client: Client, name: &str, owner: Option<OrgId>) -> Self {
        Self { client, name: name.to_owned(), owner, one_at_a_time: Semaphore::new(1) }
    }

    /// Whether the object lies in this bucket.
    pub(crate) fn holds(&self, object: &S3Reference) -> bool {
        object.bucket == self.name
    }

    /// Whose the calls are that do not say so themselves.
    pub(crate) const fn owner(&self) -> Option<&OrgId> {
        self.owner.as_ref()
    }

    /// What an object says; fails when it cannot be fetched.
    pub(crate) async fn read(&self, object: &S3Reference) -> Result<Result<Message, IntakeError>, ObjectError> {
        let _turn = self.one_at_a_time.acquire().await;
        let text = self.text(object).await?;
        Ok(intake::read_object(&text, object, self.owner.as_ref()))
    }

    async fn text(&self, object: &S3Reference) -> Result<String, ObjectError> {
        if !self.holds(object) {
            return Err(ObjectError::NotOurs(object.bucket.clone()));
        }
        if object.bytes.is_some_and(|bytes| bytes > MAXIMUM_BYTES as u64) {
            return Err(ObjectError::TooLarge);
        }
        let request = self.client.get_object().bucket(&self.name).key(&object.key);
        let answer = request.send().await.map_err(|error| ObjectError::Unavailable(Box::new(error)))?;
        let bytes = within_limit(answer.body).await?;
        String::from_utf8(bytes).map_err(|_| ObjectError::NotText)
    }
}

/// The whole body, unless it is too large: what is said of its size need not be true.
async fn within_limit(mut body: ByteStream) -> Result<Vec<u8>, ObjectError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.try_next().await? {
        if bytes.len() + chunk.len() > MAXIMUM_BYTES {
            return Err(ObjectError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
