//! Claims of machine agents that their tools do not bear out: "I have cancelled it", and no tool did.
//!
//! **Invariant:** precision before reach. Only calls whose tools are recorded are looked at, and a claim counts as borne out by
//! any tool that changes something and succeeded by the customer's reply to the claim, whatever it changes.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::{Role, Severity, Violation, ViolationKind};

use super::observations::{Observation, Observations};
use super::review_checks::{denies, sentences};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseFile;
use crate::tokenizer::Punctuation;
use crate::tools;
use crate::utterance::Utterance;

const FILE: &str = include_str!("../../claims.txt");
/// A word before a claim denies or defers it within this many words.
const DENIAL_REACH: usize = 4;
/// A violation quotes at most this many claims.
const MOST_QUOTES: usize = 3;

/// The phrases by their first word, each with the words after it.
static PHRASES: LazyLock<HashMap<&'static str, Vec<Vec<&'static str>>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    // A test reads the file, so it is never in another form here.
    for group in PhraseFile::parse("claims.txt", FILE).into_iter().flat_map(|file| file.groups) {
        for mut words in group.phrases() {
            phrases.entry(words.next().unwrap_or_default()).or_default().push(words.collect());
        }
    }
    phrases
});

/// Observes claims that no tool bears out.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    observations.set(Signal::ClaimsWithoutTool, Observation::of_words(unbacked(dialogue), 1.0));
}

/// The violation that claims are which no tool bears out, if there are any.
pub(super) fn violation(dialogue: &Dialogue) -> Option<Violation> {
    let evidence: Vec<_> =
        unbacked(dialogue).into_iter().filter_map(|word| dialogue.quote(word)).take(MOST_QUOTES).collect();
    let reason = "The agent says that something is done, and none of the tools that it called has done it.".to_owned();
    let violation = Violation { kind: ViolationKind::ActionNotDone, severity: Severity::Serious, reason, evidence };
    (!violation.evidence.is_empty()).then_some(violation)
}

/// A tool that changes something was called: after which turn, and whether it succeeded.
#[derive(Debug, Clone, Copy)]
struct Change {
    after: Option<usize>,
    succeeded: bool,
}

/// The first words of the claims that no tool bears out, one for each utterance.
fn unbacked(dialogue: &Dialogue) -> Vec<usize> {
    if dialogue.tool_events.is_empty() {
        return Vec::new();
    }
    let changes: Vec<Change> = dialogue
        .tool_events
        .iter()
        .filter(|event| !tools::only_reads(event))
        .map(|event| Change { after: event.after_turn, succeeded: !tools::has_failed(event) })
        .collect();
    let mut previous = None;
    let mut words = Vec::new();
    let mut utterances = dialogue.utterances.iter().peekable();
    while let Some(said) = utterances.next() {
        if said.role != Role::Agent {
            continue;
        }
        let ends = last_turn(dialogue, said);
        let until = utterances.peek().and_then(|reply| last_turn(dialogue, reply)).or(ends);
        let begins = said.words.clone().next().map(|word| dialogue.word(word).turn);
        words.extend(claims(dialogue, said).into_iter().find(|claim| {
            let claim = Claim { begins, until, previous, is_own: speaks_for_itself(dialogue.spelling(*claim)) };
            !claim.is_borne_out(&changes)
        }));
        previous = ends;
    }
    words
}

fn last_turn(dialogue: &Dialogue, said: &Utterance) -> Option<usize> {
    said.words.clone().next_back().map(|word| dialogue.word(word).turn)
}

/// Where a claim stands among the turns.
#[derive(Debug, Clone, Copy)]
struct Claim {
    /// The first turn of its utterance.
    begins: Option<usize>,
    /// The last turn of the reply to it.
    until: Option<usize>,
    /// The last turn of the agent before it.
    previous: Option<usize>,
    /// Whether the agent says "I have" and not "it has been", which may be read from a record.
    is_own: bool,
}

impl Claim {
    /// Whether a tool bears it out. It is not when none has succeeded by then, nor when the last one before it has failed
    /// since the agent last spoke and none has succeeded after that.
    fn is_borne_out(self, changes: &[Change]) -> bool {
        let by_then = || changes.iter().filter(|change| change.after <= self.until);
        let before = || changes.iter().filter(|change| change.after < self.begins);
        let has_succeeded = by_then().any(|change| change.succeeded);
        let has_failed = before().any(|change| !change.succeeded);
        let just_failed = before().next_back().is_some_and(|last| !last.succeeded && last.after >= self.previous);
        let is_made_good = by_then().any(|change| change.succeeded && change.after >= self.begins);
        if has_succeeded { !just_failed || is_made_good } else { !has_failed && !self.is_own }
    }
}

/// The first words of what the agent claims to have done.
fn claims(dialogue: &Dialogue, said: &Utterance) -> Vec<usize> {
    let asks = |sentence: &[usize]| {
        sentence.last().is_some_and(|last| dialogue.word(*last).punctuation == Punctuation::QuestionMark)
    };
    let sentences = sentences(dialogue, said).into_iter().filter(|sentence| !asks(sentence));
    sentences.flat_map(|sentence| claims_in(dialogue, &sentence)).collect()
}

fn claims_in(dialogue: &Dialogue, sentence: &[usize]) -> Vec<usize> {
    let words: Vec<&str> = sentence.iter().map(|word| dialogue.spelling(*word)).collect();
    let is_claim = |at: &usize| {
        let (before, rest) = words.split_at_checked(*at).unwrap_or_default();
        let Some((first, rest)) = rest.split_first() else { return false };
        let is_denied = before.iter().rev().take(DENIAL_REACH).any(|word| denies(word) || defers(word));
        !is_denied && PHRASES.get(first).is_some_and(|phrases| phrases.iter().any(|phrase| rest.starts_with(phrase)))
    };
    (0..words.len()).filter(is_claim).filter_map(|at| sentence.get(at).copied()).collect()
}

/// Whether a claim after the word is about another time, a condition or what somebody else says.
fn defers(word: &str) -> bool {
    let deferring = [
        "until", "once", "when", "after", "before", "if", "unless", "whether", "would", "could", "should", "can",
        "will", "was", "were", "says", "said",
    ];
    deferring.contains(&word)
}

fn speaks_for_itself(first: &str) -> bool {
    matches!(first, "i" | "ive" | "we" | "weve")
}

#[cfg(test)]
mod tests;
