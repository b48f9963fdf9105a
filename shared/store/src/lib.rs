//! Where feedback is kept: one table of feedback, outcomes and counters, and one of tokens.
//!
//! **Invariant:** the store cannot lie. A feedback and everything that is counted of it are one transaction, so lists
//! and statistics agree at every moment; what is expected is a value, what is not is a [`StoreError`]; an item that is
//! not what the store writes is an error, never skipped. This is the only crate that names DynamoDB. Clocks are the
//! caller's.

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
pub use error::{Source, StoreError};
pub use query::{Filter, ListQuery, Order, Page, PageStart, Sort, Statistics, StatsQuery};
pub use store::{DEFAULT_SHARDS, Store};
pub use tokens::{RevokeResult, TokenStore};
pub use write::{CreateResult, RecordResult};
