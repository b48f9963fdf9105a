//! Signals of the agent's replies to the customer's questions: which questions get one, and how specific it is.

use domain::Role;

use super::observations::{Observation, Observations};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::to_f64;
use crate::utterance::Utterance;

/// Observes the signals of replies to questions.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    questions(observations, dialogue);
    precision(observations, dialogue);
}

/// Which of the customer's questions get a reply.
fn questions(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut replied, mut open) = (Vec::new(), Vec::new());
    for (index, said) in dialogue.utterances.iter().enumerate().filter(|(_, said)| said.role == Role::Customer) {
        if let Some(question) = said.questions.first() {
            match dialogue.utterances.get(index + 1) {
                Some(reply) if is_reply(reply) && !is_asked_again(said, dialogue.utterances.get(index + 2)) => {
                    replied.push(reply.shared_with(said).min().unwrap_or(reply.words.start));
                }
                _ => open.push(*question),
            }
        }
    }
    let asked = to_f64(replied.len() + open.len()).max(1.0);
    let (replied_share, open_share) = (to_f64(replied.len()) / asked, to_f64(open.len()) / asked);
    observations
        .set(Signal::RepliesToQuestions, Observation { level: replied_share, count: replied.len(), words: replied });
    observations.set(Signal::LeavesQuestionsOpen, Observation { level: open_share, count: open.len(), words: open });
}

/// Whatever follows a question is a reply to it, except for not knowing and for dismissing the customer.
fn is_reply(said: &Utterance) -> bool {
    !said.has(PhraseTag::LackOfKnowledge) && !said.has(PhraseTag::Dismissal)
}

/// Whether the customer next asks only about what was just asked about: then the question got no reply.
fn is_asked_again(asked: &Utterance, next: Option<&Utterance>) -> bool {
    let about: Vec<u64> = asked.questions.iter().flat_map(|question| asked.question_keywords(*question)).collect();
    let again = |question: &usize| {
        let mut keywords = next.into_iter().flat_map(|next| next.question_keywords(*question)).peekable();
        keywords.peek().is_some() && keywords.all(|keyword| about.contains(&keyword))
    };
    next.is_some_and(|next| next.questions.iter().any(again))
}

/// Which of the customer's questions get a specific reply, and which a vague one.
fn precision(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut precise, mut vague, mut asked) = (Vec::new(), Vec::new(), 0_usize);
    for (said, reply) in dialogue.replies_of(Role::Agent).filter(|(said, _)| !said.questions.is_empty()) {
        asked += 1;
        let wants_figure = said.has(PhraseTag::QuantityQuestion) && reply.questions.is_empty();
        match (reply.first(PhraseTag::SpecificDetail), reply.first(PhraseTag::Vagueness)) {
            (Some(word), None) => precise.push(word),
            (None, Some(word)) => vague.push(word),
            (None, None) if wants_figure => vague.push(reply.words.start),
            _ => {}
        }
    }
    let level = to_f64(precise.len()) / to_f64(asked).max(2.0);
    observations.set(Signal::RepliesSpecifically, Observation { level, count: precise.len(), words: precise });
    observations.set(Signal::RepliesVaguely, Observation::of_words(vague, 2.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support::turns_of;

    fn found(turns: &[(&str, &str)], signal: Signal) -> Vec<usize> {
        turns_of(observe, turns, signal)
    }

    #[test]
    fn questions_get_a_reply_or_are_left_open() {
        let asks = ("customer", "is breakfast included");
        for (reply, is_open) in [
            (("agent", "it is served from seven"), false),
            (("agent", "yes"), false),
            (("agent", "no"), false),
            (("agent", "i dont know"), true),
            (("agent", "read the manual"), true),
        ] {
            assert_eq!(found(&[asks, reply], Signal::LeavesQuestionsOpen).len(), usize::from(is_open), "{reply:?}");
            assert_eq!(found(&[asks, reply], Signal::RepliesToQuestions).len(), usize::from(!is_open), "{reply:?}");
        }
        assert_eq!(found(&[("agent", "goodbye"), asks], Signal::LeavesQuestionsOpen), [1]);
    }

    #[test]
    fn a_question_that_is_asked_again_got_no_reply() {
        let [asks, evades] = [("customer", "does the freeze cost anything"), ("agent", "email us the letter")];
        let asks_on =
            |next| found(&[asks, evades, ("customer", next), ("agent", "it is free")], Signal::LeavesQuestionsOpen);
        assert_eq!(asks_on("okay but what does it cost"), [0]);
        assert!(asks_on("where is the gym").is_empty() && asks_on("okay i will").is_empty());
    }

    #[test]
    fn a_question_for_a_quantity_needs_a_specific_reply() {
        let asks = ("customer", "how much is it");
        for (reply, is_precise) in
            [("it is twenty pounds", true), ("well every case is different", false), ("it is a fair price", false)]
        {
            let turns = [asks, ("agent", reply)];
            assert_eq!(found(&turns, Signal::RepliesSpecifically).len(), usize::from(is_precise), "{reply}");
            assert_eq!(found(&turns, Signal::RepliesVaguely).len(), usize::from(!is_precise), "{reply}");
        }
        assert!(found(&[asks, ("agent", "which one do you mean")], Signal::RepliesVaguely).is_empty());
    }
}
