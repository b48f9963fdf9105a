//! Pairs of calls that differ in one thing.
