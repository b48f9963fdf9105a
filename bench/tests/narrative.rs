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
fn calls_are_told_apart_even_where_they_differ_in_one_thing() {
    let assessed = assessed();
    let told: BTreeSet<_> =
        assessed.iter().map(|(_, assessment)| (&assessment.feedback, &assessment.improvement_suggestions)).collect();
    let alike = assessed.len() - told.len();
    assert!(100 * alike <= 3 * assessed.len(), "{alike} of {}", assessed.len());
}

#[test]
fn nothing_is_said_against_what_was_measured() {
    let claims = |assessment: &Assessment, claim: &str| {
        let reasons = assessment.criteria.iter().map(|assessed| assessed.reason.as_str());
        reasons.chain([assessment.feedback.as_str()]).any(|text| text.contains(claim))
    };
    let mut interrupted = 0;
    for (_, assessment) in assessed() {
        let measured = &assessment.conversation;
        let interrupts = claims(&assessment, "The agent interrupts the customer");
        interrupted += usize::from(interrupts);
        assert!(!interrupts || measured.interruptions_by_agent > Some(0), "{assessment:?}");
        assert!(!claims(&assessment, "percent of the talking") || measured.agent_talk_ratio > Some(0.74));
        let asks_nothing = claims(&assessment, "asks the customer nothing about the matter");
        assert!(!(asks_nothing && claims(&assessment, "asks for what is needed")), "{assessment:?}");
        let pleased = claims(&assessment, "sounds content towards the end");
        assert!(!(pleased && claims(&assessment, "sounds unhappy towards the end")), "{assessment:?}");
        let done = claims(&assessment, "it is done:");
        assert!(!(done && claims(&assessment, "leaves the customer with a no")), "{assessment:?}");
    }
    assert!(interrupted > 0);
}
