//! Splits a period into whole UTC days, for which there are counters, and the parts of days at its ends, for which there
//! are none.

use domain::{Day, Timestamp};

/// A period, split into whole and partial days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DaySplit {
    /// The first and the last whole day, open where the period is; `None` when it has no whole day.
    pub(crate) whole_days: Option<(Option<Day>, Option<Day>)>,
    /// The partial days, first and last second included.
    pub(crate) partial_days: Vec<(Timestamp, Timestamp)>,
}

impl DaySplit {
    /// Splits the period between two times, both included; `None` is an open end. `from` must not be after `to`.
    pub(crate) fn of(from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        let head = from.filter(|from| *from != from.day().start());
        let tail = to.filter(|to| *to != to.day().end());
        if let (Some(from), Some(to)) = (from, to)
            && from.day() == to.day()
            && (head.is_some() || tail.is_some())
        {
            return Self { whole_days: None, partial_days: vec![(from, to)] };
        }
        let first = from.map(|from| from.day().plus_days(i64::from(head.is_some())));
        let last = to.map(|to| to.day().plus_days(-i64::from(tail.is_some())));
        let reversed = first.zip(last).is_some_and(|(first, last)| first > last);
        let head = head.map(|head| (head, head.day().end()));
        let tail = tail.map(|tail| (tail.day().start(), tail));
        Self { whole_days: (!reversed).then_some((first, last)), partial_days: head.into_iter().chain(tail).collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).unwrap()
    }

    /// How many of the parts have that time.
    fn times_covered(split: &DaySplit, time: Timestamp) -> usize {
        let in_days = split.whole_days.is_some_and(|(first, last)| {
            first.is_none_or(|first| first <= time.day()) && last.is_none_or(|last| time.day() <= last)
        });
        usize::from(in_days) + split.partial_days.iter().filter(|(from, to)| (*from..=*to).contains(&time)).count()
    }

    #[test]
    fn a_period_of_whole_days_has_no_partial_days() {
        let day = |text| Day::parse(text).unwrap();
        let (first, last) = (day("2026-11-22"), day("2026-11-24"));
        let whole = |days| DaySplit { whole_days: Some(days), partial_days: Vec::new() };
        assert_eq!(DaySplit::of(None, None), whole((None, None)));
        assert_eq!(DaySplit::of(Some(first.start()), Some(last.end())), whole((Some(first), Some(last))));
        assert_eq!(DaySplit::of(Some(first.start()), Some(first.end())), whole((Some(first), Some(first))));
        assert_eq!(DaySplit::of(Some(first.start()), None), whole((Some(first), None)));
        assert_eq!(DaySplit::of(None, Some(last.end())), whole((None, Some(last))));
    }

    #[test]
    fn parts_of_two_neighbouring_days_have_no_whole_day() {
        let (from, to) = (at(10 * 86_400 + 7), at(11 * 86_400 + 9));
        let parts = vec![(from, from.day().end()), (to.day().start(), to)];
        assert_eq!(DaySplit::of(Some(from), Some(to)), DaySplit { whole_days: None, partial_days: parts });
    }

    /// Times, many of them at the ends of days.
    fn times() -> impl Strategy<Value = i64> {
        (100_i64..105, prop_oneof![Just(0), Just(1), Just(86_399), Just(86_398), 0_i64..86_400])
            .prop_map(|(day, second)| day * 86_400 + second)
    }

    proptest! {
        #[test]
        fn every_time_in_the_period_is_covered_once_and_no_other_time(
            from in prop::option::of(times()), to in prop::option::of(times()), time in times(),
        ) {
            prop_assume!(from.zip(to).is_none_or(|(from, to)| from <= to));
            let split = DaySplit::of(from.map(at), to.map(at));
            let inside = from.is_none_or(|from| from <= time) && to.is_none_or(|to| time <= to);
            prop_assert_eq!(times_covered(&split, at(time)), usize::from(inside), "{:?}", split);
        }
    }
}
