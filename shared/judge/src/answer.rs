//! A model's answer, read part by part.
//!
//! **Invariant:** what is not read is named: each part of an [`Answer`] is there, is missing, or is said to be in no form that can be
//! read. A score may be a number in quotation marks, and a field or a criterion that nobody asked for is left out: asking again would cost
//! as much as the answer and change nothing. What is *not* here: whether the answer is true, which `validate` checks.

use std::fmt;

use domain::{Criterion, Resolution, Role, Severity, ViolationKind};
use scoring::evidence::is_invisible;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::unseen::{seen, seen_value};

/// A part of an answer: nothing when it is missing or null, or what is wrong with its form, in words for the model, which may quote it.
pub(crate) type Part<T> = Option<Result<T, String>>;
/// A list as a part, of which each item is read by itself: one in another form does not take the others with it.
pub(crate) type Items<T> = Part<Vec<Result<T, String>>>;

/// What a model answers: a judgement, or a correction of one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    #[serde(deserialize_with = "part")]
    pub(crate) summary: Part<String>,
    #[serde(deserialize_with = "part")]
    pub(crate) outcome: Part<Resolution>,
    #[serde(deserialize_with = "part")]
    pub(crate) topics: Part<Vec<String>>,
    #[serde(deserialize_with = "items")]
    pub(crate) violations: Items<ClaimedViolation>,
    pub(crate) criteria: Criteria,
    #[serde(deserialize_with = "part")]
    pub(crate) feedback: Part<String>,
    #[serde(deserialize_with = "part")]
    pub(crate) improvement_suggestions: Part<String>,
    #[serde(deserialize_with = "items")]
    pub(crate) suggestions: Items<ClaimedSuggestion>,
}

/// The criteria that an answer speaks of, each once, as properties or as a list.
#[derive(Debug, Default)]
pub(crate) struct Criteria(Vec<(Criterion, Result<ClaimedScore, String>)>);

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
    #[serde(deserialize_with = "turn")]
    pub(crate) turn: usize,
    pub(crate) role: Role,
    pub(crate) quote: String,
}

/// A violation as a model gives it, not yet checked.
#[derive(Debug, Deserialize)]
pub(crate) struct ClaimedViolation {
    pub(crate) kind: ViolationKind,
    pub(crate) evidence: Vec<ClaimedEvidence>,
    pub(crate) reason: String,
    pub(crate) severity: Severity,
}

/// A suggestion of a model, not yet checked.
#[derive(Debug, Deserialize)]
pub(crate) struct ClaimedSuggestion {
    pub(crate) criterion: Criterion,
    pub(crate) text: String,
    #[serde(default, deserialize_with = "optional_turn")]
    pub(crate) turn: Option<usize>,
}

impl Answer {
    /// Reads an answer. It may be in a code fence, or follow the model's thoughts, which some servers leave in the text. Fails
    /// with a message for the model, which may quote the answer, when it is not one JSON object or says nothing of criteria and texts.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let object = object(text);
        // Some models break lines within their texts, which JSON does not allow.
        let on_one_line = || object.replace(|character: char| character.is_ascii_control(), " ");
        let answer =
            serde_json::from_str(object).or_else(|error| serde_json::from_str(&on_one_line()).map_err(|_| error));
        let answer: Self = answer.map_err(|error| error.to_string())?;
        let says_nothing =
            answer.criteria.0.is_empty() && answer.feedback.is_none() && answer.improvement_suggestions.is_none();
        if says_nothing { Err("missing field `criteria`".to_owned()) } else { Ok(answer) }
    }
}

impl Criteria {
    /// What the answer says of a criterion.
    pub(crate) fn take(&mut self, criterion: Criterion) -> Part<ClaimedScore> {
        let at = self.0.iter().position(|(known, _)| *known == criterion)?;
        Some(self.0.swap_remove(at).1)
    }

    fn add<E: Error>(&mut self, name: &str, claimed: Value) -> Result<(), E> {
        let name = seen(name);
        let Some(criterion) = Criterion::ALL.iter().find(|criterion| criterion.name() == name) else { return Ok(()) };
        if self.0.iter().any(|(known, _)| known == criterion) {
            return Err(E::custom(format_args!("duplicate field `{name}`")));
        }
        self.0.push((*criterion, typed(claimed)));
        Ok(())
    }
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(seen_value(value)).map_err(|error| error.to_string())
}

fn part<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Part<T>, D::Error> {
    Ok(Option::<Value>::deserialize(deserializer)?.map(typed))
}

fn items<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Items<T>, D::Error> {
    let list: Part<Vec<Value>> = part(deserializer)?;
    Ok(list.map(|list| list.map(|items| items.into_iter().map(typed).collect())))
}

/// A score, which may be a number in quotation marks.
fn score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    // Not an untagged enum: serde would not tell a number such as 7.50 from an object.
    let number = match Option::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    number.map(Some).ok_or_else(|| D::Error::custom("invalid type: a score is a number or null"))
}

/// The number of a turn.
fn turn<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    optional_turn(deserializer)?.ok_or_else(|| D::Error::custom("invalid type: null, expected the number of a turn"))
}

/// The number of a turn, if there is one.
fn optional_turn<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let Some(value) = Option::<Value>::deserialize(deserializer)? else { return Ok(None) };
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
    number
        .map(Some)
        .ok_or_else(|| D::Error::custom(format_args!("invalid value: {value}, expected the number of a turn")))
}

/// The part of the text that should be the object.
fn object(text: &str) -> &str {
    let text = text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character));
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
        deserializer.deserialize_any(CriteriaVisitor)
    }
}

struct CriteriaVisitor;

impl<'de> Visitor<'de> for CriteriaVisitor {
    type Value = Criteria;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the criteria, or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Criteria, A::Error> {
        let mut criteria = Criteria::default();
        while let Some((name, claimed)) = map.next_entry::<String, Value>()? {
            criteria.add(&name, claimed)?;
        }
        Ok(criteria)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Criteria, A::Error> {
        let mut criteria = Criteria::default();
        while let Some(claimed) = list.next_element::<Value>()? {
            let name = claimed.get("criterion").and_then(Value::as_str).unwrap_or_default().to_owned();
            criteria.add(&name, claimed)?;
        }
        Ok(criteria)
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
            "summary": "s", "outcome": "resolved", "topics": ["t"], "violations": [],
            "criteria": criteria, "feedback": "f", "improvement_suggestions": "i",
            "suggestions": [{"criterion": "language_use", "text": "t", "turn": null}]
        })
    }

    fn error(text: &str) -> String {
        Answer::read(text).unwrap_err()
    }

    #[test]
    fn a_judgement_has_all_parts() {
        let mut answer = Answer::read(&valid().to_string()).unwrap();
        for criterion in Criterion::ALL {
            assert_eq!(answer.criteria.take(*criterion).unwrap().unwrap().score, Some(7.5));
        }
        assert_eq!((answer.summary, answer.outcome), (Some(Ok("s".to_owned())), Some(Ok(Resolution::Resolved))));
        let suggestions = answer.suggestions.unwrap().unwrap();
        let suggestion = suggestions[0].as_ref().unwrap();
        assert_eq!((suggestion.criterion, suggestion.turn), (Criterion::LanguageUse, None));
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
    fn characters_that_cannot_be_seen_do_no_harm() {
        let hidden = |text: &str| format!("{text}\u{200b}\u{202e}\u{0}");
        let mut given = valid();
        let criteria = given["criteria"].as_object_mut().unwrap();
        let mut criterion = criteria.remove("language_use").unwrap();
        criterion["evidence"][0]["role"] = hidden("agent").into();
        criterion["evidence"][0]["quote"] = hidden("good morning").into();
        criteria.insert(hidden("language_use"), criterion);
        for text in
            ["/summary", "/outcome", "/topics/0", "/feedback", "/suggestions/0/criterion", "/suggestions/0/text"]
        {
            let text = given.pointer_mut(text).unwrap();
            *text = hidden(text.as_str().unwrap()).into();
        }
        let mut answer = Answer::read(&format!("\u{200b}{given}\u{feff}")).unwrap();
        let mut expected = Answer::read(&valid().to_string()).unwrap();
        let of = |answer: &mut Answer| format!("{:?}", answer.criteria.take(Criterion::LanguageUse));
        assert_eq!(of(&mut answer), of(&mut expected));
        answer.criteria = Criteria::default();
        expected.criteria = Criteria::default();
        assert_eq!(format!("{answer:?}"), format!("{expected:?}"));
    }

    #[test]
    fn line_breaks_within_texts_are_white_space() {
        let broken = valid().to_string().replace("\"f\"", "\"one\r\n\ttwo\"");
        assert_eq!(Answer::read(&broken).unwrap().feedback, Some(Ok("one   two".to_owned())));
    }

    #[test]
    fn a_score_in_quotation_marks_is_a_score() {
        let mut answer = valid();
        answer["criteria"]["language_use"]["score"] = json!(" 8.5");
        let mut answer = Answer::read(&answer.to_string()).unwrap();
        assert_eq!(answer.criteria.take(Criterion::LanguageUse).unwrap().unwrap().score, Some(8.5));
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
    fn a_correction_gives_some_criteria_as_a_list_and_some_texts() {
        let criterion = json!({"criterion": "language_use", "evidence": [], "reason": "r", "score": 3});
        let mut answer = Answer::read(
            &json!({"summary": null, "violations": [], "criteria": [criterion], "feedback": null, "improvement_suggestions": "i"})
                .to_string(),
        )
        .unwrap();
        assert_eq!(answer.criteria.take(Criterion::LanguageUse).unwrap().unwrap().score, Some(3.0));
        assert!(answer.criteria.take(Criterion::LanguageUse).is_none() && answer.feedback.is_none());
        assert_eq!(answer.improvement_suggestions, Some(Ok("i".to_owned())));
    }

    #[test]
    fn a_part_in_another_form_is_named_and_the_others_are_read() {
        let broken = |path: &str, value: Value| {
            let mut answer = valid();
            *answer.pointer_mut(path).unwrap() = value;
            Answer::read(&answer.to_string()).unwrap()
        };
        for (path, value, told) in [
            ("/criteria/language_use/score", json!("high"), "invalid type"),
            ("/criteria/language_use/score", json!([8]), "invalid type"),
            ("/criteria/language_use/evidence/0/turn", json!(1.5), "invalid value: 1.5, expected the number of a turn"),
            ("/criteria/language_use/evidence/0/turn", json!(-1), "-1"),
            ("/criteria/language_use/evidence/0/role", json!("Agent"), "unknown variant `Agent`"),
            ("/criteria/language_use/evidence", json!(null), "expected a sequence"),
            ("/criteria/language_use", json!({"evidence": [], "reason": "r"}), "missing field `score`"),
            ("/criteria/language_use", json!({"reason": "r", "score": 1}), "missing field `evidence`"),
        ] {
            let mut answer = broken(path, value);
            let message = answer.criteria.take(Criterion::LanguageUse).unwrap().unwrap_err();
            assert!(message.contains(told), "{path}: {message}");
            assert!(
                answer.criteria.take(Criterion::GoalAchievement).unwrap().is_ok() && answer.feedback.unwrap().is_ok()
            );
        }
        assert!(broken("/feedback", json!(7)).feedback.unwrap().unwrap_err().contains("expected a string"));
        assert!(broken("/feedback", json!(null)).feedback.is_none());
        let suggestions = broken("/suggestions/0/criterion", json!("tone")).suggestions.unwrap();
        assert!(suggestions.unwrap()[0].as_ref().unwrap_err().contains("unknown variant `tone`"));
        assert!(broken("/outcome", json!("fine")).outcome.unwrap().unwrap_err().contains("unknown variant `fine`"));
        let threat = json!({"kind": "threat", "severity": "serious", "reason": "r", "evidence": []});
        let violations = broken("/violations", json!([{"kind": "rudeness"}, threat])).violations.unwrap().unwrap();
        assert!(violations[0].as_ref().unwrap_err().contains("unknown variant `rudeness`") && violations[1].is_ok());
        assert!(broken("/violations", json!("none")).violations.unwrap().unwrap_err().contains("expected a sequence"));
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let huge = valid().to_string().replacen("7.5", "1e999", 1);
        let mut answer = Answer::read(&huge).unwrap();
        let first = *Criterion::ALL.last().unwrap();
        assert!(answer.criteria.take(first).unwrap().unwrap_err().contains("a score is a number or null"));
        assert!(error(&valid().to_string().replacen("7.5", "NaN", 1)).contains("expected value"));
    }

    #[test]
    fn what_is_missing_is_missing_what_comes_twice_is_refused_and_what_nobody_asked_for_is_left_out() {
        let without = |path: &str, name: &str| {
            let mut answer = valid();
            answer.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(name);
            answer.to_string()
        };
        assert!(Answer::read(&without("", "feedback")).unwrap().feedback.is_none());
        let suggestions = Answer::read(&without("/suggestions/0", "turn")).unwrap().suggestions.unwrap().unwrap();
        assert!(suggestions[0].is_ok());
        let mut answer = Answer::read(&without("/criteria", "goal_achievement")).unwrap();
        assert!(answer.criteria.take(Criterion::GoalAchievement).is_none());
        assert_eq!(error(r#"{"summary": "s"}"#), "missing field `criteria`");
        let mut more = valid();
        more["score"] = json!(10);
        more["criteria"]["language_use"]["confidence"] = json!(1);
        more["criteria"]["charm"] = more["criteria"]["language_use"].clone();
        assert!(Answer::read(&more.to_string()).is_ok());
        let twice = r#""criteria":{"language_use":{"evidence":[],"reason":"","score":0},"#;
        assert!(
            error(&valid().to_string().replacen(r#""criteria":{"#, twice, 1))
                .contains("duplicate field `language_use`")
        );
    }
}
