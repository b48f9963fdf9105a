//! The sample calls, and variations of them.

use serde_json::Value;

/// A call handled well.
pub(crate) fn good() -> Value {
    read(include_str!("../../../events/native-good.json"))
}

/// A call handled badly.
pub(crate) fn poor() -> Value {
    read(include_str!("../../../events/native-poor.json"))
}

/// A call under thirty seconds.
pub(crate) fn short() -> Value {
    read(include_str!("../../../events/native-short.json"))
}

/// What Vapi posts when a call ends.
pub(crate) fn vapi_report() -> Value {
    read(include_str!("../../../events/producer-vapi.json"))["payload"].take()
}

/// That many different calls: the good and the poor one alternately, each with more turns than the one before.
pub(crate) fn distinct(count: usize) -> Vec<Value> {
    (0..count).map(|number| truncated(if number % 2 == 0 { good() } else { poor() }, number)).collect()
}

/// The identifier of a call.
pub(crate) fn id(call: &Value) -> &str {
    call["call_id"].as_str().unwrap()
}

fn truncated(mut call: Value, number: usize) -> Value {
    call["call_id"] = format!("call-{number}").into();
    let turns = call["transcript"].as_array_mut().unwrap();
    turns.truncate(4 + number % (turns.len() - 4));
    call
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
