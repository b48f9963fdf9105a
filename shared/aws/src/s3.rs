//! The one request to S3 that functions need, `GetObject`, sent by the SDK clients' own connector. The
//! whole SDK client of S3 would be an eighth of the generator, which every cold start would pay for.
//!
//! There are no retries here: the message that refers to the object comes back.
//!
//! **Invariant:** a request is for one object. Without a key it would list the bucket.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::{ByteStream, error::Error as ByteStreamError};
use aws_types::SdkConfig;
use domain::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::timeout;

use crate::{Service, SignError, Signer, connector};

/// Time from the request to the response's first byte.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for each chunk of an object. A function that was frozen waits this long on a dead connection.
const CHUNK_TIMEOUT: Duration = Duration::from_secs(5);
/// The characters of a key that are not percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// S3 in one region.
#[derive(Debug)]
pub struct S3 {
    region: String,
    endpoint: Option<String>,
    signer: Signer,
    connector: Connector,
}

/// An object that S3 does not return.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    /// The key is empty.
    #[error("an object has a key")]
    NoKey,
    /// It responded with this status. Without the permission to list the bucket, a missing object is a 403.
    #[error("S3 responded with {0}")]
    Refused(u16),
    /// It did not respond in time, or stopped in the middle.
    #[error("S3 did not respond in time")]
    TimedOut,
    /// There is no connection to it.
    #[error("S3 cannot be reached")]
    Unreachable(#[from] ConnectorError),
    /// The connection broke while the object was read.
    #[error("the connection to S3 broke while the object was read")]
    Interrupted(#[from] ByteStreamError),
    /// It is larger than the limit.
    #[error("the object is larger than {0} bytes")]
    TooLarge(usize),
    /// The request cannot be signed, for instance without credentials.
    #[error("the request to S3 cannot be signed")]
    Unsigned(#[from] SignError),
    /// The request cannot be written.
    #[error("the request cannot be written")]
    Request(#[from] HttpError),
}

impl S3 {
    /// S3 with the region, endpoint and credentials of that configuration.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            region: config.region().map(ToString::to_string).unwrap_or_default(),
            endpoint: config.endpoint_url().map(|url| url.trim_end_matches('/').to_owned()),
            signer: Signer::new(config, Service::S3),
            connector: connector(),
        }
    }

    /// The bytes of an object. Fails as [`S3Error`] says, and as soon as the object turns out to be larger than `limit` bytes.
    pub async fn get(&self, bucket: &str, key: &str, limit: usize, now: Timestamp) -> Result<Vec<u8>, S3Error> {
        if key.is_empty() {
            return Err(S3Error::NoKey);
        }
        let request = self.signed(&self.address(bucket, key), now).await?;
        let response =
            timeout(RESPONSE_TIMEOUT, self.connector.call(request)).await.map_err(|_| S3Error::TimedOut)??;
        if !response.status().is_success() {
            return Err(S3Error::Refused(response.status().as_u16()));
        }
        let (mut body, mut bytes) = (ByteStream::new(response.into_body()), Vec::new());
        while let Some(chunk) = timeout(CHUNK_TIMEOUT, body.try_next()).await.map_err(|_| S3Error::TimedOut)?? {
            if bytes.len() + chunk.len() > limit {
                return Err(S3Error::TooLarge(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// The address of an object. The bucket's name is part of the host name, unless it has dots, for which there is no certificate, or
    /// another endpoint is configured.
    fn address(&self, bucket: &str, key: &str) -> String {
        let key = utf8_percent_encode(key, ENCODED);
        let suffix = if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        match &self.endpoint {
            Some(endpoint) => format!("{endpoint}/{bucket}/{key}"),
            None if bucket.contains('.') => format!("https://s3.{}.{suffix}/{bucket}/{key}", self.region),
            None => format!("https://{bucket}.s3.{}.{suffix}/{key}", self.region),
        }
    }

    async fn signed(&self, address: &str, now: Timestamp) -> Result<HttpRequest, S3Error> {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(address)?;
        for (name, value) in self.signer.headers("GET", address, &[], now).await? {
            request.headers_mut().try_insert(name, value)?;
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_types::region::Region;
    use test_support::{StubServer, response};

    use super::*;

    const NOW: &str = "2013-05-24T00:00:00Z";

    fn s3(region: &'static str, endpoint: Option<&str>) -> S3 {
        let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let credentials = SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "test"));
        let mut aws = SdkConfig::builder().region(Region::new(region)).credentials_provider(credentials);
        aws.set_endpoint_url(endpoint.map(str::to_owned));
        S3::new(&aws.build())
    }

    async fn got(server: &StubServer, limit: usize) -> Result<Vec<u8>, S3Error> {
        let s3 = s3("us-east-1", Some(&format!("http://{}/", server.address())));
        s3.get("b", "a key/ü+1.json", limit, Timestamp::parse(NOW).unwrap()).await
    }

    fn at() -> Timestamp {
        Timestamp::parse(NOW).unwrap()
    }

    #[test]
    fn objects_are_where_their_bucket_is() {
        let address = |region, endpoint, bucket| s3(region, endpoint).address(bucket, "a/b c+é.json");
        assert_eq!(address("eu-west-1", None, "b"), "https://b.s3.eu-west-1.amazonaws.com/a/b%20c%2B%C3%A9.json");
        assert_eq!(address("cn-north-1", None, "b"), "https://b.s3.cn-north-1.amazonaws.com.cn/a/b%20c%2B%C3%A9.json");
        assert_eq!(address("eu-west-1", None, "a.b"), "https://s3.eu-west-1.amazonaws.com/a.b/a/b%20c%2B%C3%A9.json");
        assert_eq!(address("eu-west-1", Some("http://h:1/"), "b"), "http://h:1/b/a/b%20c%2B%C3%A9.json");
    }

    #[tokio::test]
    async fn an_object_is_read_up_to_its_limit() {
        let server = StubServer::start(|_| Some(response(200, "", "{\"a\": 1}")));
        assert_eq!(got(&server, 8).await.unwrap(), b"{\"a\": 1}");
        assert!(server.next("GET").head.starts_with("GET /b/a%20key/%C3%BC%2B1.json "));
        assert!(matches!(got(&server, 7).await, Err(S3Error::TooLarge(7))));
    }

    #[tokio::test]
    async fn without_a_key_nothing_is_asked_for() {
        let server = StubServer::start(|_| Some(response(200, "", "<ListBucketResult/>")));
        let s3 = s3("us-east-1", Some(&format!("http://{}/", server.address())));
        assert!(matches!(s3.get("b", "", 8, at()).await, Err(S3Error::NoKey)));
        assert!(server.rest().is_empty());
    }

    #[tokio::test]
    async fn what_s3_does_not_return_is_an_error() {
        let refuses = StubServer::start(|_| Some(response(403, "", "<Error><Code>AccessDenied</Code></Error>")));
        assert!(matches!(got(&refuses, 8).await, Err(S3Error::Refused(403))));
        let interrupted =
            StubServer::start(|_| Some("HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nno length\r\n"));
        assert!(matches!(got(&interrupted, 8).await, Err(S3Error::Interrupted(_))));
        let nobody = s3("us-east-1", Some("http://127.0.0.1:9"));
        assert!(matches!(nobody.get("b", "k", 8, at()).await, Err(S3Error::Unreachable(_))));
    }
}
