//! Whether feedback speaks of what it must speak of, as far as code can see it: by the turns that it rests on.

use std::collections::BTreeSet;

use domain::{Assessment, Call, Score};
use scoring::evidence::{FEWEST_WORDS, locate};

use super::rated::Mention;
use super::vocabulary::Sign;
use crate::statistics::to_f64;

/// What rests on a criterion with this score or more is praise.
const PRAISE: Score = Score::from_tenths(60).unwrap();
/// What rests on a criterion with this score or less is blame.
const BLAME: Score = Score::from_tenths(50).unwrap();

/// The turns that an assessment praises and blames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpokenOf(BTreeSet<(Sign, usize)>);

impl SpokenOf {
    /// The turns that the evidence of a criterion names, praised or blamed by its score; those that a suggestion, a violation or a quote
    /// in the prose about improvements is about, blamed. What the other prose quotes is left out: code cannot tell whether it
    /// praises or blames.
    #[must_use]
    pub fn by(assessment: &Assessment, call: &Call) -> Self {
        let criteria = assessment.criteria.iter().filter_map(|assessed| {
            let score = assessed.score?;
            let sign = if score >= PRAISE { Some(Sign::Merit) } else { (score <= BLAME).then_some(Sign::Fault) }?;
            Some(assessed.evidence.iter().map(move |evidence| (sign, evidence.turn)))
        });
        let suggested = assessment.suggestions.iter().filter_map(|suggestion| suggestion.turn);
        let violated = assessment.violations.iter().flat_map(|violation| &violation.evidence);
        let quoted = quotes(&assessment.improvement_suggestions).filter_map(|quote| locate(&call.transcript, quote));
        let blamed = suggested
            .chain(violated.map(|evidence| evidence.turn))
            .chain(quoted.map(|evidence| evidence.turn))
            .map(|turn| (Sign::Fault, turn));
        Self(criteria.flatten().chain(blamed).collect())
    }

    /// Whether one of the turns that show the thing is praised or blamed as it must be.
    #[must_use]
    pub fn says(&self, mention: &Mention) -> bool {
        mention.turns.iter().any(|turn| self.0.contains(&(mention.sign, *turn)))
    }

    /// How likely it is that [`SpokenOf::says`] would hold if the turns that are praised, or blamed, were as many of the call's turns
    /// drawn by lot: who quotes much says a lot by chance.
    #[must_use]
    pub fn says_by_chance(&self, mention: &Mention, turns: usize) -> f64 {
        let drawn = self.0.iter().filter(|(sign, _)| *sign == mention.sign).count();
        let missed = (0..mention.turns.len()).map(|checked| {
            let left = turns.saturating_sub(checked);
            to_f64(left.saturating_sub(drawn)) / to_f64(left).max(1.0)
        });
        1.0 - missed.product::<f64>()
    }
}

/// What stands in quotation marks, if it is long enough to be found in one turn only.
fn quotes(prose: &str) -> impl Iterator<Item = &str> {
    let between = prose.split(['“', '”', '"']).skip(1).step_by(2);
    between.filter(|quote| quote.split_whitespace().count() >= FEWEST_WORDS)
}

#[cfg(test)]
mod tests {
    use domain::{Criterion, Evidence, Role, Suggestion};

    use super::super::example::{assessment, rated};
    use super::*;

    /// The signs with which the assessment speaks of that turn.
    fn signs(assessment: &Assessment, turn: usize) -> Vec<Sign> {
        let spoken_of = SpokenOf::by(assessment, &rated().call);
        let says = |sign| spoken_of.says(&Mention { sign, turns: vec![0, turn], text: String::new() });
        Sign::ALL.iter().copied().filter(|sign| says(*sign)).collect()
    }

    #[test]
    fn evidence_praises_or_blames_by_the_score_of_its_criterion() {
        let with = |score: Option<f64>| {
            let mut assessment = assessment(&[]);
            assessment.criteria[3].score = score.map(Score::saturating);
            assessment.criteria[3].evidence =
                vec![Evidence { turn: 2, role: Role::Agent, quote: "Anything else".to_owned() }];
            signs(&assessment, 2)
        };
        assert_eq!((with(Some(6.0)), with(Some(5.0))), (vec![Sign::Merit], vec![Sign::Fault]));
        assert!(with(Some(5.5)).is_empty() && with(None).is_empty());
    }

    #[test]
    fn suggestions_and_quotes_about_improvements_blame() {
        let mut suggested = assessment(&[]);
        let text = "Ask about it.".to_owned();
        suggested.suggestions.push(Suggestion { criterion: Criterion::Responsiveness, text, turn: Some(3) });
        assert_eq!((signs(&suggested, 3), signs(&suggested, 2)), (vec![Sign::Fault], vec![]));
        let mut quoted = assessment(&[]);
        quoted.improvement_suggestions =
            "Not “for you” but “I am sorry for” it; say \"the rent is due\" back.".to_owned();
        assert_eq!((signs(&quoted, 4), signs(&quoted, 1)), (vec![Sign::Fault], vec![Sign::Fault]));
        assert!(signs(&quoted, 2).is_empty(), "two words are in many turns");
        quoted.feedback = std::mem::take(&mut quoted.improvement_suggestions);
        assert!(signs(&quoted, 4).is_empty());
    }

    #[test]
    fn chance_is_that_of_drawing_turns_by_lot() {
        let spoken_of = SpokenOf([(Sign::Fault, 0), (Sign::Fault, 5), (Sign::Merit, 1)].into());
        let mention = |sign, turns: &[usize]| Mention { sign, turns: turns.to_vec(), text: String::new() };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(spoken_of.says_by_chance(&mention(Sign::Merit, &[3]), 6), 1.0 / 6.0));
        // Neither of two is drawn: 4/6 · 3/5.
        assert!(close(spoken_of.says_by_chance(&mention(Sign::Fault, &[2, 3]), 6), 0.6));
        assert!(close(spoken_of.says_by_chance(&mention(Sign::Fault, &[0, 1, 2, 3, 4]), 6), 1.0));
    }
}
