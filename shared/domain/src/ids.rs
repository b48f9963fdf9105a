//! Identifiers of organisations, calls, agents and feedback.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text has no characters.
    #[error("must not be empty")]
    Empty,
    /// The text is longer than the identifier may be.
    #[error("must not be longer than {maximum} characters")]
    TooLong {
        /// The most characters the identifier may have.
        maximum: usize,
    },
    /// The text holds a character outside `A-Z a-z 0-9 . _ : -`.
    #[error("must hold only letters, digits and . _ : - (found {found:?})")]
    Character {
        /// The first character that is not allowed.
        found: char,
    },
    /// The text is a word of the API's paths.
    #[error("{word:?} is reserved")]
    Reserved {
        /// The reserved word.
        word: &'static str,
    },
    /// The text is a step of a path, which clients and gateways take out of an address: nobody could ask for the call.
    #[error("must not be {step:?}, which no address can have")]
    PathStep {
        /// The step: `.` or `..`.
        step: &'static str,
    },
}

fn check(text: &str, maximum: usize) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if let Some(found) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-'))) {
        return Err(IdError::Character { found });
    }
    if text.len() > maximum {
        return Err(IdError::TooLong { maximum });
    }
    Ok(())
}

/// Whether a text can stand in the API's paths; fails for its own words and for what an address loses on its way.
fn check_segment(text: &str) -> Result<(), IdError> {
    if let Some(word) = RESERVED_SEGMENTS.into_iter().find(|word| *word == text) {
        return Err(IdError::Reserved { word });
    }
    match PATH_STEPS.into_iter().find(|step| *step == text) {
        Some(step) => Err(IdError::PathStep { step }),
        None => Ok(()),
    }
}

/// What stands in the API's paths in the place of a call.
const RESERVED_SEGMENTS: [&str; 1] = ["stats"];
/// The segments that RFC 3986 (5.2.4) removes from a path, with the segment before the second one. Percent-encoded they are the same.
const PATH_STEPS: [&str; 2] = [".", ".."];

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $maximum:literal, $check_more:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier; fails when the text is empty, too long, holds a foreign character or cannot stand where such an
            /// identifier has to.
            pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
                let id = Self::try_from(text.into())?;
                let check_more: fn(&str) -> Result<(), IdError> = $check_more;
                check_more(&id.0)?;
                Ok(id)
            }

            /// The identifier as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            /// The identifier in a document that was stored; it may be one that [`Self::parse`] did not refuse yet.
            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text, $maximum)?;
                Ok(Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    };
}

identifier! {
    /// An organisation: the tenant that owns calls, feedback and tokens. 1 to 64 of `A-Z a-z 0-9 . _ : -`.
    OrgId, 64, |_| Ok(())
}
identifier! {
    /// A call, unique within its organisation. 1 to 128 of `A-Z a-z 0-9 . _ : -`, but for `stats`, which is a path of the API, and for
    /// `.` and `..`: the API's paths name calls, and nothing else of a path is an identifier.
    CallId, 128, check_segment
}
identifier! {
    /// The agent, human or machine, who took the call. 1 to 128 of `A-Z a-z 0-9 . _ : -`.
    AgentId, 128, |_| Ok(())
}

/// The identifier of a feedback: derived from organisation and call, so that the same call always has the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedbackId(String);

impl FeedbackId {
    /// `fb_` and the first 128 bits, in hexadecimal, of SHA-256 over `<org>#<call>` (`#` occurs in neither).
    #[must_use]
    pub fn derive(org: &OrgId, call: &CallId) -> Self {
        let digest = hex::encode(Sha256::digest(format!("{org}#{call}")));
        // The first 32 of the 64 digits.
        Self(format!("fb_{digest:.32}"))
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_what_producers_send() {
        for text in ["a", "call_456", "A.b-C:9_", "0194f1a0-7b7e-7b7e-8b7e-0194f1a07b7e"] {
            assert_eq!(CallId::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn identifiers_name_what_is_wrong() {
        assert_eq!(OrgId::parse(""), Err(IdError::Empty));
        assert_eq!(OrgId::parse("a b"), Err(IdError::Character { found: ' ' }));
        assert_eq!(OrgId::parse("acme#1"), Err(IdError::Character { found: '#' }));
        assert_eq!(OrgId::parse("é"), Err(IdError::Character { found: 'é' }));
        assert_eq!(OrgId::parse("x".repeat(65)), Err(IdError::TooLong { maximum: 64 }));
        assert!(OrgId::parse("x".repeat(64)).is_ok());
        assert!(CallId::parse("x".repeat(128)).is_ok());
        assert_eq!(CallId::parse("stats"), Err(IdError::Reserved { word: "stats" }));
        assert!(AgentId::parse("stats").is_ok());
    }

    #[test]
    fn a_call_is_named_by_nothing_that_an_address_loses_or_divides() {
        for (text, reason) in [
            (".", "must not be \".\", which no address can have"),
            ("..", "must not be \"..\", which no address can have"),
            ("%2e", "must hold only letters, digits and . _ : - (found '%')"),
            ("a/b", "must hold only letters, digits and . _ : - (found '/')"),
            ("a\\b", "must hold only letters, digits and . _ : - (found '\\\\')"),
            ("a?b", "must hold only letters, digits and . _ : - (found '?')"),
            ("", "must not be empty"),
        ] {
            assert_eq!(CallId::parse(text).unwrap_err().to_string(), reason);
        }
        for text in ["...", ".a", "a.", "a..b"] {
            assert!(CallId::parse(text).is_ok(), "{text}");
        }
        // No path names an agent or an organisation.
        assert!(AgentId::parse("..").is_ok() && OrgId::parse("..").is_ok());
    }

    #[test]
    fn what_was_stored_before_it_was_refused_can_still_be_read() {
        for text in [".", "..", "stats"] {
            assert!(CallId::parse(text).is_err() && CallId::try_from(text.to_owned()).is_ok(), "{text}");
        }
        assert_eq!(CallId::try_from("a b".to_owned()), Err(IdError::Character { found: ' ' }));
    }

    #[test]
    fn feedback_id_is_the_same_for_the_same_call_and_differs_across_organisations() {
        let call = CallId::parse("call_456").unwrap();
        let acme = FeedbackId::derive(&OrgId::parse("acme").unwrap(), &call);
        assert_eq!(acme, FeedbackId::derive(&OrgId::parse("acme").unwrap(), &call));
        assert_ne!(acme, FeedbackId::derive(&OrgId::parse("acme2").unwrap(), &call));
        assert_eq!(acme.as_str(), "fb_e213f05a507d34cf48e3e27ecfec92a1");
    }
}
