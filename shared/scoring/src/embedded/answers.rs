//! Signals of what becomes of the customer's questions: which are answered, and with what.

use domain::Role;

use super::observations::{Observation, Observations};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::to_f64;
use crate::utterance::Utterance;

/// Observes the signals of questions and answers.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    questions(observations, dialogue);
    precision(observations, dialogue);
}

/// Which of the customer's questions get an answer.
fn questions(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut answered, mut open) = (Vec::new(), Vec::new());
    for (index, said) in dialogue.utterances.iter().enumerate().filter(|(_, said)| said.role == Role::Customer) {
        if let Some(question) = said.questions.first() {
            match dialogue.utterances.get(index + 1) {
                Some(answer) if is_answer(answer) && !is_asked_again(said, dialogue.utterances.get(index + 2)) => {
                    answered.push(answer.shared_with(said).min().unwrap_or(answer.words.start));
                }
                _ => open.push(*question),
            }
        }
    }
    let asked = to_f64(answered.len() + open.len()).max(1.0);
    let (answers, leaves_open) = (to_f64(answered.len()) / asked, to_f64(open.len()) / asked);
    observations.set(Signal::Answers, Observation { level: answers, count: answered.len(), words: answered });
    observations.set(Signal::LeavesOpen, Observation { level: leaves_open, count: open.len(), words: open });
}

/// Whatever is said to a question is an answer, but for not knowing and turning away.
fn is_answer(said: &Utterance) -> bool {
    !said.has(PhraseTag::LackOfKnowledge) && !said.has(PhraseTag::Dismissal)
}

/// Whether the customer goes on to ask about nothing but what was just asked about: that was no answer.
fn is_asked_again(asked: &Utterance, next: Option<&Utterance>) -> bool {
    let about: Vec<u64> = asked.questions.iter().flat_map(|question| asked.question_keywords(*question)).collect();
    let again = |question: &usize| {
        let mut keywords = next.into_iter().flat_map(|next| next.question_keywords(*question)).peekable();
        keywords.peek().is_some() && keywords.all(|keyword| about.contains(&keyword))
    };
    next.is_some_and(|next| next.questions.iter().any(again))
}

/// Which of the customer's questions get an answer with a fact in it, and which a vague one.
fn precision(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut precise, mut vague, mut asked) = (Vec::new(), Vec::new(), 0_usize);
    for (said, answer) in dialogue.replies_of(Role::Agent).filter(|(said, _)| !said.questions.is_empty()) {
        asked += 1;
        let wants_figure = said.has(PhraseTag::QuantityQuestion) && answer.questions.is_empty();
        match (answer.first(PhraseTag::SpecificDetail), answer.first(PhraseTag::Vagueness)) {
            (Some(word), None) => precise.push(word),
            (None, Some(word)) => vague.push(word),
            (None, None) if wants_figure => vague.push(answer.words.start),
            _ => {}
        }
    }
    let level = to_f64(precise.len()) / to_f64(asked).max(2.0);
    observations.set(Signal::Precise, Observation { level, count: precise.len(), words: precise });
    observations.set(Signal::Evades, Observation::of_words(vague, 2.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support::turns_of;

    fn found(turns: &[(&str, &str)], signal: Signal) -> Vec<usize> {
        turns_of(observe, turns, signal)
    }

    #[test]
    fn questions_are_answered_or_left_open() {
        let asks = ("customer", "is breakfast included");
        for (answer, is_open) in [
            (("agent", "it is served from seven"), false),
            (("agent", "yes"), false),
            (("agent", "no"), false),
            (("agent", "i dont know"), true),
            (("agent", "read the manual"), true),
        ] {
            assert_eq!(found(&[asks, answer], Signal::LeavesOpen).len(), usize::from(is_open), "{answer:?}");
            assert_eq!(found(&[asks, answer], Signal::Answers).len(), usize::from(!is_open), "{answer:?}");
        }
        assert_eq!(found(&[("agent", "goodbye"), asks], Signal::LeavesOpen), [1]);
    }

    #[test]
    fn what_is_asked_again_was_not_answered() {
        let [asks, evades] = [("customer", "does the freeze cost anything"), ("agent", "email us the letter")];
        let asks_on = |next| found(&[asks, evades, ("customer", next), ("agent", "it is free")], Signal::LeavesOpen);
        assert_eq!(asks_on("okay but what does it cost"), [0]);
        assert!(asks_on("where is the gym").is_empty() && asks_on("okay i will").is_empty());
    }

    #[test]
    fn a_question_for_a_figure_wants_one() {
        let asks = ("customer", "how much is it");
        for (answer, is_precise) in
            [("it is twenty pounds", true), ("well every case is different", false), ("it is a fair price", false)]
        {
            let turns = [asks, ("agent", answer)];
            assert_eq!(found(&turns, Signal::Precise).len(), usize::from(is_precise), "{answer}");
            assert_eq!(found(&turns, Signal::Evades).len(), usize::from(!is_precise), "{answer}");
        }
        assert!(found(&[asks, ("agent", "which one do you mean")], Signal::Evades).is_empty());
    }
}
