//! False claims: what feedback says of a call, and its reader calls wrong.
//!
//! Only what code can see counts: scores and what is stated as a value. What prose says in words is not looked at, so a reader
//! may find more.

use std::fmt;

use domain::{Assessment, Criterion, Resolution, Score, Severity, ViolationKind};

use super::rated::{NotClaim, Rating};
use super::vocabulary::Sign;

/// A criterion with this score or more is clear praise.
const PRAISE: Score = Score::from_tenths(70).unwrap();
/// A criterion with this score or less is clear blame.
const BLAME: Score = Score::from_tenths(30).unwrap();
/// A violation caps the score; a reader whose score is above the cap by more than this saw none.
const ABOVE_CAP_TENTHS: u8 = 30;

/// Something that feedback says of a call, and its reader calls wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FalseClaim {
    /// A claim that the reader lists as false: the criterion's score is on the claim's side, and the reader's own is not.
    Listed {
        /// The claim.
        claim: NotClaim,
        /// The score that makes it.
        score: Score,
    },
    /// Clear praise where the reader blames clearly, or the reverse.
    Opposite {
        /// Of which criterion.
        criterion: Criterion,
        /// The scorer's score.
        score: Score,
        /// The reader's.
        reader: Score,
    },
    /// A matter is said to be resolved that is not, or the reverse.
    Outcome {
        /// What is said.
        told: Resolution,
        /// What the reader says.
        reader: Resolution,
    },
    /// A violation in a call whose reader saw none.
    Violation {
        /// What kind.
        kind: ViolationKind,
        /// How bad it is said to be.
        severity: Severity,
    },
}

impl fmt::Display for FalseClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed { claim: NotClaim { criterion, sign, text }, score } => {
                write!(f, "{criterion} {score}, {}: {text}", sign.name())
            }
            Self::Opposite { criterion, score, reader } => write!(f, "{criterion} {score}, reader {reader}"),
            Self::Outcome { told, reader } => write!(f, "outcome {told:?}, reader {reader:?}"),
            Self::Violation { kind, severity } => write!(f, "{severity:?} violation: {kind:?}"),
        }
    }
}

/// The false claims of an assessment, each criterion once.
#[must_use]
pub fn false_claims(rating: &Rating, assessment: &Assessment) -> Vec<FalseClaim> {
    let scored = assessment.criteria.iter().filter_map(|assessed| Some((assessed.criterion, assessed.score?)));
    let criteria = scored.filter_map(|(criterion, score)| about_criterion(rating, criterion, score));
    let violations = assessment
        .violations
        .iter()
        .filter(|violation| rating.score.tenths().saturating_sub(violation.severity.cap().tenths()) > ABOVE_CAP_TENTHS);
    let violations =
        violations.map(|violation| FalseClaim::Violation { kind: violation.kind, severity: violation.severity });
    criteria.chain(about_outcome(rating, assessment)).chain(violations).collect()
}

/// On which side a score clearly is, if on any.
fn side(score: Score) -> Option<Sign> {
    if score >= PRAISE {
        Some(Sign::Merit)
    } else if score <= BLAME {
        Some(Sign::Fault)
    } else {
        None
    }
}

fn about_criterion(rating: &Rating, criterion: Criterion, score: Score) -> Option<FalseClaim> {
    let side_taken = side(score)?;
    let reader = rating.criteria.get(&criterion).copied();
    let reader_side = reader.and_then(side);
    if reader_side == Some(side_taken) {
        return None;
    }
    let listed = rating.not_claims.iter().find(|claim| claim.criterion == criterion && claim.sign == side_taken);
    match (listed, reader) {
        (Some(claim), _) => Some(FalseClaim::Listed { claim: claim.clone(), score }),
        (None, Some(reader)) if reader_side.is_some() => Some(FalseClaim::Opposite { criterion, score, reader }),
        (None, _) => None,
    }
}

fn about_outcome(rating: &Rating, assessment: &Assessment) -> Option<FalseClaim> {
    let told = assessment.synopsis.outcome?;
    let is_wrong = matches!(
        (told, rating.outcome),
        (Resolution::Resolved, Resolution::Unresolved) | (Resolution::Unresolved, Resolution::Resolved)
    );
    is_wrong.then_some(FalseClaim::Outcome { told, reader: rating.outcome })
}

#[cfg(test)]
mod tests {
    use domain::Violation;

    use super::super::example::{assessment, rating};
    use super::*;

    fn told(rating: &Rating, assessment: &Assessment) -> Vec<String> {
        false_claims(rating, assessment).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_listed_claim_is_made_by_a_score_on_its_side_unless_the_readers_is_there_too() {
        // The reader: goal 1, listed is praise; tone 8, listed is praise too; problem 5, listed is blame.
        let claims = ["goal + | it was found", "tone + | friendly, so good", "problem - | nothing was tried"];
        let rating = rating("goal=1 tone=8 problem=5", &claims);
        let found = "goal_achievement 7.0, +: it was found";
        let tried = "problem_solving 3.0, -: nothing was tried";
        let goal = Criterion::GoalAchievement;
        let (tone, problem) = (Criterion::ProfessionalismAndTone, Criterion::ProblemSolving);
        assert_eq!(told(&rating, &assessment(&[(goal, 7.0), (tone, 9.0), (problem, 3.0)])), [found, tried]);
        assert!(told(&rating, &assessment(&[(goal, 6.9), (tone, 3.1), (problem, 3.1)])).is_empty());
        assert!(told(&rating, &assessment(&[(goal, 2.0), (problem, 9.0)])).is_empty());
    }

    #[test]
    fn a_score_on_the_other_side_than_the_readers_is_false_without_a_listed_claim() {
        let rating = rating("goal=3 tone=7 problem=5", &["empathy - | cold"]);
        let goal = Criterion::GoalAchievement;
        let (tone, problem) = (Criterion::ProfessionalismAndTone, Criterion::ProblemSolving);
        let claims = told(&rating, &assessment(&[(goal, 7.0), (tone, 3.0), (problem, 0.0)]));
        assert_eq!(claims, ["professionalism_and_tone 3.0, reader 7.0", "goal_achievement 7.0, reader 3.0"]);
        assert!(told(&rating, &assessment(&[(goal, 6.9), (tone, 3.1), (problem, 10.0)])).is_empty());
    }

    #[test]
    fn an_outcome_is_false_when_it_is_the_contrary() {
        let rating = Rating { outcome: Resolution::Unresolved, ..rating("goal=3", &["empathy - | cold"]) };
        let with = |outcome| {
            let mut assessment = assessment(&[]);
            assessment.synopsis.outcome = outcome;
            told(&rating, &assessment)
        };
        assert_eq!(with(Some(Resolution::Resolved)), ["outcome Resolved, reader Unresolved"]);
        for other in [None, Some(Resolution::Unresolved), Some(Resolution::Partly), Some(Resolution::NotTold)] {
            assert!(with(other).is_empty(), "{other:?}");
        }
    }

    #[test]
    fn a_violation_is_false_where_the_reader_is_far_above_its_cap() {
        let with = |severity, score| {
            let (kind, reason) = (ViolationKind::Harm, String::new());
            let violations = vec![Violation { kind, severity, reason, evidence: Vec::new() }];
            let rating = Rating { score: Score::saturating(score), ..rating("goal=3", &["empathy - | cold"]) };
            told(&rating, &Assessment { violations, ..assessment(&[]) }).len()
        };
        assert_eq!((with(Severity::Critical, 4.5), with(Severity::Critical, 5.0)), (0, 1));
        assert_eq!((with(Severity::Serious, 6.5), with(Severity::Serious, 7.0)), (0, 1));
    }
}
