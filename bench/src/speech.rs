//! Robustness: how much the score depends on how a call is transcribed.

use std::fmt::Write;

use domain::{Call, Turn};
use scoring::embedded::assess;

use crate::input::{SpokenCall, call};
use crate::statistics::mean;

/// The scores of each call in its variants, and the differences over all calls.
#[must_use]
pub fn table(spoken: &[SpokenCall]) -> String {
    let mut table = format!("{:<24} {:>6} {:>8} {:>7} {:>10}\n", "call", "person", "machine", "merged", "punctuated");
    let mut differences: [Vec<f64>; 3] = Default::default();
    for one in spoken {
        let by_person = one.by_person();
        let scores = [&by_person, &one.by_machine(), &merged(&by_person), &punctuated(&by_person)]
            .map(|call| assess(call).score.value());
        for (known, score) in differences.iter_mut().zip(&scores[1..]) {
            known.push((score - scores[0]).abs());
        }
        let [person, machine, merged, punctuated] = scores;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{:<24} {person:>6} {machine:>8} {merged:>7} {punctuated:>10}", one.id);
    }
    let [machine, merged, punctuated] = differences.map(|all| (mean(&all), all.iter().copied().fold(0.0, f64::max)));
    let cell = |(mean, most): (f64, f64)| format!("{mean:.2}/{most:.1}");
    let _ = writeln!(
        table,
        "{:<31} {:>8} {:>7} {:>10}",
        "difference from the person's, mean/most",
        cell(machine),
        cell(merged),
        cell(punctuated)
    );
    table
}

/// The call with consecutive turns of a speaker merged.
#[must_use]
pub fn merged(original: &Call) -> Call {
    let mut transcript: Vec<Turn> = Vec::new();
    for turn in &original.transcript {
        match transcript.last_mut() {
            Some(last) if last.role == turn.role => {
                last.text = format!("{} {}", last.text, turn.text);
                last.end_ms = turn.end_ms.or(last.end_ms);
            }
            _ => transcript.push(turn.clone()),
        }
    }
    call(transcript)
}

/// The call with a capital at the beginning of each turn and a full stop at its end.
#[must_use]
pub fn punctuated(original: &Call) -> Call {
    let sentence = |text: &str| {
        let mut letters = text.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
        let is_speech = text.ends_with(char::is_alphanumeric);
        if is_speech { format!("{first}{}.", letters.as_str()) } else { text.to_owned() }
    };
    let mut changed = original.clone();
    for turn in &mut changed.transcript {
        turn.text = sentence(&turn.text);
    }
    changed
}
