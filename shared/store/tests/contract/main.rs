//! The store's contract, on DynamoDB Local with the tables of `template.yaml`. One binary, so that it is linked once.
#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod calls;
mod claims;
mod contention;
mod counting;
mod fault_injection;
mod feedback;
mod list;
mod outcomes;
mod paging;
mod statistics;
mod table;
mod tokens;
