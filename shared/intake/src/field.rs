//! A value of a JSON document with its path, so that an error about it can name the path. Its methods read the value strictly;
//! `coerce` has those that accept other types.
//!
//! **Invariant:** `null` and absent are the same. The path is written as text only when there is an error.

use std::fmt;

use domain::{IdError, StartTime};
use serde_json::{Map, Value};

use crate::json_text::BYTE_ORDER_MARK;

/// What is wrong with a value, and its path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub(crate) struct FieldError {
    path: String,
    message: String,
}

impl FieldError {
    /// An error about the value at a path that is known from before.
    pub(crate) fn at(path: &str, message: impl fmt::Display) -> Self {
        Self { path: path.to_owned(), message: message.to_string() }
    }
}

/// The longest duration of a call, in seconds: a week. Larger numbers are times since 1970 or in other units, and must not get into
/// the statistics.
pub(crate) const MAX_CALL_SECONDS: f64 = 7.0 * 24.0 * 3600.0;

/// The path of a value in a document, and the value, if there is one. The value lives as long as the document, the path as long
/// as the fields it was reached by.
#[derive(Clone, Copy)]
pub(crate) struct Field<'v, 'p> {
    value: Option<&'v Value>,
    path: JsonPath<'p>,
}

#[derive(Clone, Copy)]
enum JsonPath<'p> {
    Root,
    Key(&'p JsonPath<'p>, &'p str),
    Index(&'p JsonPath<'p>, usize),
}

impl<'v, 'p> Field<'v, 'p> {
    /// The whole document.
    pub(crate) const fn root(value: &'v Value) -> Self {
        Self { value: Some(value), path: JsonPath::Root }
    }

    /// Another value at the path of this one: a document that is written in it as a text.
    pub(crate) const fn with_value<'w>(&self, value: &'w Value) -> Field<'w, 'p> {
        Field { value: Some(value), path: self.path }
    }

    /// The member at that path below this value, such as `call.id`; absent if a part of the path is not an object.
    pub(crate) fn get(&'p self, path: &'p str) -> Self {
        let value = self.value.and_then(|value| path.split('.').try_fold(value, |value, key| value.get(key)));
        Self { value: value.filter(|value| !value.is_null()), path: JsonPath::Key(&self.path, path) }
    }

    /// The member under the first of these names that has a value; the first of them, absent, if none has. For
    /// producers that write a name in several ways (`start_time`, `startTime`).
    pub(crate) fn first_of(&'p self, names: &[&'p str]) -> Self {
        let first = names.first().copied().unwrap_or_default();
        self.get(names.iter().copied().find(|name| self.get(name).is_present()).unwrap_or(first))
    }

    /// The value, whatever its type, if there is one.
    pub(crate) const fn value(&self) -> Option<&'v Value> {
        self.value
    }

    /// Whether there is a value that is not `null`.
    pub(crate) const fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// Whether this is an object with a member of that name, `null` or not.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.is_some_and(|value| value.get(key).is_some())
    }

    /// What `read` returns for the value; `None` when it is absent.
    pub(crate) fn optional<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, FieldError>,
    ) -> Result<Option<T>, FieldError> {
        self.value.is_some().then(|| read(self)).transpose()
    }

    /// The value, whatever its type; fails when it is absent.
    pub(crate) fn required(&self) -> Result<&'v Value, FieldError> {
        self.value.ok_or_else(|| self.error("is missing"))
    }

    /// The text; fails for any other type.
    pub(crate) fn text(&self) -> Result<&'v str, FieldError> {
        let value = self.required()?;
        value.as_str().ok_or_else(|| self.wrong_type("a string", value))
    }

    /// The members; fails for any other type.
    pub(crate) fn object(&self) -> Result<&'v Map<String, Value>, FieldError> {
        let value = self.required()?;
        value.as_object().ok_or_else(|| self.wrong_type("an object", value))
    }

    /// The elements; fails for any other type.
    pub(crate) fn array(&self) -> Result<&'v [Value], FieldError> {
        let value = self.required()?;
        value.as_array().map(Vec::as_slice).ok_or_else(|| self.wrong_type("an array", value))
    }

    /// The elements of an array; none for any other type.
    pub(crate) fn elements(&'p self) -> impl Iterator<Item = Self> {
        let elements = self.value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        elements.iter().enumerate().map(|(index, value)| self.element(index, value))
    }

    /// The element of this array at that index.
    pub(crate) fn element(&'p self, index: usize, value: &'v Value) -> Self {
        Self { value: Some(value).filter(|value| !value.is_null()), path: JsonPath::Index(&self.path, index) }
    }

    /// The identifier, without a byte order mark before it; fails as its parser does.
    pub(crate) fn identifier<T>(&self, parse: impl FnOnce(String) -> Result<T, IdError>) -> Result<T, FieldError> {
        parse(self.text()?.trim_start_matches(BYTE_ORDER_MARK).to_owned()).map_err(|error| self.error(error))
    }

    /// The instant; fails unless it is an RFC 3339 text.
    pub(crate) fn start_time(&self) -> Result<StartTime, FieldError> {
        StartTime::parse(self.text()?).map_err(|error| self.error(error))
    }

    /// A number of seconds within the length of a call; fails for negative ones and above a week.
    pub(crate) fn seconds(&self) -> Result<f64, FieldError> {
        self.amount(MAX_CALL_SECONDS, "seconds")
    }

    /// A number of milliseconds within the length of a call, rounded; fails for negative ones and above a week.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded number from 0 to a week")]
    pub(crate) fn milliseconds(&self) -> Result<u64, FieldError> {
        self.amount(MAX_CALL_SECONDS * 1000.0, "milliseconds").map(|number| number.round() as u64)
    }

    /// An error about this value.
    pub(crate) fn error(&self, message: impl fmt::Display) -> FieldError {
        FieldError { path: self.path(), message: message.to_string() }
    }

    /// The error for a value of another type than the wanted one.
    pub(crate) fn wrong_type(&self, wanted: &str, found: &Value) -> FieldError {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.error(format_args!("must be {wanted}, not {found}"))
    }

    /// The path from the root, such as `payload.transcript[3].role`; `$` for the root itself.
    pub(crate) fn path(&self) -> String {
        self.path.to_string()
    }

    fn amount(&self, maximum: f64, unit: &str) -> Result<f64, FieldError> {
        let value = self.required()?;
        let Value::Number(number) = value else { return Err(self.wrong_type("a number", value)) };
        // A number of more than 308 digits is none of these amounts.
        let number = number.as_f64().unwrap_or(f64::INFINITY);
        if (0.0..=maximum).contains(&number) {
            Ok(number)
        } else {
            Err(self.error(format_args!("must be from 0 to {maximum} {unit}, which is a week")))
        }
    }
}

impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Key(Self::Root, key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Index(Self::Root, index) => write!(f, "[{index}]"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_from_the_root_to_the_value() {
        let document = json!({"payload": {"transcript": [{"role": 1}]}});
        let root = Field::root(&document);
        let payload = root.get("payload");
        let transcript = payload.get("transcript");
        let turn = transcript.element(0, &document["payload"]["transcript"][0]);
        assert_eq!(root.path(), "$");
        assert_eq!(
            turn.get("role").text().unwrap_err().to_string(),
            "payload.transcript[0].role: must be a string, not a number"
        );
    }

    #[test]
    fn a_member_may_have_several_names_and_an_error_names_the_first() {
        let document = json!([{"startTime": 1, "start_time": null}]);
        let list = Field::root(&document);
        let entry = list.elements().next().unwrap();
        assert_eq!(entry.first_of(&["start_time", "startTime"]).path(), "[0].startTime");
        assert_eq!(
            entry.first_of(&["end_time", "endTime"]).error("is missing").to_string(),
            "[0].end_time: is missing"
        );
    }

    #[test]
    fn null_and_absent_are_the_same() {
        let document = json!({"null": null, "list": []});
        let root = Field::root(&document);
        for key in ["null", "absent"] {
            assert_eq!(root.get(key).optional(Field::text), Ok(None));
            assert_eq!(root.get(key).text().unwrap_err().to_string(), format!("{key}: is missing"));
        }
        assert!(root.has("null") && !root.has("absent") && !root.get("list").has("null"));
    }

    #[test]
    fn times_are_rounded_to_the_millisecond() {
        for (number, expected) in
            [(json!(0), 0), (json!(2100), 2100), (json!(2099.5), 2100), (json!(604_800_000), 604_800_000)]
        {
            assert_eq!(Field::root(&number).milliseconds(), Ok(expected), "{number}");
        }
    }

    #[test]
    fn times_outside_the_length_of_a_call_are_errors() {
        for number in
            [json!(-0.2), json!(-5), json!(604_800_001), json!(1_763_800_001_200_u64), json!("5"), json!(true)]
        {
            assert!(Field::root(&number).milliseconds().is_err(), "{number}");
        }
        let longest = serde_json::from_str::<Value>(&"9".repeat(400)).unwrap();
        assert!(Field::root(&longest).milliseconds().unwrap_err().to_string().contains("which is a week"));
        let error = Field::root(&json!(604_801)).seconds().unwrap_err();
        assert_eq!(error.to_string(), "$: must be from 0 to 604800 seconds, which is a week");
    }
}
