//! The database: one table of feedback, outcomes, claims and counters, and one of tokens.
//!
//! **Invariant:** a feedback and its counters are written in one transaction, so totals and statistics agree at every
//! moment. An item without the form in which the store writes it is a [`StoreError`] and is never skipped. Only this
//! crate uses DynamoDB. The caller passes the time.

mod claim;
mod counters;
mod cursor;
mod day_split;
mod error;
mod expression;
mod item;
mod list;
mod query;
mod query_plan;
mod retry;
pub mod schema;
#[cfg(test)]
mod sdk_error_tests;
mod statistics;
mod store;
mod tokens;
mod transaction;
mod write;

pub use claim::{Claim, Lease};
pub use error::{BoxError, StoreError};
pub use query::{Filter, ListQuery, Order, Page, PageStart, Sort, Statistics, StatsQuery};
pub use store::{DEFAULT_SHARDS, Store};
pub use tokens::{RevokeResult, TokenStore};
pub use write::{CreateResult, RecordResult};
