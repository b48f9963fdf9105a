//! The scorers that can be measured, and what they make of rated calls.

use std::time::Duration;

use domain::{Assessment, Call, CategoryScores, Certainty, Criterion, CriterionAssessment, Review, Score, Synopsis};
use environment::chain;
use futures_util::{StreamExt, stream};
use judge::Judge;
use tokio::time::Instant;

use super::rated::RatedCall;

/// The middle of the scale: what a scorer says that knows nothing.
pub(super) const MIDDLE: Score = Score::from_tenths(50).unwrap();
/// A call takes at most three requests and three more for the repair; the rest is for the backoff between them.
const REQUESTS_PER_CALL: u32 = 8;

/// A rated call with what a scorer makes of it.
#[derive(Debug, Clone)]
pub struct ScoredCall<'c> {
    /// The call.
    pub rated: &'c RatedCall,
    /// The scorer's assessment.
    pub assessment: Assessment,
}

/// What the embedded scorer makes of the calls.
#[must_use]
pub fn by_embedded(calls: &[RatedCall]) -> Vec<ScoredCall<'_>> {
    calls.iter().map(|rated| ScoredCall { rated, assessment: scoring::embedded::assess(&rated.call) }).collect()
}

/// What a scorer makes of the calls that gives each the middle of the scale and says nothing.
#[must_use]
pub fn by_constant(calls: &[RatedCall]) -> Vec<ScoredCall<'_>> {
    calls.iter().map(|rated| ScoredCall { rated, assessment: constant(&rated.call) }).collect()
}

/// What a language model makes of the calls, in their order, with so many calls at a time and `timeout` for a request; and what
/// went wrong with those that it could not judge.
pub async fn by_model<'c>(
    calls: &'c [RatedCall],
    judge: &Judge,
    timeout: Duration,
    jobs: usize,
) -> (Vec<ScoredCall<'c>>, Vec<String>) {
    let assess = async |rated: &'c RatedCall| {
        let judged = judge.assess(&rated.call, Instant::now() + timeout * REQUESTS_PER_CALL).await;
        let failed = |error| format!("{}: {}", rated.call.call_id, chain(&error));
        judged.map(|judgement| ScoredCall { rated, assessment: judgement.assessment }).map_err(failed)
    };
    let (mut scored, mut failed) = (Vec::new(), Vec::new());
    let mut results = std::pin::pin!(stream::iter(calls).map(assess).buffered(jobs));
    while let Some(result) = results.next().await {
        match result {
            Ok(one) => scored.push(one),
            Err(message) => failed.push(message),
        }
    }
    (scored, failed)
}

fn constant(call: &Call) -> Assessment {
    let untold = |criterion: &Criterion| CriterionAssessment {
        criterion: *criterion,
        score: None,
        reason: String::new(),
        evidence: Vec::new(),
    };
    Assessment {
        score: MIDDLE,
        score_before_cap: None,
        certainty: Certainty::default(),
        review: Review::default(),
        synopsis: Synopsis::default(),
        violations: Vec::new(),
        feedback: String::new(),
        improvement_suggestions: String::new(),
        categories: CategoryScores { communication_quality: None, effectiveness: None, customer_experience: None },
        criteria: Criterion::ALL.iter().map(untold).collect(),
        suggestions: Vec::new(),
        conversation: scoring::conversation(call),
    }
}
