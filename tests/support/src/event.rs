//! HTTP events as API Gateway sends them, as much as a test says and no more. Whole, real ones are in `events/`.

use serde_json::json;

/// The JSON of a GET request of organisation `demo` with that query, payload format 2.0.
#[must_use]
pub fn http_event(query: &str) -> String {
    let event = json!({
        "version": "2.0",
        "routeKey": "GET /",
        "rawPath": "/",
        "rawQueryString": query,
        "headers": {},
        "requestContext": {
            "authorizer": {"lambda": {"org_id": "demo"}},
            "http": {"method": "GET", "path": "/"}
        },
        "isBase64Encoded": false
    });
    event.to_string()
}
