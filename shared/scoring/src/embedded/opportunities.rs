//! What the agent did not do and could have done. It comes after what went wrong, for calls that could be better though
//! nothing in them is bad.
//!
//! **Invariant:** each proposal is one sentence and names the words at which it would have fitted.

use domain::{Criterion, Evidence, Role, Suggestion};

use super::criteria::RULES;
use super::prose::cited;
use super::signals::{Readings, Signal};
use crate::dialogue::Dialogue;
use crate::rubric::RUBRIC;

/// Where in the call something would have fitted.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// At the agent's answer to what the customer said at most length.
    Answer,
    /// At the agent's last words.
    Close,
}
use Place::{Answer, Close};

/// What could be shown, where, and how to say it.
const OPPORTUNITIES: &[(Signal, Place, &str)] = &[
    (
        Signal::Acknowledges,
        Answer,
        "Begin {quote} with a word on what you heard, for example “I see, thank you for telling me”.",
    ),
    (
        Signal::TakesUp,
        Answer,
        "Take up the customer's own words in {quote}, for example “You mentioned that, so let us begin there”.",
    ),
    (
        Signal::ReadsBack,
        Answer,
        "Check what you understood before {quote}, for example “Just to confirm that I have this right”.",
    ),
    (
        Signal::TakesOwnership,
        Answer,
        "Say with {quote} what you yourself will do, for example “Let me take care of that for you”.",
    ),
    (
        Signal::Signposts,
        Answer,
        "Say with {quote} what happens next and why, for example “First I check this, then we settle the rest”.",
    ),
    (
        Signal::Delivers,
        Close,
        "Before {quote}, say what has been done, for example “That is all set, here is your confirmation”.",
    ),
    (
        Signal::OffersMore,
        Close,
        "Before {quote}, ask whether anything is left, for example “Is there anything else I can help you with?”.",
    ),
    (Signal::Warm, Close, "Add a personal note to {quote}, for example “I am glad I could help, I hope it goes well”."),
];

/// The proposals that would give the total most, at most so many of them and each for another turn.
pub(super) fn suggestions(readings: &Readings, dialogue: &Dialogue, most: usize) -> Vec<Suggestion> {
    let mut missed: Vec<(f64, Criterion, Place, &str)> = OPPORTUNITIES
        .iter()
        .filter(|(signal, ..)| readings.get(*signal).words.is_empty())
        .filter_map(|(signal, place, text)| {
            promise(*signal).map(|(points, criterion)| (points, criterion, *place, *text))
        })
        .collect();
    missed.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for (_, criterion, place, text) in missed {
        let shown =
            shown_at(place, dialogue).filter(|shown| suggestions.iter().all(|known| known.turn != Some(shown.turn)));
        if let Some(shown) = shown.filter(|_| suggestions.len() < most) {
            let text = text.replace("{quote}", &cited(&shown));
            suggestions.push(Suggestion { criterion, text, turn: Some(shown.turn) });
        }
    }
    suggestions
}

/// What a signal could give the total, and the criterion through which it would give most.
fn promise(signal: Signal) -> Option<(f64, Criterion)> {
    let weighted = |criterion: Criterion, points: f64| points * f64::from(RUBRIC[criterion as usize].weight);
    let gains =
        RULES.iter().filter_map(|rule| Some((weighted(rule.criterion, rule.points_of(signal)?), rule.criterion)));
    let total = gains.clone().map(|(points, _)| points).sum();
    gains.reduce(|best, gain| if gain.0 > best.0 { gain } else { best }).map(|(_, criterion)| (total, criterion))
}

fn shown_at(place: Place, dialogue: &Dialogue) -> Option<Evidence> {
    let said = match place {
        Answer => dialogue.replies_of(Role::Agent).max_by_key(|(said, _)| said.words.len()).map(|(_, answer)| answer),
        Close => dialogue.said_by(Role::Agent).next_back(),
    };
    dialogue.quote(said?.words.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_calls::untimed;

    #[test]
    fn what_was_not_done_is_proposed_where_it_would_have_fitted() {
        let call =
            untimed(&[("customer", "my card was stolen in the city"), ("agent", "number"), ("customer", "48213")]);
        let proposed = suggestions(&Readings::nothing(), &Dialogue::of(&call), 4);
        assert_eq!(proposed.len(), 1);
        assert!(proposed[0].turn == Some(1) && proposed[0].text.contains("“number” (turn 1)"), "{proposed:?}");
    }

    #[test]
    fn every_proposal_is_one_sentence_about_a_gain() {
        for (signal, _, text) in OPPORTUNITIES {
            assert!(promise(*signal).is_some_and(|(points, _)| points > 0.0), "{signal:?}");
            assert!(text.matches("{quote}").count() == 1 && !text.contains(". ") && text.ends_with('.'), "{text}");
        }
    }
}
