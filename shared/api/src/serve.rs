//! Serving HTTP requests with a handler: what the `main`s of get, list and stats have in common.

use futures_util::FutureExt;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, Error, LambdaEvent, Request, Response, Service, service_fn};
use reports::Reports;
use store::Store;

/// The variable with the feedback table's name.
const TABLE: &str = "CALL_FEEDBACK_TABLE";

/// Serves requests until the process ends: starts the log, reads the configuration, connects to the feedback table, and hands each
/// request to the handler, which responds through [`crate::respond`]. Fails when the function cannot start, naming the variable.
pub async fn serve<H, F>(handle: H) -> Result<(), Error>
where
    H: Fn(&'static Store, Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    let reports = Reports::start(environment::variable)?;
    let table = reports::log_start_error(environment::required(environment::variable, TABLE))?;
    // Requests borrow it for as long as the process lives.
    let store: &Store = Box::leak(Box::new(Store::new(&aws::function_config(environment::variable), table)));
    store.warm_up().await;
    let mut http = Adapter::from(service_fn(|request| reports.flush_after(handle(store, request)).map(Ok::<_, Error>)));
    let events =
        service_fn(|LambdaEvent { payload, context }| http.call(LambdaEvent::new(without_address(payload), context)));
    lambda_http::lambda_runtime::run(events).await
}

/// The event without the parts from which `lambda_http` makes the address of a request. `lambda_http` 1.3 panics if that is not a valid
/// URL, for example for a raw `"` in the query or for `x-forwarded-proto: http, https`, which any client can send. Handlers do not read
/// the address: API Gateway has routed the request, and the query and the path's parameters have fields of their own. The body is
/// removed as well, because invalid base64 in it also panics, and GET requests have none.
fn without_address(event: LambdaRequest) -> LambdaRequest {
    match event {
        LambdaRequest::ApiGatewayV2(mut event) => {
            if let Some(query) = event.raw_query_string.take() {
                // `lambda_http` parses the query in the same way.
                let Ok(parameters) = query.parse();
                event.query_string_parameters = parameters;
            }
            event.raw_path = None;
            event.body = None;
            event.headers.remove("x-forwarded-proto");
            event.headers.remove("host");
            event.request_context.domain_name = None;
            event.request_context.stage = None;
            LambdaRequest::ApiGatewayV2(event)
        }
        // Only events of HTTP APIs are compiled in.
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{ApiError, Parameters};

    fn request(change: impl Fn(&mut Value)) -> Request {
        let mut event: Value = serde_json::from_str(&test_support::http_event("")).unwrap();
        change(&mut event);
        without_address(serde_json::from_value(event).unwrap()).into()
    }

    fn parameters(query: &str) -> Result<Parameters, ApiError> {
        Parameters::parse(&request(|event| event["rawQueryString"] = query.into()), &["agent_id", "limit"])
    }

    #[test]
    fn the_template_sets_the_variable_that_is_read() {
        for function in ["GetFunction", "ListFunction", "StatsFunction"] {
            assert_eq!(
                test_support::template().function_environment(function),
                [TABLE.to_owned()].into(),
                "{function}"
            );
        }
    }

    #[test]
    fn every_character_of_a_query_reaches_its_parameter() {
        // These separate and encode parameters.
        let syntax = ['&', '=', '+', '%', '#'];
        for character in ('\0'..='\u{ff}').chain(['\u{2028}', '\u{fffd}', '\u{1f600}']).filter(|c| !syntax.contains(c))
        {
            let read = parameters(&format!("agent_id=a{character}b&limit=7")).unwrap();
            let value = read.read("agent_id", |text| Ok::<_, String>(text.to_owned())).unwrap();
            assert_eq!(value, Some(format!("a{character}b")));
            let error = parameters(&format!("a{character}b=7")).unwrap_err();
            assert!(error.message.starts_with(&format!("a{character}b: unknown parameter")), "{character:?}: {error}");
        }
        for character in syntax {
            // The result depends on the syntax, but there is no panic.
            let _ = parameters(&format!("agent_id=a{character}b"));
        }
    }

    #[test]
    fn invalid_addresses_do_not_prevent_reading_a_request() {
        for headers in [
            json!({"x-forwarded-proto": "http, https", "host": "a.example"}),
            json!({"x-forwarded-proto": "", "host": "a.example"}),
            json!({"x-forwarded-proto": "https", "host": "a b"}),
            json!({"host": ""}),
            json!({"host": "[::"}),
        ] {
            let request = request(|event| {
                event["headers"] = headers.clone();
                event["rawQueryString"] = "limit=7".into();
            });
            let limit = Parameters::parse(&request, &["limit"]).unwrap().read("limit", str::parse::<u8>);
            assert_eq!(limit.unwrap(), Some(7), "{headers}");
        }
        for (field, value) in [
            ("rawPath", json!(":x y\"<>")),
            ("rawQueryString", json!("a".repeat(70_000))),
            ("rawQueryString", Value::Null),
        ] {
            drop(request(|event| event[field] = value.clone()));
        }
        drop(request(|event| {
            event["requestContext"]["domainName"] = "a b".into();
            event["requestContext"]["stage"] = ":\"".into();
            (event["body"], event["isBase64Encoded"]) = ("no base64".into(), true.into());
        }));
    }

    #[test]
    fn headers_path_parameters_and_organisation_are_kept() {
        use lambda_http::RequestExt;
        let request = request(|event| {
            event["pathParameters"] = json!({"call_id": "c1"});
            event["headers"] = json!({"if-none-match": "\"x\"", "host": "a.example"});
        });
        assert_eq!(request.path_parameters().first("call_id"), Some("c1"));
        assert_eq!(request.headers()["if-none-match"], "\"x\"");
        assert_eq!(crate::organisation(&request).unwrap().as_str(), "demo");
    }
}
