//! Observations: how strongly each signal shows in a call, and in which words.
//!
//! **Invariant:** an observation has at least one word that shows it, so that everything said of a call can be quoted.

use super::signals::Signal;
use crate::math::to_f64;

/// How many occurrences of a signal are many is stated for this many utterances of a side.
pub(super) const USUAL_UTTERANCES: f64 = 10.0;

/// How many occurrences are as many in that many utterances, if they are more than usual.
pub(super) fn as_much_in(utterances: usize, full: f64) -> f64 {
    full * (to_f64(utterances) / USUAL_UTTERANCES).max(1.0)
}

/// One signal as it shows in one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Observation {
    /// How strongly it shows, from 0 (not at all) to 1.
    pub(crate) level: f64,
    /// How often it shows clearly, or the number that was measured (seconds, words a minute, percent); 0 where nothing of it is
    /// clear enough to be said, and it counts only together with everything else.
    pub(crate) count: usize,
    /// The words that show it, by their position in the dialogue; the most telling first.
    pub(crate) words: Vec<usize>,
}

impl Observation {
    /// Whether it is clear enough to be said.
    pub(crate) const fn is_clear(&self) -> bool {
        self.count > 0
    }

    /// A signal that these words show; `full` of them are a level of 1.
    pub(crate) fn of_words(words: Vec<usize>, full: f64) -> Self {
        let count = words.len();
        Self { level: (to_f64(count) / full).min(1.0), count, words }
    }

    /// A signal of that level that one word shows.
    pub(crate) fn at(word: Option<usize>, level: f64, count: usize) -> Self {
        Self { level, count, words: word.into_iter().collect() }
    }
}

/// The observations of one call, one for each signal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Observations(Vec<Observation>);

#[expect(clippy::indexing_slicing, reason = "there is an observation for each signal, from the start")]
impl Observations {
    /// Nothing observed yet.
    pub(crate) fn nothing() -> Self {
        Self(vec![Observation::default(); Signal::ALL.len()])
    }

    /// Sets the observation of a signal, unless its level is zero or no word shows it.
    pub(crate) fn set(&mut self, signal: Signal, observation: Observation) {
        if observation.level > 0.0 && !observation.words.is_empty() {
            self.0[signal as usize] = observation;
        }
    }

    /// Reduces the level of a signal by up to a half, by the highest level of the others: thanks after a refusal are a
    /// habit.
    pub(crate) fn weaken(&mut self, signal: Signal, by: &[Signal]) {
        let strongest = by.iter().map(|other| self.get(*other).level).fold(0.0, f64::max);
        self.0[signal as usize].level *= 1.0 - strongest / 2.0;
    }

    /// The observation of a signal.
    pub(crate) fn get(&self, signal: Signal) -> &Observation {
        &self.0[signal as usize]
    }
}

/// What a module observes in a small call, for the tests of each.
#[cfg(test)]
pub(super) mod test_support {
    use super::{Observations, Signal};
    use crate::dialogue::Dialogue;
    use crate::test_calls::untimed;

    type Observe = fn(&mut Observations, &Dialogue);
    type Turns<'a> = &'a [(&'a str, &'a str)];

    /// The level of the signal.
    pub(in crate::embedded) fn level(observe: Observe, turns: Turns<'_>, signal: Signal) -> f64 {
        let call = untimed(turns);
        let mut observations = Observations::nothing();
        observe(&mut observations, &Dialogue::of(&call));
        observations.get(signal).level
    }

    /// The turns of the words that show it.
    pub(in crate::embedded) fn turns_of(observe: Observe, turns: Turns<'_>, signal: Signal) -> Vec<usize> {
        let call = untimed(turns);
        let dialogue = Dialogue::of(&call);
        let mut observations = Observations::nothing();
        observe(&mut observations, &dialogue);
        observations.get(signal).words.iter().map(|word| dialogue.word(*word).turn).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_word_shows_is_not_observed() {
        let mut observations = Observations::nothing();
        observations.set(Signal::Rude, Observation::at(None, 1.0, 1));
        assert_eq!(observations.get(Signal::Rude), &Observation::default());
        observations.set(Signal::Rude, Observation::of_words(vec![4, 9], 4.0));
        assert_eq!(observations.get(Signal::Rude), &Observation { level: 0.5, count: 2, words: vec![4, 9] });
    }

    #[test]
    fn thanks_out_of_habit_are_weakened_by_contradicting_signals() {
        let mut observations = Observations::nothing();
        observations.set(Signal::CustomerThanks, Observation::at(Some(3), 0.8, 1));
        observations.weaken(Signal::CustomerThanks, &[Signal::Unresolved]);
        assert!((observations.get(Signal::CustomerThanks).level - 0.8).abs() < 1e-9);
        observations.set(Signal::Unresolved, Observation::at(Some(1), 1.0, 1));
        observations.weaken(Signal::CustomerThanks, &[Signal::Unresolved]);
        assert!((observations.get(Signal::CustomerThanks).level - 0.4).abs() < 1e-9);
    }
}
