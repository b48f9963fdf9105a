//! Signals of what has to be said twice: a side repeats itself, or the customer corrects what the agent understood.

use std::collections::VecDeque;

use domain::Role;

use super::observations::{Observation, Observations, as_much_in};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::to_f64;
use crate::utterance::Utterance;

/// An utterance is compared with this many earlier ones of its speaker: people repeat a request soon.
const COMPARED_UTTERANCES: usize = 5;
/// An utterance with fewer keywords than this is no request that could be repeated.
const FEWEST_KEYWORDS: usize = 2;
/// Two utterances that share at least this fraction of their keywords say the same.
const SAME_REQUEST: f64 = 0.6;
/// What is said so many times is a loop.
const LOOP: usize = 3;
/// A correction has at least this many words.
const CORRECTION_WORDS: usize = 4;

/// Observes the signals of what is said twice.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    observations.set(Signal::AgentRepeats, Observation::of_words(repetitions(dialogue, Role::Agent), 2.0));
    let corrections = corrections(dialogue);
    let mut repeated = repetitions(dialogue, Role::Customer);
    repeated.extend(dialogue.said_by(Role::Customer).filter_map(|said| said.first(PhraseTag::Reiteration)));
    repeated.extend(repeated_corrections(dialogue, &corrections));
    repeated.sort_unstable();
    let own: Vec<&Utterance> = dialogue.said_by(Role::Customer).collect();
    repeated.dedup_by_key(|word| own.partition_point(|said| said.words.end <= *word));
    observations.set(Signal::CustomerRepeats, Observation::of_words(repeated, 3.0));
    observations.set(Signal::CustomerCorrects, Observation::of_words(corrections, as_much_in(own.len(), 2.5)));
}

/// Where a side says again what it said shortly before. Agreeing in the same words is no repetition.
fn repetitions(dialogue: &Dialogue, role: Role) -> Vec<usize> {
    let mut recent: VecDeque<&Utterance> = VecDeque::new();
    let mut repetitions = Vec::new();
    for said in dialogue.said_by(role).filter(|said| said.keywords.len() >= FEWEST_KEYWORDS) {
        let agreeing = match role {
            Role::Agent => [PhraseTag::Completion, PhraseTag::ReadBack],
            _ => [PhraseTag::Acceptance, PhraseTag::Thanks],
        };
        let agrees = agreeing.iter().any(|tag| said.has(*tag));
        let mut same = recent.iter().filter(|earlier| similarity(earlier, said) >= SAME_REQUEST);
        // The third time it is a loop, whatever it says.
        let counts = if agrees { same.clone().count() + 1 >= LOOP } else { true };
        if let Some(earlier) = same.next().filter(|_| counts) {
            repetitions.extend(said.shared_with(earlier).min());
        }
        recent.push_back(said);
        if recent.len() > COMPARED_UTTERANCES {
            recent.pop_front();
        }
    }
    repetitions
}

/// The fraction of their keywords that two utterances share, from 0 to 1 (Jaccard's index).
fn similarity(a: &Utterance, b: &Utterance) -> f64 {
    let shared = a.shared_with(b).count();
    to_f64(shared) / to_f64(a.keywords.len() + b.keywords.len() - shared).max(1.0)
}

/// Where the customer corrects something: with a phrase of correction, or with a "no" to what was no question.
fn corrections(dialogue: &Dialogue) -> Vec<usize> {
    let phrases = dialogue.said_by(Role::Customer).flat_map(|said| &said.phrases);
    let mut words: Vec<usize> =
        phrases.filter(|phrase| phrase.tags.has(PhraseTag::Correction)).map(|phrase| phrase.word).collect();
    let told = dialogue.replies_of(Role::Customer).filter(|(asked, said)| {
        let is_free = asked.questions.is_empty() && !asked.has(PhraseTag::Proposal);
        is_free && !said.has(PhraseTag::NothingElse) && said.words.len() >= CORRECTION_WORDS
    });
    let opening = |said: &Utterance| said.first(PhraseTag::Negation).filter(|word| *word == dialogue.opening(said));
    words.extend(told.filter_map(|(_, said)| opening(said)));
    words.sort_unstable();
    words.dedup();
    words
}

/// The corrections that repeat what the customer had said before.
fn repeated_corrections<'c>(dialogue: &'c Dialogue, corrections: &'c [usize]) -> impl Iterator<Item = usize> + 'c {
    let own: Vec<&Utterance> = dialogue.said_by(Role::Customer).collect();
    corrections.iter().copied().filter(move |word| {
        let at = own.partition_point(|said| said.words.end <= *word);
        let mut recent = own.iter().take(at).rev().take(COMPARED_UTTERANCES);
        let again = |said: &Utterance, earlier: &Utterance| said.shared_with(earlier).count() >= FEWEST_KEYWORDS;
        own.get(at).is_some_and(|said| recent.any(|earlier| again(said, earlier)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support::turns_of;

    fn found(turns: &[(&str, &str)], signal: Signal) -> Vec<usize> {
        turns_of(observe, turns, signal)
    }

    #[test]
    fn saying_the_same_again_soon_is_a_repetition() {
        let request = ("customer", "please refund the second charge");
        let again = ("customer", "i want the second charge refund");
        assert_eq!(found(&[request, ("agent", "what"), again], Signal::CustomerRepeats), [2]);
        assert!(
            found(&[request, ("agent", "what"), ("customer", "my number is 48213")], Signal::CustomerRepeats)
                .is_empty()
        );
        assert_eq!(found(&[("customer", "as i said"), ("agent", "okay")], Signal::CustomerRepeats), [0]);
        let agrees = ("customer", "perfect that second charge is right");
        assert!(found(&[agrees, ("agent", "and this one"), agrees], Signal::CustomerRepeats).is_empty());
    }

    #[test]
    fn machines_that_loop_are_found_in_any_transcript() {
        let menu = "for tickets press one for the museum shop press two for lost property press three";
        let raw =
            [("agent", menu), ("customer", "a person please"), ("agent", menu), ("customer", "hello"), ("agent", menu)];
        assert_eq!(found(&raw, Signal::AgentRepeats), [2, 4]);
        let status = "Your bicycle order has been dispatched. Is there anything else?";
        let punctuated = [
            ("agent", status),
            ("customer", "It came with one pedal."),
            ("agent", "I see. Your bicycle order has been dispatched. Is there anything else?"),
            ("customer", "One pedal!"),
            ("agent", status),
        ];
        assert_eq!(found(&punctuated, Signal::AgentRepeats), [4]);
        assert!(found(&punctuated[..3], Signal::AgentRepeats).is_empty());
        let moves_on = [
            ("agent", "for the tour of the brewery press one"),
            ("customer", "one"),
            ("agent", "for saturday press one for sunday press two"),
            ("customer", "two"),
            ("agent", "how many people will come along"),
        ];
        assert!(found(&moves_on, Signal::AgentRepeats).is_empty());
    }

    #[test]
    fn a_no_to_what_was_no_question_is_a_correction() {
        let wrong = ("agent", "okay the grey one is on its way");
        assert_eq!(found(&[wrong, ("customer", "um no the black one")], Signal::CustomerCorrects), [1]);
        assert!(found(&[wrong, ("customer", "no")], Signal::CustomerCorrects).is_empty());
        let asked = ("agent", "do you want the grey one");
        assert!(found(&[asked, ("customer", "no the black one")], Signal::CustomerCorrects).is_empty());
    }

    #[test]
    fn a_correction_of_what_was_said_before_is_a_repetition() {
        let asked = ("customer", "no dumplings and no soup came");
        let turns = [asked, ("agent", "so the noodles are missing"), ("customer", "no the dumplings and the soup")];
        assert_eq!(found(&turns, Signal::CustomerRepeats), [2]);
    }
}
