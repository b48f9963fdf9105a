//! The gateway's request: a REQUEST authorizer's event, payload format 2.0. Only the route and the token are read.
//!
//! **Invariant:** only the routes of the intake accept a token in the query, because addresses are logged more often than
//! headers.

use std::collections::HashMap;
use std::fmt;

use domain::TokenScope;
use serde::Deserialize;

/// The routes to which calls are posted.
const INTAKE_ROUTES: [&str; 2] = ["POST /api/call-feedback/intake", "POST /api/call-feedback/intake/elevenlabs"];
/// The header with the token.
const HEADER: &str = "x-user-token";
/// The query parameter with the token, for platforms that cannot set a header.
const PARAMETER: &str = "token";

/// The event. Its `Debug` shows only the route, because headers and query have secrets.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AuthorizerRequest {
    route_key: String,
    headers: Option<HashMap<String, String>>,
    query_string_parameters: Option<HashMap<String, String>>,
}

impl AuthorizerRequest {
    /// The scope that a token must have for the route.
    pub(crate) fn scope(&self) -> TokenScope {
        if INTAKE_ROUTES.contains(&self.route_key.as_str()) { TokenScope::Intake } else { TokenScope::Read }
    }

    /// The text that is sent as a token. The header has priority over the query.
    pub(crate) fn token(&self) -> Option<&str> {
        let header = || self.headers.as_ref()?.iter().find(|(name, _)| name.eq_ignore_ascii_case(HEADER));
        let parameter = || self.query_string_parameters.as_ref()?.get(PARAMETER);
        let from_header = header().map(|(_, value)| value);
        let found = match self.scope() {
            TokenScope::Read => from_header,
            TokenScope::Intake => from_header.or_else(parameter),
        };
        found.map(String::as_str)
    }
}

impl fmt::Debug for AuthorizerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizerRequest").field("route_key", &self.route_key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    const READ_ROUTE: &str = "GET /api/call-feedback";

    fn request(route: &str, header: Option<&str>, parameter: Option<&str>) -> AuthorizerRequest {
        let event = json!({
            "routeKey": route,
            "headers": header.map(|token| json!({"x-user-token": token, "accept": "*/*"})),
            "queryStringParameters": parameter.map(|token| json!({"token": token})),
        });
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn routes_to_the_queue_need_the_intake_scope_and_all_others_the_read_scope() {
        let template = test_support::template();
        let resources = template.as_value()["Resources"].as_object().unwrap();
        let routes = resources.values().filter(|resource| resource["Type"] == "AWS::ApiGatewayV2::Route");
        let scopes: BTreeMap<&str, TokenScope> = routes
            .map(|route| {
                let properties = &route["Properties"];
                let target = properties["Target"].as_str().unwrap();
                let integration = target.trim_start_matches("integrations/${").trim_end_matches('}');
                let queue = template.resource(integration)["Properties"]["IntegrationSubtype"] == "SQS-SendMessage";
                let scope = if queue { TokenScope::Intake } else { TokenScope::Read };
                (properties["RouteKey"].as_str().unwrap(), scope)
            })
            .collect();
        for (route, scope) in &scopes {
            assert_eq!(request(route, None, None).scope(), *scope, "{route}");
        }
        for route in INTAKE_ROUTES {
            assert_eq!(scopes.get(route), Some(&TokenScope::Intake), "the template has no {route}");
        }
    }

    #[test]
    fn the_header_has_priority_over_the_query_which_only_the_intake_reads() {
        for route in INTAKE_ROUTES {
            assert_eq!(request(route, Some("h"), Some("q")).token(), Some("h"), "{route}");
            assert_eq!(request(route, None, Some("q")).token(), Some("q"), "{route}");
            assert_eq!(request(route, None, None).token(), None, "{route}");
        }
        assert_eq!(request(READ_ROUTE, Some("h"), Some("q")).token(), Some("h"));
        assert_eq!(request(READ_ROUTE, None, Some("q")).token(), None);
    }

    #[test]
    fn the_headers_name_is_case_insensitive() {
        let event = json!({"routeKey": READ_ROUTE, "headers": {"X-User-Token": "h"}});
        assert_eq!(serde_json::from_value::<AuthorizerRequest>(event).unwrap().token(), Some("h"));
    }

    #[test]
    fn an_empty_event_has_no_token_and_needs_the_read_scope() {
        for event in [json!({}), json!({"headers": Value::Null}), json!({"headers": {}, "queryStringParameters": {}})] {
            let request: AuthorizerRequest = serde_json::from_value(event).unwrap();
            assert_eq!((request.token(), request.scope()), (None, TokenScope::Read));
        }
    }

    #[test]
    fn debug_hides_headers_and_query() {
        let shown = format!("{:?}", request(INTAKE_ROUTES[0], Some("hush"), Some("hush")));
        assert!(shown.contains(INTAKE_ROUTES[0]) && !shown.contains("hush"), "{shown}");
    }
}
