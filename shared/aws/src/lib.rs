//! How this project reaches AWS: the one place that decides region, credentials, endpoint, TLS, time limits and retries.
//!
//! SDK clients are made from [`function_config`] or [`operator_config`]. What no SDK client sends (objects from [`S3`], reports to
//! Sentry) goes through [`connector`], over the same TLS stack.
//!
//! **Invariant:** no other crate configures TLS, credentials or retries. What is *not* here: what is asked of a service, which is
//! said where it is needed.

mod config;
mod http;
mod s3;

pub use aws_config::SdkConfig;
pub use config::{function_config, operator_config};
pub use http::connector;
pub use s3::{S3, S3Error};
