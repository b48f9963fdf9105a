//! Signals of pairs of utterances: what one side says, and how the other side replies to it.

use domain::Role;

use super::observations::{Observation, Observations, as_much_in};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::{ramp, to_f64};
use crate::utterance::Utterance;

/// An acknowledgement is among this many first words of a reply.
const OPENING_WORDS: usize = 3;
/// The customer is in distress when the sentiment of an utterance is at most this.
const DISTRESS: f64 = -2.5;

/// Observes the signals of pairs of utterances.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    listening(observations, dialogue);
    let addresses_distress = |said: &Utterance, reply: &Utterance| {
        let kind = [PhraseTag::Empathy, PhraseTag::Apology, PhraseTag::Warmth];
        kind.iter().any(|tag| reply.has(*tag)) || mentions_life_event(said, reply)
    };
    addressed_or_ignored(
        observations,
        dialogue,
        [Signal::AddressesDistress, Signal::IgnoresDistress],
        distress,
        addresses_distress,
    );
    let objects = |said: &Utterance| said.first(PhraseTag::Objection).filter(|_| !said.has(PhraseTag::NothingElse));
    addressed_or_ignored(
        observations,
        dialogue,
        [Signal::AddressesObjection, Signal::IgnoresObjection],
        objects,
        has_substance,
    );
    sales_pressure(observations, dialogue);
    negations(observations, dialogue);
    refusals(observations, dialogue);
    apologies(observations, dialogue);
}

/// Whether replies begin with an acknowledgement, and whether they share keywords with what the customer said.
fn listening(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut acknowledged, mut echoed) = (Vec::new(), Vec::new());
    let (mut replies, mut occasions) = (0, 0);
    for (said, reply) in dialogue.replies_of(Role::Agent) {
        replies += 1;
        let start = reply.words.start;
        acknowledged.extend(reply.first(PhraseTag::Acknowledgement).filter(|word| *word < start + OPENING_WORDS));
        if !said.keywords.is_empty() {
            occasions += 1;
            echoed.extend(reply.shared_with(said).min());
        }
    }
    let observation = |words: Vec<usize>, of: usize, full: f64| {
        let level = ramp(to_f64(words.len()) / to_f64(of).max(1.0), 0.0, full);
        Observation { level, count: words.len(), words }
    };
    observations.set(Signal::Acknowledges, observation(acknowledged, replies, 0.5));
    observations.set(Signal::EchoesCustomer, observation(echoed, occasions, 0.6));
}

/// The word with which the customer shows a feeling that the agent should address.
fn distress(said: &Utterance) -> Option<usize> {
    let unhappy =
        (said.sentiment() <= DISTRESS).then(|| said.phrases.iter().find(|phrase| phrase.sentiment < 0.0)).flatten();
    let circumstance = said.first(PhraseTag::LifeEvent);
    let complaint = said.first(PhraseTag::Complaint).filter(|_| said.sentiment() < 0.0);
    complaint.or(unhappy.map(|phrase| phrase.word)).or(circumstance)
}

/// Whether the reply addresses an objection: with a question, another proposal or a reason.
fn has_substance(_: &Utterance, reply: &Utterance) -> bool {
    let says_more = [PhraseTag::Proposal, PhraseTag::Empathy, PhraseTag::Signpost, PhraseTag::Ownership];
    let turns_away = reply.has(PhraseTag::Dismissal) || reply.has(PhraseTag::Rudeness) || reply.has(PhraseTag::Blame);
    let turns_away = turns_away || reply.has(PhraseTag::SalesPressure) && !reply.has(PhraseTag::Empathy);
    !turns_away
        && !reply.has(PhraseTag::Vagueness)
        && (!reply.questions.is_empty() || says_more.iter().any(|tag| reply.has(*tag)))
}

/// Observes how often the agent addresses what the customer shows, and how often not. What ends a call was not
/// addressed.
fn addressed_or_ignored(
    observations: &mut Observations,
    dialogue: &Dialogue,
    [when_addressed, when_not]: [Signal; 2],
    shows: impl Fn(&Utterance) -> Option<usize>,
    is_addressed: impl Fn(&Utterance, &Utterance) -> bool,
) {
    let (mut addressed, mut ignored) = (Vec::new(), Vec::new());
    for (index, said) in dialogue.utterances.iter().enumerate().filter(|(_, said)| said.role == Role::Customer) {
        if let Some(word) = shows(said) {
            match dialogue.utterances.get(index + 1) {
                Some(reply) if is_addressed(said, reply) => addressed.push(reply.words.start),
                _ => ignored.push(word),
            }
        }
    }
    observations.set(when_addressed, Observation::of_words(addressed, 2.0));
    observations.set(when_not, Observation::of_words(ignored, 2.0));
}

/// Whether the reply mentions an event in the customer's life that the customer told.
fn mentions_life_event(said: &Utterance, reply: &Utterance) -> bool {
    let told = said.phrases.iter().filter(|phrase| phrase.tags.has(PhraseTag::LifeEvent));
    let told: Vec<usize> = told.map(|phrase| phrase.word).collect();
    said.shared_with(reply).any(|word| told.contains(&word))
}

/// Doubts and refusals to which the agent replies with sales pressure.
fn sales_pressure(observations: &mut Observations, dialogue: &Dialogue) {
    let doubts =
        [PhraseTag::Objection, PhraseTag::Rejection, PhraseTag::GivingUp, PhraseTag::Contrast, PhraseTag::Negation];
    let doubted = dialogue.replies_of(Role::Agent).filter(|(said, _)| doubts.iter().any(|tag| said.has(*tag)));
    let words = doubted.filter_map(|(_, reply)| reply.first(PhraseTag::SalesPressure)).collect();
    observations.set(Signal::PressuresCustomer, Observation::of_words(words, 1.5));
}

/// The customer's negations, except those in the first reply, which say what is wrong, and those that say that nothing
/// else is needed.
fn negations(observations: &mut Observations, dialogue: &Dialogue) {
    let words: Vec<usize> = dialogue
        .replies_of(Role::Customer)
        .skip(1)
        .filter(|(asked, said)| !asked.has(PhraseTag::FurtherHelpOffer) && !said.has(PhraseTag::NothingElse))
        .flat_map(|(_, said)| said.phrases.iter().filter(|phrase| phrase.tags.has(PhraseTag::Negation)).take(2))
        .map(|phrase| phrase.word)
        .collect();
    let full = as_much_in(dialogue.said_by(Role::Customer).count(), 6.0);
    observations.set(Signal::CustomerUsesNegations, Observation::of_words(words, full));
}

/// Whether a refusal comes with an alternative.
fn refusals(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut with_alternative, mut without_alternative) = (Vec::new(), Vec::new());
    for said in dialogue.said_by(Role::Agent) {
        if let Some(refusal) = said.first(PhraseTag::Refusal) {
            if said.has_alternative(refusal) {
                with_alternative.push(refusal);
            } else {
                without_alternative.push(refusal);
            }
        }
    }
    observations.set(Signal::OffersAlternative, Observation::of_words(with_alternative, 2.0));
    observations.set(Signal::RefusesWithoutAlternative, Observation::of_words(without_alternative, 2.0));
}

/// Apologies that show that something went wrong. An apology for the customer's distress is empathy, and one that comes
/// with what the agent does about it is service; neither counts here.
fn apologies(observations: &mut Observations, dialogue: &Dialogue) {
    let is_owned = |reply: &Utterance| {
        reply.has(PhraseTag::Empathy) || reply.has(PhraseTag::Ownership) && !reply.has(PhraseTag::Refusal)
    };
    let own_trouble =
        dialogue.replies_of(Role::Agent).filter(|(said, reply)| distress(said).is_none() && !is_owned(reply));
    let words: Vec<usize> = own_trouble.filter_map(|(_, reply)| reply.first(PhraseTag::Apology)).collect();
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
    fn an_echo_shows_at_the_word_that_was_said_before() {
        let turns =
            [("customer", "i lost my luggage"), ("agent", "okay"), ("agent", "what does the luggage look like")];
        assert_eq!(found(&turns, Signal::EchoesCustomer), [2]);
        assert_eq!(found(&turns, Signal::Acknowledges), [1]);
    }

    #[test]
    fn distress_is_addressed_or_ignored() {
        let upset = ("customer", "this is so frustrating");
        assert_eq!(found(&[upset, ("agent", "i am sorry about that")], Signal::AddressesDistress), [1]);
        assert_eq!(found(&[upset, ("agent", "account number")], Signal::IgnoresDistress), [0]);
        assert_eq!(found(&[upset], Signal::IgnoresDistress), [0]);
        assert!(found(&[("customer", "this is lovely"), ("agent", "good")], Signal::IgnoresDistress).is_empty());
    }

    #[test]
    fn objections_are_addressed_with_substance() {
        let objects = ("customer", "that is too expensive");
        assert_eq!(found(&[objects, ("agent", "what would fit your budget")], Signal::AddressesObjection), [1]);
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
    fn a_refusal_comes_with_an_alternative_or_without() {
        let with = [("agent", "unfortunately monday is full how about tuesday")];
        let without = [("agent", "unfortunately monday is full")];
        assert_eq!(found(&with, Signal::OffersAlternative), [0]);
        assert_eq!(found(&without, Signal::RefusesWithoutAlternative), [0]);
        assert!(
            found(&with, Signal::RefusesWithoutAlternative).is_empty()
                && found(&without, Signal::OffersAlternative).is_empty()
        );
    }

    #[test]
    fn a_life_event_should_be_mentioned() {
        let told = ("customer", "it is for my wedding on saturday");
        assert_eq!(found(&[told, ("agent", "your wedding okay")], Signal::AddressesDistress), [1]);
        assert_eq!(found(&[told, ("agent", "account number")], Signal::IgnoresDistress), [0]);
    }

    #[test]
    fn praise_and_pressure_do_not_address_a_doubt() {
        let doubts = ("customer", "i am not sure about that");
        let sales_pressure = [doubts, ("agent", "trust me everyone loves it")];
        assert_eq!(found(&sales_pressure, Signal::PressuresCustomer), [1]);
        assert!(found(&sales_pressure, Signal::AddressesObjection).is_empty());
        assert!(found(&[doubts, ("agent", "what would help you decide")], Signal::PressuresCustomer).is_empty());
    }
}
