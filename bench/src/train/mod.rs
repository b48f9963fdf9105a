//! Trains the model of the embedded scorer with rated and labelled calls, and says how it does on calls that it was not trained with.
//!
//! The calls are left out by industry: what is said of an industry's calls was never trained with a call of that industry. The
//! acts that the scorecard is fitted to are told by models that have not seen the call either, because a model is surer of what it
//! has seen.
//!
//! **Invariant:** deterministic: the same calls give the same files.

mod acts;
mod logistic;
mod plan;
mod points;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use domain::{Call, Role};
use scoring::embedded::{ModelError, ModelFiles, Scorer};

use crate::calls::{self, Grouping, RatedCall, ScoredCall};
use crate::error::DatasetError;
use crate::input::RatedDialogue;
use crate::intervals;
use crate::statistics::{RatedScore, mean, spearman, to_f64};
use acts::{Labelled, TrainedActs, acts_of, labelled, threshold};
use plan::Plan;
use points::{Levels, Row};

/// The calls are left out in so many groups of industries.
const FOLDS: usize = 6;
/// The order of all rated dialogues together counts so many times as much as all calls.
const DIALOGUES: f64 = 5.0;
/// Only the order of rated dialogues counts, and they are rated closer together than calls; their ratings are spread by this, so that they do
/// not draw the scores of calls together.
const SPREAD: f64 = 2.0;

/// What a call of a pair counts, next to a whole call.
const PAIRS: f64 = 5.0;
/// The better call of a pair should be so far above the middle of both, and the worse so far below.
const APART: f64 = 1.0;

/// What a model is trained with.
#[derive(Debug)]
pub struct TrainingData {
    /// Whole calls with a reader's rating and labelled turns.
    pub calls: Vec<RatedCall>,
    /// Dialogues with people's ratings.
    pub dialogues: Vec<RatedDialogue>,
    /// Pairs of a better and a worse call.
    pub pairs: Vec<(Call, Call)>,
}

/// The models of both sides' acts, as files.
struct Acts {
    agent: String,
    customer: String,
}

/// Trains, writes the files to the folder, and reports how the scorer does on calls left out. Fails when the plan or a file cannot be
/// read or written.
pub fn train(data: &TrainingData, folder: &Path) -> Result<String, DatasetError> {
    let plan = Plan::of_the_project()?;
    let sides = [Role::Agent, Role::Customer].map(|role| (role, labelled(&data.calls, role)));
    let folds = folds(&data.calls);
    let comment = comment(data);
    let mut report = String::new();
    let thresholds = thresholds(&sides, &folds, &mut report);
    // Models that have not seen a fold's calls, for each fold.
    let unseeing: Vec<Acts> = (0..FOLDS)
        .map(|fold| train_acts(&sides, &comment, &|call| folds.get(call) != Some(&fold), &thresholds))
        .collect();
    let shipped = train_acts(&sides, &comment, &|_| true, &thresholds);
    let scorers = unseeing.iter().map(|acts| scorer(acts, "", "")).collect::<Result<Vec<_>, _>>()?;
    let levels: Vec<Levels> = data
        .calls
        .iter()
        .zip(&folds)
        .filter_map(|(rated, fold)| Some(scorers.get(*fold)?.levels(&rated.call)))
        .collect();
    let shipped_scorer = scorer(&shipped, "", "")?;
    let dialogue_levels: Vec<Levels> =
        data.dialogues.iter().map(|rated| shipped_scorer.levels(&rated.call())).collect();
    let names: Vec<String> = (0..data.pairs.len()).map(|at| format!("pair {at}")).collect();
    let pair_levels: Vec<[Levels; 2]> =
        data.pairs.iter().map(|(better, worse)| [better, worse].map(|call| shipped_scorer.levels(call))).collect();
    let fitted = |without: Option<usize>| {
        let mut rows = rows(data, &levels, &dialogue_levels, &folds, without);
        rows.extend(pair_rows(&pair_levels, &names));
        points::fit(&rows, &plan)
    };
    let left_out = left_out(data, &folds, &unseeing, |fold| fitted(Some(fold)).file(&comment))?;
    // Writing to a string cannot fail.
    let _ = writeln!(report, "calls left out:\n{}", calls::measure(&left_out.calls, Grouping::Kind));
    summarise(&mut report, &left_out.dialogues);
    let card = fitted(None).file(&comment);
    let files = [
        ("agent_acts.txt", shipped.agent.as_str()),
        ("customer_acts.txt", &shipped.customer),
        ("scorecard.txt", &card),
        ("intervals.txt", &intervals::of_embedded(&comment, &left_out.calls)),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|source| DatasetError::Unwritable { path, source })?;
    }
    Ok(report)
}

/// Calls and dialogues as scorers see them that were not trained with them.
struct LeftOut<'d> {
    calls: Vec<ScoredCall<'d>>,
    dialogues: BTreeMap<&'d str, Vec<RatedScore>>,
}

/// Scores each fold's calls and dialogues with the acts and the scorecard of a scorer that was not trained with them.
fn left_out<'d>(
    data: &'d TrainingData,
    folds: &[usize],
    unseeing: &[Acts],
    card_without: impl Fn(usize) -> String,
) -> Result<LeftOut<'d>, ModelError> {
    let mut left_out = LeftOut { calls: Vec::new(), dialogues: BTreeMap::new() };
    for (fold, acts) in unseeing.iter().enumerate() {
        let card = card_without(fold);
        let unseeing = scorer(acts, &card, "")?;
        for (rated, _) in data.calls.iter().zip(folds).filter(|(_, own)| **own == fold) {
            left_out.calls.push(ScoredCall { rated, assessment: unseeing.assess(&rated.call) });
        }
        for (_, rated) in data.dialogues.iter().enumerate().filter(|(at, _)| at % FOLDS == fold) {
            let score = unseeing.assess(&rated.call()).score.value();
            let rated_score = RatedScore { score, rating: rated.overall };
            left_out.dialogues.entry(&rated.set).or_default().push(rated_score);
        }
    }
    Ok(left_out)
}

/// A scorer with that model.
fn scorer<'t>(acts: &'t Acts, scorecard: &'t str, intervals: &'t str) -> Result<Scorer<'t>, ModelError> {
    let files = ModelFiles { agent_acts: &acts.agent, customer_acts: &acts.customer, scorecard, intervals };
    Scorer::parse(files)
}

/// Where the model comes from, as the head of its files.
fn comment(data: &TrainingData) -> String {
    let sets: BTreeSet<&str> = data.dialogues.iter().map(|rated| rated.set.as_str()).collect();
    format!(
        "# Written by `bench train`, from {} whole calls and {} rated dialogues ({}).\n",
        data.calls.len(),
        data.dialogues.len(),
        sets.into_iter().collect::<Vec<_>>().join(", ")
    )
}

/// The fold of each call: its industry's.
fn folds(calls: &[RatedCall]) -> Vec<usize> {
    let industries: BTreeSet<&str> = calls.iter().map(|rated| rated.rating.industry.as_str()).collect();
    let position =
        |rated: &RatedCall| industries.iter().position(|one| *one == rated.rating.industry).unwrap_or_default();
    calls.iter().map(|rated| position(rated) % FOLDS).collect()
}

fn train_acts(
    sides: &[(Role, Vec<Labelled>); 2],
    comment: &str,
    is_seen: &dyn Fn(usize) -> bool,
    thresholds: &[BTreeMap<&'static str, f64>; 2],
) -> Acts {
    let [agent, customer] = [0, 1].map(|side: usize| {
        let Some((role, utterances)) = sides.get(side) else { return String::new() };
        let seen: Vec<&Labelled> = utterances.iter().filter(|one| is_seen(one.call)).collect();
        let nothing = BTreeMap::new();
        let thresholds = thresholds.get(side).unwrap_or(&nothing);
        TrainedActs::with(&seen, acts_of(*role)).file(comment, thresholds)
    });
    Acts { agent, customer }
}

/// From which probability on each act may be quoted, told by models that have not seen the utterances.
fn thresholds(
    sides: &[(Role, Vec<Labelled>); 2],
    folds: &[usize],
    report: &mut String,
) -> [BTreeMap<&'static str, f64>; 2] {
    [0, 1].map(|side: usize| {
        let Some((role, utterances)) = sides.get(side) else { return BTreeMap::new() };
        let mut told: BTreeMap<&'static str, Vec<(f64, bool)>> = BTreeMap::new();
        for fold in 0..FOLDS {
            let (left_out, seen): (Vec<&Labelled>, Vec<&Labelled>) =
                utterances.iter().partition(|one| folds.get(one.call) == Some(&fold));
            let model = TrainedActs::with(&seen, acts_of(*role));
            for one in left_out {
                for (act, probability) in model.probabilities(&one.features) {
                    told.entry(act).or_default().push((probability, one.acts.contains(act)));
                }
            }
        }
        let mut thresholds = BTreeMap::new();
        for (act, mut told) in told {
            let found = threshold(&mut told);
            let so = told.iter().filter(|(_, is_so)| *is_so).count();
            // Writing to a string cannot fail.
            let _ = writeln!(report, "{role} {act:<20} {so:>4} utterances, clear: {found:?}");
            thresholds.extend(found.map(|(threshold, _)| (act, threshold)));
        }
        thresholds
    })
}

/// All calls but those of a fold, and all dialogues but a share of each set, to fit the points to.
fn rows<'r>(
    data: &'r TrainingData,
    levels: &'r [Levels],
    dialogue_levels: &'r [Levels],
    folds: &[usize],
    without: Option<usize>,
) -> Vec<Row<'r>> {
    let weight = DIALOGUES * to_f64(data.calls.len()) / to_f64(data.dialogues.len().max(1));
    let mut rows: Vec<Row> = Vec::new();
    for ((rated, levels), fold) in data.calls.iter().zip(levels).zip(folds) {
        if without != Some(*fold) {
            let total = rated.rating.score.value();
            rows.push(Row { levels, total, criteria: Some(&rated.rating.criteria), set: "calls", weight: 1.0 });
        }
    }
    for (at, (rated, levels)) in data.dialogues.iter().zip(dialogue_levels).enumerate() {
        if without != Some(at % FOLDS) {
            rows.push(Row { levels, total: SPREAD * rated.overall, criteria: None, set: &rated.set, weight });
        }
    }
    rows
}

/// The pairs to fit the points to: each is a set of its own.
fn pair_rows<'r>(levels: &'r [[Levels; 2]], names: &'r [String]) -> impl Iterator<Item = Row<'r>> {
    levels.iter().zip(names).flat_map(|(pair, set)| {
        let [better, worse] = pair;
        [(better, APART), (worse, -APART)].map(|(levels, total)| Row {
            levels,
            total,
            criteria: None,
            set,
            weight: PAIRS,
        })
    })
}

/// How dialogues are ordered by scorers that were not trained with them.
fn summarise(report: &mut String, ordered: &BTreeMap<&str, Vec<RatedScore>>) {
    // Writing to a string cannot fail, here and below.
    for (set, rated) in ordered {
        let _ = writeln!(report, "{set}, {} dialogues left out: Spearman {:.3}", rated.len(), spearman(rated));
    }
    let orders: Vec<f64> =
        ordered.iter().filter(|(set, _)| set.starts_with("uss_")).map(|(_, all)| spearman(all)).collect();
    let _ = writeln!(report, "mean of the sets uss_: Spearman {:.3}", mean(&orders));
}
