//! How much personal data in labelled passages is found, and what else is taken for it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test that cannot read its passages should stop, and the table is for whoever runs it"
)]

#[path = "redaction/passages.rs"]
mod passages;

use passages::{Tally, measure};
use scoring::Redaction;

/// The least recall and precision.
const LEAST: f64 = 0.95;

fn tally(file: &str) -> Tally {
    let tally = measure(file, |call| Redaction::All.of_call(call));
    println!("{}\n{}", tally.report(), tally.mistakes.join("\n"));
    tally
}

#[test]
fn personal_data_in_the_passages_that_the_rules_were_chosen_with_is_found_by_every_kind() {
    let tally = tally(include_str!("redaction/tuned.txt"));
    assert!(tally.passages >= 200, "{}", tally.passages);
    for (what, shares) in [("recall", &tally.recall), ("precision", &tally.precision), ("kept", &tally.kept)] {
        for (kind, share) in shares {
            assert!(share.value() >= LEAST, "{what} of {kind}: {} of {}", share.hits, share.all);
        }
    }
}

#[test]
fn personal_data_in_the_passages_that_were_kept_aside_is_found() {
    let tally = tally(include_str!("redaction/kept_aside.txt"));
    assert!(tally.passages >= 100, "{}", tally.passages);
    for (what, shares) in [("recall", &tally.recall), ("precision", &tally.precision), ("kept", &tally.kept)] {
        let share = Tally::whole(shares);
        assert!(share.value() >= LEAST, "{what}: {} of {}", share.hits, share.all);
    }
}
