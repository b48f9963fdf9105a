//! The bucket for calls that are too large for the queue: the call goes into the bucket, and a message that refers to it goes
//! onto the queue.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::primitives::ByteStream;
use domain::{CallId, OrgId};
use serde_json::json;

use crate::queue_message::QueueMessage;

/// How many bytes the generator fetches at most: 10 MiB.
pub(crate) const MOST_BYTES: usize = 10 * 1024 * 1024;

/// How long one upload may take, on a slow line.
const UPLOAD_TIMEOUT: Duration = Duration::from_mins(2);

/// The bucket that the generator fetches calls from.
#[derive(Debug)]
pub(crate) struct TranscriptBucket {
    client: Client,
    name: String,
}

impl TranscriptBucket {
    /// The bucket of that name.
    pub(crate) fn new(aws: &SdkConfig, name: String) -> Self {
        let timeouts = TimeoutConfig::builder()
            .read_timeout(UPLOAD_TIMEOUT)
            .operation_attempt_timeout(UPLOAD_TIMEOUT)
            .operation_timeout(UPLOAD_TIMEOUT * 2);
        let config = aws_sdk_s3::config::Builder::from(aws).timeout_config(timeouts.build());
        Self { client: Client::from_conf(config.build()), name }
    }

    /// Puts the call into the bucket, where it replaces an earlier object of the same call; returns the message that refers to
    /// it. Fails when the bucket cannot be reached or refuses.
    pub(crate) async fn put(
        &self,
        message: QueueMessage,
        org_id: &OrgId,
        call_id: &CallId,
    ) -> Result<QueueMessage, Box<dyn Error + Send + Sync>> {
        let key = format!("calls/{org_id}/{call_id}.json");
        let body = ByteStream::from(message.body.into_bytes());
        self.client
            .put_object()
            .bucket(&self.name)
            .key(&key)
            .content_type("application/json")
            .body(body)
            .send()
            .await?;
        let reference = json!({"org_id": org_id.as_str(), "s3": {"bucket": self.name, "key": key}});
        Ok(QueueMessage { location: message.location, body: reference.to_string(), org_attribute: None })
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::operation::put_object::PutObjectOutput;
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    use super::*;
    use crate::input_entry::InputLocation;

    #[tokio::test]
    async fn a_call_in_the_bucket_is_one_that_the_generator_finds() {
        let call = r#"{"call_id": "c:1", "transcript": "Agent: Hi."}"#;
        let put = mock!(Client::put_object)
            .match_requests(|request| {
                (request.bucket(), request.key()) == (Some("calls"), Some("calls/acme/c:1.json"))
                    && request.body().bytes() == Some(br#"{"call_id": "c:1", "transcript": "Agent: Hi."}"#)
            })
            .then_output(|| PutObjectOutput::builder().build());
        let client = mock_client!(aws_sdk_s3, RuleMode::MatchAny, [&put]);
        let bucket = TranscriptBucket { client, name: "calls".to_owned() };
        let org = OrgId::parse("acme").unwrap();
        let message = QueueMessage {
            location: InputLocation::whole("in"),
            body: call.to_owned(),
            org_attribute: Some(org.clone()),
        };
        let sent = bucket.put(message, &org, &CallId::parse("c:1").unwrap()).await.unwrap();
        let found = intake::read(&sent.body, intake::Attributes::default()).unwrap();
        let intake::ParsedMessage::Objects(objects) = found else { panic!("{found:?}") };
        let intake::ParsedMessage::Call(read) = intake::read_object(call, &objects.references[0], None).unwrap() else {
            panic!()
        };
        assert_eq!((read.org_id, read.call_id.as_str()), (org, "c:1"));
        assert_eq!((sent.org_attribute, put.num_calls()), (None, 1));
    }
}
