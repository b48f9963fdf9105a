//! A judge against a stub of a model's server, which responds as a test wants: correctly, wrongly, late, partly or not at all.
//! One binary, so that it is linked once.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts the tests, but not the functions they share"
)]

mod bedrock;
mod errors;
mod fixtures;
mod hostile;
mod key_renewal;
mod protocols;
mod repairs;
mod samples;
mod signature;
mod stub_model;
mod timing;
