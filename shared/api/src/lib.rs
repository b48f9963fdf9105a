//! What get, list and stats share of HTTP: the caller's organisation, the strict query parser, the envelope of every response, and
//! the loop that serves requests.
//!
//! **Invariant:** the organisation comes from the authorizer alone; no header, path or query of the client names one.
//! **Invariant:** a client sees the text of its own mistakes only; internal errors are logged and not shown.

mod caller;
mod error;
mod parameters;
mod response;
mod serve;

pub use caller::organisation;
pub use error::ApiError;
pub use parameters::Parameters;
pub use response::{immutable, respond, success};
pub use serve::serve;
