//! The explanation of a score as a table for people: how sure it is and who should look, and for each criterion its base, what
//! counted, by how much and in which turns.

use std::fmt::Write;

use domain::Call;
use scoring::RubricEntry;
use scoring::embedded::{CriterionExplanation, SignalExplanation, explain};

use crate::overview;

/// The explanation of a call's score. The contributions of a criterion add up to the difference between its base and its
/// score; the score of the call is the mean of the criteria by their weights.
pub(crate) fn text(call: &Call) -> String {
    let assessment = scoring::embedded_feedback(call, None).assessment;
    let mut text = format!("{}  score {}\n", call.call_id.as_str(), overview::score(&assessment));
    for line in overview::lines(&assessment) {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "  {line}");
    }
    for explanation in explain(call) {
        criterion(&mut text, &explanation);
    }
    text.truncate(text.trim_end().len());
    text
}

fn criterion(text: &mut String, explained: &CriterionExplanation) {
    let CriterionExplanation { criterion, base, score, signals } = explained;
    let weight = RubricEntry::of(*criterion).weight;
    let _ = writeln!(text, "  {criterion}  score {score}  weight {weight}  base {base:.1}");
    for SignalExplanation { signal, level, contribution, turns, .. } in signals {
        let turns = turns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "    {contribution:+6.2}  {signal} ({:.0} %)  turns {turns}", level * 100.0);
    }
}
