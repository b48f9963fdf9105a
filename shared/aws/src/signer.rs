//! Signatures (version 4) of requests that no SDK client makes, by AWS's own signer.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError};
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningError, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::{SigningParams, signing_params::BuildError};
use aws_types::SdkConfig;
use domain::Timestamp;

/// Credentials that expire are asked for again so long before.
const RENEWAL: Duration = Duration::from_mins(5);

/// A service that requests are signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// S3.
    S3,
    /// Amazon Bedrock, whichever of its endpoints.
    Bedrock,
}

/// Signs requests to one service in one region.
#[derive(Debug)]
pub struct Signer {
    service: Service,
    region: String,
    provider: Option<SharedCredentialsProvider>,
    kept: Mutex<Option<Credentials>>,
}

/// A request that cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// There are no credentials.
    #[error("there are no AWS credentials")]
    Credentials(#[from] CredentialsError),
    /// There is no region, or something else that a signature needs.
    #[error("a signature cannot be made")]
    Parameters(#[from] BuildError),
    /// The request cannot be signed.
    #[error("the request cannot be signed")]
    Signature(#[from] SigningError),
}

impl Service {
    const fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Bedrock => "bedrock",
        }
    }

    /// S3 differs from all other services: it signs the path as it is sent, which the others encode a second time, and wants the
    /// body's digest as a header.
    fn settings(self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self == Self::S3 {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings
    }
}

impl Signer {
    /// Signs for that service, with the region and the credentials of that configuration.
    #[must_use]
    pub fn new(config: &SdkConfig, service: Service) -> Self {
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        Self { service, region, provider: config.credentials_provider(), kept: Mutex::new(None) }
    }

    /// The headers that sign a request, which is then sent with exactly this address and body.
    pub async fn headers(
        &self,
        method: &str,
        address: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, SignError> {
        let now = system_time(now);
        let identity = self.credentials(now).await?.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.service.name())
            .time(now)
            .settings(self.service.settings())
            .build()?;
        let signable = SignableRequest::new(method, address, std::iter::empty(), SignableBody::Bytes(body))?;
        let (signature, _) = sign(signable, &parameters.into())?.into_parts();
        Ok(signature.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The credentials. Those that expire come from a service, which is not asked for every request; those that do not, from
    /// variables or a file.
    async fn credentials(&self, now: SystemTime) -> Result<Credentials, CredentialsError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| kept.expiry().is_some_and(|expiry| now + RENEWAL < expiry)) {
            return Ok(kept);
        }
        let provider = self.provider.as_ref().ok_or_else(CredentialsError::not_loaded_no_source)?;
        let credentials = provider.provide_credentials().await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials.clone());
        Ok(credentials)
    }
}

fn system_time(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(now.unix_seconds()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use aws_credential_types::provider::future;
    use aws_types::region::Region;

    use super::*;

    const NOW: &str = "2013-05-24T00:00:00Z";

    fn at() -> Timestamp {
        Timestamp::parse(NOW).unwrap()
    }

    fn signer(service: Service, session: Option<&str>) -> Signer {
        let (id, secret) = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let credentials = Credentials::new(id, secret, session.map(str::to_owned), None, "test");
        let provider = SharedCredentialsProvider::new(credentials);
        let config = SdkConfig::builder().region(Region::new("us-east-1")).credentials_provider(provider);
        Signer::new(&config.build(), service)
    }

    async fn header(signer: &Signer, method: &str, address: &str, body: &str, name: &str) -> String {
        let headers = signer.headers(method, address, body.as_bytes(), at()).await.unwrap();
        headers.into_iter().find(|(known, _)| known == name).unwrap().1
    }

    /// The signature follows from the examples of AWS's documentation ("Signature Calculations for the Authorization Header"),
    /// where a bucket stands at S3's general address: there `GET /?lifecycle`, here the object of the same place and time.
    #[tokio::test]
    async fn requests_are_signed_for_s3_at_that_place_and_time() {
        let address = "https://examplebucket.s3.amazonaws.com/?lifecycle";
        assert_eq!(
            header(&signer(Service::S3, None), "GET", address, "", "authorization").await,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
             Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        );
        assert_eq!(header(&signer(Service::S3, None), "GET", address, "", "x-amz-date").await, "20130524T000000Z");
    }

    /// The signatures are those of botocore, AWS's own library for Python, for the same requests.
    #[tokio::test]
    async fn the_encoded_path_of_a_model_is_encoded_once_more_for_the_signature() {
        let host = "https://bedrock-runtime.us-east-1.amazonaws.com";
        for (model, signature) in [
            (
                "anthropic.claude-haiku-4-5-20251001-v1%3A0",
                "f0a258edd4b9fb48203211c496d8396e60c7fc9ecc9d87138c17a628aa797de3",
            ),
            (
                "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fa1b2",
                "9b5fd49c86031248e76802cf15dbe99391b5aa30f40f7cc5ff204204edd305d0",
            ),
        ] {
            let address = format!("{host}/model/{model}/converse");
            let authorization =
                header(&signer(Service::Bedrock, Some("session")), "POST", &address, "{}", "authorization").await;
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/bedrock/aws4_request, \
                 SignedHeaders=host;x-amz-date;x-amz-security-token, Signature={signature}"
            );
            assert_eq!(authorization, expected);
        }
    }

    /// Gives credentials that expire after so long, and counts how often.
    #[derive(Debug)]
    struct Expiring(Duration, Arc<AtomicU32>);

    impl ProvideCredentials for Expiring {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            self.1.fetch_add(1, Ordering::Relaxed);
            let expiry = system_time(at()) + self.0;
            future::ProvideCredentials::ready(Ok(Credentials::new("id", "secret", None, Some(expiry), "test")))
        }
    }

    #[tokio::test]
    async fn credentials_that_expire_are_asked_for_again_shortly_before() {
        for (lifetime, asked) in [(RENEWAL * 2, 1), (RENEWAL, 3)] {
            let count = Arc::new(AtomicU32::new(0));
            let provider = SharedCredentialsProvider::new(Expiring(lifetime, Arc::clone(&count)));
            let config = SdkConfig::builder().region(Region::new("us-east-1")).credentials_provider(provider);
            let signer = Signer::new(&config.build(), Service::Bedrock);
            for _ in 0..3 {
                signer.headers("POST", "https://x.example/", b"", at()).await.unwrap();
            }
            assert_eq!(count.load(Ordering::Relaxed), asked, "{lifetime:?}");
        }
    }

    #[tokio::test]
    async fn without_credentials_nothing_is_signed() {
        let signer = Signer::new(&SdkConfig::builder().build(), Service::Bedrock);
        let error = signer.headers("POST", "https://x.example/", b"", at()).await.unwrap_err();
        assert!(matches!(error, SignError::Credentials(_)), "{error}");
    }
}
