//! The shape of an answer as JSON schema, in the strictest subset that all providers know.
//!
//! **Invariant:** every property is required, no other is allowed, what may be missing is nullable, and no number or text has a
//! limit. Limits are checked in code, as is everything else, since many servers accept a schema and do not enforce it.
//! The criteria are properties and not a list, so that a server which enforces the schema makes the model give all twelve, each
//! once. The evidence of a score comes before the score, because a model writes from start to end and should look first.

use domain::Criterion;
use scoring::{RUBRIC, RubricEntry};
use serde_json::{Map, Value, json};

/// The name of the schema where a protocol asks for one.
pub(crate) const SCHEMA_NAME: &str = "call_feedback";

/// The schema of an answer.
pub(crate) fn schema() -> Value {
    let criteria = RUBRIC.iter().map(|entry| (entry.criterion.name(), criterion(entry)));
    object([
        ("criteria", object(criteria)),
        ("feedback", json!({"type": "string"})),
        ("improvement_suggestions", json!({"type": "string"})),
        ("suggestions", list(&suggestion())),
    ])
}

fn criterion(entry: &RubricEntry) -> Value {
    let number = if entry.not_applicable.is_some() { json!(["number", "null"]) } else { json!("number") };
    object([("evidence", list(&evidence())), ("reason", json!({"type": "string"})), ("score", json!({"type": number}))])
}

fn evidence() -> Value {
    object([
        ("turn", json!({"type": "integer"})),
        ("role", json!({"type": "string", "enum": ["agent", "customer", "other"]})),
        ("quote", json!({"type": "string"})),
    ])
}

fn suggestion() -> Value {
    let names: Vec<&str> = Criterion::ALL.iter().map(|criterion| criterion.name()).collect();
    object([
        ("criterion", json!({"type": "string", "enum": names})),
        ("text", json!({"type": "string"})),
        ("turn", json!({"type": ["integer", "null"]})),
    ])
}

fn object<'a>(properties: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let required: Vec<&String> = properties.keys().collect();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many unions Anthropic allows in one schema; no provider allows fewer.
    const MOST_UNIONS: usize = 16;

    fn walk(value: &Value, visit: &mut impl FnMut(&Map<String, Value>)) {
        match value {
            Value::Object(fields) => {
                visit(fields);
                fields.values().for_each(|field| walk(field, visit));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_keeps_to_the_subset_that_all_providers_know() {
        let (mut objects, mut unions) = (0, 0);
        walk(&schema(), &mut |fields| match fields.get("type") {
            Some(Value::String(kind)) => {
                let known: &[&str] = match kind.as_str() {
                    "object" => &["type", "required", "additionalProperties", "properties"],
                    "array" => &["type", "items"],
                    "string" => &["type", "enum"],
                    _ => &["type"],
                };
                assert!(fields.keys().all(|key| known.contains(&key.as_str())), "{fields:?}");
                if let Some(Value::Object(properties)) = fields.get("properties") {
                    objects += 1;
                    assert_eq!(fields["additionalProperties"], false);
                    assert!(fields["required"].as_array().unwrap().iter().eq(properties.keys()), "{fields:?}");
                }
            }
            Some(Value::Array(_)) => unions += 1,
            _ => {}
        });
        assert_eq!(objects, 3 + 2 * Criterion::ALL.len(), "the answer, its criteria, suggestions, and two for each");
        assert!(unions <= MOST_UNIONS, "{unions}");
    }

    #[test]
    fn only_what_may_not_apply_may_be_null() {
        let schema = schema();
        for entry in &RUBRIC {
            let number = &schema["properties"]["criteria"]["properties"][entry.criterion.name()]["properties"]["score"];
            assert_eq!(number["type"].is_array(), entry.not_applicable.is_some(), "{}", entry.criterion);
        }
    }
}
