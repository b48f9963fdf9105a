//! Measures the embedded scorer: its agreement with people's ratings, its minimal pairs, its robustness against
//! differences between transcribers, and (in `benches/`) its speed.
//!
//! **Invariant:** the same data gives the same figures: resampling is seeded. The rated data is not part of the project;
//! each report takes the path of a file.

pub mod agreement;
pub mod calls;
pub mod error;
pub mod fit;
pub mod input;
pub mod pairs;
pub mod speech;
pub mod statistics;
