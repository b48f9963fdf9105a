//! Measures of a conversation from the times of its turns: talk time, interruptions, how soon the agent replies.
//!
//! **Invariant:** whatever times a producer sends (none, some, out of order, absurd), each measure is a plausible
//! number or `None`. Only turns with words count as speech, because nobody knows who makes a `[noise]`.

mod turn_taking;

use std::collections::BTreeSet;

use domain::{Call, Conversation, Role};

use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::{round_to, seconds, to_f64};
use crate::tokenizer::{WordSpans, has_speech};
use turn_taking::{acknowledges, floors, interruptions, reply_delays, without_listening};

/// With a smaller share of timed turns than this, nothing is measured from times.
const TIMED_SHARE: f64 = 0.8;
/// At least this many turns in whole seconds are no coincidence.
const FEWEST_WHOLE_SECONDS: usize = 3;
/// A pace is measured over at least this many words and seconds, and has to be in the range of human speech.
const PACE_WORDS: usize = 20;
const PACE_SECONDS: f64 = 5.0;
const PACE_RANGE: std::ops::RangeInclusive<f64> = 40.0..=400.0;

/// A turn with words and plausible times.
#[derive(Debug, Clone, Copy)]
struct TimedTurn {
    role: Role,
    turn: usize,
    start: u64,
    end: u64,
    words: usize,
    /// Whether it only acknowledges what the other side says.
    acknowledges: bool,
}

/// The measures of a conversation, and the turns that show them.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    /// The measures as they are reported.
    pub(crate) conversation: Conversation,
    /// The turns with which the agent interrupts.
    pub(crate) interruptions: Vec<usize>,
    /// Where the agent's longest monologue begins, and its seconds.
    pub(crate) agent_monologue: Option<(usize, f64)>,
    /// The agent's slowest reply: its turn, and the milliseconds before it.
    pub(crate) slowest_reply: Option<(usize, u64)>,
}

/// The measures of a call's conversation, which are the same for every scorer.
#[must_use]
pub fn conversation(call: &Call) -> Conversation {
    measure(call, &Dialogue::of(call)).conversation
}

/// Measures the conversation.
pub(crate) fn measure(call: &Call, dialogue: &Dialogue) -> Timing {
    let questions = dialogue.said_by(Role::Agent).map(|utterance| utterance.questions.len()).sum::<usize>();
    let duration = call.duration_seconds();
    let mut timing = Timing::default();
    timing.conversation.duration_seconds = duration.map(|length| round_to(length, 3));
    timing.conversation.agent_questions = u32::try_from(questions).ok();
    timing.conversation.turns = u32::try_from(dialogue.utterances.len()).ok();
    timing.conversation.agent_talk_ratio =
        share(spoken_words(dialogue, Role::Agent), spoken_words(dialogue, Role::Customer));
    if let Some(turns) = timed_turns(call) {
        measure_times(&mut timing, &turns, duration, &announced_waits(dialogue));
    }
    call.platform_measures.apply_to(&mut timing.conversation);
    if timing.conversation.interruptions_by_agent == Some(0) {
        timing.interruptions.clear();
    }
    timing
}

fn measure_times(timing: &mut Timing, turns: &TimedTurns, duration: Option<f64>, announced: &BTreeSet<usize>) {
    let sides: Vec<TimedTurn> = turns.speech.iter().filter(|one| one.role != Role::Other).copied().collect();
    let floors = floors(&sides);
    let spoken = |role| seconds(union_ms(sides.iter().filter(|one| one.role == role)));
    let moments_are_known = !in_whole_seconds(&sides);
    timing.interruptions = if moments_are_known { interruptions(&floors, Role::Agent) } else { Vec::new() };
    let speakers = without_listening(&sides, &floors);
    timing.agent_monologue = longest_monologue(&speakers, Role::Agent);
    let reply_delays = if moments_are_known { reply_delays(&turns.with_music(), announced) } else { Vec::new() };
    timing.slowest_reply = reply_delays.iter().copied().max_by_key(|(turn, gap)| (*gap, std::cmp::Reverse(*turn)));
    let longest = [timing.agent_monologue, longest_monologue(&speakers, Role::Customer)];
    let conversation = &mut timing.conversation;
    conversation.agent_talk_ratio = share(spoken(Role::Agent), spoken(Role::Customer));
    let count = |turns: &[usize]| u32::try_from(turns.len()).ok().filter(|_| moments_are_known);
    conversation.interruptions_by_agent = count(&timing.interruptions);
    conversation.interruptions_by_customer = count(&interruptions(&floors, Role::Customer));
    conversation.patience_ms = mean(reply_delays.iter().map(|(_, gap)| *gap).filter(|gap| *gap > 0));
    conversation.longest_monologue_seconds =
        longest.iter().flatten().map(|(_, length)| round_to(*length, 1)).reduce(f64::max);
    conversation.median_response_ms = median(reply_delays.into_iter().map(|(_, gap)| gap).collect());
    conversation.silence_ratio = duration.and_then(|length| silence(seconds(union_ms(turns.speech.iter())), length));
    conversation.agent_words_per_minute = words_per_minute(&sides);
}

/// The turns with believable times, in order of time.
#[derive(Debug, Default)]
struct TimedTurns {
    /// Those with words.
    speech: Vec<TimedTurn>,
    /// Those of nobody in which nothing is said: music, a signal.
    music: Vec<TimedTurn>,
}

impl TimedTurns {
    /// Speech and music, in order of time.
    fn with_music(&self) -> Vec<TimedTurn> {
        let mut turns: Vec<TimedTurn> = self.speech.iter().chain(&self.music).copied().collect();
        turns.sort_by_key(|one| (one.start, one.end, one.turn));
        turns
    }
}

/// The timed turns; `None` when too few of the turns with words have believable times.
fn timed_turns(call: &Call) -> Option<TimedTurns> {
    let mut turns = TimedTurns::default();
    let mut untimed = 0_usize;
    for (turn, (said, time)) in call.transcript.iter().zip(call.turn_times()).enumerate() {
        let speaks = has_speech(&said.text);
        let Some((start, end)) = time.both() else {
            untimed += usize::from(speaks);
            continue;
        };
        let words = words(&said.text);
        let one = TimedTurn { role: said.role, turn, start, end, words, acknowledges: acknowledges(&said.text) };
        if speaks {
            turns.speech.push(one);
        } else if said.role == Role::Other {
            turns.music.push(one);
        }
    }
    turns.speech.sort_by_key(|one| (one.start, one.end, one.turn));
    let timed = to_f64(turns.speech.len());
    (timed > 0.0 && timed >= TIMED_SHARE * (timed + to_f64(untimed))).then_some(turns)
}

/// The words of a text. In scripts that write no spaces two letters count as a word.
fn words(text: &str) -> usize {
    let count = |range: std::ops::Range<usize>| {
        let word = text.get(range).unwrap_or_default();
        let unspaced = word.chars().filter(|letter| is_unspaced(*letter)).count();
        if unspaced == 0 { 1 } else { unspaced.div_ceil(2) }
    };
    WordSpans::of(text).map(count).sum()
}

/// Whether a letter is of a script without spaces between words: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
const fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn spoken_words(dialogue: &Dialogue, role: Role) -> f64 {
    to_f64(dialogue.said_by(role).map(|utterance| utterance.words.len()).sum())
}

fn share(own: f64, other: f64) -> Option<f64> {
    (own + other > 0.0).then(|| round_to(own / (own + other), 2))
}

/// The milliseconds that at least one of the turns covers; they are in the order of their starts.
fn union_ms<'s>(timed_turns: impl Iterator<Item = &'s TimedTurn>) -> u64 {
    let mut covered_until = 0;
    timed_turns.fold(0, |total, one| {
        let own = one.end.saturating_sub(one.start.max(covered_until));
        covered_until = covered_until.max(one.end);
        total + own
    })
}

/// The share of the call in which nobody speaks; unknown when the call is shorter than its speech.
fn silence(spoken: f64, duration: f64) -> Option<f64> {
    (duration > 0.0 && spoken <= duration).then(|| round_to(1.0 - spoken / duration, 2))
}

/// The longest monologue of a side: the turn it begins with, and its seconds of speech. Pauses do not count, because
/// waiting for a computer is no monologue.
fn longest_monologue(sides: &[TimedTurn], role: Role) -> Option<(usize, f64)> {
    let monologues =
        sides.chunk_by(|a, b| a.role == b.role).filter_map(|monologue| Some((monologue.first()?, monologue)));
    monologues
        .filter(|(first, _)| first.role == role)
        .map(|(first, monologue)| (first.turn, seconds(union_ms(monologue.iter()))))
        .reduce(|longest, other| if other.1 > longest.1 { other } else { longest })
}

/// The turns that ask the other side to wait, or agree to.
fn announced_waits(dialogue: &Dialogue) -> BTreeSet<usize> {
    let phrases = dialogue.utterances.iter().flat_map(|said| &said.phrases);
    let requests = phrases.filter(|phrase| phrase.tags.has(PhraseTag::HoldRequest));
    requests.map(|request| dialogue.word(request.word).turn).collect()
}

/// Whether the times are rounded to seconds, which is too rough to measure what happens between two turns.
fn in_whole_seconds(sides: &[TimedTurn]) -> bool {
    let is_whole = |one: &TimedTurn| one.start.is_multiple_of(1000) && one.end.is_multiple_of(1000);
    sides.len() >= FEWEST_WHOLE_SECONDS && sides.iter().all(is_whole)
}

fn mean(values: impl Iterator<Item = u64> + Clone) -> Option<u64> {
    let count = u64::try_from(values.clone().count()).ok().filter(|count| *count > 0)?;
    Some((values.sum::<u64>() + count / 2) / count)
}

fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(lower.midpoint(upper))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within PACE_RANGE")]
fn words_per_minute(sides: &[TimedTurn]) -> Option<u32> {
    let agent = || sides.iter().filter(|one| one.role == Role::Agent);
    let words = agent().map(|one| one.words).sum::<usize>();
    let spoken = seconds(union_ms(agent()));
    if words < PACE_WORDS || spoken < PACE_SECONDS {
        return None;
    }
    let pace = to_f64(words) * 60.0 / spoken;
    PACE_RANGE.contains(&pace).then(|| pace.round() as u32)
}

#[cfg(test)]
mod tests;
