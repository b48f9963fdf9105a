//! The shapes of an answer as JSON schemas, in the strictest subset that all providers know.
//!
//! **Invariant:** every property is required, no other is allowed, what may be missing is nullable, and where a provider compiles the
//! schema no number, text or list has a limit, since some providers refuse a schema that has one. Limits are checked in code, as is
//! everything else, since many servers accept a schema and do not enforce it.
//! The criteria are properties and not a list, so that a server which enforces the schema makes the model give all twelve, each
//! once. What was seen comes before what follows from it, because a model writes from start to end and should look first: the summary
//! and the violations before the scores, the evidence of a score before the score.

use domain::{Criterion, Resolution, Severity, ViolationKind};
use scoring::RUBRIC;
use serde_json::{Map, Value, json};

use crate::JsonMode;
use crate::validate::{MOST_QUOTES, MOST_SUGGESTIONS, MOST_TOPICS};

/// The name of the schema where a protocol asks for one.
pub(crate) const SCHEMA_NAME: &str = "call_feedback";

/// What is asked for: a judgement, or what was wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A whole judgement.
    Whole,
    /// The parts of a judgement that could not be used: any criteria, and any texts, where null is one that is not asked for.
    Correction,
}

impl Form {
    /// The schema of such an answer, as it is told to a server with this mode.
    pub(crate) fn schema(self, mode: JsonMode) -> Value {
        let limits = Limits { are_stated: !mode.tells_schema() };
        match self {
            Self::Whole => limits.judgement(),
            Self::Correction => limits.correction(),
        }
    }
}

/// Whether the schema states what is checked in any case: how long a list may be, and what is on the scale.
#[derive(Debug, Clone, Copy)]
struct Limits {
    are_stated: bool,
}

impl Limits {
    fn judgement(self) -> Value {
        let criteria =
            RUBRIC.iter().map(|entry| (entry.criterion.name(), object(self.scored(entry.not_applicable.is_some()))));
        object([
            ("summary", text()),
            ("outcome", one_of(Resolution::ALL.iter().map(|one| one.name()))),
            ("topics", self.list(&text(), MOST_TOPICS)),
            ("violations", self.violations()),
            ("criteria", object(criteria)),
            ("feedback", text()),
            ("improvement_suggestions", text()),
            ("suggestions", self.list(&suggestion(), MOST_SUGGESTIONS)),
        ])
    }

    fn correction(self) -> Value {
        let criterion = [("criterion", criterion())].into_iter().chain(self.scored(true));
        object([
            ("violations", self.violations()),
            ("criteria", self.list(&object(criterion), RUBRIC.len())),
            ("feedback", nullable_text()),
            ("improvement_suggestions", nullable_text()),
        ])
    }

    /// The evidence, the reason and the score of a criterion.
    fn scored(self, may_be_null: bool) -> [(&'static str, Value); 3] {
        let mut score = if may_be_null { json!({"type": ["number", "null"]}) } else { json!({"type": "number"}) };
        if let (true, Some(score)) = (self.are_stated, score.as_object_mut()) {
            score.insert("minimum".to_owned(), json!(0));
            score.insert("maximum".to_owned(), json!(10));
        }
        [("evidence", self.evidence()), ("reason", text()), ("score", score)]
    }

    fn violations(self) -> Value {
        let violation = object([
            ("kind", one_of(ViolationKind::ALL.iter().map(|one| one.name()))),
            ("evidence", self.evidence()),
            ("reason", text()),
            ("severity", one_of(Severity::ALL.iter().map(|one| one.name()))),
        ]);
        self.list(&violation, ViolationKind::ALL.len())
    }

    fn evidence(self) -> Value {
        let quote = object([
            ("turn", json!({"type": "integer"})),
            ("role", one_of(["agent", "customer", "other"])),
            ("quote", text()),
        ]);
        self.list(&quote, MOST_QUOTES)
    }

    fn list(self, items: &Value, most: usize) -> Value {
        let mut list = json!({"type": "array", "items": items});
        if let (true, Some(list)) = (self.are_stated, list.as_object_mut()) {
            list.insert("maxItems".to_owned(), json!(most));
        }
        list
    }
}

fn suggestion() -> Value {
    object([("criterion", criterion()), ("text", text()), ("turn", json!({"type": ["integer", "null"]}))])
}

fn criterion() -> Value {
    one_of(Criterion::ALL.iter().map(|criterion| criterion.name()))
}

fn text() -> Value {
    json!({"type": "string"})
}

fn nullable_text() -> Value {
    json!({"type": ["string", "null"]})
}

fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    json!({"type": "string", "enum": names.into_iter().collect::<Vec<_>>()})
}

fn object<'a>(properties: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let required: Vec<&String> = properties.keys().collect();
    json!({"type": "object", "required": required, "additionalProperties": false, "properties": properties})
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many unions Anthropic allows in one schema; no provider allows fewer.
    const MOST_UNIONS: usize = 16;
    const FORMS: [Form; 2] = [Form::Whole, Form::Correction];

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
    fn a_schema_that_a_provider_compiles_keeps_to_the_subset_that_all_know() {
        for (form, mode) in FORMS.iter().flat_map(|form| [(form, JsonMode::JsonSchema), (form, JsonMode::Tool)]) {
            let (mut objects, mut unions) = (0, 0);
            walk(&form.schema(mode), &mut |fields| match fields.get("type") {
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
            // The answer, and a violation and a criterion, each with its evidence; in a judgement twelve of these, and a suggestion.
            let expected = if *form == Form::Whole { 5 + 2 * Criterion::ALL.len() } else { 5 };
            assert_eq!(objects, expected, "{form:?}");
            assert!(unions <= MOST_UNIONS, "{unions}");
        }
    }

    #[test]
    fn a_schema_that_a_model_reads_states_the_limits() {
        let schema = Form::Whole.schema(JsonMode::JsonObject);
        assert_eq!(schema["properties"]["topics"]["maxItems"], MOST_TOPICS);
        assert_eq!(schema["properties"]["suggestions"]["maxItems"], MOST_SUGGESTIONS);
        let criterion = &schema["properties"]["criteria"]["properties"]["language_use"]["properties"];
        assert_eq!((&criterion["score"]["minimum"], &criterion["score"]["maximum"]), (&json!(0), &json!(10)));
        assert_eq!(criterion["evidence"]["maxItems"], MOST_QUOTES);
    }

    #[test]
    fn what_was_seen_comes_before_what_follows_from_it() {
        let schema = Form::Whole.schema(JsonMode::JsonSchema);
        let names = |value: &Value| value["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&schema)[..5], ["summary", "outcome", "topics", "violations", "criteria"]);
        let criteria = &schema["properties"]["criteria"];
        assert!(names(criteria).iter().eq(Criterion::ALL.iter().map(|criterion| criterion.name())));
        assert_eq!(names(&criteria["properties"]["language_use"]), ["evidence", "reason", "score"]);
    }

    #[test]
    fn only_what_may_not_apply_may_be_null() {
        let schema = Form::Whole.schema(JsonMode::JsonSchema);
        for entry in &RUBRIC {
            let number = &schema["properties"]["criteria"]["properties"][entry.criterion.name()]["properties"]["score"];
            assert_eq!(number["type"].is_array(), entry.not_applicable.is_some(), "{}", entry.criterion);
        }
    }
}
