//! The plan of the scorecard: which criteria a signal may move, and in which direction.

use domain::Criterion;

/// `SIGNAL + CRITERION …` or `SIGNAL - CRITERION …`, with the short names of criteria.
const PLAN: &str = include_str!("../../plan.txt");

/// Which criteria each signal may move.
#[derive(Debug, Clone)]
pub(super) struct Plan(Vec<(&'static str, f64, Vec<Criterion>)>);

impl Plan {
    /// The plan of the project. Fails with the line that is not in its form.
    pub(super) fn of_the_project() -> Result<Self, String> {
        let mut plan = Vec::new();
        for (index, line) in PLAN.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty()) {
            let wrong = || format!("plan.txt:{}: {line}", index + 1);
            let mut fields = line.split(' ');
            let signal = fields.next().ok_or_else(wrong)?;
            let sign = match fields.next() {
                Some("+") => 1.0,
                Some("-") => -1.0,
                _ => return Err(wrong()),
            };
            let criteria: Option<Vec<Criterion>> =
                fields.map(|name| Criterion::ALL.iter().copied().find(|one| one.name().contains(name))).collect();
            plan.push((signal, sign, criteria.ok_or_else(wrong)?));
        }
        Ok(Self(plan))
    }

    /// The signals that move anything.
    pub(super) fn signals(&self) -> Vec<&'static str> {
        self.0.iter().map(|(signal, ..)| *signal).collect()
    }

    /// The criteria that the signal may move, each with the direction.
    pub(super) fn moves(&self, signal: &str) -> Vec<(Criterion, f64)> {
        let own = self.0.iter().filter(|(known, ..)| *known == signal);
        own.flat_map(|(_, sign, criteria)| criteria.iter().map(|one| (*one, *sign))).collect()
    }
}
