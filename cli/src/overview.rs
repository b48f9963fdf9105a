//! What people want to know of an assessment before its criteria: how sure the score is, what capped it, and who should look.

use domain::{Assessment, Severity, Violation};
use serde::Serialize;

/// The score and the interval that it lies in: `5.7 (3.1–8.0)`; without one, the score.
pub(crate) fn score(assessment: &Assessment) -> String {
    let Assessment { score, certainty, .. } = assessment;
    match (certainty.score_low, certainty.score_high) {
        (Some(low), Some(high)) => format!("{score} ({low}–{high})"),
        _ => score.to_string(),
    }
}

/// The lines on what capped the score, why a person should look at the call, and how it ended; none where there is nothing to say.
pub(crate) fn lines(assessment: &Assessment) -> Vec<String> {
    let Assessment { score_before_cap, review, synopsis, violations, .. } = assessment;
    let mut lines: Vec<String> = violations.iter().map(violation).collect();
    lines.extend(score_before_cap.map(|before| format!("score before the cap: {before}")));
    if review.needs_review {
        let reasons: Vec<_> = review.review_reasons.iter().map(name).collect();
        lines.push(format!("needs review: {}", reasons.join(", ")));
    }
    lines.extend(synopsis.outcome.map(|outcome| format!("outcome: {}", name(&outcome))));
    lines
}

fn violation(violation: &Violation) -> String {
    let Violation { kind, severity, reason, evidence } = violation;
    let turns: Vec<_> = evidence.iter().map(|evidence| evidence.turn.to_string()).collect();
    let cap = Severity::cap(*severity);
    format!("violation: {} ({}, at most {cap}): {reason} turns {}", name(kind), name(severity), turns.join(", "))
}

/// The name that a value has in the document.
fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::{Certainty, OrgId};
    use test_support::FeedbackBuilder;

    use super::*;

    #[test]
    fn what_is_known_of_an_assessment_is_shown_and_nothing_else() {
        let assessment =
            |builder: FeedbackBuilder| builder.tenths(35).build(&OrgId::parse("acme").unwrap()).feedback.assessment;
        let full = assessment(FeedbackBuilder::new("c1").with_every_field());
        assert_eq!(score(&full), "3.5 (0.0–3.5)");
        let expected = [
            "violation: deception (serious, at most 3.5): The agent denied a right that the customer has. turns 3",
            "score before the cap: 4.0",
            "needs review: violation, platform_disagrees",
            "outcome: unresolved",
        ];
        assert_eq!(lines(&full), expected);
        let mut plain = assessment(FeedbackBuilder::new("c1"));
        plain.certainty = Certainty::default();
        assert_eq!((score(&plain).as_str(), lines(&plain).len()), ("3.5", 0));
    }
}
