//! Answers that are well formed and judge nothing: a stamp instead of a judgement.
//!
//! **Invariant:** an answer in which half of the criteria have something of their own is none. Of few scores nothing is said.

use std::collections::HashMap;
use std::fmt;

use domain::{Criterion, CriterionAssessment};
use scoring::RubricEntry;

/// Of fewer scores than these nothing is said.
const FEWEST_SCORES: usize = 6;
/// A shorter reason may well be a part of an anchor by chance.
const FEWEST_WORDS: usize = 4;

/// Why an answer is a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// One quote stands under two thirds of the scores.
    OneQuote,
    /// All scores are the same.
    OneScore,
    /// One reason stands under two thirds of the scores.
    OneReason,
    /// Half of the reasons are the rubric's own words.
    RubricsWords,
}

impl Stamp {
    /// Why these criteria, with their evidence, are a stamp; `None` when they are not.
    pub(crate) fn of(criteria: &[CriterionAssessment]) -> Option<Self> {
        let scored: Vec<&CriterionAssessment> = criteria.iter().filter(|one| one.score.is_some()).collect();
        if scored.len() < FEWEST_SCORES {
            return None;
        }
        let most = |keys: Vec<String>| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            for key in keys {
                *counts.entry(key).or_default() += 1;
            }
            counts.into_values().max().unwrap_or_default()
        };
        let quotes = scored.iter().flat_map(|one| &one.evidence);
        let quotes = most(quotes.map(|quote| format!("{} {}", quote.turn, words(&quote.quote))).collect());
        let reasons = most(scored.iter().map(|one| words(&one.reason)).filter(|words| !words.is_empty()).collect());
        let copied = scored.iter().filter(|one| is_of_the_rubric(one.criterion, &one.reason)).count();
        if 3 * quotes >= 2 * scored.len() {
            Some(Self::OneQuote)
        } else if scored.windows(2).all(|pair| matches!(pair, [one, next] if one.score == next.score)) {
            Some(Self::OneScore)
        } else if 3 * reasons >= 2 * scored.len() {
            Some(Self::OneReason)
        } else {
            (2 * copied >= scored.len()).then_some(Self::RubricsWords)
        }
    }
}

/// Words for the model, which has to judge.
impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneQuote => "one quote stands under nearly all criteria: choose for each the words that show it",
            Self::OneScore => "all criteria have the same score: judge each by itself, by its anchors",
            Self::OneReason => {
                "one reason stands under nearly all criteria: say of each what in this call gives it its score"
            }
            Self::RubricsWords => "the reasons are the words of the rubric: say what in this call gives each score",
        })
    }
}

/// Whether a reason is an anchor or the description of its criterion, or a part of it.
fn is_of_the_rubric(criterion: Criterion, reason: &str) -> bool {
    let reason = words(reason);
    let entry = RubricEntry::of(criterion);
    reason.split(' ').count() >= FEWEST_WORDS
        && entry.anchors.iter().chain([&entry.description]).any(|text| {
            let text = words(text);
            text.contains(&reason) || reason.contains(&text)
        })
}

/// The words of a text in lower case, with one space between them.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use domain::{Evidence, Role, Score};

    use super::*;

    /// An honest answer: each criterion has a quote, a reason and a score of its own.
    fn honest() -> Vec<CriterionAssessment> {
        let judged = |(at, criterion): (usize, &Criterion)| CriterionAssessment {
            criterion: *criterion,
            score: Score::from_tenths(u8::try_from(40 + 5 * (at % 5)).unwrap()),
            reason: format!("The agent does thing number {at}."),
            evidence: vec![Evidence { turn: at, role: Role::Agent, quote: format!("thing number {at}") }],
        };
        Criterion::ALL.iter().enumerate().map(judged).collect()
    }

    /// The honest answer with the first criteria changed.
    fn changed(count: usize, change: impl Fn(&mut CriterionAssessment)) -> Option<Stamp> {
        let mut criteria = honest();
        for one in criteria.iter_mut().take(count) {
            change(one);
        }
        Stamp::of(&criteria)
    }

    #[test]
    fn an_honest_answer_is_none() {
        assert_eq!(Stamp::of(&honest()), None);
    }

    #[test]
    fn one_quote_under_two_thirds_of_the_scores_is_one() {
        let quote = Evidence { turn: 4, role: Role::Agent, quote: "Let me see.".to_owned() };
        assert_eq!(changed(7, |one| one.evidence.push(quote.clone())), None);
        assert_eq!(changed(8, |one| one.evidence.push(quote.clone())), Some(Stamp::OneQuote));
    }

    #[test]
    fn one_score_for_everything_is_one() {
        assert_eq!(changed(11, |one| one.score = Score::from_tenths(80)), None);
        assert_eq!(changed(12, |one| one.score = Score::from_tenths(80)), Some(Stamp::OneScore));
    }

    #[test]
    fn one_reason_for_everything_is_one() {
        assert_eq!(changed(7, |one| one.reason = "It was fine.".to_owned()), None);
        assert_eq!(changed(8, |one| one.reason = "It was fine!".to_owned()), Some(Stamp::OneReason));
    }

    #[test]
    fn reasons_in_the_rubrics_own_words_are_one() {
        let copy =
            |one: &mut CriterionAssessment| one.reason = RubricEntry::of(one.criterion).anchors[3].to_uppercase();
        assert_eq!(changed(5, copy), None);
        assert_eq!(changed(6, copy), Some(Stamp::RubricsWords));
        let part = |one: &mut CriterionAssessment| {
            let words: Vec<&str> = RubricEntry::of(one.criterion).anchors[1].split(' ').take(7).collect();
            one.reason = words.join(" ");
        };
        assert_eq!(changed(12, part), Some(Stamp::RubricsWords));
    }

    #[test]
    fn of_few_scores_nothing_is_said() {
        let mut criteria = honest();
        for (at, one) in criteria.iter_mut().enumerate() {
            one.score = if at < 5 { Score::from_tenths(50) } else { None };
        }
        assert_eq!(Stamp::of(&criteria), None);
    }
}
