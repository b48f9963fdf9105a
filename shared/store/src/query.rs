//! Queries for lists and statistics of an organisation's feedback, and their results.

use std::ops::RangeInclusive;

use domain::{AgentId, Counters, Day, FeedbackRow, Score, Tally, Timestamp};

/// Which feedback a list has. The default is all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The lowest score.
    pub min_score: Score,
    /// The highest score.
    pub max_score: Score,
    /// Only calls of this agent.
    pub agent_id: Option<AgentId>,
    /// Created at this time or later.
    pub from: Option<Timestamp>,
    /// Created at this time or earlier.
    pub to: Option<Timestamp>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { min_score: Score::MIN, max_score: Score::MAX, agent_id: None, from: None, to: None }
    }
}

impl Filter {
    /// Whether nothing can match. DynamoDB rejects ranges that end before they begin.
    pub(crate) fn is_empty(&self) -> bool {
        self.min_score > self.max_score || self.from.zip(self.to).is_some_and(|(from, to)| from > to)
    }
}

/// What the rows of a list are sorted by. DynamoDB decides the order of rows with equal values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By the time the feedback was stored.
    #[default]
    CreatedAt,
    /// By total score.
    Score,
}

/// The direction of sorting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The newest or best first.
    #[default]
    Descending,
    /// The oldest or worst first.
    Ascending,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageStart {
    /// After that many rows.
    Offset(u64),
    /// After the page whose [`Page::next_cursor`] this is.
    Cursor(String),
}

/// A query for a page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Which rows the list has.
    pub filter: Filter,
    /// What they are sorted by.
    pub sort: Sort,
    /// The direction of sorting.
    pub order: Order,
    /// How many rows the page has at most, 1 to 100.
    pub limit: u8,
    /// Where the page begins.
    pub start: PageStart,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<FeedbackRow>,
    /// How many rows the whole list has, exactly.
    pub total: u64,
    /// How many rows of the list come before this page.
    pub offset: u64,
    /// Where the next page begins; `None` when this is the last one.
    pub next_cursor: Option<String>,
}

/// Which calls statistics include. Days are UTC, both ends are included, and `None` is an open end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsQuery {
    /// Only calls of this agent.
    pub agent_id: Option<AgentId>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
    /// The days of the trend, inside or outside the range.
    pub trend: RangeInclusive<Day>,
}

/// Exact statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// The counters of all calls in the range.
    pub counters: Counters,
    /// The number of feedbacks and the sum of their scores for each day of the trend, in order, also for days without
    /// feedback.
    pub trend: Vec<(Day, Tally)>,
}
