//! Acts: what an utterance does (promises, evades, brushes aside …), told from its words by a small trained model.
//!
//! **Invariant:** an act is told from the words of one utterance alone, and weak evidence stays weak: every utterance adds its
//! probability to the level of the act (one minus the chance that no utterance does it, if that were independent), and only an utterance above the act's threshold may be quoted as showing it.
//! What is *not* here: how the models are trained, which `bench train` does.

pub(super) mod features;
pub(super) mod model;

use domain::Role;

use super::observations::{Observation, Observations};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::math::{exp, to_f64};
use crate::utterance::Utterance;
use model::ActModel;

/// A side that says more utterances than this has to do something more often for it to count as much.
const MANY: f64 = 20.0;
/// An act is told from about so many words next to each other.
const WINDOW: usize = 7;
/// No more utterances than these are looked at for a quote.
const MOST_SHOWN: usize = 8;

/// The acts of the agent, by the name that labels have, and the signal of each.
pub(super) const AGENT_ACTS: &[(&str, Signal)] = &[
    ("done", Signal::GetsDone),
    ("promised", Signal::Commits),
    ("vague", Signal::StaysVague),
    ("explained", Signal::Explains),
    ("asked", Signal::AsksWhatMatters),
    ("confirmed", Signal::ConfirmsUnderstanding),
    ("disclosed", Signal::Discloses),
    ("protected", Signal::Protects),
    ("refused_rightly", Signal::RefusesWithGround),
    ("refused", Signal::RefusesFlatly),
    ("alternative", Signal::FindsAnotherWay),
    ("dismissed", Signal::BrushesAside),
    ("evaded", Signal::Evades),
    ("acknowledged", Signal::AcknowledgesCircumstance),
    ("owned", Signal::OwnsFault),
    ("pressured", Signal::Presses),
    ("misled", Signal::Misleads),
    ("threatened", Signal::Threatens),
    ("insulted", Signal::Insults),
    ("again", Signal::SaysAgain),
    ("missed", Signal::PassesOver),
    ("referred", Signal::SendsElsewhere),
    ("sold", Signal::Pitches),
];

/// The acts of the customer, by the name that labels have, and the signal of each.
pub(super) const CUSTOMER_ACTS: &[(&str, Signal)] = &[
    ("relieved", Signal::CustomerRelieved),
    ("pleased", Signal::CustomerPleased),
    ("accepted", Signal::CustomerAgrees),
    ("understood", Signal::CustomerUnderstands),
    ("objected", Signal::CustomerObjects),
    ("complaint", Signal::CustomerComplains),
    ("again", Signal::CustomerSaysAgain),
    ("corrected", Signal::CustomerPutsRight),
    ("sarcastic", Signal::CustomerSarcastic),
    ("gave_up", Signal::CustomerResigned),
    ("angry", Signal::CustomerAngry),
    ("threatened_to_leave", Signal::CustomerThreatensToLeave),
];

/// The names of the agent's acts, as labels have them.
pub const ACTS_OF_AGENT: &[&str] = &names::<{ AGENT_ACTS.len() }>(AGENT_ACTS);
/// The names of the customer's acts, as labels have them.
pub const ACTS_OF_CUSTOMER: &[&str] = &names::<{ CUSTOMER_ACTS.len() }>(CUSTOMER_ACTS);

#[expect(clippy::indexing_slicing, reason = "the array has the length of the list")]
const fn names<const COUNT: usize>(acts: &[(&'static str, Signal)]) -> [&'static str; COUNT] {
    let (mut names, mut at) = ([""; COUNT], 0);
    while at < COUNT {
        names[at] = acts[at].0;
        at += 1;
    }
    names
}

/// The acts of a role.
pub(super) const fn acts_of(role: Role) -> &'static [(&'static str, Signal)] {
    match role {
        Role::Agent => AGENT_ACTS,
        _ => CUSTOMER_ACTS,
    }
}

/// Observes the acts of both sides.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue, models: &[ActModel<'_>; 2]) {
    for (role, model) in [Role::Agent, Role::Customer].into_iter().zip(models) {
        for (signal, observation) in observed(dialogue, role, model) {
            observations.set(signal, observation);
        }
    }
}

/// What one side does, act by act: the level, and the words that show it most, the clearest utterance first.
fn observed(dialogue: &Dialogue, role: Role, model: &ActModel) -> Vec<(Signal, Observation)> {
    let said: Vec<(&Utterance, Vec<f64>)> =
        dialogue.said_by(role).map(|said| (said, model.probabilities(&features::of(dialogue, said)))).collect();
    let observation = |(act, head): (usize, &model::Head)| {
        let probability = |probabilities: &[f64]| probabilities.get(act).copied().unwrap_or_default();
        let mut shown: Vec<(&Utterance, f64)> = said.iter().map(|(said, all)| (*said, probability(all))).collect();
        let sum: f64 = shown.iter().map(|(_, one)| one).sum();
        // In a long call everything happens at some time: what counts there is how often.
        let sum = sum * (MANY / to_f64(shown.len())).min(1.0);
        shown.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let clear = shown.iter().take_while(|(_, one)| head.threshold.is_some_and(|least| *one >= least)).count();
        let shown = shown.iter().take(clear.clamp(1, MOST_SHOWN));
        let words: Vec<usize> = shown.filter_map(|(said, _)| telling_word(dialogue, said, model, act)).collect();
        (head.signal, Observation { level: 1.0 - exp(-sum), count: clear, words })
    };
    model.heads.iter().enumerate().map(observation).collect()
}

/// The word in the middle of the words that speak most for an act, so that a quote shows them and not the start of a long utterance.
fn telling_word(dialogue: &Dialogue, said: &Utterance, model: &ActModel, act: usize) -> Option<usize> {
    let (positions, words): (Vec<usize>, Vec<&str>) = features::words(dialogue, said).unzip();
    let weights = model.word_weights(act, &words);
    let length = WINDOW.min(weights.len()).max(1);
    let sum = |window: &[f64]| window.iter().sum::<f64>();
    let best = weights.windows(length).enumerate().max_by(|(_, one), (_, other)| sum(one).total_cmp(&sum(other)));
    positions.get(best.map_or(0, |(start, _)| start + length / 2)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_signal_of_its_own() {
        let mut signals: Vec<&str> = AGENT_ACTS.iter().chain(CUSTOMER_ACTS).map(|(_, signal)| signal.name()).collect();
        let all = signals.len();
        signals.sort_unstable();
        signals.dedup();
        assert_eq!(signals.len(), all);
    }
}
