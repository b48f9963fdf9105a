//! Training from the calls to the files of a model.

use std::fs;
use std::path::Path;

use bench::calls::{Grouping, KNOWN, ScoredCall, measure, read};
use bench::train::{TrainingData, train};
use scoring::embedded::{ModelFiles, Scorer};

#[test]
fn a_model_trained_with_the_known_calls_alone_orders_calls_of_other_authors() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("model");
    fs::create_dir_all(&folder).unwrap();
    let calls = read(Path::new(KNOWN)).unwrap();
    train(&TrainingData { calls, dialogues: Vec::new(), pairs: Vec::new() }, &folder).unwrap();
    let text = |name| fs::read_to_string(folder.join(name)).unwrap();
    let (agent_acts, customer_acts) = (text("agent_acts.txt"), text("customer_acts.txt"));
    let (scorecard, intervals) = (text("scorecard.txt"), text("intervals.txt"));
    let files = ModelFiles {
        agent_acts: &agent_acts,
        customer_acts: &customer_acts,
        scorecard: &scorecard,
        intervals: &intervals,
    };
    let trained = Scorer::parse(files).unwrap();
    let unseen = read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/calls/unseen"))).unwrap();
    let scored: Vec<ScoredCall> =
        unseen.iter().map(|rated| ScoredCall { rated, assessment: trained.assess(&rated.call) }).collect();
    let figures = measure(&scored, Grouping::Kind).all;
    assert!(figures.spearman.value > 0.4 && figures.distance < figures.middle_distance, "{figures:?}");
}
