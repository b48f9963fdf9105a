//! What in a call a person must see, whatever it scores: threats, emergencies, talk of lawyers, discrimination and self-harm.
//!
//! The phrases are in `shared/scoring/review_checks/`, in the form of the lexicon's files, and apart from the lexicon: there the longest
//! phrase hides the shorter ones, and a check would change what the scorer reads.
//!
//! **Invariant:** precision before reach. A check says nothing of most calls that it is about, and is right of those of which it
//! speaks. *Against the customer's interest* has no check: agents say it in the words in which others say what is true.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::{Call, ReviewReason, Role};

use crate::dialogue::{Dialogue, begins_clause};
use crate::lexicon::PhraseFile;
use crate::tokenizer::is_filler_word;
use crate::utterance::Utterance;

/// A negation before a phrase denies it within this many words.
const NEGATION_REACH: usize = 4;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Agent,
    Customer,
    Anybody,
}

impl Speaker {
    fn is(self, role: Role) -> bool {
        match self {
            Self::Agent => role == Role::Agent,
            Self::Customer => role == Role::Customer,
            Self::Anybody => true,
        }
    }
}

/// What an "if" before a phrase makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IfBefore {
    /// Something supposed, which is none: announcements say what to do "if you smell gas".
    Supposes,
    /// A condition, which threats have.
    Threatens,
}

/// Phrases that show a reason for a review.
struct Check {
    reason: ReviewReason,
    speaker: Speaker,
    if_before: IfBefore,
    file: &'static str,
    text: &'static str,
}

macro_rules! check {
    ($reason:ident, $speaker:ident, $if_before:ident, $file:literal) => {
        Check {
            reason: ReviewReason::$reason,
            speaker: Speaker::$speaker,
            if_before: IfBefore::$if_before,
            file: $file,
            text: include_str!(concat!("../../review_checks/", $file)),
        }
    };
}

const CHECKS: [Check; 7] = [
    check!(Threat, Anybody, Threatens, "threat.txt"),
    check!(Emergency, Customer, Supposes, "emergency.txt"),
    check!(Emergency, Agent, Supposes, "emergency_help.txt"),
    check!(LegalThreat, Customer, Threatens, "legal_threat.txt"),
    check!(Discrimination, Customer, Threatens, "discrimination.txt"),
    check!(Discrimination, Agent, Threatens, "discriminating.txt"),
    check!(SelfHarm, Anybody, Supposes, "self_harm.txt"),
];

/// The phrases of all checks by their first word, each with its check and the words after the first.
type Phrases = HashMap<&'static str, Vec<(&'static Check, Vec<&'static str>)>>;

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases::new();
    for check in &CHECKS {
        // A test reads all files, so none is left out here.
        for group in PhraseFile::parse(check.file, check.text).into_iter().flat_map(|file| file.groups) {
            for mut words in group.phrases() {
                let first = words.next().unwrap_or_default();
                phrases.entry(first).or_default().push((check, words.collect()));
            }
        }
    }
    phrases
});

/// Why a person should see the call for what is said in it, each reason once: the same for every scorer.
#[must_use]
pub fn review_reasons(call: &Call) -> Vec<ReviewReason> {
    reasons(&Dialogue::of(call))
}

/// Why a person should see the call for what is said in it.
pub(super) fn reasons(dialogue: &Dialogue) -> Vec<ReviewReason> {
    let mut reasons: Vec<ReviewReason> = Vec::new();
    for said in &dialogue.utterances {
        for sentence in sentences(dialogue, said) {
            let words: Vec<&str> = sentence.into_iter().map(|word| dialogue.spelling(word)).collect();
            let checks = checks_in(&words).filter(|check| check.speaker.is(said.role));
            reasons.extend(checks.map(|check| check.reason));
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

/// The words of each sentence of an utterance, without "um"; all of them where nobody wrote punctuation.
pub(super) fn sentences(dialogue: &Dialogue, said: &Utterance) -> Vec<Vec<usize>> {
    let (mut sentences, mut sentence) = (Vec::new(), Vec::new());
    for word in said.words.clone() {
        sentence.extend((!is_filler_word(dialogue.spelling(word))).then_some(word));
        if dialogue.word(word).punctuation.ends_sentence() {
            sentences.push(std::mem::take(&mut sentence));
        }
    }
    sentences.push(sentence);
    sentences
}

/// The checks with a phrase in the sentence that is neither denied nor, where that counts, only supposed.
fn checks_in(sentence: &[&str]) -> impl Iterator<Item = &'static Check> {
    // Found once: a transcript without punctuation is one sentence, however long.
    let supposition = sentence.iter().position(|word| matches!(*word, "if" | "unless" | "whether"));
    let found = move |at: usize| {
        let (before, rest) = sentence.split_at_checked(at)?;
        let (first, rest) = rest.split_first()?;
        let clause = before.iter().rev().take(NEGATION_REACH).take_while(|word| !begins_clause(word));
        let is_denied = !begins_clause(first) && clause.into_iter().any(|word| denies(word));
        let is_supposed = supposition.is_some_and(|supposition| supposition < at);
        let holds = move |check: &Check| !is_denied && (check.if_before == IfBefore::Threatens || !is_supposed);
        let phrases = PHRASES.get(first)?.iter();
        Some(phrases.filter(move |(check, words)| rest.starts_with(words) && holds(check)).map(|(check, _)| *check))
    };
    (0..sentence.len()).filter_map(found).flatten()
}

/// Whether what follows the word is denied.
pub(super) fn denies(word: &str) -> bool {
    let negations = [
        "not", "no", "never", "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "cant", "cannot", "wont", "wouldnt",
        "without", "nobody", "nothing", "neither", "nor", "aint", "hasnt", "havent",
    ];
    negations.contains(&word)
}

#[cfg(test)]
mod tests;
