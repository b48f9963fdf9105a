//! Signals that lie between the two sides: what one says, and what the other makes of it.

use domain::Role;

use super::observations::{Observation, Observations, as_much_in};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::{ramp, to_f64};
use crate::utterance::Utterance;

/// An acknowledgement stands among the first words of an answer.
const FIRST_WORDS: usize = 3;
/// With this sentiment somebody is in distress.
const DISTRESS: f64 = -2.5;

/// Observes the signals between the sides.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    listening(observations, dialogue);
    let met_distress = |said: &Utterance, answer: &Utterance| {
        let kind = [PhraseTag::Empathy, PhraseTag::Apology, PhraseTag::Warmth];
        kind.iter().any(|tag| answer.has(*tag)) || takes_up_circumstance(said, answer)
    };
    met_or_ignored(observations, dialogue, [Signal::MeetsDistress, Signal::IgnoresDistress], distress, met_distress);
    let objects = |said: &Utterance| said.first(PhraseTag::Objection).filter(|_| !said.has(PhraseTag::NothingElse));
    met_or_ignored(observations, dialogue, [Signal::MeetsObjection, Signal::IgnoresObjection], objects, has_substance);
    insists(observations, dialogue);
    negations(observations, dialogue);
    refusals(observations, dialogue);
    apologies(observations, dialogue);
}

/// Whether answers begin with an acknowledgement, and whether they speak of what the customer spoke of.
fn listening(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut acknowledged, mut taken_up) = (Vec::new(), Vec::new());
    let (mut answers, mut occasions) = (0, 0);
    for (said, answer) in dialogue.replies_of(Role::Agent) {
        answers += 1;
        let start = answer.words.start;
        acknowledged.extend(answer.first(PhraseTag::Acknowledgement).filter(|word| *word < start + FIRST_WORDS));
        if !said.keywords.is_empty() {
            occasions += 1;
            taken_up.extend(answer.shared_with(said).min());
        }
    }
    let observation = |words: Vec<usize>, of: usize, full: f64| {
        let level = ramp(to_f64(words.len()) / to_f64(of).max(1.0), 0.0, full);
        Observation { level, count: words.len(), words }
    };
    observations.set(Signal::Acknowledges, observation(acknowledged, answers, 0.5));
    observations.set(Signal::TakesUp, observation(taken_up, occasions, 0.6));
}

/// Where the customer shows a feeling that wants to be noticed.
fn distress(said: &Utterance) -> Option<usize> {
    let unhappy =
        (said.sentiment() <= DISTRESS).then(|| said.phrases.iter().find(|phrase| phrase.sentiment < 0.0)).flatten();
    let circumstance = said.first(PhraseTag::LifeEvent);
    let complaint = said.first(PhraseTag::Complaint).filter(|_| said.sentiment() < 0.0);
    complaint.or(unhappy.map(|phrase| phrase.word)).or(circumstance)
}

/// An objection is met by asking back, by another proposal or by a reason.
fn has_substance(_: &Utterance, answer: &Utterance) -> bool {
    let says_more = [PhraseTag::Proposal, PhraseTag::Empathy, PhraseTag::Signpost, PhraseTag::Ownership];
    let turns_away =
        answer.has(PhraseTag::Dismissal) || answer.has(PhraseTag::Rudeness) || answer.has(PhraseTag::Blame);
    let turns_away = turns_away || answer.has(PhraseTag::SalesPressure) && !answer.has(PhraseTag::Empathy);
    !turns_away
        && !answer.has(PhraseTag::Vagueness)
        && (!answer.questions.is_empty() || says_more.iter().any(|tag| answer.has(*tag)))
}

/// Reads how often the agent meets what the customer shows, and how often not; a call that ends on it did not.
fn met_or_ignored(
    observations: &mut Observations,
    dialogue: &Dialogue,
    [when_met, when_not]: [Signal; 2],
    shows: impl Fn(&Utterance) -> Option<usize>,
    is_met: impl Fn(&Utterance, &Utterance) -> bool,
) {
    let (mut met, mut unmet) = (Vec::new(), Vec::new());
    for (index, said) in dialogue.utterances.iter().enumerate().filter(|(_, said)| said.role == Role::Customer) {
        if let Some(word) = shows(said) {
            match dialogue.utterances.get(index + 1) {
                Some(answer) if is_met(said, answer) => met.push(answer.words.start),
                _ => unmet.push(word),
            }
        }
    }
    observations.set(when_met, Observation::of_words(met, 2.0));
    observations.set(when_not, Observation::of_words(unmet, 2.0));
}

/// Whether the answer speaks of the circumstance of life that the customer told.
fn takes_up_circumstance(said: &Utterance, answer: &Utterance) -> bool {
    let told = said.phrases.iter().filter(|phrase| phrase.tags.has(PhraseTag::LifeEvent));
    let told: Vec<usize> = told.map(|phrase| phrase.word).collect();
    said.shared_with(answer).any(|word| told.contains(&word))
}

/// Doubts and refusals that are answered with praise or pressure.
fn insists(observations: &mut Observations, dialogue: &Dialogue) {
    let doubts =
        [PhraseTag::Objection, PhraseTag::Rejection, PhraseTag::GivingUp, PhraseTag::Contrast, PhraseTag::Negation];
    let doubted = dialogue.replies_of(Role::Agent).filter(|(said, _)| doubts.iter().any(|tag| said.has(*tag)));
    let words = doubted.filter_map(|(_, answer)| answer.first(PhraseTag::SalesPressure)).collect();
    observations.set(Signal::Insists, Observation::of_words(words, 1.5));
}

/// The customer's negatives, but for those of the first words, which say what is wrong, and those that say that nothing is left.
fn negations(observations: &mut Observations, dialogue: &Dialogue) {
    let words: Vec<usize> = dialogue
        .replies_of(Role::Customer)
        .skip(1)
        .filter(|(asked, said)| !asked.has(PhraseTag::FurtherHelpOffer) && !said.has(PhraseTag::NothingElse))
        .flat_map(|(_, said)| said.phrases.iter().filter(|phrase| phrase.tags.has(PhraseTag::Negation)).take(2))
        .map(|phrase| phrase.word)
        .collect();
    let full = as_much_in(dialogue.said_by(Role::Customer).count(), 6.0);
    observations.set(Signal::CustomerNegates, Observation::of_words(words, full));
}

/// Whether a "no" comes with another way.
fn refusals(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut softened, mut flat) = (Vec::new(), Vec::new());
    for said in dialogue.said_by(Role::Agent) {
        if let Some(refusal) = said.first(PhraseTag::Refusal) {
            if said.has_alternative(refusal) { softened.push(refusal) } else { flat.push(refusal) }
        }
    }
    observations.set(Signal::OffersAlternative, Observation::of_words(softened, 2.0));
    observations.set(Signal::RefusesFlatly, Observation::of_words(flat, 2.0));
}

/// An apology for the customer's trouble is empathy, and one that comes with what the agent does about it is service; any
/// other shows that something went wrong.
fn apologies(observations: &mut Observations, dialogue: &Dialogue) {
    let is_owned = |answer: &Utterance| {
        answer.has(PhraseTag::Empathy) || answer.has(PhraseTag::Ownership) && !answer.has(PhraseTag::Refusal)
    };
    let own_trouble =
        dialogue.replies_of(Role::Agent).filter(|(said, answer)| distress(said).is_none() && !is_owned(answer));
    let words: Vec<usize> = own_trouble.filter_map(|(_, answer)| answer.first(PhraseTag::Apology)).collect();
    let level = ramp(to_f64(words.len()), 0.0, 3.0);
    observations.set(Signal::Apologises, Observation { level, count: words.len(), words });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support::turns_of;

    fn found(turns: &[(&str, &str)], signal: Signal) -> Vec<usize> {
        turns_of(observe, turns, signal)
    }

    #[test]
    fn taking_up_shows_at_the_word_that_was_taken_up() {
        let turns =
            [("customer", "i lost my luggage"), ("agent", "okay"), ("agent", "what does the luggage look like")];
        assert_eq!(found(&turns, Signal::TakesUp), [2]);
        assert_eq!(found(&turns, Signal::Acknowledges), [1]);
    }

    #[test]
    fn distress_is_met_or_ignored() {
        let upset = ("customer", "this is so frustrating");
        assert_eq!(found(&[upset, ("agent", "i am sorry about that")], Signal::MeetsDistress), [1]);
        assert_eq!(found(&[upset, ("agent", "account number")], Signal::IgnoresDistress), [0]);
        assert_eq!(found(&[upset], Signal::IgnoresDistress), [0]);
        assert!(found(&[("customer", "this is lovely"), ("agent", "good")], Signal::IgnoresDistress).is_empty());
    }

    #[test]
    fn objections_want_substance() {
        let objects = ("customer", "that is too expensive");
        assert_eq!(found(&[objects, ("agent", "what would fit your budget")], Signal::MeetsObjection), [1]);
        assert_eq!(found(&[objects, ("agent", "take it or leave it")], Signal::IgnoresObjection), [0]);
    }

    #[test]
    fn apologies_for_the_customers_trouble_do_not_count() {
        let sorry = [("customer", "a room please"), ("agent", "sorry that failed")];
        assert_eq!(found(&[sorry, sorry].concat(), Signal::Apologises), [1, 3]);
        let upset = [("customer", "this is so frustrating"), ("agent", "i am sorry about that")];
        assert!(found(&[upset, upset].concat(), Signal::Apologises).is_empty());
        let owned = [("customer", "a room please"), ("agent", "sorry that was our mistake i will put it right")];
        assert!(found(&owned, Signal::Apologises).is_empty());
    }

    #[test]
    fn a_no_comes_with_another_way_or_without() {
        let with = [("agent", "unfortunately monday is full how about tuesday")];
        let without = [("agent", "unfortunately monday is full")];
        assert_eq!(found(&with, Signal::OffersAlternative), [0]);
        assert_eq!(found(&without, Signal::RefusesFlatly), [0]);
        assert!(
            found(&with, Signal::RefusesFlatly).is_empty() && found(&without, Signal::OffersAlternative).is_empty()
        );
    }

    #[test]
    fn a_circumstance_wants_to_be_taken_up() {
        let told = ("customer", "it is for my wedding on saturday");
        assert_eq!(found(&[told, ("agent", "your wedding okay")], Signal::MeetsDistress), [1]);
        assert_eq!(found(&[told, ("agent", "account number")], Signal::IgnoresDistress), [0]);
    }

    #[test]
    fn praise_and_pressure_answer_no_doubt() {
        let doubts = ("customer", "i am not sure about that");
        let insists = [doubts, ("agent", "trust me everyone loves it")];
        assert_eq!(found(&insists, Signal::Insists), [1]);
        assert!(found(&insists, Signal::MeetsObjection).is_empty());
        assert!(found(&[doubts, ("agent", "what would help you decide")], Signal::Insists).is_empty());
    }
}
