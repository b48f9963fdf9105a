//! Signals of where a call is heading: what still happens in its second half, and what it ends on. The same words weigh more
//! there, because a refusal that is followed by a solution is forgotten and one that ends the call is not.

use domain::Role;

use super::signals::{Reading, Readings, Signal};
use crate::dialogue::Dialogue;
use crate::lexicon::Marker;
use crate::numbers::{number, ramp};
use crate::utterance::Utterance;
use crate::words::Stop;

/// What the agent leaves the customer with is in so many last utterances; the very last is a goodbye.
const AGENTS_LAST: usize = 3;
/// What the customer leaves with, in so many.
const CUSTOMERS_LAST: usize = 2;
/// A "no" that answers a proposal is among the first words.
const FIRST_WORDS: usize = 2;

/// What a refusal or an apology at the end adds, and what any other "no" does.
const REFUSED: f64 = 0.5;
const NEGATED: f64 = 0.25;
/// Where something else has been done, what is left undone counts so much.
const PARTLY: f64 = 0.4;

/// Reads the signals of the call's second half and of its end.
pub(super) fn read(readings: &mut Readings, dialogue: &Dialogue) {
    let agent: Vec<&Utterance> = dialogue.said_by(Role::Agent).collect();
    let customer: Vec<&Utterance> = dialogue.said_by(Role::Customer).collect();
    ends_refused(readings, last(&agent, AGENTS_LAST));
    resolution(readings, &agent);
    still_asks(readings, second_half(&agent));
    asks_much(readings, &agent);
    ends_asking(readings, last(&customer, CUSTOMERS_LAST));
    enthused(readings, second_half(&customer), dialogue);
    pleased(readings, &customer);
    reserved(readings, &customer);
    declines(readings, dialogue);
    counters(readings, dialogue);
}

fn last<'u>(said: &'u [&'u Utterance], count: usize) -> &'u [&'u Utterance] {
    &said[said.len().saturating_sub(count)..]
}

fn second_half<'u>(said: &'u [&'u Utterance]) -> &'u [&'u Utterance] {
    &said[said.len() / 2..]
}

/// A "no", a failure or an apology at the end that nothing makes good.
fn ends_refused(readings: &mut Readings, said: &[&Utterance]) {
    let (mut words, mut level) = (Vec::new(), 0.0);
    for mark in said.iter().flat_map(|one| &one.marks) {
        let refuses = mark.markers.has(Marker::Refusal) || mark.markers.has(Marker::Apology);
        if mark.markers.has(Marker::Done) {
            words.clear();
            level = 0.0;
        } else if refuses || mark.markers.has(Marker::Negation) {
            words.push(mark.word);
            level += if refuses { REFUSED } else { NEGATED };
        }
    }
    let count = words.len();
    readings.set(Signal::EndsRefused, Reading { level: f64::min(level, 1.0), count, words });
}

/// Whether the last word on the matter is that something is done, or that something cannot be and nothing else is offered.
fn resolution(readings: &mut Readings, said: &[&Utterance]) {
    let (mut done, mut refused) = (None, None);
    for (one, mark) in said.iter().flat_map(|one| one.marks.iter().map(move |mark| (one, mark))) {
        if mark.markers.has(Marker::Done) {
            (done, refused) = (Some(mark.word), None);
        } else if mark.markers.has(Marker::Refusal) && !one.has_another_way(mark.word) {
            refused = Some(mark.word);
        }
    }
    match (done, refused) {
        (None, Some(word)) => readings.set(Signal::Unresolved, Reading::at(Some(word), 1.0, 1)),
        (Some(_), Some(word)) => readings.set(Signal::Unresolved, Reading::at(Some(word), PARTLY, 1)),
        (Some(word), None) => readings.set(Signal::Resolved, Reading::at(Some(word), 1.0, 1)),
        (None, None) => {}
    }
}

/// Questions that keep coming late in the call, but for whether anything is left and whether it was understood.
fn still_asks(readings: &mut Readings, said: &[&Utterance]) {
    let asks = |one: &&&Utterance| !one.has(Marker::FurtherHelp) && !one.has(Marker::ReadBack);
    let words: Vec<usize> = said.iter().filter(asks).filter_map(|one| one.questions.first().copied()).collect();
    let level = ramp(number(words.len()) / number(said.len()).max(1.0), 0.2, 0.9);
    readings.set(Signal::StillAsks, Reading { level, count: words.len(), words });
}

fn asks_much(readings: &mut Readings, said: &[&Utterance]) {
    let words: Vec<usize> = said.iter().flat_map(|one| &one.questions).copied().collect();
    let level = ramp(number(words.len()) / number(said.len()).max(1.0), 0.6, 1.4);
    readings.set(Signal::AsksMuch, Reading { level, count: words.len(), words });
}

fn ends_asking(readings: &mut Readings, said: &[&Utterance]) {
    let words: Vec<usize> = said.iter().rev().filter_map(|one| one.questions.first().copied()).collect();
    readings.set(Signal::EndsAsking, Reading::of_words(words, 1.5));
}

/// Delight in the words, or in how they are said.
fn enthused(readings: &mut Readings, said: &[&Utterance], dialogue: &Dialogue) {
    let exclaimed = |one: &Utterance| one.words.clone().find(|word| dialogue.words[*word].stop == Stop::Exclamation);
    let shown = |one: &&Utterance| {
        let pleased = one.valence() > 0.0;
        one.first(Marker::Delight).or_else(|| exclaimed(one)).filter(|_| pleased)
    };
    let words: Vec<usize> = said.iter().filter_map(shown).collect();
    let level = ramp(number(words.len()) / number(said.len()).max(1.0), 0.0, 0.5);
    readings.set(Signal::Enthused, Reading { level, count: words.len(), words });
}

/// How steadily the customer is pleased, whatever the strength.
fn pleased(readings: &mut Readings, said: &[&Utterance]) {
    let pleased = said.iter().filter(|one| one.valence() > 0.0);
    let shown = |one: &&Utterance| one.marks.iter().find(|mark| mark.valence > 0.0).map(|mark| mark.word);
    let words: Vec<usize> = pleased.filter_map(shown).collect();
    let level = ramp(number(words.len()) / number(said.len()).max(1.0), 0.15, 0.7);
    readings.set(Signal::StaysPleased, Reading { level, count: words.len(), words });
}

/// An agreement with a "but" in it is half an agreement.
fn reserved(readings: &mut Readings, said: &[&Utterance]) {
    let reserved = |one: &&Utterance| one.first(Marker::Contrast).or_else(|| one.first(Marker::Hedge));
    let words: Vec<usize> = said.iter().filter_map(reserved).collect();
    let occasions = number(said.len()).max(6.0);
    readings.set(Signal::CustomerReserved, Reading::of_words(words, 0.3 * occasions));
}

/// How often the customer's answer begins with a "no", but for the one to whether anything is left.
fn declines(readings: &mut Readings, dialogue: &Dialogue) {
    let (mut words, mut answers) = (Vec::new(), 0_usize);
    let all: Vec<_> =
        dialogue.answers_of(Role::Customer).filter(|(asked, _)| !asked.has(Marker::FurtherHelp)).collect();
    let answers_late = all[all.len() / 2..].iter().copied();
    for (asked, said) in answers_late {
        answers += 1;
        let negation = said.first(Marker::Negation).filter(|word| *word < said.words.start + FIRST_WORDS);
        let is_fine = said.has(Marker::NothingElse) || said.has(Marker::Thanks);
        let proposed = asked.has(Marker::Proposal) || asked.has(Marker::Courtesy) || asked.has(Marker::ReadBack);
        words.extend(negation.filter(|_| !is_fine && proposed));
    }
    let level = ramp(number(words.len()) / number(answers).max(1.0), 0.0, 0.4);
    readings.set(Signal::CustomerDeclines, Reading { level, count: words.len(), words });
}

/// Questions of the customer that are met with a question and nothing else.
fn counters(readings: &mut Readings, dialogue: &Dialogue) {
    let (mut words, mut asked) = (Vec::new(), 0_usize);
    for (said, answer) in dialogue.answers_of(Role::Agent).filter(|(said, _)| !said.questions.is_empty()) {
        asked += 1;
        let asks_at_once = |question: &&usize| **question < answer.words.start + FIRST_WORDS + 1;
        let tells = [Marker::Done, Marker::Proposal, Marker::Ownership].iter().any(|marker| answer.has(*marker));
        words.extend(answer.questions.first().filter(asks_at_once).filter(|_| !tells && !said.subjects.is_empty()));
    }
    let level = ramp(number(words.len()) / number(asked).max(2.0), 0.0, 0.8);
    readings.set(Signal::Counters, Reading { level, count: words.len(), words });
}
