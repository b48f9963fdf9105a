//! What the tests of several crates share: the deployment template as data, small valid feedback, a stub HTTP server, a model's
//! responses and the captured log.
//!
//! **Invariant:** a dependency of tests, and of the developers' tool `bench`, which ships nothing. Nothing here repeats what is defined elsewhere: names and keys are read from
//! `template.yaml`, scores are computed from the total that a test sets.

mod captured_log;
mod feedback_builder;
mod http_event;
mod model;
mod stub_server;
mod template;

pub use captured_log::CapturedLog;
pub use feedback_builder::FeedbackBuilder;
pub use http_event::http_event;
pub use model::{chat_completion, model_answer};
pub use stub_server::{ReceivedRequest, StubServer, response};
pub use template::{Index, TableSchema, Template, template};
