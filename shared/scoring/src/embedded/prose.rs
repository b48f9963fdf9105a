//! What the scorer says of a call, in sentences that can be read aloud: each names what was said, and in which turn.
//!
//! **Invariant:** every sentence rests on a signal that was found in this call and quotes it; feedback and suggestions have at
//! most five sentences each.

use domain::{Category, Criterion, CriterionAssessment, Evidence, Role, Score, Suggestion};

use super::coaching_tips::coaching_tip;
use super::criteria::{Effect, Judgement};
use super::descriptions::{description, is_sentiment, shown_by};
use crate::dialogue::Dialogue;
use crate::rubric::RUBRIC;

/// What moves a criterion by less than this is no reason for its score.
const WORTH_SAYING: f64 = 0.3;
/// The customer's sentiment moves most criteria, so as a reason for a score it ranks behind what is particular to the criterion.
const SENTIMENT_SALIENCE: f64 = 0.4;
/// A reason names at most so many signals, and shows at most so many quotes.
const REASONS: usize = 2;
const MOST_EVIDENCE: usize = 3;
/// More than this many suggestions at once help nobody.
const MOST_SUGGESTIONS: usize = 4;
/// A suggestion is made for what takes at least this much of the total, in points.
const WORTH_CHANGING: f64 = 0.08;

/// A signal in a sentence, with the word that is quoted.
struct Remark<'r> {
    effect: Effect<'r>,
    /// The criterion it moves most.
    criterion: Criterion,
    quoted: Evidence,
}

/// The criterion as it is reported: with the strongest effects as its reason.
pub(super) fn assessment(judgement: &Judgement, dialogue: &Dialogue) -> CriterionAssessment {
    let sentiment_counts = judgement.criterion == Criterion::CustomerSatisfaction;
    let salience = |effect: &Effect| {
        effect.points.abs() * if sentiment_counts || !is_sentiment(effect.signal) { 1.0 } else { SENTIMENT_SALIENCE }
    };
    let mut effects: Vec<&Effect> =
        judgement.effects.iter().filter(|effect| salience(effect) >= WORTH_SAYING).collect();
    effects.sort_by(|a, b| salience(b).total_cmp(&salience(a)));
    effects.truncate(REASONS);
    let (mut sentences, mut evidence): (Vec<String>, Vec<Evidence>) = (Vec::new(), Vec::new());
    for effect in &effects {
        let quotes: Vec<Evidence> =
            effect.observation.words.iter().take(MOST_EVIDENCE).filter_map(|word| dialogue.quote(*word)).collect();
        sentences.extend(quotes.first().map(|quoted| sentence(description(effect.signal), effect, quoted)));
        let room = if sentences.len() < effects.len() { MOST_EVIDENCE - 1 } else { MOST_EVIDENCE - evidence.len() };
        for quote in quotes.into_iter().take(room) {
            if evidence.iter().all(|shown| shown.turn != quote.turn) {
                evidence.push(quote);
            }
        }
    }
    if sentences.is_empty() {
        sentences.push("Nothing in this call stands out here, for better or for worse.".to_owned());
    }
    let criterion = judgement.criterion;
    CriterionAssessment { criterion, score: Some(judgement.score), reason: sentences.join(" "), evidence }
}

/// What went well and what did not.
pub(super) fn feedback(
    total: Score,
    criteria: &[CriterionAssessment],
    judged: &[Judgement],
    dialogue: &Dialogue,
) -> String {
    let mut sentences = vec![overview(total, criteria)];
    let mut turns = Vec::new();
    for sign in [1.0, -1.0] {
        for side in [Role::Agent, Role::Customer] {
            let wanted = |effect: &Effect| {
                let is_remarkable = effect.points * sign >= WORTH_CHANGING && shown_by(effect.signal) == side;
                is_remarkable && (sign > 0.0 || coaching_tip(effect.signal).is_some())
            };
            if let Some(remark) = remarks(judged, dialogue, wanted, &mut turns, 1).first() {
                sentences.push(sentence(description(remark.effect.signal), &remark.effect, &remark.quoted));
            }
        }
    }
    sentences.join(" ")
}

/// What to do better, one by one, the weightiest first.
pub(super) fn suggestions(judged: &[Judgement], dialogue: &Dialogue) -> Vec<Suggestion> {
    let wanted = |effect: &Effect| effect.points <= -WORTH_CHANGING && coaching_tip(effect.signal).is_some();
    let suggestion = |remark: Remark| {
        let text = sentence(coaching_tip(remark.effect.signal)?, &remark.effect, &remark.quoted);
        Some(Suggestion { criterion: remark.criterion, text, turn: Some(remark.quoted.turn) })
    };
    remarks(judged, dialogue, wanted, &mut Vec::new(), MOST_SUGGESTIONS).into_iter().filter_map(suggestion).collect()
}

/// The suggestions as prose; where there are none, what to keep.
pub(super) fn improvement(suggestions: &[Suggestion], judged: &[Judgement], dialogue: &Dialogue) -> String {
    if !suggestions.is_empty() {
        return suggestions.iter().map(|suggestion| suggestion.text.as_str()).collect::<Vec<_>>().join(" ");
    }
    let gains = remarks(
        judged,
        dialogue,
        |effect| effect.points > 0.0 && shown_by(effect.signal) == Role::Agent,
        &mut Vec::new(),
        1,
    );
    match gains.first() {
        Some(remark) => {
            format!("Nothing in this call asks for a change; keep doing what worked in {}.", cited(&remark.quoted))
        }
        None => "Nothing in this call asks for a change.".to_owned(),
    }
}

/// The wanted effects on the total, strongest first, each with a quote from a turn that is not in `turns` yet.
fn remarks<'r>(
    judged: &'r [Judgement<'r>],
    dialogue: &Dialogue,
    wanted: impl Fn(&Effect) -> bool,
    turns: &mut Vec<usize>,
    most: usize,
) -> Vec<Remark<'r>> {
    let mut effects: Vec<(Criterion, Effect)> =
        on_total(judged).into_iter().filter(|(_, effect)| wanted(effect)).collect();
    effects.sort_by(|(_, a), (_, b)| b.points.abs().total_cmp(&a.points.abs()));
    let mut remarks = Vec::new();
    for (criterion, effect) in effects {
        if remarks.len() == most {
            break;
        }
        let fresh = effect.observation.words.iter().find(|word| !turns.contains(&dialogue.words[**word].turn));
        if let Some(quoted) = fresh.and_then(|word| dialogue.quote(*word)) {
            turns.push(quoted.turn);
            remarks.push(Remark { effect, criterion, quoted });
        }
    }
    remarks
}

/// What each signal gives or takes of the total, with the criterion through which it does so most.
fn on_total<'r>(judged: &'r [Judgement<'r>]) -> Vec<(Criterion, Effect<'r>)> {
    let weight = |criterion: Criterion| f64::from(RUBRIC[criterion as usize].weight) / 100.0;
    let mut effects: Vec<(Criterion, Effect)> = Vec::new();
    for judgement in judged {
        let on_total = |effect: &Effect<'r>| Effect { points: effect.points * weight(judgement.criterion), ..*effect };
        effects.extend(judgement.effects.iter().map(|effect| (judgement.criterion, on_total(effect))));
    }
    effects.sort_by(|(_, a), (_, b)| {
        (a.signal as usize).cmp(&(b.signal as usize)).then(b.points.abs().total_cmp(&a.points.abs()))
    });
    let of_one_signal = effects.chunk_by(|(_, a), (_, b)| a.signal == b.signal);
    let sum = |same: &[(Criterion, Effect<'r>)]| {
        let points = same.iter().map(|(_, effect)| effect.points).sum();
        (same[0].0, Effect { points, ..same[0].1 })
    };
    of_one_signal.map(sum).collect()
}

/// The first sentence: the total, and where it comes from.
fn overview(total: Score, criteria: &[CriterionAssessment]) -> String {
    let scored = || criteria.iter().filter_map(|judged| Some((judged.criterion, judged.score?)));
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

/// A sentence with what it speaks of put in. The quote comes last, because people may say anything.
fn sentence(template: &str, effect: &Effect, quoted: &Evidence) -> String {
    let count = effect.observation.count;
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
            let effect = Effect { signal: Signal::Interrupts, observation: &observation, points: -1.0 };
            let written = sentence("Interrupts {times}, first with {quote}.", &effect, &shown("well no"));
            assert_eq!(written, format!("Interrupts {times}, first with “well no” (turn 4)."));
        }
    }

    #[test]
    fn what_people_say_is_never_a_template() {
        let observation = Observation::at(Some(0), 1.0, 3);
        let effect = Effect { signal: Signal::Greets, observation: &observation, points: 1.0 };
        assert_eq!(sentence("Says {quote}.", &effect, &shown("{times} {quote}")), "Says “{times} {quote}” (turn 4).");
    }

    #[test]
    fn the_overview_names_the_strongest_and_the_weakest_criterion() {
        let judged = |criterion, tenths| CriterionAssessment {
            criterion,
            score: Score::from_tenths(tenths),
            reason: String::new(),
            evidence: Vec::new(),
        };
        let (listening, goal) = (judged(Criterion::ActiveListening, 91), judged(Criterion::GoalAchievement, 32));
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
                let effect = Effect { signal: Signal::Rude, observation: &observation, points: -1.0 };
                said.push(sentence(text, &effect, &shown(quote)));
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
