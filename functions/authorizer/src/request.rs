//! What the gateway asks: a REQUEST authorizer's event, payload format 2.0, of which only the route and where the token may be
//! are read.
//!
//! **Invariant:** only a route of the intake takes a token from the query: an address is kept in more places than a header is.

use std::collections::HashMap;
use std::fmt;

use domain::TokenScope;
use serde::Deserialize;

/// The routes at which calls are handed in.
const INTAKE_ROUTES: [&str; 2] = ["POST /api/call-feedback/intake", "POST /api/call-feedback/intake/elevenlabs"];
/// The header that has the token.
const HEADER: &str = "x-user-token";
/// The query parameter that has it where a platform can set no header.
const PARAMETER: &str = "token";

/// The event. Its `Debug` shows the route only: headers and query are where secrets are.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AuthorizerRequest {
    route_key: String,
    headers: Option<HashMap<String, String>>,
    query_string_parameters: Option<HashMap<String, String>>,
}

impl AuthorizerRequest {
    /// What a token must be for to open the route.
    pub(crate) fn scope(&self) -> TokenScope {
        if INTAKE_ROUTES.contains(&self.route_key.as_str()) { TokenScope::Intake } else { TokenScope::Read }
    }

    /// The text that is presented as a token. A header wins: whoever can set one means it.
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
    fn the_scope_of_each_route_of_the_template_follows_from_what_is_behind_it() {
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
    fn a_header_wins_over_the_query_which_only_the_intake_reads() {
        for route in INTAKE_ROUTES {
            assert_eq!(request(route, Some("h"), Some("q")).token(), Some("h"), "{route}");
            assert_eq!(request(route, None, Some("q")).token(), Some("q"), "{route}");
            assert_eq!(request(route, None, None).token(), None, "{route}");
        }
        assert_eq!(request(READ_ROUTE, Some("h"), Some("q")).token(), Some("h"));
        assert_eq!(request(READ_ROUTE, None, Some("q")).token(), None);
    }

    #[test]
    fn a_header_has_its_name_in_any_case() {
        let event = json!({"routeKey": READ_ROUTE, "headers": {"X-User-Token": "h"}});
        assert_eq!(serde_json::from_value::<AuthorizerRequest>(event).unwrap().token(), Some("h"));
    }

    #[test]
    fn an_event_that_says_nothing_presents_nothing_and_needs_what_readers_need() {
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
