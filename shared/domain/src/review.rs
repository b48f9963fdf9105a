//! Why a person should look at a call. Part of the document that is stored and served, like [`crate::Feedback`].

use serde::{Deserialize, Serialize};

/// Why a person should look at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The score is so uncertain that it says little.
    WideInterval,
    /// The samples of a model disagree, or too few of them could be used.
    SamplesDisagree,
    /// A model's answer is well formed and says little: one quote for everything, one score for everything, the rubric's own words.
    RubberStamp,
    /// The agent did what an agent must never do.
    Violation,
    /// The platform that ran the call concluded otherwise.
    PlatformDisagrees,
    /// Who is the agent and who is the customer was guessed.
    RolesGuessed,
    /// A part of the call was too long to be judged.
    Truncated,
    /// Somebody threatens somebody.
    Threat,
    /// Life, health or safety may be at stake.
    Emergency,
    /// The customer speaks of a lawyer, a court, a regulator or the press.
    LegalThreat,
    /// Somebody may be treated worse for what they are.
    Discrimination,
    /// Somebody speaks of ending or hurting themselves.
    SelfHarm,
    /// The agent advises against the customer's own interest.
    AgainstInterest,
}

/// Whether a person should look at a call, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Whether there is a reason.
    #[serde(default)]
    pub needs_review: bool,
    /// The reasons, each once, in a fixed order.
    #[serde(default)]
    pub review_reasons: Vec<ReviewReason>,
}

impl Review {
    /// Adds reasons; those that are known already are not added again.
    pub fn add(&mut self, reasons: impl IntoIterator<Item = ReviewReason>) {
        self.review_reasons.extend(reasons);
        self.review_reasons.sort_unstable();
        self.review_reasons.dedup();
        self.needs_review = !self.review_reasons.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_needed_as_soon_as_there_is_a_reason() {
        let mut review = Review::default();
        review.add([]);
        assert!(!review.needs_review);
        review.add([ReviewReason::Emergency, ReviewReason::WideInterval, ReviewReason::Emergency]);
        assert_eq!(review.review_reasons, [ReviewReason::WideInterval, ReviewReason::Emergency]);
        assert!(review.needs_review);
    }
}
