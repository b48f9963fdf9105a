//! The narrative about the calls of the pairs: short, with verbatim quotes, different from call to call, and consistent
//! with the measurements.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its calls should stop")]

use std::collections::BTreeSet;

use bench::pairs;
use domain::{Assessment, Call};
use scoring::embedded::assess;

fn assessed() -> Vec<(Call, Assessment)> {
    pairs::calls().unwrap().into_iter().map(|call| (call.clone(), assess(&call))).collect()
}

/// The quotes of a text that name their turn, and the turns they name.
fn quotes(text: &str) -> Vec<(&str, usize)> {
    let turn_of = |after: &str| after.strip_prefix(" (turn ")?.split_once(')')?.0.parse().ok();
    let quoted = text.split('“').skip(1).filter_map(|rest| rest.split_once('”'));
    quoted.filter_map(|(quote, after)| Some((quote, turn_of(after)?))).collect()
}

/// The text without what is quoted in it.
fn without_quotes(text: &str) -> String {
    let mut pieces = text.split('“');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| all + piece.split_once('”').map_or("", |(_, after)| after))
}

#[test]
fn feedback_and_suggestions_are_at_most_five_sentences() {
    for (_, assessment) in assessed() {
        for text in [&assessment.feedback, &assessment.improvement_suggestions] {
            let own = without_quotes(text);
            assert!(own.split(". ").count() <= 5 && own.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn quotes_are_verbatim_and_in_the_turn_they_name() {
    for (call, assessment) in assessed() {
        let reasons = assessment.criteria.iter().map(|assessed| assessed.reason.as_str());
        let texts = [assessment.feedback.as_str(), &assessment.improvement_suggestions];
        for (quote, turn) in reasons.chain(texts).flat_map(quotes) {
            assert!(call.transcript[turn].text.contains(quote), "{quote:?} in turn {turn}");
        }
    }
}

#[test]
fn nothing_is_said_against_what_was_measured() {
    let claims = |assessment: &Assessment, claim: &str| {
        let reasons = assessment.criteria.iter().map(|assessed| assessed.reason.as_str());
        reasons.chain([assessment.feedback.as_str()]).any(|text| text.contains(claim))
    };
    let mut interrupted = 0;
    for (_, assessment) in assessed() {
        let interrupts = claims(&assessment, "begins to speak before the customer has ended");
        interrupted += usize::from(interrupts);
        assert!(!interrupts || assessment.conversation.interruptions_by_agent > Some(0), "{assessment:?}");
    }
    assert!(interrupted > 0);
}

#[test]
fn no_sentence_and_no_quote_stands_under_two_criteria() {
    for (_, assessment) in assessed() {
        let mut turns = BTreeSet::new();
        for assessed in &assessment.criteria {
            for evidence in &assessed.evidence {
                assert!(turns.insert(evidence.turn), "{assessment:?}");
            }
        }
        let reasons: Vec<&str> =
            assessment.criteria.iter().filter(|one| one.score.is_some()).map(|one| one.reason.as_str()).collect();
        let different: BTreeSet<&str> = reasons.iter().copied().collect();
        assert_eq!(reasons.len(), different.len(), "{assessment:?}");
    }
}
