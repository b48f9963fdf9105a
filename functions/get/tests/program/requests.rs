//! Requests that once made the program crash, or would keep it busy until Lambda ends it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::stubs::{KNOWN, MEMORY, response_to, start, stubs, stubs_with};

/// The time left for the invocation in which the table hangs: a second of work, and a second for the response.
const TIME_LEFT: Duration = Duration::from_secs(2);

fn event(change: impl Fn(&mut Value)) -> String {
    let mut event: Value = serde_json::from_str(KNOWN).unwrap();
    change(&mut event);
    event.to_string()
}

#[expect(clippy::disallowed_methods, reason = "the program compares its deadline with the clock")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

#[test]
fn a_table_that_hangs_is_a_503_before_the_function_ends() {
    let deadline = now() + TIME_LEFT;
    let stubs = stubs_with(vec![KNOWN.to_owned()], u64::try_from(deadline.as_millis()).unwrap(), None, Some(200));
    let _program = start(&stubs, &[MEMORY]);
    let response = response_to(&stubs, 0);
    assert!(now() < deadline, "Lambda would have ended the function");
    let response: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!((&response["statusCode"], &response["headers"]["retry-after"]), (&json!(503), &json!("2")));
    let body: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["success"], &body["error"]["code"]), (&json!(false), &json!("unavailable")));
    assert_eq!(body["error"]["request_id"], "r-0");
}

#[test]
fn characters_that_are_invalid_in_an_address_are_a_400_that_names_the_parameter() {
    let mut events: Vec<_> = ['"', '<', '>', ' ', '\u{0}', '\u{e9}']
        .map(|c| event(|event| event["rawQueryString"] = format!("x{c}=1").into()))
        .into();
    events.push(event(|event| event["headers"]["x-forwarded-proto"] = "http, https".into()));
    let requests = events.len();
    let stubs = stubs(events, Some(200));
    let mut program = start(&stubs, &[MEMORY]);
    for number in 0..requests - 1 {
        let response: Value = serde_json::from_str(&response_to(&stubs, number).body).unwrap();
        assert_eq!(response["statusCode"], 400, "{response}");
        assert!(response["body"].as_str().unwrap().contains(r#""message":"x"#), "{response}");
    }
    // The proxy's header is not read, so the request gets as far as the table, which rejects it.
    let response: Value = serde_json::from_str(&response_to(&stubs, requests - 1).body).unwrap();
    assert_eq!(response["statusCode"], 500, "{response}");
    assert!(program.0.try_wait().unwrap().is_none(), "the program ended");
}
