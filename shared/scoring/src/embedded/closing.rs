//! Signals of the second half of a call and of its end. The same words count for more there: a refusal that is followed
//! by a solution is forgotten, and one that ends the call is not.

use domain::Role;

use super::observations::{Observation, Observations};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::{ramp, to_f64};
use crate::tokenizer::Punctuation;
use crate::utterance::Utterance;

/// The agent's conclusion is in this many last utterances; the very last one is a goodbye.
const AGENT_LAST_UTTERANCES: usize = 3;
/// The customer's conclusion is in this many last utterances.
const CUSTOMER_LAST_UTTERANCES: usize = 2;
/// The end of the call is this many last utterances of both sides.
const LAST_UTTERANCES: usize = 3;
/// At least this many questions late in the call count; fewer are no habit.
const KEEPS_ASKING: usize = 2;
/// A "no" that declines is among this many first words.
const OPENING_WORDS: usize = 2;
/// A reply of at most this many words explains nothing.
const BARE_WORDS: usize = 5;

/// What a refusal or an apology at the end adds to the level, and what any other negation adds.
const REFUSAL_LEVEL: f64 = 0.5;
const NEGATION_LEVEL: f64 = 0.25;
/// The level of an unresolved matter where something else was completed.
const PARTLY_UNRESOLVED: f64 = 0.4;

/// Observes the signals of the second half of a call and of its end.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    let agent: Vec<&Utterance> = dialogue.said_by(Role::Agent).collect();
    let customer: Vec<&Utterance> = dialogue.said_by(Role::Customer).collect();
    ends_with_refusal(observations, last(&agent, AGENT_LAST_UTTERANCES));
    resolution(observations, &agent);
    agent_still_asking(observations, second_half(&agent));
    asks_many_questions(observations, &agent);
    customer_still_asking(observations, last(&customer, CUSTOMER_LAST_UTTERANCES));
    delighted(observations, second_half(&customer), dialogue);
    sustained_positive_sentiment(observations, &customer);
    hesitant(observations, &customer);
    customer_declines(observations, dialogue);
    replies_with_question(observations, dialogue);
    replies_no(observations, dialogue);
    repeats_further_help_offer(observations, &agent);
    ends_abruptly(observations, dialogue);
    left_without_result(observations, dialogue, second_half(&customer));
}

fn last<'u>(said: &'u [&'u Utterance], count: usize) -> &'u [&'u Utterance] {
    said.get(said.len().saturating_sub(count)..).unwrap_or_default()
}

fn second_half<'u>(said: &'u [&'u Utterance]) -> &'u [&'u Utterance] {
    said.get(said.len() / 2..).unwrap_or_default()
}

/// A negation, a refusal or an apology at the end that is not followed by a completion.
fn ends_with_refusal(observations: &mut Observations, said: &[&Utterance]) {
    let (mut words, mut level) = (Vec::new(), 0.0);
    for phrase in said.iter().flat_map(|one| &one.phrases) {
        let refuses = phrase.tags.has(PhraseTag::Refusal) || phrase.tags.has(PhraseTag::Apology);
        if phrase.tags.has(PhraseTag::Completion) {
            words.clear();
            level = 0.0;
        } else if refuses || phrase.tags.has(PhraseTag::Negation) {
            words.push(phrase.word);
            level += if refuses { REFUSAL_LEVEL } else { NEGATION_LEVEL };
        }
    }
    let count = words.len();
    observations.set(Signal::EndsWithRefusal, Observation { level: f64::min(level, 1.0), count, words });
}

/// Whether the agent's last word on the matter is a completion, or a refusal without an alternative.
fn resolution(observations: &mut Observations, said: &[&Utterance]) {
    let (mut done, mut refused) = (None, None);
    for (one, phrase) in said.iter().flat_map(|one| one.phrases.iter().map(move |phrase| (one, phrase))) {
        if phrase.tags.has(PhraseTag::Completion) {
            (done, refused) = (Some(phrase.word), None);
        } else if phrase.tags.has(PhraseTag::Refusal) && !one.has_alternative(phrase.word) {
            refused = Some(phrase.word);
        }
    }
    match (done, refused) {
        (None, Some(word)) => observations.set(Signal::Unresolved, Observation::at(Some(word), 1.0, 1)),
        (Some(_), Some(word)) => {
            observations.set(Signal::Unresolved, Observation::at(Some(word), PARTLY_UNRESOLVED, 1));
        }
        (Some(word), None) => observations.set(Signal::Resolved, Observation::at(Some(word), 1.0, 1)),
        (None, None) => {}
    }
}

/// The agent's questions late in the call, except offers of further help, reading back and proposals.
fn agent_still_asking(observations: &mut Observations, said: &[&Utterance]) {
    let offers = [PhraseTag::FurtherHelpOffer, PhraseTag::ReadBack, PhraseTag::Proposal];
    let asks = |one: &&&Utterance| offers.iter().all(|tag| !one.has(*tag));
    let words: Vec<usize> = said.iter().filter(asks).filter_map(|one| one.questions.first().copied()).collect();
    if words.len() < KEEPS_ASKING {
        return;
    }
    let level = ramp(to_f64(words.len()) / to_f64(said.len()).max(1.0), 0.2, 0.9);
    observations.set(Signal::AgentStillAsking, Observation { level, count: words.len(), words });
}

fn asks_many_questions(observations: &mut Observations, said: &[&Utterance]) {
    let words: Vec<usize> = said.iter().flat_map(|one| &one.questions).copied().collect();
    let level = ramp(to_f64(words.len()) / to_f64(said.len()).max(1.0), 0.6, 1.4);
    observations.set(Signal::AsksManyQuestions, Observation { level, count: words.len(), words });
}

fn customer_still_asking(observations: &mut Observations, said: &[&Utterance]) {
    let words: Vec<usize> = said.iter().rev().filter_map(|one| one.questions.first().copied()).collect();
    observations.set(Signal::CustomerStillAsking, Observation::of_words(words, 1.5));
}

/// Delight in words, or exclamations with positive sentiment.
fn delighted(observations: &mut Observations, said: &[&Utterance], dialogue: &Dialogue) {
    let exclaimed = |one: &Utterance| {
        one.words.clone().find(|word| dialogue.word(*word).punctuation == Punctuation::ExclamationMark)
    };
    let shown = |one: &&Utterance| {
        let pleased = one.sentiment() > 0.0;
        one.first(PhraseTag::Delight).or_else(|| exclaimed(one)).filter(|_| pleased)
    };
    let words: Vec<usize> = said.iter().filter_map(shown).collect();
    let level = ramp(to_f64(words.len()) / to_f64(said.len()).max(1.0), 0.0, 0.5);
    observations.set(Signal::CustomerDelighted, Observation { level, count: words.len(), words });
}

/// How steadily the customer's sentiment is positive, whatever its strength.
fn sustained_positive_sentiment(observations: &mut Observations, said: &[&Utterance]) {
    let pleased = said.iter().filter(|one| one.sentiment() > 0.0);
    let words: Vec<usize> = pleased.filter_map(|one| one.first_positive()).collect();
    let level = ramp(to_f64(words.len()) / to_f64(said.len()).max(1.0), 0.15, 0.7);
    observations.set(Signal::SustainedPositiveSentiment, Observation { level, count: words.len(), words });
}

/// Hesitant customers: contrasts ("but") and hedges.
fn hesitant(observations: &mut Observations, said: &[&Utterance]) {
    let hesitant = |one: &&Utterance| one.first(PhraseTag::Contrast).or_else(|| one.first(PhraseTag::Hedge));
    let words: Vec<usize> = said.iter().filter_map(hesitant).collect();
    let occasions = to_f64(said.len()).max(6.0);
    observations.set(Signal::CustomerHesitant, Observation::of_words(words, 0.3 * occasions));
}

/// How often a late reply of the customer begins with a negation, except to an offer of further help.
fn customer_declines(observations: &mut Observations, dialogue: &Dialogue) {
    let replies: Vec<_> = dialogue.replies_of(Role::Customer).collect();
    let is_asked = |(asked, said): &&(&Utterance, &Utterance)| {
        !asked.has(PhraseTag::FurtherHelpOffer) && !said.has(PhraseTag::NothingElse) && !said.has(PhraseTag::Thanks)
    };
    let late: Vec<_> = replies.iter().skip(replies.len() / 2).filter(is_asked).collect();
    let opens = |(_, said): &&(&Utterance, &Utterance)| {
        said.first(PhraseTag::Negation).filter(|word| *word < said.words.start + OPENING_WORDS)
    };
    let words: Vec<usize> = late.iter().filter_map(opens).collect();
    let level = ramp(to_f64(words.len()) / to_f64(late.len()).max(2.0), 0.0, 0.4);
    observations.set(Signal::CustomerDeclines, Observation { level, count: words.len(), words });
}

/// Questions of the customer to which the agent replies with a question and nothing else.
fn replies_with_question(observations: &mut Observations, dialogue: &Dialogue) {
    let (mut words, mut asked) = (Vec::new(), 0_usize);
    for (said, reply) in dialogue.replies_of(Role::Agent).filter(|(said, _)| !said.questions.is_empty()) {
        asked += 1;
        let asks_at_once = |question: &&usize| **question < reply.words.start + OPENING_WORDS + 1;
        let tells =
            [PhraseTag::Completion, PhraseTag::Proposal, PhraseTag::Ownership].iter().any(|tag| reply.has(*tag));
        words.extend(reply.questions.first().filter(asks_at_once).filter(|_| !tells && !said.keywords.is_empty()));
    }
    let level = ramp(to_f64(words.len()) / to_f64(asked).max(2.0), 0.0, 0.8);
    observations.set(Signal::RepliesWithQuestion, Observation { level, count: words.len(), words });
}

/// Questions of the customer to which the agent replies with a no.
fn replies_no(observations: &mut Observations, dialogue: &Dialogue) {
    let asked = || dialogue.replies_of(Role::Agent).filter(|(said, _)| !said.questions.is_empty());
    let no = |reply: &Utterance| {
        let is_bare = reply.words.len() <= BARE_WORDS;
        let opens =
            reply.first(PhraseTag::Negation).filter(|word| is_bare && *word < reply.words.start + OPENING_WORDS);
        reply.first(PhraseTag::Refusal).or(opens)
    };
    let words: Vec<usize> = asked().filter_map(|(_, reply)| no(reply)).collect();
    let level = ramp(to_f64(words.len()) / to_f64(asked().count()).max(3.0), 0.0, 0.7);
    observations.set(Signal::RepliesNo, Observation { level, count: words.len(), words });
}

/// Repeated offers of further help: the first is a service, the others are a habit.
fn repeats_further_help_offer(observations: &mut Observations, said: &[&Utterance]) {
    let words: Vec<usize> = said.iter().filter_map(|one| one.first(PhraseTag::FurtherHelpOffer)).skip(1).collect();
    let level = ramp(to_f64(words.len()) / to_f64(said.len()).max(4.0), 0.0, 0.3);
    observations.set(Signal::RepeatsFurtherHelpOffer, Observation { level, count: words.len(), words });
}

/// Conclusions of the customer that there is no result: "so there is no table".
fn left_without_result(observations: &mut Observations, dialogue: &Dialogue, said: &[&Utterance]) {
    let concludes = |one: &&&Utterance| dialogue.begins_with(one, "so") || dialogue.begins_with(one, "then");
    let no = |one: &&Utterance| {
        [PhraseTag::Negation, PhraseTag::Refusal, PhraseTag::Confusion].into_iter().find_map(|tag| one.first(tag))
    };
    let words = said.iter().filter(concludes).filter_map(no).collect();
    observations.set(Signal::CustomerLeftWithoutResult, Observation::of_words(words, 1.5));
}

/// At the end neither side says thanks or goodbye, nor that nothing else is needed.
fn ends_abruptly(observations: &mut Observations, dialogue: &Dialogue) {
    let closes = [PhraseTag::Thanks, PhraseTag::Farewell, PhraseTag::NothingElse];
    let mut last = dialogue.utterances.iter().rev().take(LAST_UTTERANCES);
    if !last.any(|said| closes.iter().any(|tag| said.has(*tag))) {
        let word = dialogue.utterances.last().map(|said| said.words.start);
        observations.set(Signal::EndsAbruptly, Observation::at(word, 1.0, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support;

    fn level(turns: &[(&str, &str)], signal: Signal) -> f64 {
        test_support::level(observe, turns, signal)
    }

    #[test]
    fn the_last_word_on_the_matter_counts() {
        let asks = ("customer", "a table please");
        let [done, refused] = [("agent", "it is booked"), ("agent", "we are fully booked")];
        assert!(level(&[asks, refused, asks, done], Signal::Resolved) > 0.0);
        assert!(level(&[asks, done, asks, refused], Signal::Unresolved) > 0.0);
        assert!(level(&[asks, refused], Signal::Unresolved) > level(&[asks, done, asks, refused], Signal::Unresolved));
    }

    #[test]
    fn customers_conclude_that_there_is_no_result() {
        let refused = ("agent", "that is done by the branch");
        let turns = |last| [("customer", "can you open it"), refused, ("customer", last)];
        assert!(level(&turns("so i have no card"), Signal::CustomerLeftWithoutResult) > 0.0);
        assert!(level(&turns("so that is monday"), Signal::CustomerLeftWithoutResult) == 0.0);
    }

    #[test]
    fn a_bare_no_is_a_reply_that_explains_nothing() {
        let asks = ("customer", "do you have an earlier one");
        assert!(level(&[asks, ("agent", "no")], Signal::RepliesNo) > 0.0);
        assert!(level(&[asks, ("agent", "no the first train leaves at seven")], Signal::RepliesNo) == 0.0);
    }

    #[test]
    fn offers_of_further_help_count_from_the_second_one_on() {
        let more = [("agent", "anything else"), ("customer", "a lamp")];
        assert!(level(&more, Signal::RepeatsFurtherHelpOffer) == 0.0);
        assert!(level(&[more, more].concat(), Signal::RepeatsFurtherHelpOffer) > 0.0);
    }

    #[test]
    fn questions_keep_coming_late_when_there_are_two() {
        let [told, asked, proposed] =
            [("agent", "here it is"), ("agent", "what is your name"), ("agent", "how about monday")];
        let late = |second: (&'static str, &'static str), third| {
            let reply = ("customer", "the red one");
            level(&[told, reply, told, reply, second, reply, third], Signal::AgentStillAsking)
        };
        assert!(late(asked, ("agent", "where do you live")) > 0.0);
        assert!(late(asked, told) == 0.0 && late(asked, proposed) == 0.0);
    }

    #[test]
    fn a_call_breaks_off_or_is_closed() {
        let talk = [("customer", "a lamp"), ("agent", "which one")];
        assert!(level(&talk, Signal::EndsAbruptly) > 0.0);
        assert!(level(&[&talk[..], &[("customer", "thank you")]].concat(), Signal::EndsAbruptly) == 0.0);
    }
}
