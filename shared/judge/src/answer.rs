//! A model's answer, parsed strictly where it matters.
//!
//! **Invariant:** an [`Answer`] has the shape of the schema: all twelve criteria, each once and no other, no field missing,
//! every value of its type. A score may be a number in quotation marks, and a field that nobody asked for is left out: asking again would cost
//! as much as the answer and change nothing. What is *not* here: whether the answer is true, which `validate` checks.

use std::fmt;

use domain::{Criterion, Role};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// What a model answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) criteria: Criteria,
    pub(crate) feedback: String,
    pub(crate) improvement_suggestions: String,
    pub(crate) suggestions: Vec<ClaimedSuggestion>,
}

/// All criteria in the order of the rubric.
#[derive(Debug)]
pub(crate) struct Criteria(pub(crate) Vec<(Criterion, ClaimedScore)>);

/// What a model says of a criterion, not yet checked.
#[derive(Debug, Deserialize)]
pub(crate) struct ClaimedScore {
    pub(crate) evidence: Vec<ClaimedEvidence>,
    pub(crate) reason: String,
    #[serde(deserialize_with = "score")]
    pub(crate) score: Option<f64>,
}

/// A quote as a model gives it, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ClaimedEvidence {
    pub(crate) turn: usize,
    pub(crate) role: Role,
    pub(crate) quote: String,
}

/// A suggestion of a model, not yet checked.
#[derive(Debug, Deserialize)]
pub(crate) struct ClaimedSuggestion {
    pub(crate) criterion: Criterion,
    pub(crate) text: String,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(crate) turn: Option<usize>,
}

/// A score, which may be a number in quotation marks.
fn score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "invalid type: a score is a number or null")]
    enum Claimed {
        Number(f64),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Claimed::Number(number)) => Ok(Some(number)),
        Some(Claimed::Text(text)) => {
            text.trim().parse().map(Some).map_err(|_| D::Error::custom("invalid type: a score is a number or null"))
        }
    }
}

impl Answer {
    /// Parses an answer. It may be in a code fence, or follow the model's thoughts, which some servers leave in the text. Fails
    /// with a message for the model, which may quote the answer.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(object(text)).map_err(|error| error.to_string())
    }
}

/// The part of the text that should be the object.
fn object(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim();
    let text =
        text.strip_prefix("<think>").and_then(|rest| rest.split_once("</think>")).map_or(text, |(_, rest)| rest.trim());
    if text.starts_with('{') { text } else { fenced(text).unwrap_or(text) }
}

/// The content of the only code fence of the text. Of two fences, nobody knows which one is meant.
fn fenced(text: &str) -> Option<&str> {
    let mut parts = text.split("```");
    let (_before, inside, _after) = (parts.next()?, parts.next()?, parts.next()?);
    let inside = inside.strip_prefix("json").unwrap_or(inside);
    parts.next().is_none().then(|| inside.trim())
}

impl<'de> Deserialize<'de> for Criteria {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CriteriaVisitor)
    }
}

struct CriteriaVisitor;

impl<'de> Visitor<'de> for CriteriaVisitor {
    type Value = Criteria;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the twelve criteria")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Criteria, A::Error> {
        let mut criteria: Vec<(Criterion, ClaimedScore)> = Vec::new();
        while let Some((criterion, claimed)) = map.next_entry()? {
            if criteria.iter().any(|(known, _)| *known == criterion) {
                return Err(A::Error::custom(format_args!("duplicate field `{criterion}`")));
            }
            criteria.push((criterion, claimed));
        }
        if let Some(missing) = Criterion::ALL.iter().find(|one| !criteria.iter().any(|(known, _)| known == *one)) {
            return Err(A::Error::missing_field(missing.name()));
        }
        criteria.sort_by_key(|(criterion, _)| *criterion);
        Ok(Criteria(criteria))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn valid() -> Value {
        let criterion =
            json!({"evidence": [{"turn": 0, "role": "agent", "quote": "good morning"}], "reason": "r", "score": 7.5});
        let criteria: serde_json::Map<String, Value> =
            Criterion::ALL.iter().rev().map(|name| (name.to_string(), criterion.clone())).collect();
        json!({
            "criteria": criteria, "feedback": "f", "improvement_suggestions": "i",
            "suggestions": [{"criterion": "language_use", "text": "t", "turn": null}]
        })
    }

    fn error(text: &str) -> String {
        Answer::read(text).unwrap_err()
    }

    #[test]
    fn an_answer_is_read_in_the_order_of_the_rubric() {
        let answer = Answer::read(&valid().to_string()).unwrap();
        assert!(answer.criteria.0.iter().map(|(criterion, _)| criterion).eq(Criterion::ALL));
        assert_eq!(answer.criteria.0[0].1.score, Some(7.5));
        assert_eq!((answer.suggestions[0].criterion, answer.suggestions[0].turn), (Criterion::LanguageUse, None));
    }

    #[test]
    fn fences_and_thoughts_around_the_object_do_no_harm() {
        let object = valid().to_string();
        for text in [
            format!("\u{feff}\n {object} \n"),
            format!("```json\n{object}\n```"),
            format!("```\n{object}\n```\n"),
            format!("Here is the judgement:\n```json\n{object}\n```\nI hope it helps."),
            format!("<think>A {{difficult}} call.</think>\n\n{object}"),
            format!("<think>hm</think>```json\n{object}\n```"),
        ] {
            assert!(Answer::read(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_score_in_quotation_marks_is_a_score() {
        let mut answer = valid();
        answer["criteria"]["language_use"]["score"] = json!(" 8.5");
        assert_eq!(Answer::read(&answer.to_string()).unwrap().criteria.0[3].1.score, Some(8.5));
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        let object = valid().to_string();
        for text in [
            String::new(),
            "I cannot judge this call.".to_owned(),
            format!("Result: {object}"),
            format!("{object} {object}"),
            format!("```json\n{object}\n```\n```json\n{object}\n```"),
            format!("```json\n{object}"),
            format!("[{object}]"),
            object.split_at(object.len() / 2).0.to_owned(),
            "null".to_owned(),
        ] {
            assert!(Answer::read(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn anything_but_the_schema_is_refused_and_named() {
        let broken = |path: &str, value: Value| {
            let mut answer = valid();
            *answer.pointer_mut(path).unwrap() = value;
            error(&answer.to_string())
        };
        assert!(broken("/criteria/language_use/score", json!("high")).contains("invalid type"));
        assert!(broken("/criteria/language_use/score", json!([8])).contains("invalid type"));
        assert!(broken("/criteria/language_use/evidence/0/turn", json!(1.5)).contains("floating point"));
        assert!(broken("/criteria/language_use/evidence/0/turn", json!(-1)).contains("-1"));
        assert!(broken("/criteria/language_use/evidence/0/role", json!("Agent")).contains("unknown variant `Agent`"));
        assert!(broken("/criteria/language_use/evidence", json!(null)).contains("expected a sequence"));
        assert!(broken("/feedback", json!(null)).contains("expected a string"));
        assert!(broken("/suggestions/0/criterion", json!("tone")).contains("unknown variant `tone`"));
        assert!(error(&valid().to_string().replacen("7.5", "1e999", 1)).contains("number out of range"));
        assert!(error(&valid().to_string().replacen("7.5", "NaN", 1)).contains("expected value"));
    }

    #[test]
    fn missing_and_duplicate_fields_and_unknown_criteria_are_refused() {
        let without = |path: &str, name: &str| {
            let mut answer = valid();
            answer.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(name);
            error(&answer.to_string())
        };
        for (path, name) in [
            ("", "feedback"),
            ("", "suggestions"),
            ("/criteria", "goal_achievement"),
            ("/criteria/goal_achievement", "score"),
            ("/criteria/goal_achievement", "evidence"),
            ("/suggestions/0", "turn"),
        ] {
            assert!(without(path, name).starts_with(&format!("missing field `{name}`")), "{path} {name}");
        }
        let mut more = valid();
        more["score"] = json!(10);
        more["criteria"]["language_use"]["confidence"] = json!(1);
        assert!(Answer::read(&more.to_string()).is_ok(), "what nobody asked for is left out");
        let twice = r#""criteria":{"language_use":{"evidence":[],"reason":"","score":0},"#;
        assert!(
            error(&valid().to_string().replacen(r#""criteria":{"#, twice, 1))
                .contains("duplicate field `language_use`")
        );
        let mut other = valid();
        other["criteria"]["charm"] = other["criteria"]["language_use"].clone();
        assert!(error(&other.to_string()).contains("unknown variant `charm`"));
    }
}
