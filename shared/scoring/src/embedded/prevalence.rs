//! Prevalence: how much a signal runs through a call, as the mean of four measures. Each alone misleads: a count
//! favours long calls, a share favours short ones, the last utterances leave out the rest, and the whole call hides
//! where it is heading.

use super::observations::{Observation, USUAL_UTTERANCES};
use crate::math::to_f64;

/// A share is taken of at least this many utterances.
const FEWEST_UTTERANCES: f64 = 5.0;
/// The end of a call is this many last utterances of a side.
const LAST_UTTERANCES: usize = 2;

/// The prevalence of a signal that a side shows with these words in each of its utterances; `full` in ten utterances
/// are many.
pub(super) fn prevalence(said: &[Vec<usize>], full: f64) -> Observation {
    let shown = |part: &[Vec<usize>]| to_f64(part.iter().filter(|words| !words.is_empty()).count());
    let from = |start: usize| said.get(start..).unwrap_or_default();
    let (late, last) = (from(said.len() / 2), from(said.len().saturating_sub(LAST_UTTERANCES)));
    let usual = full / USUAL_UTTERANCES;
    let measures = [
        shown(said) / full,
        shown(said) / (usual * to_f64(said.len()).max(FEWEST_UTTERANCES)),
        shown(late) / (usual * to_f64(late.len()).max(FEWEST_UTTERANCES / 2.0)),
        shown(last),
    ];
    let words = said.concat();
    Observation {
        level: measures.iter().map(|measure| measure.min(1.0)).sum::<f64>() / to_f64(measures.len()),
        count: words.len(),
        words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(shown: &[bool]) -> f64 {
        prevalence(&shown.iter().map(|shows| if *shows { vec![0] } else { Vec::new() }).collect::<Vec<_>>(), 3.0).level
    }

    #[test]
    fn prevalence_rises_with_number_and_lateness() {
        let [none, early, late, both] = [[false, false], [true, false], [false, true], [true, true]]
            .map(|[early, late]| level(&[early, false, false, false, false, late]));
        assert!(none == 0.0 && none < early && early < late && late < both && both <= 1.0);
    }

    #[test]
    fn the_same_count_is_less_in_a_longer_call_and_the_same_share_is_more() {
        let of_length =
            |length: usize, every: usize| level(&(0..length).map(|index| index % every == 0).collect::<Vec<_>>());
        assert!(level(&[&[true][..], &[false; 9]].concat()) > level(&[&[true][..], &[false; 29]].concat()));
        assert!(of_length(8, 4) < of_length(40, 4));
    }
}
