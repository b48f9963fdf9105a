//! When the turns of a call were said, as far as that can be believed, and how long the call took.
//!
//! **Invariant:** one absurd time makes the times of one turn unknown, and never the call hours long. Times are believed in
//! whatever order the turns are sent.

use crate::{Call, Role, Turn};

/// The longest call, in milliseconds: a day.
const LONGEST_CALL_MS: u64 = 24 * 60 * 60 * 1000;
/// Nobody takes longer for a turn than this, in milliseconds, and this for each of its characters. A pause may be part of it.
const TURN_MS: u64 = 120_000;
const CHARACTER_MS: u64 = 1_000;
/// Music and announcements last longer than speech, but not longer than this, in milliseconds.
const LONGEST_ANNOUNCEMENT_MS: u64 = 2 * 60 * 60 * 1000;
/// Nobody is silent for longer than this, in milliseconds, in the middle of a call.
const LONGEST_SILENCE_MS: u64 = 60 * 60 * 1000;
/// With a smaller share of turns with times than this, in percent, the times do not tell how long the call took.
const TIMED_PERCENT: usize = 80;
/// A call is at most this much shorter than the speech in it, in milliseconds and in percent: times are rounded.
const SPEECH_SLACK_MS: u64 = 2_000;
const SPEECH_SLACK_PERCENT: u64 = 10;

/// The start and the end of a turn in milliseconds from the start of the call, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TurnTime {
    /// Its start.
    pub start_ms: Option<u64>,
    /// Its end, which is later.
    pub end_ms: Option<u64>,
}

impl TurnTime {
    const UNKNOWN: Self = Self { start_ms: None, end_ms: None };

    /// The times of a turn, seen by itself.
    fn of(turn: &Turn) -> Self {
        let within = |time: &u64| *time <= LONGEST_CALL_MS;
        let (start_ms, end_ms) = (turn.start_ms.filter(within), turn.end_ms.filter(within));
        if (start_ms, end_ms) != (turn.start_ms, turn.end_ms) {
            return Self::UNKNOWN;
        }
        let time = Self { start_ms, end_ms };
        match time.both() {
            Some((start, end)) if end <= start => Self { start_ms, end_ms: None },
            Some((start, end)) if end - start > longest(turn) => Self::UNKNOWN,
            _ => time,
        }
    }

    /// The start and the end, if both are known.
    #[must_use]
    pub fn both(self) -> Option<(u64, u64)> {
        self.start_ms.zip(self.end_ms)
    }

    fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }

    fn first(self) -> Option<u64> {
        self.start_ms.or(self.end_ms)
    }

    fn last(self) -> Option<u64> {
        self.end_ms.or(self.start_ms)
    }
}

/// The longest that a turn may take.
fn longest(turn: &Turn) -> u64 {
    if turn.role == Role::Other {
        return LONGEST_ANNOUNCEMENT_MS;
    }
    let characters = u64::try_from(turn.text.chars().count()).unwrap_or(u64::MAX);
    TURN_MS.saturating_add(CHARACTER_MS.saturating_mul(characters))
}

impl Call {
    /// The times of each turn, as far as they can be believed: not of a turn that ends after a day, takes longer than anybody speaks,
    /// or lies hours away from most of the others.
    #[must_use]
    pub fn turn_times(&self) -> Vec<TurnTime> {
        let mut times: Vec<TurnTime> = self.transcript.iter().map(TurnTime::of).collect();
        let mut order: Vec<(u64, u64, usize)> =
            times.iter().enumerate().filter_map(|(turn, time)| Some((time.first()?, time.last()?, turn))).collect();
        order.sort_unstable();
        let mut until = 0;
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (first, last, turn) in order {
            match groups.last_mut() {
                Some(group) if first <= until + LONGEST_SILENCE_MS => group.push(turn),
                _ => groups.push(vec![turn]),
            }
            until = until.max(last);
        }
        // Of two groups of the same size the earlier one is the call.
        let most = groups.iter().map(Vec::len).max().unwrap_or_default();
        let call = groups.iter().position(|group| group.len() == most);
        let absurd = groups.iter().enumerate().filter(|(group, _)| Some(*group) != call).flat_map(|(_, turns)| turns);
        for turn in absurd {
            if let Some(time) = times.get_mut(*turn) {
                *time = TurnTime::UNKNOWN;
            }
        }
        times
    }

    /// How long the call took in seconds: as stated, if that is at most a day and no shorter than the speech in it; else from the
    /// earliest start to the latest end of its turns, if most of them have times; else `None`. A call of unknown duration is not a
    /// short one.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a day")]
    pub fn duration_seconds(&self) -> Option<f64> {
        let times = self.turn_times();
        let longest_ms = LONGEST_CALL_MS as f64;
        let stated = self.stated_duration_seconds.filter(|seconds| (0.0..=longest_ms / 1000.0).contains(seconds));
        let speech_ms = speech_ms(&times);
        let least_ms = speech_ms.saturating_sub(SPEECH_SLACK_MS + speech_ms * SPEECH_SLACK_PERCENT / 100);
        stated.filter(|seconds| seconds * 1000.0 >= least_ms as f64).or_else(|| {
            let turns = || self.transcript.iter().zip(&times).filter(|(turn, _)| !turn.text.trim().is_empty());
            let known = turns().filter(|(_, time)| time.is_known()).count();
            let start = times.iter().filter_map(|time| time.start_ms).min()?;
            let end = times.iter().filter_map(|time| time.end_ms).max()?;
            (end > start && known * 100 >= turns().count() * TIMED_PERCENT).then(|| (end - start) as f64 / 1000.0)
        })
    }
}

/// The milliseconds that at least one of the turns covers.
fn speech_ms(times: &[TurnTime]) -> u64 {
    let mut spans: Vec<(u64, u64)> = times.iter().filter_map(|time| time.both()).collect();
    spans.sort_unstable();
    let mut until = 0;
    spans.into_iter().fold(0, |total, (start, end)| {
        let own = end.saturating_sub(start.max(until));
        until = until.max(end);
        total + own
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallId, OrgId};

    fn said(role: Role, text: &str, start_ms: Option<u64>, end_ms: Option<u64>) -> Turn {
        Turn { role, text: text.to_owned(), start_ms, end_ms }
    }

    fn of_turns(transcript: Vec<Turn>) -> Call {
        Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call").unwrap(), transcript)
    }

    fn call(times: &[(Option<u64>, Option<u64>)]) -> Call {
        of_turns(times.iter().map(|(start, end)| said(Role::Agent, "well", *start, *end)).collect())
    }

    /// Turns of two seconds, one every three seconds, with one of them at another time.
    fn with_one_at(start_ms: u64, end_ms: u64) -> Call {
        let mut call = call(&[0, 3, 6, 9, 12].map(|second| (Some(second * 1000), Some(second * 1000 + 2_000))));
        (call.transcript[2].start_ms, call.transcript[2].end_ms) = (Some(start_ms), Some(end_ms));
        call
    }

    #[test]
    fn duration_runs_from_the_earliest_start_to_the_latest_end_in_any_order() {
        let out_of_order = call(&[(Some(5_000), Some(9_000)), (Some(1_000), Some(2_500)), (Some(3_000), None)]);
        assert_eq!(out_of_order.duration_seconds(), Some(8.0));
    }

    #[test]
    fn one_absurd_time_makes_the_times_of_one_turn_unknown() {
        const HOUR: u64 = 3_600_000;
        for (start, end) in [
            (6_000, 22 * HOUR),
            (22 * HOUR, 22 * HOUR + 2_000),
            (6_000, 30 * HOUR),
            (u64::MAX - 1, u64::MAX),
            (1_700_000_000_000, 1_700_000_002_000),
        ] {
            let call = with_one_at(start, end);
            assert_eq!(call.duration_seconds(), Some(14.0), "{start} to {end}");
            let known: Vec<bool> = call.turn_times().iter().map(|time| time.both().is_some()).collect();
            assert_eq!(known, [true, true, false, true, true], "{start} to {end}");
        }
        let mut starts = with_one_at(22 * HOUR, 0);
        starts.transcript[2].end_ms = None;
        assert_eq!(starts.duration_seconds(), Some(14.0));
    }

    #[test]
    fn what_is_slow_but_possible_is_believed() {
        assert_eq!(with_one_at(6_000, 66_000).duration_seconds(), Some(66.0));
        assert_eq!(with_one_at(1_800_000, 1_802_000).duration_seconds(), Some(1_802.0));
        let music = |role| {
            let turns =
                [said(Role::Agent, "hold on", Some(0), Some(1_000)), said(role, "la", Some(1_000), Some(900_000))];
            of_turns(turns.into()).turn_times()[1].both()
        };
        assert_eq!((music(Role::Other), music(Role::Agent)), (Some((1_000, 900_000)), None));
    }

    #[test]
    fn stated_duration_wins_over_the_turns_unless_they_speak_for_longer() {
        let mut stated = with_one_at(6_000, 8_000);
        for (seconds, duration) in [
            (184.2, 184.2),
            (9.0, 9.0), // The speech takes ten seconds, and times are rounded.
            (4.0, 14.0),
            (-1.0, 14.0),
            (f64::NAN, 14.0),
            (1e9, 14.0),
        ] {
            stated.stated_duration_seconds = Some(seconds);
            assert_eq!(stated.duration_seconds(), Some(duration), "{seconds}");
        }
    }

    #[test]
    fn times_of_few_turns_do_not_tell_the_duration() {
        let mut times = vec![(Some(0), Some(2_000)), (Some(2_000), Some(4_000))];
        assert_eq!(call(&times).duration_seconds(), Some(4.0));
        times.extend([(None, None); 8]);
        assert_eq!(call(&times).duration_seconds(), None);
    }

    #[test]
    fn duration_without_both_ends_is_unknown() {
        assert_eq!(call(&[]).duration_seconds(), None);
        assert_eq!(call(&[(Some(3), None)]).duration_seconds(), None);
        assert_eq!(call(&[(None, Some(3))]).duration_seconds(), None);
        assert_eq!(call(&[(Some(3), Some(3))]).duration_seconds(), None);
    }
}
