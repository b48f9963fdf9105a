//! The transcript that a scorer gets of a written call: punctuated as much or as little as transcribers do it, and with or
//! without times.
//!
//! **Invariant:** deterministic: which transcript a call gets depends on its identifier alone.

use std::ops::Range;

use domain::{Call, CallId, ToolEvent, Turn};
use fastrand::Rng;

use super::punctuation::Punctuation;
use super::rated::{Mention, RatedCall, Rating, WrittenCall, WrittenTurn};
use super::timing::{SpokenTurn, times};
use crate::input::call;

/// A transcriber of unpunctuated text splits one of so many turns that are long enough.
const SPLITS_ONE_OF: u64 = 6;
/// The fewest words of a turn that is split.
const SPLIT_WORDS: usize = 12;
/// Where a speaker breathes in a turn that is split.
const BREATH_MS: u64 = 250;

/// How a call is transcribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// How much punctuation and how many capitals there are.
    pub punctuation: Punctuation,
    /// Whether turns have times.
    pub has_times: bool,
}

impl Variant {
    /// The variant of the call with that identifier: each punctuation has a third of the calls, and half of each has times.
    #[must_use]
    pub fn of(id: &CallId) -> Self {
        let mut random = Rng::with_seed(hash(id));
        let punctuation = random.choice(Punctuation::ALL.iter().copied()).unwrap_or(Punctuation::Full);
        Self { punctuation, has_times: random.bool() }
    }
}

/// FNV-1a, because the hashes of the standard library may change.
fn hash(id: &CallId) -> u64 {
    id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

impl WrittenCall {
    /// The call as a scorer gets it, in the variant of its identifier.
    #[must_use]
    pub fn transcribed(&self) -> RatedCall {
        self.transcribed_as(Variant::of(&self.id))
    }

    /// The call in that variant, without personal data, which no scorer gets to see.
    #[must_use]
    pub fn transcribed_as(&self, variant: Variant) -> RatedCall {
        let spoken = self.spoken(variant);
        RatedCall { call: scoring::Redaction::All.of_call(spoken.call), ..spoken }
    }

    /// The call in that variant, as it is spoken.
    fn spoken(&self, variant: Variant) -> RatedCall {
        let mut random = Rng::with_seed(hash(&self.id));
        let (mut spoken, mut acts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for turn in &self.turns {
            let first = spoken.len();
            spoken.extend(transcribe(turn, variant.punctuation, &mut random));
            acts.resize(spoken.len(), turn.acts.clone());
            parts.push(first..spoken.len());
        }
        let times = if variant.has_times { times(&spoken, &mut random) } else { Vec::new() };
        let transcript = spoken.into_iter().enumerate().map(|(index, SpokenTurn { role, text, .. })| {
            let time = times.get(index);
            Turn { role, text, start_ms: time.map(|time| time.start), end_ms: time.map(|time| time.end) }
        });
        let call = Call {
            call_id: self.id.clone(),
            tool_events: self.tool_events.iter().map(|event| moved_event(event, &parts)).collect(),
            ..call(transcript.collect())
        };
        RatedCall { call, variant, acts, rating: moved_rating(&self.rating, &parts) }
    }
}

/// The turn, or the two that an unpunctuated transcript makes of it.
fn transcribe(turn: &WrittenTurn, punctuation: Punctuation, random: &mut Rng) -> Vec<SpokenTurn> {
    let text = punctuation.of(&turn.text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let may_split = punctuation == Punctuation::None && words.len() >= SPLIT_WORDS;
    let spoken = |text: String, continues: bool| SpokenTurn {
        role: turn.role,
        text,
        pause_ms: if continues { Some(BREATH_MS) } else { turn.pause_ms() },
        cuts_in: turn.cuts_in && !continues,
    };
    if may_split && random.u64(..SPLITS_ONE_OF) == 0 {
        let (one, two) = words.split_at(words.len() / 2);
        vec![spoken(one.join(" "), false), spoken(two.join(" "), true)]
    } else {
        vec![spoken(text, false)]
    }
}

/// The event after the last part of its turn.
fn moved_event(event: &ToolEvent, parts: &[Range<usize>]) -> ToolEvent {
    let last_part = |turn: usize| parts.get(turn).and_then(|parts| parts.end.checked_sub(1));
    ToolEvent { after_turn: event.after_turn.and_then(last_part), ..event.clone() }
}

/// The rating with mentions of all parts of their turns.
fn moved_rating(rating: &Rating, parts: &[Range<usize>]) -> Rating {
    let moved = |mention: &Mention| Mention {
        turns: mention.turns.iter().filter_map(|turn| parts.get(*turn)).flat_map(Clone::clone).collect(),
        ..mention.clone()
    };
    Rating { mentions: rating.mentions.iter().map(moved).collect(), ..rating.clone() }
}

#[cfg(test)]
mod tests;
