//! What the times of the turns tell: who speaks how long, who interrupts, how soon the agent answers.
//!
//! **Invariant:** whatever times a producer sends (none, some, out of order, absurd), each measure is a plausible number or
//! `None`. Only turns with words count as speech: nobody knows who makes a `[noise]`.

use domain::{Call, Conversation, Role, Turn};

use crate::dialogue::Dialogue;
use crate::math::{round_to, seconds, to_f64};
use crate::tokenizer::{WordSpans, has_speech};

/// Starting to speak this long before the other side has finished is changing turns, not interrupting: recognisers place the
/// ends of words that roughly, and people overlap by a fifth of a second all the time.
const INTERRUPTION_MS: u64 = 500;
/// An "okay, yes" while the customer speaks is listening, not interrupting.
const INTERRUPTION_WORDS: usize = 3;
/// What lasts longer than a day, or ends later than a day after the start of its call, was not measured on that call.
const LATEST_MS: u64 = 24 * 60 * 60 * 1000;
/// Below this share of timed turns, the times tell too little of the call.
const TIMED_SHARE: f64 = 0.8;
/// So many times in whole seconds are no coincidence.
const FEWEST_WHOLE_SECONDS: usize = 3;
/// A pace is measured over at least so many words and seconds, and is one that people can speak at.
const PACE_WORDS: usize = 20;
const PACE_SECONDS: f64 = 5.0;
const PACE_RANGE: std::ops::RangeInclusive<f64> = 40.0..=400.0;

/// Speech of one side without a break of the other side's.
#[derive(Debug, Clone, Copy)]
struct Speech {
    role: Role,
    turn: usize,
    start: u64,
    end: u64,
    words: usize,
}

/// What was measured, and where.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    /// The measures as they are reported.
    pub(crate) conversation: Conversation,
    /// The turns with which the agent interrupts.
    pub(crate) interruptions: Vec<usize>,
    /// Where the agent's longest monologue begins, and its seconds.
    pub(crate) agent_monologue: Option<(usize, f64)>,
    /// The turn the agent took longest to begin, and the milliseconds.
    pub(crate) slowest_response: Option<(usize, u64)>,
}

/// What can be measured of a call's conversation, whoever judges it.
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
    if let Some(speech) = speech(&call.transcript) {
        measure_times(&mut timing, &speech, duration);
    }
    call.platform_measures.apply_to(&mut timing.conversation);
    if timing.conversation.interruptions_by_agent == Some(0) {
        timing.interruptions.clear();
    }
    timing
}

fn measure_times(timing: &mut Timing, speech: &[Speech], duration: Option<f64>) {
    let sides: Vec<Speech> = speech.iter().filter(|one| one.role != Role::Other).copied().collect();
    let spoken = |role| seconds(union_ms(sides.iter().filter(|one| one.role == role)));
    let moments_are_known = !in_whole_seconds(&sides);
    timing.interruptions = if moments_are_known { interruptions(&sides, Role::Agent) } else { Vec::new() };
    timing.agent_monologue = longest_monologue(&sides, Role::Agent);
    let responses = if moments_are_known { responses(&sides) } else { Vec::new() };
    timing.slowest_response = responses.iter().copied().max_by_key(|(turn, gap)| (*gap, std::cmp::Reverse(*turn)));
    let longest = [timing.agent_monologue, longest_monologue(&sides, Role::Customer)];
    let conversation = &mut timing.conversation;
    conversation.agent_talk_ratio = share(spoken(Role::Agent), spoken(Role::Customer));
    let count = |turns: &[usize]| u32::try_from(turns.len()).ok().filter(|_| moments_are_known);
    conversation.interruptions_by_agent = count(&timing.interruptions);
    conversation.interruptions_by_customer = count(&interruptions(&sides, Role::Customer));
    conversation.patience_ms = mean(responses.iter().map(|(_, gap)| *gap).filter(|gap| *gap > 0));
    conversation.longest_monologue_seconds =
        longest.iter().flatten().map(|(_, length)| round_to(*length, 1)).reduce(f64::max);
    conversation.median_response_ms = median(responses.into_iter().map(|(_, gap)| gap).collect());
    conversation.silence_ratio = duration.and_then(|length| silence(seconds(union_ms(speech.iter())), length));
    conversation.agent_words_per_minute = words_per_minute(&sides);
}

/// The timed speech in order of time; `None` when too few of the turns with words have a plausible time.
fn speech(transcript: &[Turn]) -> Option<Vec<Speech>> {
    let mut speech = Vec::new();
    let mut untimed = 0_usize;
    for (turn, Turn { role, text, start_ms, end_ms }) in
        transcript.iter().enumerate().filter(|(_, t)| has_speech(&t.text))
    {
        match (start_ms, end_ms) {
            (&Some(start), &Some(end)) if start < end && end <= LATEST_MS => {
                speech.push(Speech { role: *role, turn, start, end, words: WordSpans::of(text).count() });
            }
            _ => untimed += 1,
        }
    }
    speech.sort_by_key(|one| (one.start, one.end, one.turn));
    let timed = to_f64(speech.len());
    (timed > 0.0 && timed >= TIMED_SHARE * (timed + to_f64(untimed))).then_some(speech)
}

fn spoken_words(dialogue: &Dialogue, role: Role) -> f64 {
    to_f64(dialogue.said_by(role).map(|utterance| utterance.words.len()).sum())
}

fn share(own: f64, other: f64) -> Option<f64> {
    (own + other > 0.0).then(|| round_to(own / (own + other), 2))
}

/// The milliseconds in which at least one of them, in order of their starts, lasts.
fn union_ms<'s>(speech: impl Iterator<Item = &'s Speech>) -> u64 {
    let mut covered_until = 0;
    speech.fold(0, |total, one| {
        let own = one.end.saturating_sub(one.start.max(covered_until));
        covered_until = covered_until.max(one.end);
        total + own
    })
}

/// The share of the call in which nobody speaks; unknown when the call is shorter than its speech.
fn silence(spoken: f64, duration: f64) -> Option<f64> {
    (duration > 0.0 && spoken <= duration).then(|| round_to(1.0 - spoken / duration, 2))
}

/// The turns of a side that begin while the other one, which began before, goes on for a while. Who goes on with what was
/// begun before does not interrupt, and neither does who begins together with the other.
fn interruptions(sides: &[Speech], by: Role) -> Vec<usize> {
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

/// The longest stretch that the side speaks without the other: where it begins, and its seconds of speech. Pauses do not
/// count: who waits for a computer holds no monologue.
fn longest_monologue(sides: &[Speech], role: Role) -> Option<(usize, f64)> {
    let stretches = sides.chunk_by(|a, b| a.role == b.role).filter_map(|stretch| Some((stretch.first()?, stretch)));
    stretches
        .filter(|(first, _)| first.role == role)
        .map(|(first, stretch)| (first.turn, seconds(union_ms(stretch.iter()))))
        .reduce(|longest, other| if other.1 > longest.1 { other } else { longest })
}

/// How long the customer waited for each of the agent's answers: the turn, and the milliseconds. An answer that begins
/// before the customer has finished comes at once.
fn responses(sides: &[Speech]) -> Vec<(usize, u64)> {
    let changes =
        sides.array_windows().filter(|[said, reply]| said.role == Role::Customer && reply.role == Role::Agent);
    changes.map(|[said, reply]| (reply.turn, reply.start.saturating_sub(said.end))).collect()
}

/// Whether the times are rounded to seconds: too rough for what happens between two turns.
fn in_whole_seconds(sides: &[Speech]) -> bool {
    let is_whole = |one: &Speech| one.start.is_multiple_of(1000) && one.end.is_multiple_of(1000);
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
fn words_per_minute(sides: &[Speech]) -> Option<u32> {
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
