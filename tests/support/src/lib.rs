//! What the tests of several crates share: the deployment template as data, small valid feedback, a server that says what a test
//! wants, and the log.
//!
//! **Invariant:** a development dependency only. Nothing here is a second source of truth: names and keys are read from
//! `template.yaml`, scores follow from the total that a test asks for.

mod event;
mod feedback;
mod log;
mod server;
mod template;

pub use event::http_event;
pub use feedback::FeedbackBuilder;
pub use log::Log;
pub use server::{Received, Server, answer};
pub use template::{Index, TableSchema, Template, template};
