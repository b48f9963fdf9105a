//! What a call was about and how it ended. Part of the document that is stored and served, like [`crate::Feedback`].

use serde::{Deserialize, Serialize};

use crate::names::names;

/// What became of the matter that a call was about. Not to be confused with [`crate::Outcome`]: what became of a call without
/// feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// All of it is done or firmly agreed.
    Resolved,
    /// A part of it is.
    Partly,
    /// Nothing of it is.
    Unresolved,
    /// Somebody else takes it over within the call.
    Transferred,
    /// The call does not tell.
    NotTold,
}

names!(Resolution {
    Resolved => "resolved",
    Partly => "partly",
    Unresolved => "unresolved",
    Transferred => "transferred",
    NotTold => "not_told",
});

/// What a call was about and how it ended, as far as a scorer can tell: a language model can, the embedded scorer cannot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synopsis {
    /// What happened, in one or two sentences.
    pub summary: Option<String>,
    /// What became of the matter.
    pub outcome: Option<Resolution>,
    /// What it was about: up to three topics of a few words, the main one first.
    #[serde(default)]
    pub topics: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for resolution in Resolution::ALL {
            assert_eq!(serde_json::to_value(resolution).unwrap(), resolution.name());
        }
    }
}
