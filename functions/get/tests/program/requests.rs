//! Requests that have ended the program, or would have kept it until Lambda ends it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::world::{KNOWN, MEMORY, response_to, start, text, world, world_with};

/// What is left of the invocation in which the table hangs: a second of work, and the second that is kept for the response.
const TIME: Duration = Duration::from_secs(2);

fn event(change: impl Fn(&mut Value)) -> String {
    let mut event: Value = serde_json::from_str(KNOWN).unwrap();
    change(&mut event);
    event.to_string()
}

#[expect(clippy::disallowed_methods, reason = "the program is told when its invocation ends by the clock")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

#[test]
fn a_table_that_hangs_is_a_503_before_the_function_ends() {
    let deadline = now() + TIME;
    let world = world_with(vec![KNOWN.to_owned()], u64::try_from(deadline.as_millis()).unwrap(), None, Some(200));
    let _program = start(&world, &[MEMORY]);
    let response = response_to(&world, 0);
    assert!(now() < deadline, "Lambda would have ended the function");
    let response: Value = serde_json::from_str(text(&response)).unwrap();
    assert_eq!((&response["statusCode"], &response["headers"]["retry-after"]), (&json!(503), &json!("2")));
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["success"], &body["error"]["code"]), (&json!(false), &json!("unavailable")));
    assert_eq!(body["error"]["request_id"], "r-0");
}

#[test]
fn characters_that_no_address_may_have_are_a_400_that_names_the_parameter() {
    let mut events: Vec<_> = ['"', '<', '>', ' ', '\u{0}', '\u{e9}']
        .map(|c| event(|event| event["rawQueryString"] = format!("x{c}=1").into()))
        .into();
    events.push(event(|event| event["headers"]["x-forwarded-proto"] = "http, https".into()));
    let asked = events.len();
    let world = world(events, Some(200));
    let mut program = start(&world, &[MEMORY]);
    for number in 0..asked - 1 {
        let response: Value = serde_json::from_str(text(&response_to(&world, number))).unwrap();
        assert_eq!(response["statusCode"], 400, "{response}");
        assert!(response["body"].as_str().unwrap().contains(r#""message":"x"#), "{response}");
    }
    // The proxy's header says nothing that is read, so the request is like any other: here the table refuses it.
    let response: Value = serde_json::from_str(text(&response_to(&world, asked - 1))).unwrap();
    assert_eq!(response["statusCode"], 500, "{response}");
    assert!(program.0.try_wait().unwrap().is_none(), "the program ended");
}
