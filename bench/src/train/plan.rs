//! The plan of the scorecard: which criteria a signal may move, and in which direction.

use domain::Criterion;

use crate::calls::criterion;
use crate::error::DatasetError;

/// `SIGNAL + CRITERION …` or `SIGNAL - CRITERION …`, with the short names that criteria have in rated calls.
const PLAN: &str = include_str!("../../plan.txt");

/// Which criteria each signal may move.
#[derive(Debug, Clone)]
pub(super) struct Plan<'t>(Vec<Line<'t>>);

/// A line of the plan.
#[derive(Debug, Clone)]
struct Line<'t> {
    signal: &'t str,
    sign: f64,
    criteria: Vec<Criterion>,
}

impl Plan<'static> {
    /// The plan of the project. Fails like [`Plan::parse`].
    pub(super) fn of_the_project() -> Result<Self, DatasetError> {
        Self::parse(PLAN)
    }
}

impl<'t> Plan<'t> {
    /// Reads a plan. Fails with the line that is not in the form above or names a signal that there is not.
    pub(super) fn parse(text: &'t str) -> Result<Self, DatasetError> {
        let is_plan = |(_, line): &(usize, &str)| !line.starts_with('#') && !line.is_empty();
        let line = |(index, text): (usize, &'t str)| {
            line(text).ok_or_else(|| DatasetError::Plan { line: index + 1, text: text.to_owned() })
        };
        text.lines().enumerate().filter(is_plan).map(line).collect::<Result<_, _>>().map(Self)
    }

    /// The signals that may move anything.
    pub(super) fn signals(&self) -> Vec<&'t str> {
        self.0.iter().map(|line| line.signal).collect()
    }

    /// The criteria that the signal may move, each with the direction.
    pub(super) fn moves(&self, signal: &str) -> Vec<(Criterion, f64)> {
        let own = self.0.iter().filter(|line| line.signal == signal);
        own.flat_map(|line| line.criteria.iter().map(|one| (*one, line.sign))).collect()
    }
}

fn line(text: &str) -> Option<Line<'_>> {
    let (signal, rest) = text.split_once(' ')?;
    let (sign, criteria) = rest.split_once(' ')?;
    let sign = match sign {
        "+" => 1.0,
        "-" => -1.0,
        _ => return None,
    };
    let criteria = criteria.split(' ').map(criterion).collect::<Option<_>>()?;
    scoring::embedded::signals().any(|known| known == signal).then_some(Line { signal, sign, criteria })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_the_project_is_in_its_form() {
        let plan = Plan::of_the_project().unwrap();
        assert!(plan.moves("GetsDone").contains(&(Criterion::GoalAchievement, 1.0)));
        assert!(plan.moves("Evades").iter().all(|(_, sign)| *sign < 0.0));
    }

    #[test]
    fn a_line_that_is_not_is_named() {
        for text in ["GetsDone goal", "GetsDone * goal", "GetsDone + charm", "Sings + goal", "GetsDone +"] {
            let error = Plan::parse(&format!("# Comment.\n{text}\n")).unwrap_err().to_string();
            assert!(error.starts_with("line 2 of plan.txt") && error.contains(text), "{error}");
        }
    }
}
