//! Missed opportunities: what the agent could have done and did not. They are suggested only where nothing went wrong
//! and the call could still be better.
//!
//! **Invariant:** each suggestion is one sentence and quotes the words at which it would have fitted.

use domain::{Criterion, Evidence, Role, Suggestion};

use super::narrative::cited;
use super::observations::Observations;
use super::scorecard::SCORECARD;
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::rubric::RubricEntry;

/// The moment of a call at which something would have fitted.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The agent's reply to the customer's longest utterance.
    LongestReply,
    /// The agent's last utterance.
    Closing,
}
use Moment::{Closing, LongestReply};

/// What could have been done, when, and how to say it.
const OPPORTUNITIES: &[(Signal, Moment, &str)] = &[
    (
        Signal::Acknowledges,
        LongestReply,
        "Begin {quote} with a word on what you heard, for example “I see, thank you for telling me”.",
    ),
    (
        Signal::EchoesCustomer,
        LongestReply,
        "Take up the customer's own words in {quote}, for example “You mentioned that, so let us begin there”.",
    ),
    (
        Signal::ReadsBack,
        LongestReply,
        "Check what you understood before {quote}, for example “Just to confirm that I have this right”.",
    ),
    (
        Signal::TakesOwnership,
        LongestReply,
        "Say with {quote} what you yourself will do, for example “Let me take care of that for you”.",
    ),
    (
        Signal::Signposts,
        LongestReply,
        "Say with {quote} what happens next and why, for example “First I check this, then we settle the rest”.",
    ),
    (
        Signal::CompletesRequest,
        Closing,
        "Before {quote}, say what has been done, for example “That is all set, here is your confirmation”.",
    ),
    (
        Signal::OffersFurtherHelp,
        Closing,
        "Before {quote}, ask whether anything is left, for example “Is there anything else I can help you with?”.",
    ),
    (
        Signal::AddsPersonalNote,
        Closing,
        "Add a personal note to {quote}, for example “I am glad I could help, I hope it goes well”.",
    ),
];

/// The suggestions that would raise the total most: at most `most` of them, each for another turn.
pub(super) fn suggestions(observations: &Observations, dialogue: &Dialogue, most: usize) -> Vec<Suggestion> {
    let mut missed: Vec<(f64, Criterion, Moment, &str)> = OPPORTUNITIES
        .iter()
        .filter(|(signal, ..)| observations.get(*signal).words.is_empty())
        .filter_map(|(signal, moment, text)| {
            potential_gain(*signal).map(|(points, criterion)| (points, criterion, *moment, *text))
        })
        .collect();
    missed.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for (_, criterion, moment, text) in missed {
        let shown =
            quote_at(moment, dialogue).filter(|shown| suggestions.iter().all(|known| known.turn != Some(shown.turn)));
        if let Some(shown) = shown.filter(|_| suggestions.len() < most) {
            let text = text.replace("{quote}", &cited(&shown));
            suggestions.push(Suggestion { criterion, text, turn: Some(shown.turn) });
        }
    }
    suggestions
}

/// What a signal could add to the total, and the criterion through which it would add most.
fn potential_gain(signal: Signal) -> Option<(f64, Criterion)> {
    let weighted = |criterion: Criterion, points: f64| points * f64::from(RubricEntry::of(criterion).weight);
    let gains =
        SCORECARD.iter().filter_map(|row| Some((weighted(row.criterion, row.points_of(signal)?), row.criterion)));
    let total = gains.clone().map(|(points, _)| points).sum();
    gains.reduce(|best, gain| if gain.0 > best.0 { gain } else { best }).map(|(_, criterion)| (total, criterion))
}

fn quote_at(moment: Moment, dialogue: &Dialogue) -> Option<Evidence> {
    let said = match moment {
        LongestReply => {
            dialogue.replies_of(Role::Agent).max_by_key(|(said, _)| said.words.len()).map(|(_, reply)| reply)
        }
        Closing => dialogue.said_by(Role::Agent).next_back(),
    };
    dialogue.quote(said?.words.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_calls::untimed;

    #[test]
    fn missed_opportunities_are_suggested_where_they_would_have_fitted() {
        let call =
            untimed(&[("customer", "my card was stolen in the city"), ("agent", "number"), ("customer", "48213")]);
        let proposed = suggestions(&Observations::nothing(), &Dialogue::of(&call), 4);
        assert_eq!(proposed.len(), 1);
        assert!(proposed[0].turn == Some(1) && proposed[0].text.contains("“number” (turn 1)"), "{proposed:?}");
    }

    #[test]
    fn every_missed_opportunity_is_one_sentence_about_a_gain() {
        for (signal, _, text) in OPPORTUNITIES {
            assert!(potential_gain(*signal).is_some_and(|(points, _)| points > 0.0), "{signal:?}");
            assert!(text.matches("{quote}").count() == 1 && !text.contains(". ") && text.ends_with('.'), "{text}");
        }
    }
}
