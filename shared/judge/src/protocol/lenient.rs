//! Reads what a response has beside the answer: its model, its reason to end, its usage.
//!
//! **Invariant:** whatever stands there, the answer is not lost for it, because it is paid for. What cannot be is
//! unknown, and never 0.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::unseen::seen;

/// A field that may be missing, null, or anything.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Lenient(Option<Box<RawValue>>);

/// No request reads or writes more tokens than these.
const MOST_TOKENS: u64 = u32::MAX as u64;

impl Lenient {
    /// What it holds, if that is of the type.
    pub(super) fn of_type<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.0.as_ref()?.get()).ok()
    }

    /// A text that is not blank, without characters that cannot be seen.
    pub(super) fn name(&self) -> Option<String> {
        self.of_type::<String>().map(|name| seen(&name).trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// A number of tokens; some servers write it as a text or with a decimal point.
    pub(super) fn tokens(&self) -> Option<u64> {
        let count = match self.of_type()? {
            Value::Number(number) => number.as_u64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok()),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        count.filter(|count| *count <= MOST_TOKENS)
    }
}

/// The tokens that a model has read, where those that are new and those of the cache are counted apart: servers without
/// a cache leave the latter out. Unknown if one of them is there and cannot be read.
pub(super) fn sum_of_input(fresh: &Lenient, cached: &[&Lenient]) -> Option<u64> {
    cached.iter().filter(|part| part.0.is_some()).try_fold(fresh.tokens()?, |sum, part| Some(sum + part.tokens()?))
}

/// Odd values of a field of usage, and the tokens that they are.
#[cfg(test)]
pub(super) const ODD_COUNTS: &[(&str, Option<u64>)] = &[
    ("12", Some(12)),
    ("12.0", Some(12)),
    ("\"12\"", Some(12)),
    ("0", Some(0)),
    ("-1", None),
    ("12.5", None),
    ("1e400", None),
    ("1e300", None),
    ("18446744073709551616", None),
    ("18446744073709551615", None),
    ("\"many\"", None),
    ("\"\"", None),
    ("true", None),
    ("[12]", None),
    ("{\"tokens\": 12}", None),
    ("null", None),
];

/// Odd values of a field that should be a text or an object.
#[cfg(test)]
pub(super) const ODD_VALUES: &[&str] =
    &["null", "7", "-1.5", "1e400", "true", "\"\"", "\" \\u200b\"", "[]", "[{}]", "{\"a\": 1, \"a\": 2}"];
