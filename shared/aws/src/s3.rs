//! The one request to S3 that functions need, `GetObject`: signed by AWS's own signer, sent by the SDK clients' own connector. The
//! whole SDK client of S3 would be an eighth of the generator, which every cold start would pay for.
//!
//! There are no retries here: the message that refers to the object comes back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError};
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningError, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::{SigningParams, signing_params::BuildError};
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

use crate::connector;

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
    credentials: Option<SharedCredentialsProvider>,
    connector: Connector,
}

/// An object that S3 does not return.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
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
    /// The function has no credentials.
    #[error("there are no credentials")]
    Credentials(#[from] CredentialsError),
    /// The request cannot be signed.
    #[error("the request cannot be signed")]
    Parameters(#[from] BuildError),
    /// The request cannot be signed.
    #[error("the request cannot be signed")]
    Signature(#[from] SigningError),
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
            credentials: config.credentials_provider(),
            connector: connector(),
        }
    }

    /// The bytes of an object. Fails as [`S3Error`] says, and as soon as the object turns out to be larger than `limit` bytes.
    pub async fn get(&self, bucket: &str, key: &str, limit: usize, now: Timestamp) -> Result<Vec<u8>, S3Error> {
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
        let credentials = self.credentials.as_ref().ok_or_else(CredentialsError::not_loaded_no_source)?;
        let identity = credentials.provide_credentials().await?.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("s3")
            .time(system_time(now))
            .settings(settings())
            .build()?;
        let body = SignableBody::Bytes(&[]);
        let signable = SignableRequest::new("GET", address, std::iter::empty(), body)?;
        let (signature, _) = sign(signable, &parameters.into())?.into_parts();
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(address)?;
        for (name, value) in signature.headers() {
            request.headers_mut().try_insert(name.to_owned(), value.to_owned())?;
        }
        Ok(request)
    }
}

/// How S3's signatures differ from those of other services: the path is signed as it is sent, and the body's digest is a header.
fn settings() -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings
}

fn system_time(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(now.unix_seconds()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
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

    /// The signature follows from the examples of AWS's documentation ("Signature Calculations for the Authorization Header"),
    /// where a bucket stands at S3's general address: there `GET /?lifecycle`, here the object of the same place and time.
    #[tokio::test]
    async fn requests_are_signed_for_s3_at_that_place_and_time() {
        let request =
            s3("us-east-1", None).signed("https://examplebucket.s3.amazonaws.com/?lifecycle", at()).await.unwrap();
        let header = |name: &str| request.headers().get(name).unwrap().to_owned();
        assert_eq!(
            header("authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
             Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        );
        assert_eq!(header("x-amz-date"), "20130524T000000Z");
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
