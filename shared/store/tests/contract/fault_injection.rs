//! An HTTP client that simulates a busy table and a bad network.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use fastrand::Rng;

use crate::table::config;

/// What happens to a transaction or to the update of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It conflicts with another one: nothing is written.
    Conflict,
    /// The table is throttled: nothing is written.
    Throttle,
    /// The connection breaks before the request arrives: nothing is written.
    RequestLost,
    /// The connection breaks after the write.
    ResponseLost,
}

/// A client whose transactions and updates have the faults that `next` returns.
pub(crate) fn faulty_client(next: impl FnMut() -> Option<Fault> + Send + 'static) -> Client {
    let connector = aws_smithy_http_client::Builder::new().build_http();
    let faults = FaultSource(Arc::new(Mutex::new(next)));
    let client = http_client_fn(move |settings, components| {
        let inner = connector.http_connector(settings, components);
        SharedHttpConnector::new(FaultyConnector { inner, faults: faults.clone() })
    });
    let retries = RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1));
    Client::from_conf(config().http_client(client).retry_config(retries).build())
}

/// Returns a random fault for about `of_ten` of ten writes.
pub(crate) fn random_faults(seed: u64, of_ten: u8) -> impl FnMut() -> Option<Fault> {
    let mut rng = Rng::with_seed(seed);
    let faults =
        [Fault::Conflict, Fault::Conflict, Fault::Conflict, Fault::Throttle, Fault::RequestLost, Fault::ResponseLost];
    move || (rng.u8(0..10) < of_ten).then(|| faults[rng.usize(..faults.len())])
}

#[derive(Clone)]
struct FaultSource(Arc<Mutex<dyn FnMut() -> Option<Fault> + Send>>);

impl std::fmt::Debug for FaultSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaultSource")
    }
}

#[derive(Debug)]
struct FaultyConnector {
    inner: SharedHttpConnector,
    faults: FaultSource,
}

impl HttpConnector for FaultyConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is = |operation| request.headers().get("x-amz-target").is_some_and(|target| target.ends_with(operation));
        let (transaction, update) = (is("TransactWriteItems"), is("UpdateItem"));
        let fault = if transaction || update { (self.faults.0.lock().unwrap())() } else { None };
        let broken = || ConnectorError::io("the connection broke".into());
        match fault {
            None => self.inner.call(request),
            Some(Fault::Conflict) if update => {
                HttpConnectorFuture::ready(Ok(error_response("TransactionConflictException", "")))
            }
            Some(Fault::Conflict) => HttpConnectorFuture::ready(Ok(error_response(
                "TransactionCanceledException",
                r#", "CancellationReasons": [{"Code": "None"}, {"Code": "None"}, {"Code": "TransactionConflict"}]"#,
            ))),
            Some(Fault::Throttle) => HttpConnectorFuture::ready(Ok(error_response("ThrottlingException", ""))),
            Some(Fault::RequestLost) => HttpConnectorFuture::ready(Err(broken())),
            Some(Fault::ResponseLost) => {
                let response = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    response.await?;
                    Err(broken())
                })
            }
        }
    }
}

fn error_response(code: &str, more: &str) -> HttpResponse {
    let body = format!(r#"{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "Message": "no"{more}}}"#);
    HttpResponse::new(400.try_into().unwrap(), body.into())
}
