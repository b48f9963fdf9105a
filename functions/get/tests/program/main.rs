//! The program itself, as Lambda runs it.
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

mod reports;
mod requests;
mod world;
