//! The times of turns, and their order.

use crate::field::Field;

/// When a turn starts and ends, in milliseconds from the start of the call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TurnTimes {
    /// Its start.
    pub(crate) start_ms: Option<u64>,
    /// Its end; dropped when it lies before the start.
    pub(crate) end_ms: Option<u64>,
}

impl TurnTimes {
    /// A start without an end.
    pub(crate) const fn starting_at(start_ms: Option<u64>) -> Self {
        Self { start_ms, end_ms: None }
    }

    /// The times in these two fields, which count units of that many milliseconds.
    pub(crate) fn read(start: &Field<'_, '_>, end: &Field<'_, '_>, unit: f64) -> Self {
        Self { start_ms: start.offset_ms(unit), end_ms: end.offset_ms(unit) }
    }
}

/// The items sorted by their start; one without a start stays behind the one before it.
pub(crate) fn sorted_by_start<T>(items: impl Iterator<Item = T>, start: impl Fn(&T) -> Option<u64>) -> Vec<T> {
    let mut latest = None;
    let timed = items.map(|item| {
        latest = start(&item).or(latest);
        (latest, item)
    });
    let mut timed: Vec<_> = timed.collect();
    timed.sort_by_key(|(start, _)| *start);
    timed.into_iter().map(|(_, item)| item).collect()
}
