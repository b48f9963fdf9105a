//! What the embedded scorer looks for in a call, and how strongly it found each.
//!
//! **Invariant:** a signal that was found has at least one word that shows it, so that everything said of a call can be
//! quoted.

use crate::math::to_f64;

macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Something observable in a call, good or bad; which of the two is for the criteria to say.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Signal {
            $($(#[$doc])* $name),*
        }

        impl Signal {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it is called in explanations and evaluations.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

signals! {
    // The course of the call.
    Greets, Introduces, OffersHelp, OffersMore, SaysGoodbye, NoGreeting, NoGoodbye,
    // How the agent speaks.
    Courteous, Reassures, Warm, Signposts, Rude, Dismisses, Blames, Hesitates, Slang, Hedges, LongWinded, Monologue, Hasty,
    Sluggish,
    // How the agent listens.
    Acknowledges, TakesUp, Interrupts, Dominates, AsksToRepeat, RepeatsItself, CustomerRepeats, CustomerCorrects,
    CustomerConfused,
    // What the agent does for the customer.
    Asks, AsksNothing, AsksFirst, ProposesFirst, ReadsBack, Proposes, TakesOwnership, Delivers, Refuses, OffersAlternative, RefusesFlatly,
    PassesOn, Apologises, DoesNotKnow, Answers, LeavesOpen, SlowToAnswer, CustomerChases,
    // How the agent meets feelings and doubts.
    MeetsDistress, IgnoresDistress, MeetsObjection, IgnoresObjection,
    // How the customer takes it.
    CustomerAccepts, CustomerRejects, CustomerNegates, CustomerThanks, NothingLeft, GivesUp, EndsPleased, EndsDispleased, SoundsPleased,
    SoundsDispleased,
    // Where the call is heading.
    EndsRefused, Resolved, Unresolved, StillAsks, AsksMuch, Counters, EndsAsking, CustomerDeclines, CustomerReserved, Enthused, StaysPleased,
    EndsAbruptly,
    // What is told, and how.
    LeftWithout, Empathises, Jargon, Evades, Precise, Overloads, SumsUp, Insists,
    // Habits that run through the call, each of them weak.
    Lively, Cheerful, Informs, Negates, AnswersNo, OffersMoreAgain, CustomerExclaims, CustomerConfirms, CustomerInterested,
    CustomerSaysGoodbye, CustomerChangesMind, CustomerWantsAnother, CustomerTerse,
}

/// What is much of something is told for so many utterances of a side.
pub(super) const USUAL_UTTERANCES: f64 = 10.0;

/// What is as much in that many utterances, if they are more than usual.
pub(super) fn as_much_in(utterances: usize, full: f64) -> f64 {
    full * (to_f64(utterances) / USUAL_UTTERANCES).max(1.0)
}

/// One signal in one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    /// How strongly it shows, from 0 (not at all) to 1.
    pub(crate) level: f64,
    /// How often it shows, or the number that makes it remarkable.
    pub(crate) count: usize,
    /// Words that show it, by their index in the dialogue; the most telling first.
    pub(crate) words: Vec<usize>,
}

impl Reading {
    /// A signal that these words show; so many of them, relative to how often there was occasion, show it fully.
    pub(crate) fn of_words(words: Vec<usize>, full: f64) -> Self {
        let count = words.len();
        Self { level: (to_f64(count) / full).min(1.0), count, words }
    }

    /// A signal of that strength that one word shows.
    pub(crate) fn at(word: Option<usize>, level: f64, count: usize) -> Self {
        Self { level, count, words: word.into_iter().collect() }
    }
}

/// All signals of one call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Readings(Vec<Reading>);

impl Readings {
    /// Nothing found yet.
    pub(crate) fn nothing() -> Self {
        Self(vec![Reading::default(); Signal::ALL.len()])
    }

    /// Keeps what was found of a signal, unless nothing was or nothing shows it.
    pub(crate) fn set(&mut self, signal: Signal, reading: Reading) {
        if reading.level > 0.0 && !reading.words.is_empty() {
            self.0[signal as usize] = reading;
        }
    }

    /// Halves a signal where one of the others shows fully: whoever is left with a no thanks out of habit.
    pub(crate) fn weaken(&mut self, signal: Signal, by: &[Signal]) {
        let strongest = by.iter().map(|other| self.get(*other).level).fold(0.0, f64::max);
        self.0[signal as usize].level *= 1.0 - strongest / 2.0;
    }

    /// What was found of a signal.
    pub(crate) fn get(&self, signal: Signal) -> &Reading {
        &self.0[signal as usize]
    }
}

/// What one reader finds in a small call, for the tests of each.
#[cfg(test)]
pub(super) mod found {
    use super::{Readings, Signal};
    use crate::dialogue::Dialogue;
    use crate::test_calls::untimed;

    type Read = fn(&mut Readings, &Dialogue);
    type Turns<'a> = &'a [(&'a str, &'a str)];

    /// How strongly it finds the signal.
    pub(in crate::embedded) fn level(read: Read, turns: Turns<'_>, signal: Signal) -> f64 {
        let call = untimed(turns);
        let mut readings = Readings::nothing();
        read(&mut readings, &Dialogue::of(&call));
        readings.get(signal).level
    }

    /// The turns of the words that show it.
    pub(in crate::embedded) fn turns_of(read: Read, turns: Turns<'_>, signal: Signal) -> Vec<usize> {
        let call = untimed(turns);
        let dialogue = Dialogue::of(&call);
        let mut readings = Readings::nothing();
        read(&mut readings, &dialogue);
        readings.get(signal).words.iter().map(|word| dialogue.words[*word].turn).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_word_shows_was_not_found() {
        let mut readings = Readings::nothing();
        readings.set(Signal::Rude, Reading::at(None, 1.0, 1));
        assert_eq!(readings.get(Signal::Rude), &Reading::default());
        readings.set(Signal::Rude, Reading::of_words(vec![4, 9], 4.0));
        assert_eq!(readings.get(Signal::Rude), &Reading { level: 0.5, count: 2, words: vec![4, 9] });
    }

    #[test]
    fn what_is_said_out_of_habit_is_weakened_by_what_contradicts_it() {
        let mut readings = Readings::nothing();
        readings.set(Signal::CustomerThanks, Reading::at(Some(3), 0.8, 1));
        readings.weaken(Signal::CustomerThanks, &[Signal::Unresolved]);
        assert!((readings.get(Signal::CustomerThanks).level - 0.8).abs() < 1e-9);
        readings.set(Signal::Unresolved, Reading::at(Some(1), 1.0, 1));
        readings.weaken(Signal::CustomerThanks, &[Signal::Unresolved]);
        assert!((readings.get(Signal::CustomerThanks).level - 0.4).abs() < 1e-9);
    }
}
