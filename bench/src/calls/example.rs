//! A rated call and assessments for tests.

use domain::{Assessment, Criterion, Score};

use super::format::parse;
use super::punctuation::Punctuation;
use super::rated::{RatedCall, Rating, WrittenCall};
use super::scorer::by_constant;
use super::variant::Variant;

/// A call of six turns, whose reader finds a fault in turns 1 and 3 and a merit in turn 4, and gives it a 2.
pub(super) const TEXT: &str = "=== one
industry: banking
kind: human
score: 2
outcome: unresolved
topics: wages
criteria: tone=8 clarity=6 listening=3 goal=1 problem=1 information=2
why: It was not looked at.
flags: legal_threat
mention: - 1,3 | went past the wages
mention: + 4 | said sorry
notclaim: goal + | it was found
A: Good morning, how can I help?
C: My wages are not there and the rent is due.
A: Anything else I can do for you today?
C: I said my wages are not there.
A: I am sorry for the trouble with that.
C: I will ask my lawyer about this.
";

/// The call as it was written.
pub(super) fn written() -> WrittenCall {
    parse(TEXT).unwrap().remove(0).1
}

/// The call, punctuated and without times.
pub(super) fn rated() -> RatedCall {
    written().transcribed_as(Variant { punctuation: Punctuation::Full, has_times: false })
}

/// A rating with those criteria and those claims, each as in a file.
pub(super) fn rating(criteria: &str, claims: &[&str]) -> Rating {
    let claims: Vec<String> = claims.iter().map(|claim| format!("notclaim: {claim}\n")).collect();
    let text = TEXT.replace("notclaim: goal + | it was found\n", &claims.concat());
    let mut rating = parse(&text).unwrap().remove(0).1.rating;
    rating.criteria = super::format::criteria(criteria).unwrap();
    rating
}

/// An assessment of the example that scores those criteria only.
pub(super) fn assessment(scores: &[(Criterion, f64)]) -> Assessment {
    let mut assessment = by_constant(&[rated()]).remove(0).assessment;
    for assessed in &mut assessment.criteria {
        let score = scores.iter().find(|(criterion, _)| *criterion == assessed.criterion);
        assessed.score = score.map(|(_, score)| Score::saturating(*score));
    }
    assessment
}
