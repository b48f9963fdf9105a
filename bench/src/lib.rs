//! Measures scorers on whole calls with a reader's rating, and of the embedded scorer its agreement with people's ratings, its minimal
//! pairs, its robustness against differences between transcribers, and (in `benches/`) its speed.
//!
//! **Invariant:** the same data gives the same figures, but for what a language model answers: resampling is seeded. Whole calls and
//! minimal pairs are part of the project; people's ratings are not, so that the other reports take the path of a file.

pub mod agreement;
pub mod calls;
pub mod error;
pub mod input;
pub mod intervals;
pub mod pairs;
pub mod replay;
pub mod speech;
pub mod statistics;
pub mod train;
