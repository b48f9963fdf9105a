//! Signals that lie between the two sides: what one says, and what the other makes of it.

use std::collections::VecDeque;

use domain::Role;

use super::signals::{Reading, Readings, Signal};
use crate::dialogue::Dialogue;
use crate::lexicon::Marker;
use crate::numbers::{number, ramp};
use crate::utterance::Utterance;

/// An utterance is compared with so many earlier ones of its speaker: who repeats a request does it soon.
const MEMORY: usize = 5;
/// Fewer subjects than this are no request that could be repeated.
const FEWEST_SUBJECTS: usize = 2;
/// Two utterances that share this part of their subjects say the same.
const SAME: f64 = 0.6;
/// An acknowledgement stands among the first words of an answer.
const FIRST_WORDS: usize = 3;
/// With this valence somebody is in distress.
const DISTRESS: f64 = -2.5;

/// Reads the signals between the sides.
pub(super) fn read(readings: &mut Readings, dialogue: &Dialogue) {
    readings.set(Signal::RepeatsItself, Reading::of_words(repetitions(dialogue, Role::Agent), 3.0));
    let mut repeated = repetitions(dialogue, Role::Customer);
    repeated.extend(dialogue.said_by(Role::Customer).filter_map(|said| said.first(Marker::SaidBefore)));
    repeated.sort_unstable();
    repeated.dedup();
    readings.set(Signal::CustomerRepeats, Reading::of_words(repeated, 3.0));
    listening(readings, dialogue);
    questions(readings, dialogue);
    let met_distress = |_: &Utterance, answer: &Utterance| answer.has(Marker::Empathy) || answer.has(Marker::Apology);
    met_or_ignored(readings, dialogue, [Signal::MeetsDistress, Signal::IgnoresDistress], distress, met_distress);
    let objects = |said: &Utterance| said.first(Marker::Objection);
    met_or_ignored(readings, dialogue, [Signal::MeetsObjection, Signal::IgnoresObjection], objects, has_substance);
    negations(readings, dialogue);
    refusals(readings, dialogue);
    apologies(readings, dialogue);
}

/// Where a side says again what it said shortly before.
fn repetitions(dialogue: &Dialogue, role: Role) -> Vec<usize> {
    let mut memory: VecDeque<&Utterance> = VecDeque::new();
    let mut repetitions = Vec::new();
    for said in dialogue.said_by(role).filter(|said| said.subjects.len() >= FEWEST_SUBJECTS) {
        let confirms = role == Role::Agent && (said.has(Marker::Done) || said.has(Marker::ReadBack));
        let same = memory.iter().find(|earlier| !confirms && similarity(earlier, said) >= SAME);
        if let Some(earlier) = same {
            repetitions.extend(said.shared_with(earlier).min());
        }
        memory.push_back(said);
        if memory.len() > MEMORY {
            memory.pop_front();
        }
    }
    repetitions
}

/// The part of their subjects that two utterances share, 0 to 1.
fn similarity(a: &Utterance, b: &Utterance) -> f64 {
    let shared = a.shared_with(b).count();
    number(shared) / number(a.subjects.len() + b.subjects.len() - shared).max(1.0)
}

/// Whether answers begin with an acknowledgement, and whether they speak of what the customer spoke of.
fn listening(readings: &mut Readings, dialogue: &Dialogue) {
    let (mut acknowledged, mut taken_up) = (Vec::new(), Vec::new());
    let (mut answers, mut occasions) = (0, 0);
    for (said, answer) in dialogue.answers_of(Role::Agent) {
        answers += 1;
        let start = answer.words.start;
        acknowledged.extend(answer.first(Marker::Acknowledgement).filter(|word| *word < start + FIRST_WORDS));
        if !said.subjects.is_empty() {
            occasions += 1;
            taken_up.extend(answer.shared_with(said).min());
        }
    }
    let reading = |words: Vec<usize>, of: usize, full: f64| {
        let level = ramp(number(words.len()) / number(of).max(1.0), 0.0, full);
        Reading { level, count: words.len(), words }
    };
    readings.set(Signal::Acknowledges, reading(acknowledged, answers, 0.5));
    readings.set(Signal::TakesUp, reading(taken_up, occasions, 0.6));
}

/// Which of the customer's questions get an answer.
fn questions(readings: &mut Readings, dialogue: &Dialogue) {
    let (mut answered, mut open) = (Vec::new(), Vec::new());
    for (index, said) in dialogue.utterances.iter().enumerate().filter(|(_, said)| said.role == Role::Customer) {
        if let Some(question) = said.questions.first() {
            match dialogue.utterances.get(index + 1) {
                Some(answer) if is_answer(answer) => {
                    answered.push(answer.shared_with(said).min().unwrap_or(answer.words.start));
                }
                _ => open.push(*question),
            }
        }
    }
    let asked = number(answered.len() + open.len()).max(1.0);
    let (answers, leaves_open) = (number(answered.len()) / asked, number(open.len()) / asked);
    readings.set(Signal::Answers, Reading { level: answers, count: answered.len(), words: answered });
    readings.set(Signal::LeavesOpen, Reading { level: leaves_open, count: open.len(), words: open });
}

/// Whatever is said to a question is an answer, but for not knowing and turning away.
fn is_answer(said: &Utterance) -> bool {
    !said.has(Marker::Ignorance) && !said.has(Marker::Dismissal)
}

/// Where the customer shows a feeling that wants to be noticed.
fn distress(said: &Utterance) -> Option<usize> {
    let unhappy = (said.valence() <= DISTRESS).then(|| said.marks.iter().find(|mark| mark.valence < 0.0)).flatten();
    let complaint = said.first(Marker::Complaint).filter(|_| said.valence() < 0.0);
    complaint.or(unhappy.map(|mark| mark.word))
}

/// An objection is met by asking back, by another proposal or by a reason.
fn has_substance(_: &Utterance, answer: &Utterance) -> bool {
    let says_more = [Marker::Proposal, Marker::Empathy, Marker::Signpost, Marker::Ownership];
    let turns_away = answer.has(Marker::Dismissal) || answer.has(Marker::Rudeness) || answer.has(Marker::Blame);
    !turns_away && (!answer.questions.is_empty() || says_more.iter().any(|marker| answer.has(*marker)))
}

/// Reads how often the agent meets what the customer shows, and how often not; a call that ends on it did not.
fn met_or_ignored(
    readings: &mut Readings,
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
    readings.set(when_met, Reading::of_words(met, 2.0));
    readings.set(when_not, Reading::of_words(unmet, 2.0));
}

/// The customer's negatives, but for those of the first words, which say what is wrong, and those that say that nothing is left.
fn negations(readings: &mut Readings, dialogue: &Dialogue) {
    let words: Vec<usize> = dialogue
        .answers_of(Role::Customer)
        .skip(1)
        .filter(|(asked, said)| !asked.has(Marker::FurtherHelp) && !said.has(Marker::NothingElse))
        .flat_map(|(_, said)| said.marks.iter().filter(|mark| mark.markers.has(Marker::Negation)).take(2))
        .map(|mark| mark.word)
        .collect();
    let utterances = number(dialogue.said_by(Role::Customer).count());
    readings.set(Signal::CustomerNegates, Reading::of_words(words, 6.0 * (utterances / 10.0).max(1.0)));
}

/// Whether a "no" comes with another way.
fn refusals(readings: &mut Readings, dialogue: &Dialogue) {
    let (mut softened, mut flat) = (Vec::new(), Vec::new());
    for said in dialogue.said_by(Role::Agent) {
        if let Some(refusal) = said.first(Marker::Refusal) {
            if said.has_another_way(refusal) { softened.push(refusal) } else { flat.push(refusal) }
        }
    }
    readings.set(Signal::OffersAlternative, Reading::of_words(softened, 2.0));
    readings.set(Signal::RefusesFlatly, Reading::of_words(flat, 2.0));
}

/// An apology for the customer's trouble is empathy; any other shows that something went wrong on the agent's side.
fn apologies(readings: &mut Readings, dialogue: &Dialogue) {
    let own_trouble = dialogue.answers_of(Role::Agent).filter(|(said, _)| distress(said).is_none());
    let words: Vec<usize> = own_trouble.filter_map(|(_, answer)| answer.first(Marker::Apology)).collect();
    let level = ramp(number(words.len()), 0.0, 3.0);
    readings.set(Signal::Apologises, Reading { level, count: words.len(), words });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::untimed;

    fn found(turns: &[(&str, &str)], signal: Signal) -> Vec<usize> {
        let call = untimed(turns);
        let dialogue = Dialogue::of(&call);
        let mut readings = Readings::nothing();
        read(&mut readings, &dialogue);
        readings.get(signal).words.iter().map(|word| dialogue.words[*word].turn).collect()
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
    }

    #[test]
    fn taking_up_shows_at_the_word_that_was_taken_up() {
        let turns =
            [("customer", "i lost my luggage"), ("agent", "okay"), ("agent", "what does the luggage look like")];
        assert_eq!(found(&turns, Signal::TakesUp), [2]);
        assert_eq!(found(&turns, Signal::Acknowledges), [1]);
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
}
