//! Who takes the floor from whom, and how long the customer waits for replies.
//!
//! **Invariant:** a backchannel ("okay", "I see, yes") takes no floor, and a transcriber that splits a turn in two changes nothing.
//! Nobody waits for a reply while somebody speaks or music plays, or after either side has asked for a moment.

use std::collections::BTreeSet;

use domain::Role;

use super::TimedTurn;
use crate::tokenizer::{WordSpans, fold_into};

/// An overlap of at most this is a change of speakers and no interruption: recognisers time the ends of words that
/// roughly, and people overlap by a fifth of a second all the time.
pub(super) const INTERRUPTION_MS: u64 = 500;
/// Sides that begin within this begin together, and neither interrupts.
const TOGETHER_MS: u64 = 200;
/// A pause of at most this is within a turn, which the transcriber has split.
const SPLIT_MS: u64 = 200;
/// What has fewer words than this takes no floor.
const FLOOR_WORDS: usize = 3;
/// An acknowledgement has at most this many words.
const ACKNOWLEDGEMENT_WORDS: usize = 6;
/// The words of acknowledgements, as [`fold_into`] spells them. A "no" is none: who says it three times wants the floor.
const ACKNOWLEDGING: [&str; 54] = [
    "okay",
    "ok",
    "alright",
    "yes",
    "yeah",
    "yep",
    "yup",
    "right",
    "sure",
    "mm",
    "mmm",
    "mhm",
    "hmm",
    "hm",
    "uh",
    "huh",
    "um",
    "ah",
    "oh",
    "i",
    "see",
    "got",
    "it",
    "of",
    "course",
    "exactly",
    "absolutely",
    "understood",
    "understand",
    "thank",
    "thanks",
    "you",
    "great",
    "good",
    "fine",
    "perfect",
    "wow",
    "really",
    "thats",
    "that",
    "is",
    "makes",
    "sense",
    "go",
    "ahead",
    "know",
    "indeed",
    "true",
    "correct",
    "cool",
    "lovely",
    "gotcha",
    "definitely",
    "totally",
];

/// Whether a text only acknowledges what the other side says.
pub(super) fn acknowledges(text: &str) -> bool {
    let mut folded = String::new();
    let mut is_known = |word: &str| {
        folded.clear();
        fold_into(&mut folded, word);
        ACKNOWLEDGING.contains(&folded.as_str())
    };
    WordSpans::of(text).count() <= ACKNOWLEDGEMENT_WORDS
        && WordSpans::of(text).all(|word| is_known(text.get(word).unwrap_or_default()))
}

/// The turns with those joined that the transcriber has split: what one side says without a pause, or one acknowledgement after
/// the other. In order of their starts.
pub(super) fn floors(sides: &[TimedTurn]) -> Vec<TimedTurn> {
    let mut floors: Vec<TimedTurn> = Vec::new();
    for one in sides {
        let last = floors.iter_mut().rev().find(|floor| floor.role == one.role);
        match last {
            Some(floor) if one.start <= floor.end + SPLIT_MS && one.acknowledges == floor.acknowledges => {
                floor.end = floor.end.max(one.end);
                floor.words += one.words;
            }
            _ => floors.push(*one),
        }
    }
    floors
}

/// The turns with which a side interrupts the other: they begin while the other side, which began before, goes on for a while.
/// Continuing one's own speech is no interruption, and neither is beginning together with the other side.
pub(super) fn interruptions(floors: &[TimedTurn], by: Role) -> Vec<usize> {
    let (mut own_until, mut other_since, mut other_until) = (0, 0, 0);
    let mut turns = Vec::new();
    for one in floors {
        if one.role != by {
            // Who acknowledges has not got the floor, so nobody can take it.
            if one.end > other_until && !one.acknowledges {
                (other_since, other_until) = (one.start, one.end);
            }
            continue;
        }
        let overlap = other_until.min(one.end).saturating_sub(one.start);
        let takes_the_floor = one.words >= FLOOR_WORDS
            && !one.acknowledges
            && one.start >= own_until
            && one.start > other_since + TOGETHER_MS;
        if takes_the_floor && overlap > INTERRUPTION_MS {
            turns.push(one.turn);
        }
        own_until = own_until.max(one.end);
    }
    turns
}

/// The turns without acknowledgements that lie within the other side's speech.
pub(super) fn without_listening(sides: &[TimedTurn], floors: &[TimedTurn]) -> Vec<TimedTurn> {
    let (mut agent_until, mut customer_until) = (0, 0);
    let mut begun = floors.iter().peekable();
    let mut speaking = Vec::with_capacity(sides.len());
    for one in sides {
        while let Some(floor) = begun.next_if(|floor| floor.start <= one.start) {
            let until = if floor.role == Role::Agent { &mut agent_until } else { &mut customer_until };
            *until = floor.end.max(*until);
        }
        let other_until = if one.role == Role::Agent { customer_until } else { agent_until };
        if !one.acknowledges || one.end > other_until {
            speaking.push(*one);
        }
    }
    speaking
}

/// How long the customer waited for each of the agent's replies: the turn, and the milliseconds. A reply that begins before the
/// customer has finished has a wait of zero; what the agent says while the customer goes on is no reply.
pub(super) fn reply_delays(turns: &[TimedTurn], holds: &BTreeSet<usize>) -> Vec<(usize, u64)> {
    let mut delays = Vec::new();
    let (mut customer_until, mut others_until) = (0, 0);
    let (mut is_waiting, mut is_announced) = (false, false);
    for one in turns {
        let announces = holds.contains(&one.turn);
        match one.role {
            Role::Customer => {
                is_announced |= announces;
                (is_waiting, customer_until) = (true, one.end.max(customer_until));
            }
            Role::Other => others_until = one.end.max(others_until),
            Role::Agent if is_waiting && one.end <= customer_until => is_announced |= announces,
            Role::Agent => {
                if is_waiting && !is_announced && others_until <= customer_until {
                    delays.push((one.turn, one.start.saturating_sub(customer_until)));
                }
                // "Thanks" after "one moment" and "sure" is not yet what the customer waits for.
                is_announced = announces || is_announced && (!is_waiting || one.acknowledges);
                (is_waiting, others_until) = (false, one.end.max(others_until));
            }
        }
    }
    delays
}
