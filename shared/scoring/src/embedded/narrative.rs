//! The narrative: turns contributions into sentences of feedback, each with a quote and its turn.
//!
//! **Invariant:** only what is clear is said. Every sentence is about a signal that was observed in this call and quotes it, and it
//! stands under one criterion only: the one it contributes most to.

use domain::{Certainty, Criterion, CriterionAssessment, Evidence, Role, Score, Suggestion};

use super::scorecard::{Contribution, ScoredCriterion};
use super::signals::Signal;
use super::statements::{Statement, statement};
use crate::dialogue::Dialogue;
use crate::rubric::RubricEntry;

/// A criterion that nothing clear speaks of has a score if signals move it at least so far from the middle; else it cannot be told.
const TOLD: f64 = 1.6;
/// A reason has at most this many sentences, and a feedback this many of praise and of blame.
const MOST_REASONS: usize = 2;
const MOST_REMARKS: usize = 2;
/// What is surely better than this may be told to be kept.
const GOOD: Score = Score::from_tenths(50).unwrap();
/// More than this many suggestions at once help nobody.
const MOST_SUGGESTIONS: usize = 4;

/// Something clear enough to be said, with the quote that shows it.
pub(super) struct Remark {
    signal: Signal,
    /// The criterion that it contributes most to.
    criterion: Criterion,
    /// What it adds to the total, or takes from it.
    points: f64,
    statement: &'static Statement,
    sentence: String,
    advice: Option<String>,
    quote: Evidence,
}

/// What can be said of a call, what moves the total most first; no turn is quoted twice.
pub(super) fn remarks(scored: &[ScoredCriterion], dialogue: &Dialogue) -> Vec<Remark> {
    let mut strongest: Vec<(Criterion, f64, Contribution)> = Vec::new();
    for one in scored {
        let weight = f64::from(RubricEntry::of(one.criterion).weight) / 100.0;
        for contribution in &one.contributions {
            match strongest.iter_mut().find(|(.., known)| known.signal == contribution.signal) {
                Some((criterion, total, most)) => {
                    *total += weight * contribution.points;
                    if contribution.points.abs() > most.points.abs() {
                        (*criterion, *most) = (one.criterion, *contribution);
                    }
                }
                None => strongest.push((one.criterion, weight * contribution.points, *contribution)),
            }
        }
    }
    strongest.sort_by(|(_, one, _), (_, other, _)| other.abs().total_cmp(&one.abs()));
    let mut remarks: Vec<Remark> = Vec::new();
    for (criterion, points, contribution) in strongest {
        let Some(statement) = statement(contribution.signal).filter(|_| contribution.observation.is_clear()) else {
            continue;
        };
        let quotes = contribution.observation.words.iter().take(contribution.observation.count.max(1));
        let mut fresh = quotes.filter_map(|word| Some((*word, dialogue.quote(*word)?)));
        let found = fresh.find(|(_, quote)| remarks.iter().all(|known| known.quote.turn != quote.turn));
        if let Some((word, quote)) = found {
            let before = before(dialogue, word);
            let fill = |text: &str| sentence(text, contribution.observation.count, &quote, before.as_ref());
            let Some(sentence) = fill(statement.said) else { continue };
            let advice = statement.advice.and_then(fill);
            let signal = contribution.signal;
            remarks.push(Remark { signal, criterion, points, statement, sentence, advice, quote });
        }
    }
    remarks
}

/// The criteria as they are reported. At least one has a score: where nothing is clear and little is weighed, the one of which most is
/// weighed.
pub(super) fn criteria(
    scored: &[ScoredCriterion],
    remarks: &[Remark],
    dialogue: &Dialogue,
    applies: impl Fn(Criterion) -> bool,
) -> Vec<CriterionAssessment> {
    let applying = || scored.iter().filter(|one| applies(one.criterion));
    let is_told =
        |one: &ScoredCriterion| one.moved() >= TOLD || remarks.iter().any(|remark| remark.criterion == one.criterion);
    let most = applying().max_by(|one, other| one.moved().total_cmp(&other.moved()));
    let instead = if applying().any(is_told) { None } else { most.map(|one| one.criterion) };
    let mut turns: Vec<usize> = remarks.iter().map(|one| one.quote.turn).collect();
    let mut reported = |one: &ScoredCriterion| match one.criterion {
        criterion if !applies(criterion) => untold(criterion, "The customer raises no objection in this call."),
        criterion if is_told(one) || instead == Some(criterion) => told(one, remarks, dialogue, &mut turns),
        criterion => untold(criterion, "This cannot be told from the words of this call."),
    };
    scored.iter().map(&mut reported).collect()
}

/// The criterion with its score, and what is clear as its reason, or else the weak signs that it rests on. No turn is shown twice.
fn told(
    scored: &ScoredCriterion,
    remarks: &[Remark],
    dialogue: &Dialogue,
    turns: &mut Vec<usize>,
) -> CriterionAssessment {
    let (criterion, score) = (scored.criterion, Some(scored.score));
    let own: Vec<&Remark> = remarks.iter().filter(|one| one.criterion == criterion).take(MOST_REASONS).collect();
    let clear: f64 = own.iter().filter_map(|remark| scored.points_of(remark.signal)).sum();
    let mut sentences: Vec<String> = own.iter().map(|one| one.sentence.clone()).collect();
    let mut evidence: Vec<Evidence> = own.iter().map(|one| one.quote.clone()).collect();
    // What is clear is the reason if it makes up half of the score's distance; else the weak signs are named as well.
    if own.is_empty() || clear * scored.direction() < scored.distance_from_middle() / 2.0 {
        let (signs, shown) = weak_signs(scored, dialogue, turns);
        turns.extend(shown.iter().map(|quote| quote.turn));
        sentences.push(weak_signs_sentence(criterion, &signs, shown.first()));
        evidence.extend(shown);
    }
    CriterionAssessment { criterion, score, reason: sentences.join(" "), evidence }
}

/// The sentence about the weak signs of a criterion.
fn weak_signs_sentence(criterion: Criterion, signs: &[&str], first: Option<&Evidence>) -> String {
    let subject = criterion.name().replace('_', " ");
    match (signs, first) {
        ([], _) => format!("The score on {subject} adds up from weak signs throughout the call."),
        (signs, None) => format!("There are weak signs on {subject}: {}.", signs.join(", ")),
        (signs, Some(quote)) => {
            format!("There are weak signs on {subject}: {}, the first in {}.", signs.join(", "), cited(quote))
        }
    }
}

/// The strongest weak signs that agree with the score, by their labels, and a quote of the first in a turn that is not shown yet.
fn weak_signs(scored: &ScoredCriterion, dialogue: &Dialogue, turns: &[usize]) -> (Vec<&'static str>, Vec<Evidence>) {
    let mut signs: Vec<(&Contribution, &'static str)> = scored
        .contributions
        .iter()
        .filter(|one| one.points * scored.direction() > 0.0 && !one.observation.is_clear())
        .filter_map(|one| Some((one, statement(one.signal)?.weak_sign()?)))
        .collect();
    signs.sort_by(|(one, _), (other, _)| other.points.abs().total_cmp(&one.points.abs()));
    let quote = |one: &Contribution| {
        let quote = dialogue.quote(*one.observation.words.first()?)?;
        (!turns.contains(&quote.turn)).then_some(quote)
    };
    let shown = signs.iter().take(MOST_REASONS).position(|(one, _)| quote(one).is_some());
    if let Some(at) = shown {
        signs.swap(0, at);
    }
    let evidence = signs.first().and_then(|(one, _)| quote(one)).into_iter().collect();
    (signs.iter().take(MOST_REASONS).map(|(_, label)| *label).collect(), evidence)
}

/// A criterion without a score.
fn untold(criterion: Criterion, reason: &str) -> CriterionAssessment {
    CriterionAssessment { criterion, score: None, reason: reason.to_owned(), evidence: Vec::new() }
}

/// What went well and what did not.
pub(super) fn feedback(score: Score, certainty: Certainty, remarks: &[Remark]) -> String {
    let mut sentences = vec![overview(score, certainty)];
    for sign in [1.0, -1.0] {
        let of_sign = remarks.iter().filter(|one| one.points * sign > 0.0);
        sentences.extend(of_sign.take(MOST_REMARKS).map(|one| one.sentence.clone()));
    }
    if sentences.len() == 1 {
        sentences
            .push("No single moment is clear enough to be quoted; the score adds up from many weak signs.".to_owned());
    }
    sentences.join(" ")
}

/// What to do better, what takes most from the total first.
pub(super) fn suggestions(remarks: &[Remark]) -> Vec<Suggestion> {
    let suggestion = |one: &Remark| {
        let text = one.advice.clone().filter(|_| one.points < 0.0)?;
        Some(Suggestion { criterion: one.criterion, text, turn: Some(one.quote.turn) })
    };
    remarks.iter().filter_map(suggestion).take(MOST_SUGGESTIONS).collect()
}

/// The suggestions as one text; where there are none, what to keep doing.
pub(super) fn improvement(suggestions: &[Suggestion], remarks: &[Remark], certainty: Certainty) -> String {
    if !suggestions.is_empty() {
        return suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect::<Vec<_>>().join(" ");
    }
    let is_good = certainty.score_low.is_some_and(|low| low >= GOOD);
    match remarks.iter().find(|one| is_good && one.points > 0.0 && one.statement.role == Role::Agent) {
        Some(kept) => format!("No single moment asks for a change; keep what worked in {}.", cited(&kept.quote)),
        None => "Which moment asks for a change cannot be told from the words alone; whoever coaches the agent should listen to the call.".to_owned(),
    }
}

/// The first sentence: the total, and how sure it is.
fn overview(score: Score, certainty: Certainty) -> String {
    match (certainty.score_low, certainty.score_high) {
        (Some(low), Some(high)) => {
            format!("The call scores {score} of 10; eight of ten readers would give it between {low} and {high}.")
        }
        _ => format!("The call scores {score} of 10."),
    }
}

/// The quote of what the other side said before a word; `None` at the start of the call.
fn before(dialogue: &Dialogue, word: usize) -> Option<Evidence> {
    let at = dialogue.utterances.iter().position(|said| said.words.contains(&word))?;
    let said = dialogue.utterances.get(at.checked_sub(1)?)?;
    dialogue.quote(said.questions.last().copied().unwrap_or_else(|| dialogue.opening(said)))
}

/// Fills a template; `None` when nothing was said before and the template speaks of it. The quotes are filled in last, because
/// they may contain anything, placeholders included.
fn sentence(template: &str, count: usize, quoted: &Evidence, before: Option<&Evidence>) -> Option<String> {
    let times = match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let counted = template.replace("{times}", &times).replace("{count}", &count.to_string());
    let (start, end) = counted.split_once("{quote}")?;
    let fill = |part: &str| match before {
        Some(before) => Some(part.replace("{before}", &cited(before))),
        None => (!part.contains("{before}")).then(|| part.to_owned()),
    };
    Some(format!("{}{}{}", fill(start)?, cited(quoted), fill(end)?))
}

/// A quote with its turn.
fn cited(quoted: &Evidence) -> String {
    format!("“{}” (turn {})", quoted.quote, quoted.turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(quote: &str) -> Evidence {
        Evidence { turn: 4, role: Role::Agent, quote: quote.to_owned() }
    }

    #[test]
    fn sentences_count_in_words_and_name_the_turn() {
        for (count, times) in [(1, "once"), (2, "twice"), (5, "5 times")] {
            let written = sentence("Interrupts {times}, first with {quote}.", count, &shown("well no"), None);
            assert_eq!(written.unwrap(), format!("Interrupts {times}, first with “well no” (turn 4)."));
        }
    }

    #[test]
    fn quotes_are_never_templates_and_what_was_not_said_is_not_spoken_of() {
        let quote = shown("{times} {before} {quote}");
        let template = "Take up {before}, not {quote}.";
        assert_eq!(
            sentence(template, 3, &quote, Some(&shown("{quote}"))).unwrap(),
            "Take up “{quote}” (turn 4), not “{times} {before} {quote}” (turn 4)."
        );
        assert_eq!(sentence(template, 3, &quote, None), None);
    }

    #[test]
    fn the_overview_says_how_sure_the_score_is() {
        let score = Score::saturating(6.0);
        let certainty = Certainty::between(Score::saturating(3.1), Score::saturating(8.0));
        assert_eq!(
            overview(score, certainty),
            "The call scores 6.0 of 10; eight of ten readers would give it between 3.1 and 8.0."
        );
        assert_eq!(overview(score, Certainty::default()), "The call scores 6.0 of 10.");
    }
}
