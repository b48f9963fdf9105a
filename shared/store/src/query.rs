//! What can be asked of an organisation's feedback, and what comes back.

use std::ops::RangeInclusive;

use domain::{AgentId, Counters, Day, FeedbackRow, Score, Tally, Timestamp};

/// Which feedback a list is about. The default is everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The lowest score.
    pub min_score: Score,
    /// The highest score.
    pub max_score: Score,
    /// Of the calls of this agent only.
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
    /// Whether nothing can pass: DynamoDB refuses ranges that end before they begin.
    pub(crate) fn is_empty(&self) -> bool {
        self.min_score > self.max_score || self.from.zip(self.to).is_some_and(|(from, to)| from > to)
    }
}

/// What the rows of a list are ordered by. The order of rows that are equal in it is the table's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By the time the feedback was stored.
    #[default]
    CreatedAt,
    /// By total.
    Score,
}

/// Which end a list begins at.
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
    /// Where the page ended that gave this [`Page::next_cursor`].
    Cursor(String),
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Which rows the list has.
    pub filter: Filter,
    /// What they are ordered by.
    pub sort: Sort,
    /// Which end comes first.
    pub order: Order,
    /// How many rows the page has at most, 1 to 100.
    pub limit: u8,
    /// Where the page begins.
    pub start: PageStart,
}

/// Some rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Which calls statistics are about. Days are UTC and both ends belong to the range; an end that is missing is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsQuery {
    /// Of this agent only.
    pub agent_id: Option<AgentId>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
    /// The days to show one by one, inside or outside the range.
    pub trend: RangeInclusive<Day>,
}

/// Exact statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// What is counted of the calls that were asked for.
    pub counters: Counters,
    /// Feedback and scores of each day of the trend, in order, days without feedback included.
    pub trend: Vec<(Day, Tally)>,
}
