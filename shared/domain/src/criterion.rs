//! The twelve criteria of a call's feedback and the three categories they belong to.

use serde::{Deserialize, Serialize};

use crate::names::names;

/// A group of four criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// How the agent speaks and listens.
    CommunicationQuality,
    /// Whether the call gets something done, and how.
    Effectiveness,
    /// What the call is like for the customer.
    CustomerExperience,
}

names!(Category {
    CommunicationQuality => "communication_quality",
    Effectiveness => "effectiveness",
    CustomerExperience => "customer_experience",
});

/// One aspect of a call that is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Courteous, calm and businesslike throughout.
    ProfessionalismAndTone,
    /// Easy to follow, at a pace the customer can keep up with.
    ClarityAndPacing,
    /// Lets the customer speak and responds to what was said.
    ActiveListening,
    /// Plain, correct and fitting words.
    LanguageUse,
    /// The purpose of the call is reached.
    GoalAchievement,
    /// Works towards a solution and takes responsibility for it.
    ProblemSolving,
    /// Asks for what is needed before proposing.
    InformationGathering,
    /// A greeting, a clear course and a closing.
    CallStructure,
    /// Notices and acknowledges how the customer feels.
    EmpathyAndRapport,
    /// Answers questions, and without delay.
    Responsiveness,
    /// Answers doubts and refusals with substance.
    ObjectionHandling,
    /// How satisfied the customer sounds, above all at the end.
    CustomerSatisfaction,
}

names!(Criterion {
    ProfessionalismAndTone => "professionalism_and_tone",
    ClarityAndPacing => "clarity_and_pacing",
    ActiveListening => "active_listening",
    LanguageUse => "language_use",
    GoalAchievement => "goal_achievement",
    ProblemSolving => "problem_solving",
    InformationGathering => "information_gathering",
    CallStructure => "call_structure",
    EmpathyAndRapport => "empathy_and_rapport",
    Responsiveness => "responsiveness",
    ObjectionHandling => "objection_handling",
    CustomerSatisfaction => "customer_satisfaction",
});

impl Criterion {
    /// The category the criterion belongs to.
    #[must_use]
    pub const fn category(self) -> Category {
        match self {
            Self::ProfessionalismAndTone | Self::ClarityAndPacing | Self::ActiveListening | Self::LanguageUse => {
                Category::CommunicationQuality
            }
            Self::GoalAchievement | Self::ProblemSolving | Self::InformationGathering | Self::CallStructure => {
                Category::Effectiveness
            }
            Self::EmpathyAndRapport | Self::Responsiveness | Self::ObjectionHandling | Self::CustomerSatisfaction => {
                Category::CustomerExperience
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for criterion in Criterion::ALL {
            assert_eq!(serde_json::to_value(criterion).unwrap(), criterion.name());
        }
        for category in Category::ALL {
            assert_eq!(serde_json::to_value(category).unwrap(), category.name());
        }
    }

    #[test]
    fn each_category_has_four_criteria() {
        for category in Category::ALL {
            assert_eq!(Criterion::ALL.iter().filter(|c| c.category() == *category).count(), 4, "{category}");
        }
    }
}
