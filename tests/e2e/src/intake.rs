//! Webhooks: what a platform posts is handed in with a token that can do nothing else, and scored for that token's organisation.

use reqwest::Method;
use serde_json::json;
use test_support::template;

use crate::calls;
use crate::organisation::{Organisation, TOKEN_HEADER, ask_with_token, request};
use crate::stack::Stack;

/// Where calls are handed in, the status with which that is done, and the integration behind it.
const ROUTES: [(&str, u16, &str); 2] =
    [("/intake", 202, "IntakeIntegration"), ("/intake/elevenlabs", 200, "ElevenLabsIntakeIntegration")];

/// Where the token is.
#[derive(Debug, Clone, Copy)]
enum Place {
    Header,
    Query,
}

#[tokio::test]
async fn a_token_for_reading_hands_in_nothing() {
    let organisation = Organisation::new();
    for (route, ..) in ROUTES {
        for place in [Place::Header, Place::Query] {
            assert_eq!(post(route, Some((place, organisation.token()))).await.0, 403, "{route} {place:?}");
        }
        assert_eq!(post(route, None).await.0, 403, "{route} without a token");
    }
    assert_eq!(organisation.ask("/stats").await.data()["total_feedback"], 0);
}

#[tokio::test]
async fn a_token_for_the_intake_reads_nothing() {
    let token = Organisation::new().intake_token();
    for path in ["", "/stats", "/call-1"] {
        assert_eq!(ask_with_token(path, Some(&token)).await.status, 403, "{path}");
        assert_eq!(ask_with_token(&format!("{path}?token={token}"), None).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn what_a_platform_posts_becomes_feedback() {
    for (route, accepted, _) in ROUTES {
        for place in [Place::Header, Place::Query] {
            let organisation = Organisation::new();
            let (status, body) = post(route, Some((place, &organisation.intake_token()))).await;
            if lacks_the_integration(status, &body) {
                println!(
                    "NOT RUN: this local stack has no integration of API Gateway with SQS, so what was posted to {route} \
                     (token in the {place:?}) went nowhere. The authorizer let it through."
                );
                continue;
            }
            assert_eq!(status, accepted, "{route} {place:?}: {body}");
            assert_scored(&organisation).await;
        }
    }
}

#[tokio::test]
async fn the_message_that_the_gateway_would_send_is_scored() {
    let stack = Stack::connect().await;
    for (.., integration) in ROUTES {
        let organisation = Organisation::new();
        // What the authorizer says of the token, and what the template makes of it.
        let attributes = template().message_attributes(integration, &json!({"org_id": organisation.id.as_str()}));
        stack.send_with_attributes(&calls::vapi_report().to_string(), &attributes).await;
        assert_scored(&organisation).await;
    }
}

#[tokio::test]
async fn a_token_hands_in_calls_of_its_own_organisation_only() {
    let (stack, organisation, other) = (Stack::connect().await, Organisation::new(), Organisation::new());
    let attributes = template().message_attributes(ROUTES[0].2, &json!({"org_id": organisation.id.as_str()}));
    let envelope = json!({"org_id": other.id.as_str(), "payload": calls::vapi_report()});
    for body in [envelope, other.owning(&calls::good())] {
        stack.send_with_attributes(&body.to_string(), &attributes).await;
        let letter = stack.dead_letter(other.id.as_str()).await;
        assert!(letter.error_reason.contains("org_id"), "{letter:?}");
    }
    for organisation in [organisation, other] {
        assert_eq!(organisation.ask("/stats").await.data()["total_feedback"], 0);
    }
}

/// The report is scored as what it is, once, for that organisation.
async fn assert_scored(organisation: &Organisation) {
    let report = calls::vapi_report();
    let call = report["message"]["call"]["id"].as_str().unwrap();
    let answer = organisation.outcome(call).await;
    assert_eq!(answer.data()["provenance"]["producer"], "vapi");
    assert_eq!(answer.data()["agent_id"], report["message"]["call"]["assistantId"]);
    assert_eq!(organisation.ask("/stats").await.data()["total_feedback"], 1);
}

/// The local stack takes every integration of the type `AWS_PROXY` for a function, and finds none where no name is given. On
/// AWS this cannot be the answer: no function is behind these routes.
fn lacks_the_integration(status: u16, body: &str) -> bool {
    status == 502 && body.contains("Lambda function") && body.contains("not found")
}

/// Posts Vapi's report, and returns status and body of the answer.
async fn post(route: &str, token: Option<(Place, &str)>) -> (u16, String) {
    let target = match token {
        Some((Place::Query, token)) => format!("{route}?token={token}"),
        _ => route.to_owned(),
    };
    let mut request = request(Method::POST, &target).header("content-type", "application/json");
    if let Some((Place::Header, token)) = token {
        request = request.header(TOKEN_HEADER, token);
    }
    let answer = request.body(calls::vapi_report().to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}
