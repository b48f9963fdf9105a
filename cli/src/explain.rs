//! The explanation of a score as a table for people: for each criterion its base, what counted, by how much and in which turns.

use std::fmt::Write;

use domain::Call;
use scoring::RUBRIC;
use scoring::embedded::{Explanation, Influence, assess, explain};

/// The explanation of a call's score. The contributions of a criterion add up to the difference between its base and its
/// score; the score of the call is the mean of the criteria by their weights.
pub(crate) fn text(call: &Call) -> String {
    let mut text = format!("{}  score {}\n", call.call_id.as_str(), assess(call).score);
    for explanation in explain(call) {
        criterion(&mut text, &explanation);
    }
    text.truncate(text.trim_end().len());
    text
}

// Writing to a string cannot fail.
#[expect(clippy::indexing_slicing, reason = "the rubric has one entry for each criterion, in their order")]
fn criterion(text: &mut String, explained: &Explanation) {
    let Explanation { criterion, base, score, influences } = explained;
    let weight = RUBRIC[*criterion as usize].weight;
    let _ = writeln!(text, "  {criterion}  score {score}  weight {weight}  base {base:.1}");
    for Influence { signal, level, contribution, turns, .. } in influences {
        let turns = turns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "    {contribution:+6.2}  {signal} ({:.0} %)  turns {turns}", level * 100.0);
    }
}
