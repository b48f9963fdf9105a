//! The configuration of all AWS clients: region, credentials, endpoint, TLS, time limits and retries.
//!
//! SDK clients are made from [`function_config`] or [`operator_config`]. Requests to AWS that no SDK client makes (for objects in [`S3`],
//! and to Bedrock's models) are signed by a [`Signer`]. Those for objects and the reports to Sentry use [`connector`], with the same TLS
//! stack.
//!
//! **Invariant:** no other crate configures TLS, credentials or retries. The requests themselves are in the crates that make them.

mod config;
mod http;
mod s3;
mod signer;

pub use aws_config::SdkConfig;
pub use config::{function_config, operator_config};
pub use http::connector;
pub use s3::{S3, S3Error};
pub use signer::{Service, SignError, Signer};
