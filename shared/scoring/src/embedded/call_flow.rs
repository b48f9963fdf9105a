//! Signals of the flow of a call: its opening and closing, questions and proposals, sentiment, length of turns and
//! times.

use domain::Role;

use super::observations::{Observation, Observations};
use super::phrase_signals::EDGE_UTTERANCES;
use super::signals::Signal;
use crate::conversation::Timing;
use crate::dialogue::Dialogue;
use crate::lexicon::{PhraseTag, PhraseTags};
use crate::math::{ramp, to_f64};
use crate::utterance::Utterance;

/// The end of a call for the customer is this many last utterances.
const LAST_UTTERANCES: usize = 3;

/// A summary is in one of this many last utterances, and has at least this many words.
const SUMMARY_WITHIN: usize = 3;
const SUMMARY_WORDS: usize = 8;

/// Observes the signals of the flow of a call.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue, timing: &Timing) {
    opening_and_closing(observations, dialogue);
    questions_and_proposals(observations, dialogue);
    customer_sentiment(observations, dialogue);
    length_of_turns(observations, dialogue);
    information_overload(observations, dialogue);
    summary(observations, dialogue);
    times(observations, dialogue, timing);
}

fn opening_and_closing(observations: &mut Observations, dialogue: &Dialogue) {
    let greeting = [PhraseTag::Greeting, PhraseTag::Introduction, PhraseTag::HelpOffer];
    let goodbye = [PhraseTag::Farewell, PhraseTag::Thanks, PhraseTag::Warmth];
    let shows = |said: &Utterance, tags: [PhraseTag; 3]| tags.iter().any(|tag| said.has(*tag));
    if !dialogue.said_by(Role::Agent).take(EDGE_UTTERANCES).any(|said| shows(said, greeting)) {
        let first = dialogue.said_by(Role::Agent).next().map(|said| said.words.start);
        observations.set(Signal::NoGreeting, Observation::at(first, 1.0, 1));
    }
    if !dialogue.said_by(Role::Agent).rev().take(EDGE_UTTERANCES).any(|said| shows(said, goodbye)) {
        let last = dialogue.said_by(Role::Agent).next_back().map(|said| said.words.start);
        observations.set(Signal::NoGoodbye, Observation::at(last, 1.0, 1));
    }
}

/// The agent's questions after the customer has begun to speak. An offer of help does not count as a question.
fn questions_and_proposals(observations: &mut Observations, dialogue: &Dialogue) {
    let agent = || dialogue.said_by(Role::Agent);
    let customer_begins = dialogue.said_by(Role::Customer).next().map_or(0, |said| said.words.start);
    let is_offer = |said: &Utterance, word: usize| {
        let offers = |tags: PhraseTags| tags.has(PhraseTag::HelpOffer) || tags.has(PhraseTag::FurtherHelpOffer);
        said.phrases.iter().any(|phrase| phrase.word == word && offers(phrase.tags))
    };
    let asked = |said: &&Utterance, word: &usize| *word > customer_begins && !is_offer(said, *word);
    let questions: Vec<usize> =
        agent().flat_map(|said| said.questions.iter().filter(move |word| asked(&said, word))).copied().collect();
    let proposal = agent().find_map(|said| said.first(PhraseTag::Proposal));
    match (questions.first(), proposal) {
        (None, _) => {
            let first = agent().next().map(|said| said.words.start);
            observations.set(Signal::AsksNoQuestions, Observation::at(first, 1.0, 1));
        }
        (Some(question), proposal) if proposal.is_none_or(|proposal| *question < proposal) => {
            observations.set(Signal::AsksBeforeProposing, Observation::at(Some(*question), 1.0, 1));
        }
        (_, proposal) => observations.set(Signal::ProposesBeforeAsking, Observation::at(proposal, 1.0, 1)),
    }
    let level = ramp(to_f64(questions.len()) / to_f64(agent().count()).max(1.0), 0.0, 0.6);
    observations.set(Signal::AsksQuestions, Observation { level, count: questions.len(), words: questions });
}

fn customer_sentiment(observations: &mut Observations, dialogue: &Dialogue) {
    let customer = || dialogue.said_by(Role::Customer);
    let last: Vec<&Utterance> = customer().rev().take(LAST_UTTERANCES).collect();
    let all: Vec<&Utterance> = customer().collect();
    let mean = |said: &[&Utterance]| said.iter().map(|one| one.sentiment()).sum::<f64>() / to_f64(said.len()).max(1.0);
    let (end, whole) = (mean(&last), all.iter().map(|one| one.sentiment()).sum::<f64>() / (to_f64(all.len()) + 5.0));
    observations.set(Signal::PositiveEnding, Observation::at(strongest(&last, 1.0), ramp(end, 0.0, 4.0), 1));
    observations.set(Signal::NegativeEnding, Observation::at(strongest(&last, -1.0), ramp(end, 0.0, -2.0), 1));
    observations.set(Signal::PositiveSentiment, Observation::at(strongest(&all, 1.0), ramp(whole, 0.0, 1.8), 1));
    observations.set(Signal::NegativeSentiment, Observation::at(strongest(&all, -1.0), ramp(whole, 0.0, -1.5), 1));
}

/// The first word with the strongest sentiment in that direction.
fn strongest(said: &[&Utterance], direction: f64) -> Option<usize> {
    let phrases = said.iter().flat_map(|one| &one.phrases).filter(|phrase| phrase.sentiment * direction > 0.0);
    let extreme = phrases
        .reduce(|best, phrase| if phrase.sentiment * direction > best.sentiment * direction { phrase } else { best });
    extreme.map(|phrase| phrase.word)
}

fn length_of_turns(observations: &mut Observations, dialogue: &Dialogue) {
    let longest =
        dialogue.said_by(Role::Agent).max_by_key(|said| (said.words.len(), std::cmp::Reverse(said.words.start)));
    if let Some(longest) = longest {
        let count = longest.words.len();
        let level = ramp(to_f64(count), 45.0, 110.0);
        observations.set(Signal::LongWinded, Observation::at(Some(longest.words.start), level, count));
    }
}

/// Many items in one utterance: listed, offered or asked at once.
fn information_overload(observations: &mut Observations, dialogue: &Dialogue) {
    let things = |said: &Utterance| dialogue.items(said).max(said.questions.len() * 2);
    let heaviest = dialogue.said_by(Role::Agent).map(|said| (things(said), said.words.start)).max();
    if let Some((count, first)) = heaviest {
        observations
            .set(Signal::InformationOverload, Observation::at(Some(first), ramp(to_f64(count), 6.0, 12.0), count));
    }
}

/// A summary: late in the call, a long utterance with a sentence that begins with "so".
fn summary(observations: &mut Observations, dialogue: &Dialogue) {
    let late = dialogue.said_by(Role::Agent).rev().take(SUMMARY_WITHIN);
    let summary = |said: &&Utterance| {
        said.has(PhraseTag::ReadBack) || said.words.len() >= SUMMARY_WORDS && dialogue.has_sentence_with(said, "so")
    };
    let words: Vec<usize> = late.filter(summary).map(|said| said.words.start).collect();
    observations.set(Signal::Summarises, Observation::of_words(words, 1.0));
}

fn times(observations: &mut Observations, dialogue: &Dialogue, timing: &Timing) {
    let first_word_of = |turn: usize| {
        let index = dialogue.words.partition_point(|word| word.turn < turn);
        dialogue.words.get(index).filter(|word| word.turn == turn).map(|_| index)
    };
    let words = timing.interruptions.iter().filter_map(|turn| first_word_of(*turn)).collect();
    observations.set(Signal::Interrupts, Observation::of_words(words, 3.0));
    if let Some((turn, seconds)) = timing.agent_monologue {
        observations
            .set(Signal::Monologue, Observation::at(first_word_of(turn), ramp(seconds, 40.0, 120.0), whole(seconds)));
    }
    if let Some((turn, gap)) = timing.slowest_reply {
        let seconds = crate::math::seconds(gap);
        observations
            .set(Signal::SlowToReply, Observation::at(first_word_of(turn), ramp(seconds, 6.0, 30.0), whole(seconds)));
    }
    let conversation = &timing.conversation;
    let first = dialogue.said_by(Role::Agent).max_by_key(|said| said.words.len()).map(|said| said.words.start);
    if let Some(pace) = conversation.agent_words_per_minute {
        let count = usize::try_from(pace).unwrap_or(usize::MAX);
        observations.set(Signal::FastPace, Observation::at(first, ramp(f64::from(pace), 260.0, 340.0), count));
        observations.set(Signal::SlowPace, Observation::at(first, ramp(f64::from(pace), 95.0, 60.0), count));
    }
    if let Some(ratio) = conversation.agent_talk_ratio {
        observations
            .set(Signal::DominatesTalkTime, Observation::at(first, ramp(ratio, 0.75, 0.95), whole(ratio * 100.0)));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a day and percents")]
fn whole(value: f64) -> usize {
    value.round() as usize
}

#[cfg(test)]
mod tests {
    use domain::Call;

    use super::*;
    use crate::conversation::measure;
    use crate::test_calls::{timed, untimed};

    fn level(call: &Call, signal: Signal) -> f64 {
        let dialogue = Dialogue::of(call);
        let mut observations = Observations::nothing();
        observe(&mut observations, &dialogue, &measure(call, &dialogue));
        observations.get(signal).level
    }

    #[test]
    fn missing_greetings_and_goodbyes_are_observed() {
        let bare = untimed(&[("agent", "account number"), ("customer", "it is 48213"), ("agent", "fine")]);
        let polite = untimed(&[("agent", "good morning"), ("customer", "hi"), ("agent", "thank you and goodbye")]);
        for signal in [Signal::NoGreeting, Signal::NoGoodbye] {
            assert!(level(&bare, signal) > 0.0 && level(&polite, signal) == 0.0, "{signal:?}");
        }
    }

    #[test]
    fn asking_comes_before_proposing() {
        let begins = ("customer", "i need a telephone");
        let asks = [begins, ("agent", "what is your budget"), ("customer", "low"), ("agent", "how about this one")];
        let proposes =
            [begins, ("agent", "i recommend this one"), ("customer", "why"), ("agent", "what is your budget")];
        let tells = [("agent", "how can i help"), begins, ("agent", "this one"), ("customer", "why")];
        let [asks, proposes, tells] = [asks, proposes, tells].map(|turns| untimed(&turns));
        assert!(level(&asks, Signal::AsksBeforeProposing) > 0.0 && level(&asks, Signal::ProposesBeforeAsking) == 0.0);
        assert!(
            level(&proposes, Signal::ProposesBeforeAsking) > 0.0
                && level(&proposes, Signal::AsksBeforeProposing) == 0.0
        );
        assert!(level(&tells, Signal::AsksNoQuestions) > 0.0 && level(&asks, Signal::AsksNoQuestions) == 0.0);
    }

    #[test]
    fn the_sentiment_at_the_end_counts_separately() {
        let turned = [
            ("customer", "this is terrible"),
            ("agent", "let me see"),
            ("customer", "okay"),
            ("agent", "done"),
            ("customer", "wonderful"),
            ("agent", "anything else"),
            ("customer", "no thank you so much"),
        ];
        assert!(level(&untimed(&turned), Signal::PositiveEnding) > 0.0);
        assert!(level(&untimed(&turned[..2]), Signal::NegativeEnding) > 0.0);
    }

    #[test]
    fn times_show_interruptions_monologues_slow_replies_and_pace() {
        let interrupts = timed(&[("customer", "so i wanted to", 0, 9_000), ("agent", "let me stop you", 4_000, 6_000)]);
        assert!(level(&interrupts, Signal::Interrupts) > 0.0);
        let monologue = timed(&[("agent", "and so on", 0, 90_000), ("customer", "okay", 91_000, 92_000)]);
        assert!(level(&monologue, Signal::Monologue) > 0.0);
        let waits = timed(&[("customer", "hello", 0, 1_000), ("agent", "yes hello", 21_000, 22_000)]);
        assert!(level(&waits, Signal::SlowToReply) > 0.0);
        let hasty = timed(&[("agent", &"word ".repeat(60), 0, 11_000)]);
        assert!(level(&hasty, Signal::FastPace) > 0.0 && level(&hasty, Signal::SlowPace) == 0.0);
    }

    #[test]
    fn long_turns_and_talk_share_are_observed_without_times() {
        let lecture = "word ".repeat(120);
        let lectures = untimed(&[("agent", &lecture), ("customer", "okay")]);
        assert!(level(&lectures, Signal::LongWinded) > 0.0 && level(&lectures, Signal::DominatesTalkTime) > 0.0);
    }

    #[test]
    fn information_overload_and_summaries_are_observed() {
        let asks = ("customer", "what do i need");
        let list =
            ("agent", "the form, the photo, the fee, the old card, a pen, the letter, and the stamp, or the code");
        assert!(level(&untimed(&[asks, list]), Signal::InformationOverload) > 0.0);
        assert!(level(&untimed(&[asks, ("agent", "the form and the photo")]), Signal::InformationOverload) == 0.0);
        let summary = [asks, ("agent", "so you bring the form and the photo on monday")];
        assert!(level(&untimed(&summary), Signal::Summarises) > 0.0);
    }
}
