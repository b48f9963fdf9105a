//! The narrative: turns contributions into sentences of feedback, each with a quote and its turn.
//!
//! **Invariant:** every sentence is about a signal that was observed in this call and quotes it; feedback and
//! suggestions have at most five sentences each.

use domain::{Category, Criterion, CriterionAssessment, Evidence, Role, Score, Suggestion};

use super::coaching_tips::coaching_tip;
use super::descriptions::{description, is_sentiment, shown_by};
use super::scorecard::{Contribution, ScoredCriterion};
use crate::dialogue::Dialogue;
use crate::rubric::RubricEntry;

/// A contribution of fewer points than this is not given as a reason for a score.
const WORTH_SAYING: f64 = 0.3;
/// The customer's sentiment moves most criteria, so as a reason for a score it ranks behind what is particular to the
/// criterion.
const SENTIMENT_SALIENCE: f64 = 0.4;
/// A reason names at most this many signals, and shows at most this many quotes.
const REASONS: usize = 2;
const MOST_EVIDENCE: usize = 3;
/// More than this many suggestions at once help nobody.
const MOST_SUGGESTIONS: usize = 4;
/// A suggestion is made for what takes at least this much from the total.
const WORTH_CHANGING: f64 = 0.08;

/// A contribution to the total, with a quote that shows it.
struct QuotedContribution<'r> {
    contribution: Contribution<'r>,
    /// The criterion to which it contributes most.
    criterion: Criterion,
    quote: Evidence,
}

/// The criterion as it is reported: with the strongest contributions as its reason.
pub(super) fn assessment(scored: &ScoredCriterion, dialogue: &Dialogue) -> CriterionAssessment {
    let sentiment_counts = scored.criterion == Criterion::CustomerSatisfaction;
    let salience = |contribution: &Contribution| {
        contribution.points.abs()
            * if sentiment_counts || !is_sentiment(contribution.signal) { 1.0 } else { SENTIMENT_SALIENCE }
    };
    let mut contributions: Vec<&Contribution> =
        scored.contributions.iter().filter(|contribution| salience(contribution) >= WORTH_SAYING).collect();
    contributions.sort_by(|a, b| salience(b).total_cmp(&salience(a)));
    contributions.truncate(REASONS);
    let (mut sentences, mut evidence): (Vec<String>, Vec<Evidence>) = (Vec::new(), Vec::new());
    for contribution in &contributions {
        let quotes: Vec<Evidence> = contribution
            .observation
            .words
            .iter()
            .take(MOST_EVIDENCE)
            .filter_map(|word| dialogue.quote(*word))
            .collect();
        sentences.extend(quotes.first().map(|quoted| sentence(description(contribution.signal), contribution, quoted)));
        let room =
            if sentences.len() < contributions.len() { MOST_EVIDENCE - 1 } else { MOST_EVIDENCE - evidence.len() };
        for quote in quotes.into_iter().take(room) {
            if evidence.iter().all(|shown| shown.turn != quote.turn) {
                evidence.push(quote);
            }
        }
    }
    if sentences.is_empty() {
        sentences.push("Nothing in this call stands out here, for better or for worse.".to_owned());
    }
    let criterion = scored.criterion;
    CriterionAssessment { criterion, score: Some(scored.score), reason: sentences.join(" "), evidence }
}

/// What went well and what did not.
pub(super) fn feedback(
    total: Score,
    criteria: &[CriterionAssessment],
    scored: &[ScoredCriterion],
    dialogue: &Dialogue,
) -> String {
    let mut sentences = vec![overview(total, criteria)];
    let mut turns = Vec::new();
    for sign in [1.0, -1.0] {
        for side in [Role::Agent, Role::Customer] {
            let wanted = |contribution: &Contribution| {
                let is_remarkable =
                    contribution.points * sign >= WORTH_CHANGING && shown_by(contribution.signal) == side;
                is_remarkable && (sign > 0.0 || coaching_tip(contribution.signal).is_some())
            };
            if let Some(shown) = quoted_contributions(scored, dialogue, wanted, &mut turns, 1).first() {
                sentences.push(sentence(description(shown.contribution.signal), &shown.contribution, &shown.quote));
            }
        }
    }
    sentences.join(" ")
}

/// What to do better, what takes most from the total first.
pub(super) fn suggestions(scored: &[ScoredCriterion], dialogue: &Dialogue) -> Vec<Suggestion> {
    let wanted = |contribution: &Contribution| {
        contribution.points <= -WORTH_CHANGING && coaching_tip(contribution.signal).is_some()
    };
    let suggestion = |shown: QuotedContribution| {
        let text = sentence(coaching_tip(shown.contribution.signal)?, &shown.contribution, &shown.quote);
        Some(Suggestion { criterion: shown.criterion, text, turn: Some(shown.quote.turn) })
    };
    quoted_contributions(scored, dialogue, wanted, &mut Vec::new(), MOST_SUGGESTIONS)
        .into_iter()
        .filter_map(suggestion)
        .collect()
}

/// The suggestions as one text; where there are none, what to keep doing.
pub(super) fn improvement(suggestions: &[Suggestion], scored: &[ScoredCriterion], dialogue: &Dialogue) -> String {
    if !suggestions.is_empty() {
        return suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect::<Vec<_>>().join(" ");
    }
    let gains = quoted_contributions(
        scored,
        dialogue,
        |contribution| contribution.points > 0.0 && shown_by(contribution.signal) == Role::Agent,
        &mut Vec::new(),
        1,
    );
    match gains.first() {
        Some(shown) => {
            format!("Nothing in this call asks for a change; keep doing what worked in {}.", cited(&shown.quote))
        }
        None => "Nothing in this call asks for a change.".to_owned(),
    }
}

/// The wanted contributions to the total, the strongest first, each with a quote from a turn that is not in `turns`
/// yet.
fn quoted_contributions<'r>(
    scored: &'r [ScoredCriterion<'r>],
    dialogue: &Dialogue,
    wanted: impl Fn(&Contribution) -> bool,
    turns: &mut Vec<usize>,
    most: usize,
) -> Vec<QuotedContribution<'r>> {
    let mut contributions: Vec<(Criterion, Contribution)> =
        on_total(scored).into_iter().filter(|(_, contribution)| wanted(contribution)).collect();
    contributions.sort_by(|(_, a), (_, b)| b.points.abs().total_cmp(&a.points.abs()));
    let mut quoted = Vec::new();
    for (criterion, contribution) in contributions {
        if quoted.len() == most {
            break;
        }
        let fresh = contribution.observation.words.iter().find(|word| !turns.contains(&dialogue.word(**word).turn));
        if let Some(quote) = fresh.and_then(|word| dialogue.quote(*word)) {
            turns.push(quote.turn);
            quoted.push(QuotedContribution { contribution, criterion, quote });
        }
    }
    quoted
}

/// The contribution of each signal to the total, with the criterion to which it contributes most.
fn on_total<'r>(scored: &'r [ScoredCriterion<'r>]) -> Vec<(Criterion, Contribution<'r>)> {
    let weight = |criterion: Criterion| f64::from(RubricEntry::of(criterion).weight) / 100.0;
    let mut contributions: Vec<(Criterion, Contribution)> = Vec::new();
    for one in scored {
        let on_total = |contribution: &Contribution<'r>| Contribution {
            points: contribution.points * weight(one.criterion),
            ..*contribution
        };
        contributions.extend(one.contributions.iter().map(|contribution| (one.criterion, on_total(contribution))));
    }
    contributions.sort_by(|(_, a), (_, b)| {
        (a.signal as usize).cmp(&(b.signal as usize)).then(b.points.abs().total_cmp(&a.points.abs()))
    });
    let of_one_signal = contributions.chunk_by(|(_, a), (_, b)| a.signal == b.signal);
    let sum = |same: &[(Criterion, Contribution<'r>)]| {
        let points = same.iter().map(|(_, contribution)| contribution.points).sum();
        same.first().map(|(criterion, most)| (*criterion, Contribution { points, ..*most }))
    };
    of_one_signal.filter_map(sum).collect()
}

/// The first sentence: the total, and where it comes from.
fn overview(total: Score, criteria: &[CriterionAssessment]) -> String {
    let scored = || criteria.iter().filter_map(|one| Some((one.criterion, one.score?)));
    let best = scored().reduce(|best, other| if other.1 > best.1 { other } else { best });
    let worst = scored().reduce(|worst, other| if other.1 < worst.1 { other } else { worst });
    match (best, worst) {
        (Some(best), Some(worst)) if best.1 > worst.1 => format!(
            "The call scores {total} of 10; it is strongest in {} ({}) and weakest in {} ({}).",
            in_words(best.0.name()),
            best.1,
            in_words(worst.0.name()),
            worst.1,
        ),
        _ => format!("The call scores {total} of 10, evenly across {}.", categories_in_words()),
    }
}

fn categories_in_words() -> String {
    Category::ALL.iter().map(|category| in_words(category.name())).collect::<Vec<_>>().join(", ")
}

fn in_words(name: &str) -> String {
    name.replace('_', " ")
}

/// Fills a template. The quote is filled in last, because it may contain anything, placeholders included.
fn sentence(template: &str, contribution: &Contribution, quoted: &Evidence) -> String {
    let count = contribution.observation.count;
    let times = match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let counted = template.replace("{times}", &times).replace("{count}", &count.to_string());
    counted.replace("{quote}", &cited(quoted))
}

/// A quote with its turn.
pub(super) fn cited(quoted: &Evidence) -> String {
    format!("“{}” (turn {})", quoted.quote, quoted.turn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::Observation;
    use crate::embedded::signals::Signal;

    fn shown(quote: &str) -> Evidence {
        Evidence { turn: 4, role: Role::Agent, quote: quote.to_owned() }
    }

    #[test]
    fn sentences_count_in_words_and_name_the_turn() {
        for (count, times) in [(1, "once"), (2, "twice"), (5, "5 times")] {
            let observation = Observation::at(Some(0), 1.0, count);
            let contribution = Contribution { signal: Signal::Interrupts, observation: &observation, points: -1.0 };
            let written = sentence("Interrupts {times}, first with {quote}.", &contribution, &shown("well no"));
            assert_eq!(written, format!("Interrupts {times}, first with “well no” (turn 4)."));
        }
    }

    #[test]
    fn quotes_are_never_templates() {
        let observation = Observation::at(Some(0), 1.0, 3);
        let contribution = Contribution { signal: Signal::Greets, observation: &observation, points: 1.0 };
        assert_eq!(
            sentence("Says {quote}.", &contribution, &shown("{times} {quote}")),
            "Says “{times} {quote}” (turn 4)."
        );
    }

    #[test]
    fn the_overview_names_the_strongest_and_the_weakest_criterion() {
        let scored = |criterion, tenths| CriterionAssessment {
            criterion,
            score: Score::from_tenths(tenths),
            reason: String::new(),
            evidence: Vec::new(),
        };
        let (listening, goal) = (scored(Criterion::ActiveListening, 91), scored(Criterion::GoalAchievement, 32));
        assert_eq!(
            overview(Score::saturating(6.0), &[listening.clone(), goal]),
            "The call scores 6.0 of 10; it is strongest in active listening (9.1) and weakest in goal achievement (3.2)."
        );
        assert_eq!(
            overview(Score::saturating(9.1), &[listening]),
            "The call scores 9.1 of 10, evenly across communication quality, effectiveness, customer experience."
        );
    }

    /// Everything that can be said of a signal, with quotes as people speak.
    fn everything_said() -> Vec<String> {
        let quotes = ["okay", "Is that all", "well, no", "I said “no” twice", "it's 20.50, isn't it", "{times}"];
        let texts = Signal::ALL.iter().flat_map(|signal| [Some(description(*signal)), coaching_tip(*signal)]).flatten();
        let mut said = Vec::new();
        for text in texts {
            for (count, quote) in [1, 2, 7, 90].into_iter().flat_map(|count| quotes.map(|quote| (count, quote))) {
                let observation = Observation::at(Some(0), 1.0, count);
                let contribution = Contribution { signal: Signal::Rude, observation: &observation, points: -1.0 };
                said.push(sentence(text, &contribution, &shown(quote)));
            }
        }
        said
    }

    #[test]
    fn every_combination_of_text_count_and_quote_reads_as_a_sentence() {
        for said in everything_said() {
            assert!(said.starts_with(char::is_uppercase) && said.ends_with('.'), "{said}");
            assert!(said.contains("” (turn 4)") && !said.contains("{quote}") && !said.contains("{count}"), "{said}");
            assert!(
                !said.contains("  ") && !said.contains("..") && !said.contains(" ,") && !said.contains(" ."),
                "{said}"
            );
            assert_eq!(said.matches('“').count(), said.matches('”').count(), "{said}");
            assert!(!said.contains(" 1 times") && !said.contains(" a an ") && !said.contains(" a a "), "{said}");
        }
    }
}
