//! The program, run as Lambda runs it, with stubs of the servers that it uses.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod reports;
mod requests;
mod stubs;
