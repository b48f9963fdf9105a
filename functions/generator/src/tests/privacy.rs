//! A card number in any field of what producers send is neither stored, nor sent to a model, nor logged.

use test_support::StubServer;

use super::llm_scoring::{Claims, always, judgement, working_deps};
use super::*;
use crate::config::Switch;

const CARD: &str = "4111 1111 1111 1111";
/// What is left of it wherever it is written, with spaces or without.
const SHOWN: [&str; 2] = ["1111 1111", "11111111"];
/// A model is asked about this many fields at once.
const FIELDS_AT_ONCE: usize = 8;

fn sample(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The paths of the texts and numbers in a document.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), found));
        }
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, value)| leaves(value, &format!("{path}/{index}"), found));
        }
        Value::String(_) | Value::Number(_) => found.push(path.to_owned()),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The document with the card's number at the end of that text, or instead of that number.
fn with_card(document: &Value, path: &str) -> Value {
    let mut document = document.clone();
    let leaf = document.pointer_mut(path).unwrap();
    *leaf = match &*leaf {
        Value::String(text) => format!("{text} {CARD}").into(),
        _ => json!(4_111_111_111_111_111_u64),
    };
    document
}

/// The samples, each with metadata and a tool where its format has them.
fn samples() -> Vec<Value> {
    let mut native = sample("native-good.json");
    native["metadata"]["customer"] = json!({"name": "J. Doe", "phones": ["desk"], "since": 2019});
    native["producer_verdict"] = json!({"success": "yes", "sentiment": "good", "summary": "A refund was promised."});
    native["tool_events"] =
        json!([{"after_turn": 1, "name": "lookup", "arguments": "{\"order\": 1}", "result": "found"}]);
    let mut elevenlabs = sample("producer-elevenlabs.json");
    elevenlabs["payload"]["data"]["conversation_initiation_client_data"] =
        json!({"dynamic_variables": {"customer": "J. Doe", "visits": 3}});
    let mut retell = sample("producer-retell.json");
    retell["payload"]["call"]["retell_llm_dynamic_variables"] = json!({"customer": "J. Doe"});
    vec![native, sample("producer-vapi.json"), elevenlabs, retell]
}

/// Sends a document to the deps and returns all that is kept of it but its own dead letter.
async fn traces(deps: &Deps, requests: &AwsRequests, document: &Value) -> String {
    let log = CapturedLog::start();
    let mut message = message("m1", &document.to_string(), 1);
    message["messageAttributes"]["org_id"] = json!({"dataType": "String", "stringValue": "demo"});
    let handled = handle(deps, batch(&[message]), Instant::now() + Duration::from_mins(1)).await.unwrap();
    let letters = requests.dead_letters.lock().unwrap();
    let attributes: Vec<_> = letters.iter().map(|letter| letter.message_attributes().cloned()).collect();
    let transactions = requests.transactions.lock().unwrap();
    format!("{transactions:?} {attributes:?} {} {}", handled.metrics, log.text())
}

fn assert_not_shown(traces: &str, path: &str) {
    for shown in SHOWN {
        let before = traces.split_once(shown).map(|(before, _)| before.chars().rev().take(200).collect::<Vec<_>>());
        assert_eq!(before.map(|before| before.into_iter().rev().collect::<String>()), None, "{path}");
    }
}

#[tokio::test]
async fn a_card_number_in_any_field_is_neither_stored_nor_logged() {
    for sample in samples() {
        let mut paths = Vec::new();
        leaves(&sample, "", &mut paths);
        let mut scored = 0;
        for path in &paths {
            let requests = AwsRequests::default();
            let deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
            assert_not_shown(&traces(&deps, &requests, &with_card(&sample, path)).await, path);
            scored += usize::from(requests.put("item_key").is_some_and(|key| key.starts_with("feedback#")));
        }
        assert!(scored > 10, "{scored} of {} variants were scored", paths.len());
    }
}

#[tokio::test]
async fn a_card_number_in_any_field_is_not_sent_to_a_model() {
    let attributes = intake::Attributes { org_id: Some("demo"), ..intake::Attributes::default() };
    let is_call = |document: &Value| match intake::read(&document.to_string(), attributes) {
        Ok(intake::ParsedMessage::Call(call)) => scoring::skip_reason(&call, 0.0).is_none(),
        _ => false,
    };
    for sample in samples() {
        let mut paths = Vec::new();
        leaves(&sample, "", &mut paths);
        let model: StubServer = always(judgement("nothing of the call"));
        let mut left = paths.as_slice();
        let mut asked_about = 0;
        while let Some((first, rest)) = left.split_first() {
            left = rest;
            let mut document = with_card(&sample, first);
            if !is_call(&document) {
                continue;
            }
            for path in rest.iter().take(FIELDS_AT_ONCE) {
                let more = with_card(&document, path);
                if !is_call(&more) {
                    break;
                }
                (document, left) = (more, &left[1..]);
            }
            let (requests, claims) = (AwsRequests::default(), Claims::default());
            let deps = working_deps(&requests, &model, &claims);
            assert_not_shown(&traces(&deps, &requests, &document).await, first);
            let sent: Vec<_> = model.rest().into_iter().map(|request| request.body).collect();
            assert!(!sent.is_empty(), "{first}");
            assert_not_shown(&sent.concat(), first);
            asked_about += 1;
        }
        assert!(asked_about > 1);
    }
}

#[tokio::test]
async fn metadata_stay_as_they_were_sent_if_that_is_wanted() {
    let mut told = call("c1", 120);
    told["metadata"] = json!({"callback": "415-555-0132", "note": {"card": CARD}, "visits": 3});
    for (redact_metadata, expected) in [(Switch::On, "[PHONE]"), (Switch::Off, "415-555-0132")] {
        let requests = AwsRequests::default();
        let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
        deps.config.redact_metadata = redact_metadata;
        assert!(failures(&deps, batch(&[message("m1", &told.to_string(), 1)])).await.is_empty());
        let transactions = requests.transactions.lock().unwrap();
        let item = transactions.iter().flatten().find_map(|action| action.put()).unwrap().item();
        let metadata: Value = serde_json::from_str(item["metadata"].as_s().unwrap()).unwrap();
        assert_eq!((&metadata["callback"], &metadata["visits"]), (&json!(expected), &json!(3)));
        assert_eq!(metadata["note"]["card"] == CARD, redact_metadata == Switch::Off);
    }
}
