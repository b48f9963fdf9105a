//! Redaction of the producer's metadata: its names tell what its values are.
//!
//! **Invariant:** numbers and texts without personal data stay as they are, type included; so do `true`, `false` and
//! `null`.

use domain::Turn;
use serde_json::{Map, Value};

use super::said_values::SaidValues;
use super::{clean as clean_turns, clean_text, turn_of};

/// A number of 13 digits that begins so is a time in milliseconds; cards of 13 digits begin otherwise.
const MILLISECONDS: &str = "1";
const MILLISECONDS_DIGITS: usize = 13;

/// Redacts the names and the values of the metadata.
pub(super) fn clean(metadata: &mut Map<String, Value>, known: &mut SaidValues) {
    clean_members(metadata, "", known);
}

fn clean_members(members: &mut Map<String, Value>, parent: &str, known: &mut SaidValues) {
    for (name, mut value) in std::mem::take(members) {
        // The name of what a value is a part of may be needed too: `card.number`.
        clean_value(&mut value, &format!("{parent} {name}"), &name, known);
        let mut name = name;
        clean_text(&mut name, known);
        // Two names that are the same without their numbers.
        while members.contains_key(&name) {
            name.push('_');
        }
        members.insert(name, value);
    }
}

fn clean_value(value: &mut Value, path: &str, name: &str, known: &mut SaidValues) {
    match value {
        Value::Object(members) => clean_members(members, name, known),
        Value::Array(elements) => elements.iter_mut().for_each(|element| clean_value(element, path, name, known)),
        Value::String(text) => {
            if let Some(cleaned) = cleaned(text, path, known) {
                *text = cleaned;
            }
        }
        Value::Number(number) => {
            if let Some(cleaned) = cleaned(&number.to_string(), path, known) {
                *value = Value::String(cleaned);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The text without the personal data in it, if there is any; the name before it is a turn of its own.
fn cleaned(text: &str, path: &str, known: &mut SaidValues) -> Option<String> {
    let is_time = text.len() == MILLISECONDS_DIGITS
        && text.starts_with(MILLISECONDS)
        && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_time {
        return None;
    }
    let mut turns = [turn_of(path.to_owned()), turn_of(text.to_owned())];
    clean_turns(&mut turns, known);
    let [_, Turn { text: cleaned, .. }] = turns;
    (cleaned != text).then_some(cleaned)
}
