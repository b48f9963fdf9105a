//! A judge against a stub of a model's server, which responds as a test wants: correctly, wrongly, late, partly or not at all.
//! One binary, so that it is linked once.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy exempts the tests, but not the functions they share"
)]

mod errors;
mod fixtures;
mod hostile;
mod protocols;
mod repairs;
mod samples;
mod stub_model;
mod timing;
