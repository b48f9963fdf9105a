//! Minimal HTTP events in the format of API Gateway. Complete ones are in `events/`.

use serde_json::json;

/// The event, in JSON (payload format 2.0), of a GET request of organisation `demo` with that query.
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
