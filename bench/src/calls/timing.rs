//! When the turns of a call are spoken.

use std::collections::HashMap;
use std::ops::Range;

use domain::Role;
use fastrand::Rng;

/// How fast people speak on the telephone, each at a rate of their own.
const WORDS_PER_MINUTE: Range<u64> = 140..181;
/// How long they wait before they reply, where nothing is noted.
const GAP_MS: Range<u64> = 150..900;
/// How early somebody who cuts in begins, but not before half of what is cut is said.
const OVERLAP_MS: Range<u64> = 300..1200;
const MS_PER_MINUTE: u64 = 60_000;

/// A turn of a transcript, before it has times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpokenTurn {
    /// Who speaks.
    pub(super) role: Role,
    /// What is said.
    pub(super) text: String,
    /// The silence before it, where it is known.
    pub(super) pause_ms: Option<u64>,
    /// Whether it begins while the other side still speaks.
    pub(super) cuts_in: bool,
}

/// The times of the turns in milliseconds.
pub(super) fn times(turns: &[SpokenTurn], random: &mut Rng) -> Vec<Range<u64>> {
    let mut rates: HashMap<Role, u64> = HashMap::new();
    let mut times: Vec<Range<u64>> = Vec::new();
    for turn in turns {
        let rate = *rates.entry(turn.role).or_insert_with(|| random.u64(WORDS_PER_MINUTE));
        let previous = times.last().cloned().unwrap_or_default();
        let start = if turn.cuts_in {
            let overlap = random.u64(OVERLAP_MS).min((previous.end - previous.start) / 2);
            previous.end - overlap
        } else {
            previous.end + turn.pause_ms.unwrap_or_else(|| random.u64(GAP_MS))
        };
        let words = u64::try_from(turn.text.split_whitespace().count()).unwrap_or(u64::MAX);
        times.push(start..start + words.saturating_mul(MS_PER_MINUTE) / rate);
    }
    times
}
