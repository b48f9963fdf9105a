//! The figures of a scorer as a table, and its calls as lines of JSON.

use std::fmt;

use domain::{CallId, Score};
use serde::Serialize;

use super::false_claim::false_claims;
use super::measure::{Figures, Report};
use super::said::SpokenOf;
use super::scorer::ScoredCall;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<28} {:>4}  {:<24} {:>8} {:>10} {:>8} {:>6} {:>5} {:>6} {:>8} {:>6} {:>7} {:>5}",
            "calls",
            "n",
            "Spearman [95 %]",
            "distance",
            format!("always {:.1}", self.best_constant),
            "always 5",
            "false",
            "said",
            "chance",
            "covered",
            "width",
            "review",
            "null"
        )?;
        write_row(f, "all", &self.all)?;
        for (name, figures) in &self.groups {
            write_row(f, name, figures)?;
        }
        writeln!(f, "\n{:<28} {:>4}  {:>8} {:>8}", "criterion, where both score", "n", "distance", "higher")?;
        for one in &self.criteria {
            let distance = stated(one.distance, |distance| format!("{distance:.2}"));
            let higher = stated(one.higher, |higher| format!("{higher:+.2}"));
            writeln!(f, "{:<28} {:>4}  {distance:>8} {higher:>8}", one.criterion.name(), one.calls)?;
        }
        writeln!(f, "\n{:<28} {:>6} {:>6} {:>6}", "given to a person for", "stated", "right", "occurs")?;
        for one in &self.flags {
            writeln!(f, "{:<28} {:>6} {:>6} {:>6}", one.flag.name(), one.stated, one.right, one.occurs)?;
        }
        let (told, right) = self.outcomes;
        writeln!(f, "\noutcome: told of {told} calls, right of {right}")
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, name: &str, figures: &Figures) -> fmt::Result {
    writeln!(
        f,
        "{name:<28} {:>4}  {:<24} {:>8.2} {:>10.2} {:>8.2} {:>6} {:>5} {:>6} {:>8} {:>6} {:>7} {:>5}",
        figures.calls,
        figures.spearman.to_string(),
        figures.distance,
        figures.best_constant_distance,
        figures.middle_distance,
        percent(figures.false_claims),
        percent(figures.said),
        percent(figures.said_by_chance),
        stated(figures.covered, percent),
        stated(figures.width, |width| format!("{width:.1}")),
        percent(figures.needs_review),
        percent(figures.unscored),
    )
}

/// The value if there is one.
fn stated(value: Option<f64>, written: fn(f64) -> String) -> String {
    value.map_or_else(|| "-".to_owned(), written)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A call and what a scorer makes of it.
#[derive(Debug, Serialize)]
struct CallLine<'c> {
    id: &'c CallId,
    reader: Score,
    score: Score,
    score_low: Option<Score>,
    score_high: Option<Score>,
    false_claims: Vec<String>,
    /// What must be said and is not.
    unsaid: Vec<&'c str>,
}

/// The calls, one JSON object a line. Fails when one cannot be written as JSON, which none does.
pub fn lines(scored: &[ScoredCall]) -> Result<String, serde_json::Error> {
    let mut lines = String::new();
    for one in scored {
        lines.push_str(&serde_json::to_string(&call_line(one))?);
        lines.push('\n');
    }
    Ok(lines)
}

fn call_line<'c>(ScoredCall { rated, assessment }: &ScoredCall<'c>) -> CallLine<'c> {
    let spoken_of = SpokenOf::by(assessment, &rated.call);
    let unsaid = rated.rating.mentions.iter().filter(|mention| !spoken_of.says(mention));
    CallLine {
        id: &rated.call.call_id,
        reader: rated.rating.score,
        score: assessment.score,
        score_low: assessment.certainty.score_low,
        score_high: assessment.certainty.score_high,
        false_claims: false_claims(&rated.rating, assessment).iter().map(ToString::to_string).collect(),
        unsaid: unsaid.map(|mention| mention.text.as_str()).collect(),
    }
}
