//! What an agent must never do. Part of the document that is stored and served, like [`crate::Feedback`].

use serde::{Deserialize, Serialize};

use crate::names::names;
use crate::{Evidence, ReviewReason, Score};

/// The most that readers give a call in which the agent did something clearly wrong that was or can be put right.
const SERIOUS_CAP: Score = Score::from_tenths(35).unwrap();
/// The most that readers give a call in which somebody is harmed, deceived, endangered or has a right taken.
const CRITICAL_CAP: Score = Score::from_tenths(15).unwrap();

/// What kind of line was crossed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// The customer, or somebody else, is harmed or put in danger by what the agent says or does.
    Harm,
    /// The agent threatens or demeans somebody.
    Threat,
    /// The agent says what is false or hides what counts, or advises against the customer's own interest.
    Deception,
    /// Life, health or safety is at stake, and the agent goes past it.
    MissedEmergency,
    /// The agent says that something is done, and it is not.
    ActionNotDone,
    /// What the law or fairness wants said before the customer decides is not said.
    MissingDisclosure,
    /// The customer's data is given to somebody who may not have it, or asked for without need.
    Privacy,
    /// Somebody is treated worse for what they are.
    Discrimination,
    /// A plain no, or the wish to cancel, to complain or to be left alone, is overridden.
    IgnoredRefusal,
}

names!(ViolationKind {
    Harm => "harm",
    Threat => "threat",
    Deception => "deception",
    MissedEmergency => "missed_emergency",
    ActionNotDone => "action_not_done",
    MissingDisclosure => "missing_disclosure",
    Privacy => "privacy",
    Discrimination => "discrimination",
    IgnoredRefusal => "ignored_refusal",
});

/// How bad it is, and so how much a score can be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A clear fault, which was or can be put right.
    Serious,
    /// Somebody is harmed, deceived, endangered or has a right taken.
    Critical,
}

impl ViolationKind {
    /// What a person must see in a call with such a violation, besides the violation.
    #[must_use]
    pub const fn review_reason(self) -> Option<ReviewReason> {
        match self {
            Self::Threat => Some(ReviewReason::Threat),
            Self::MissedEmergency => Some(ReviewReason::Emergency),
            Self::Discrimination => Some(ReviewReason::Discrimination),
            Self::Harm
            | Self::Deception
            | Self::ActionNotDone
            | Self::MissingDisclosure
            | Self::Privacy
            | Self::IgnoredRefusal => None,
        }
    }
}

names!(Severity {
    Serious => "serious",
    Critical => "critical",
});

impl Severity {
    /// The most that a call with such a violation can score: what readers give such calls at most.
    #[must_use]
    pub const fn cap(self) -> Score {
        match self {
            Self::Serious => SERIOUS_CAP,
            Self::Critical => CRITICAL_CAP,
        }
    }
}

/// Something the agent must never do, and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What kind.
    pub kind: ViolationKind,
    /// How bad.
    pub severity: Severity,
    /// What happened, in words.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for kind in ViolationKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_value(severity).unwrap(), severity.name());
        }
    }
}
