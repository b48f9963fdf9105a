//! Messages and objects that cannot be read, or hardly: what can be read is scored, and what cannot leaves an outcome where it can be found.

use super::*;
use crate::tests::objects::{bucket_at, reference};

/// What was asked of the table and the queues after one message with that body. The gateway states the organisation, if there is one.
async fn after(body: &str, org: Option<&str>) -> AwsRequests {
    let requests = AwsRequests::default();
    let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    let mut message = message("m1", body, 2);
    if let Some(org) = org {
        message["messageAttributes"]["org_id"] = json!({"dataType": "String", "stringValue": org});
    }
    assert!(failures(&deps, batch(&[message])).await.is_empty());
    requests
}

/// The same after a message that refers to an object of those bytes.
async fn after_object(bytes: &[u8]) -> AwsRequests {
    let found = response(200, "", bytes);
    let server = StubServer::start(move |_| Some(found.clone()));
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    deps.bucket = Some(bucket_at(server.address()));
    assert!(failures(&deps, batch(&[message("m1", &reference("c1.json").to_string(), 1)])).await.is_empty());
    requests
}

impl AwsRequests {
    /// The organisation and the key of what was put into the table.
    fn stored(&self) -> Option<(String, String)> {
        self.put("org_id").zip(self.put("item_key"))
    }

    /// The code of each dead letter.
    fn dead_letter_codes(&self) -> Vec<String> {
        let letters = self.dead_letters.lock().unwrap();
        let code =
            |letter: &SendMessageInput| letter.message_attributes()?["error_code"].string_value().map(str::to_owned);
        letters.iter().filter_map(code).collect()
    }
}

fn pair(org: &str, key: &str) -> (String, String) {
    (org.to_owned(), key.to_owned())
}

/// The first so many bytes of a text.
fn cut(text: &str, length: usize) -> &str {
    text.get(..length).unwrap()
}

#[tokio::test]
async fn what_ends_too_early_is_a_failed_call_of_the_organisation_that_it_names() {
    let whole = call("c1", 120).to_string();
    let sent = json!({"Type": "Notification", "TopicArn": "t", "Message": cut(&whole, 200)}).to_string();
    let retell = r#"{"event": "call_ended", "call": {"call_id": "c1", "transcript": "Agent: "#;
    let deep = whole.replacen('{', &format!("{{\"call_id\":\"c1\",\"x\":{},", "[".repeat(1_000)), 1);
    for (body, org) in [
        (cut(&whole, whole.len() - 1), None),
        (cut(&whole, 200), None),
        (&format!("{} oops", cut(&whole, 200)), None),
        (&whole.replacen("\"Thanks", "Thanks", 1), None),
        (&sent, None),
        (&sent, Some("demo")),
        (retell, Some("demo")),
        (&deep, Some("demo")),
    ] {
        let requests = after(body, org).await;
        assert_eq!(requests.stored(), Some(pair("demo", "outcome#c1")), "{body:.60}");
        let outcome = ["kind", "reason"].map(|attribute| requests.put(attribute).unwrap());
        assert_eq!(
            (outcome.join(" "), requests.dead_letter_codes()),
            ("failed malformed_message".into(), vec!["malformed_message".to_owned()])
        );
        assert!(requests.put("message").unwrap().contains("is not JSON: "), "{body:.60}");
    }
}

#[tokio::test]
async fn a_call_whose_organisation_is_not_certain_leaves_no_outcome_with_anybody() {
    let whole = call("c1", 120).to_string();
    for (body, org, code) in [
        (cut(&whole, 200), Some("other"), "conflicting_organisations"),
        ("{\"call_id\": \"c1\", \"org_id\": \"dem", None, "malformed_message"),
        ("RIFF", None, "malformed_message"),
        ("", None, "malformed_message"),
    ] {
        let requests = after(body, org).await;
        assert_eq!((requests.stored(), requests.dead_letter_codes()), (None, vec![code.to_owned()]), "{body:.60}");
    }
}

#[tokio::test]
async fn what_lies_too_deep_in_a_message_costs_no_call() {
    let deep = format!("{{\"deep\":{}{},", "{\"a\":[".repeat(400), "]}".repeat(400));
    let requests = after(&call("c1", 120).to_string().replacen('{', &deep, 1), None).await;
    assert_eq!(requests.stored(), Some(pair("demo", "feedback#c1")));
}

#[tokio::test]
async fn an_object_in_another_encoding_is_scored() {
    let text = call("c1", 120).to_string().replace("Great", "Voil\u{e0}, great");
    let latin: Vec<u8> = text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    let little: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [text.as_bytes(), &latin, &little, &big] {
        let requests = after_object(bytes).await;
        assert_eq!((requests.stored(), requests.dead_letter_codes()), (Some(pair("demo", "feedback#c1")), vec![]));
    }
}

#[tokio::test]
async fn an_object_that_cannot_be_read_is_a_failed_call_of_its_name() {
    let whole = call("c1", 120).to_string();
    let many = format!("{{\"items\": [{}0]}}", "{\"a\":0},".repeat(500_000));
    for (bytes, code) in [
        (&b"\xff\xfb\x90\x00"[..], "malformed_message"),
        (cut(&whole, 300).as_bytes(), "malformed_message"),
        (many.as_bytes(), "message_too_large"),
    ] {
        let requests = after_object(bytes).await;
        assert_eq!(requests.stored(), Some(pair("demo", "outcome#c1")));
        assert_eq!(requests.dead_letter_codes(), [code]);
    }
}
