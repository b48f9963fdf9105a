//! Webhooks: a platform posts a call with a token that allows nothing else, and the call is scored for the token's organisation.

use reqwest::Method;
use serde_json::json;
use test_support::template;

use crate::organisation::{Organisation, TOKEN_HEADER, get_with_token, request};
use crate::sample_calls;
use crate::stack::Stack;

/// The routes of the webhook, with the status of a success and the integration of each.
const ROUTES: [(&str, u16, &str); 2] =
    [("/intake", 202, "IntakeIntegration"), ("/intake/elevenlabs", 200, "ElevenLabsIntakeIntegration")];

/// Where a request has its token.
#[derive(Debug, Clone, Copy)]
enum TokenLocation {
    Header,
    Query,
}

#[tokio::test]
async fn a_read_token_may_not_post_calls() {
    let organisation = Organisation::new();
    for (route, ..) in ROUTES {
        for location in [TokenLocation::Header, TokenLocation::Query] {
            assert_eq!(post(route, Some((location, organisation.token()))).await.0, 403, "{route} {location:?}");
        }
        assert_eq!(post(route, None).await.0, 403, "{route} without a token");
    }
    assert_eq!(organisation.get("/stats").await.data()["total_feedback"], 0);
}

#[tokio::test]
async fn an_intake_token_may_not_read() {
    let token = Organisation::new().intake_token();
    for path in ["", "/stats", "/call-1"] {
        assert_eq!(get_with_token(path, Some(&token)).await.status, 403, "{path}");
        assert_eq!(get_with_token(&format!("{path}?token={token}"), None).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn what_a_platform_posts_becomes_feedback() {
    for (route, accepted, _) in ROUTES {
        for location in [TokenLocation::Header, TokenLocation::Query] {
            let organisation = Organisation::new();
            let (status, body) = post(route, Some((location, &organisation.intake_token()))).await;
            if lacks_sqs_integration(status, &body) {
                println!(
                    "NOT TESTED: this local stack has no integration of API Gateway with SQS, so the call posted to {route} \
                     (token in the {location:?}) was dropped. The authorizer allowed the request."
                );
                continue;
            }
            assert_eq!(status, accepted, "{route} {location:?}: {body}");
            assert_scored(&organisation).await;
        }
    }
}

#[tokio::test]
async fn the_message_that_api_gateway_would_send_is_scored() {
    let stack = Stack::connect().await;
    for (.., integration) in ROUTES {
        let organisation = Organisation::new();
        // The authorizer's context for the token, and the attributes that the template makes of it.
        let attributes = template().message_attributes(integration, &json!({"org_id": organisation.id.as_str()}));
        stack.send_with_attributes(&sample_calls::vapi_report().to_string(), &attributes).await;
        assert_scored(&organisation).await;
    }
}

#[tokio::test]
async fn a_token_allows_calls_of_its_own_organisation_only() {
    let (stack, organisation, other) = (Stack::connect().await, Organisation::new(), Organisation::new());
    let attributes = template().message_attributes(ROUTES[0].2, &json!({"org_id": organisation.id.as_str()}));
    let envelope = json!({"org_id": other.id.as_str(), "payload": sample_calls::vapi_report()});
    for body in [envelope, other.with_org_id(&sample_calls::good())] {
        stack.send_with_attributes(&body.to_string(), &attributes).await;
        let letter = stack.dead_letter(other.id.as_str()).await;
        assert!(letter.error_reason.contains("org_id"), "{letter:?}");
    }
    for organisation in [organisation, other] {
        assert_eq!(organisation.get("/stats").await.data()["total_feedback"], 0);
    }
}

/// Checks that the report was scored once, as a call of that organisation.
async fn assert_scored(organisation: &Organisation) {
    let report = sample_calls::vapi_report();
    let call = report["message"]["call"]["id"].as_str().unwrap();
    let response = organisation.wait_for_result(call).await;
    assert_eq!(response.data()["provenance"]["producer"], "vapi");
    assert_eq!(response.data()["agent_id"], report["message"]["call"]["assistantId"]);
    assert_eq!(organisation.get("/stats").await.data()["total_feedback"], 1);
}

/// Whether the local stack took the integration for a Lambda function, as it does with every integration of type `AWS_PROXY`, and
/// did not find one. AWS cannot respond so: these routes have no function.
fn lacks_sqs_integration(status: u16, body: &str) -> bool {
    status == 502 && body.contains("Lambda function") && body.contains("not found")
}

/// Posts Vapi's report and returns the status and the body of the response.
async fn post(route: &str, token: Option<(TokenLocation, &str)>) -> (u16, String) {
    let target = match token {
        Some((TokenLocation::Query, token)) => format!("{route}?token={token}"),
        _ => route.to_owned(),
    };
    let mut request = request(Method::POST, &target).header("content-type", "application/json");
    if let Some((TokenLocation::Header, token)) = token {
        request = request.header(TOKEN_HEADER, token);
    }
    let response = request.body(sample_calls::vapi_report().to_string()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
