//! Measures of a conversation from the times of its turns: talk time, interruptions, how soon the agent replies.
//!
//! **Invariant:** whatever times a producer sends (none, some, out of order, absurd), each measure is a plausible
//! number or `None`. Only turns with words count as speech, because nobody knows who makes a `[noise]`.

use std::collections::BTreeSet;

use domain::{Call, Conversation, Role, Turn};

use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::math::{round_to, seconds, to_f64};
use crate::tokenizer::{WordSpans, has_speech};

/// An overlap of at most this is a change of speakers and no interruption: recognisers time the ends of words that
/// roughly, and people overlap by a fifth of a second all the time.
const INTERRUPTION_MS: u64 = 500;
/// A turn of fewer words than this is a backchannel ("okay, yes") and no interruption.
const INTERRUPTION_WORDS: usize = 3;
/// Turns and calls that end later than this are not plausible: a day after the start of the call.
const LATEST_MS: u64 = 24 * 60 * 60 * 1000;
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
    let duration = call.duration_seconds().filter(|length| (0.0..=seconds(LATEST_MS)).contains(length));
    let mut timing = Timing::default();
    timing.conversation.duration_seconds = duration.map(|length| round_to(length, 3));
    timing.conversation.agent_questions = u32::try_from(questions).ok();
    timing.conversation.turns = u32::try_from(dialogue.utterances.len()).ok();
    timing.conversation.agent_talk_ratio =
        share(spoken_words(dialogue, Role::Agent), spoken_words(dialogue, Role::Customer));
    if let Some(timed_turns) = timed_turns(&call.transcript) {
        measure_times(&mut timing, &timed_turns, duration, &announced_waits(dialogue));
    }
    call.platform_measures.apply_to(&mut timing.conversation);
    if timing.conversation.interruptions_by_agent == Some(0) {
        timing.interruptions.clear();
    }
    timing
}

fn measure_times(timing: &mut Timing, timed_turns: &[TimedTurn], duration: Option<f64>, waits: &BTreeSet<usize>) {
    let sides: Vec<TimedTurn> = timed_turns.iter().filter(|one| one.role != Role::Other).copied().collect();
    let spoken = |role| seconds(union_ms(sides.iter().filter(|one| one.role == role)));
    let moments_are_known = !in_whole_seconds(&sides);
    timing.interruptions = if moments_are_known { interruptions(&sides, Role::Agent) } else { Vec::new() };
    timing.agent_monologue = longest_monologue(&sides, Role::Agent);
    let reply_delays = if moments_are_known { reply_delays(timed_turns, waits) } else { Vec::new() };
    timing.slowest_reply = reply_delays.iter().copied().max_by_key(|(turn, gap)| (*gap, std::cmp::Reverse(*turn)));
    let longest = [timing.agent_monologue, longest_monologue(&sides, Role::Customer)];
    let conversation = &mut timing.conversation;
    conversation.agent_talk_ratio = share(spoken(Role::Agent), spoken(Role::Customer));
    let count = |turns: &[usize]| u32::try_from(turns.len()).ok().filter(|_| moments_are_known);
    conversation.interruptions_by_agent = count(&timing.interruptions);
    conversation.interruptions_by_customer = count(&interruptions(&sides, Role::Customer));
    conversation.patience_ms = mean(reply_delays.iter().map(|(_, gap)| *gap).filter(|gap| *gap > 0));
    conversation.longest_monologue_seconds =
        longest.iter().flatten().map(|(_, length)| round_to(*length, 1)).reduce(f64::max);
    conversation.median_response_ms = median(reply_delays.into_iter().map(|(_, gap)| gap).collect());
    conversation.silence_ratio = duration.and_then(|length| silence(seconds(union_ms(timed_turns.iter())), length));
    conversation.agent_words_per_minute = words_per_minute(&sides);
}

/// The timed turns in order of time; `None` when too few of the turns with words have plausible times.
fn timed_turns(transcript: &[Turn]) -> Option<Vec<TimedTurn>> {
    let mut timed_turns = Vec::new();
    let mut untimed = 0_usize;
    for (turn, Turn { role, text, start_ms, end_ms }) in
        transcript.iter().enumerate().filter(|(_, t)| has_speech(&t.text))
    {
        match (start_ms, end_ms) {
            (&Some(start), &Some(end)) if start < end && end <= LATEST_MS => {
                timed_turns.push(TimedTurn { role: *role, turn, start, end, words: WordSpans::of(text).count() });
            }
            _ => untimed += 1,
        }
    }
    timed_turns.sort_by_key(|one| (one.start, one.end, one.turn));
    let timed = to_f64(timed_turns.len());
    (timed > 0.0 && timed >= TIMED_SHARE * (timed + to_f64(untimed))).then_some(timed_turns)
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

/// The turns with which a side interrupts the other: they begin while a turn of the other side, which began before,
/// goes on for a while. Continuing one's own speech is no interruption, and neither is beginning together with the
/// other side.
fn interruptions(sides: &[TimedTurn], by: Role) -> Vec<usize> {
    let (mut own_until, mut other_since, mut other_until) = (0, 0, 0);
    let mut turns = Vec::new();
    for one in sides {
        if one.role != by {
            if one.end > other_until {
                (other_since, other_until) = (one.start, one.end);
            }
            continue;
        }
        let overlap = other_until.min(one.end).saturating_sub(one.start);
        let takes_the_floor = one.words >= INTERRUPTION_WORDS && one.start >= own_until && one.start > other_since;
        if takes_the_floor && overlap > INTERRUPTION_MS {
            turns.push(one.turn);
        }
        own_until = own_until.max(one.end);
    }
    turns
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

/// The turns that ask the other side to wait.
fn announced_waits(dialogue: &Dialogue) -> BTreeSet<usize> {
    let phrases = dialogue.utterances.iter().flat_map(|said| &said.phrases);
    let requests = phrases.filter(|phrase| phrase.tags.has(PhraseTag::HoldRequest));
    requests.map(|request| dialogue.word(request.word).turn).collect()
}

/// How long the customer waited for each of the agent's replies: the turn, and the milliseconds. A reply that begins
/// before the customer has finished has a wait of zero. Nobody waits for a reply after either side has asked for a moment, nor
/// while the agent or a third person still speaks.
fn reply_delays(timed_turns: &[TimedTurn], waits: &BTreeSet<usize>) -> Vec<(usize, u64)> {
    let mut delays = Vec::new();
    let (mut customer_until, mut others_until) = (0, 0);
    let (mut is_waiting, mut is_announced) = (false, false);
    for one in timed_turns {
        let announces = waits.contains(&one.turn);
        match one.role {
            Role::Customer => {
                is_announced |= announces;
                (is_waiting, customer_until) = (true, one.end.max(customer_until));
            }
            Role::Other => others_until = one.end.max(others_until),
            Role::Agent => {
                if is_waiting && !is_announced && others_until <= customer_until {
                    delays.push((one.turn, one.start.saturating_sub(customer_until)));
                }
                is_announced = announces || is_announced && !is_waiting;
                (is_waiting, others_until) = (false, one.end.max(others_until));
            }
        }
    }
    delays
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
