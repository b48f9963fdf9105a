//! The rubric as Markdown, for people and for models.

use std::fmt;

use domain::Category;

use super::{ANCHOR_SCORES, RUBRIC, RUBRIC_RULES, RUBRIC_VERSION, RubricEntry};
use crate::violations::{SEVERITIES, VIOLATIONS};

impl fmt::Display for RubricEntry {
    /// The criterion as a list: its description, its anchors, and when it does not apply.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} Weight {} %.\n", self.description, self.weight)?;
        for (score, anchor) in ANCHOR_SCORES.iter().zip(self.anchors) {
            writeln!(f, "- **{score}** {anchor}")?;
        }
        match self.not_applicable {
            Some(when) => write!(f, "- **does not apply** {when}"),
            None => write!(f, "- **always applies**"),
        }
    }
}

/// The whole rubric, as docs/RUBRIC.md has it.
#[must_use]
pub fn rubric_markdown() -> String {
    let mut lines = vec![
        "# Rubric".to_owned(),
        format!(
            "Version {RUBRIC_VERSION}. Each criterion is scored from 0 to 10; the total is the mean of those that apply, by their \
             weights, and is computed, never given. The anchors say what is heard in a call of that score."
        ),
        "## How it is applied".to_owned(),
        RUBRIC_RULES.map(|rule| format!("- {rule}")).join("\n"),
    ];
    for category in Category::ALL {
        lines.push(format!("## {category}"));
        for entry in RUBRIC.iter().filter(|entry| entry.criterion.category() == *category) {
            lines.push(format!("### {}\n\n{entry}", entry.criterion));
        }
    }
    lines.push("## Violations".to_owned());
    lines.push(
        "What an agent must never do, whatever its tone. The worst one caps the total; `score_before_cap` is what it was before."
            .to_owned(),
    );
    let severities = SEVERITIES.map(|(severity, text)| format!("- **{severity}**, at most {}: {text}", severity.cap()));
    lines.push(severities.join("\n"));
    lines.push(VIOLATIONS.map(|(kind, text)| format!("- **{kind}** {text}")).join("\n"));
    lines.join("\n\n") + "\n"
}
