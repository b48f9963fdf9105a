//! A judge and a server that answers whatever a test wants: by the letter, wrongly, late, half or not at all. One binary, so
//! that it is linked once.
#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

mod answers;
mod calls;
mod errors;
mod hostile;
mod protocols;
mod samples;
mod stub;
mod timing;
