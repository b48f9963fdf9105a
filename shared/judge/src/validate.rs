//! Checks a model's answer against the call: what can be proven is kept, what cannot is dropped and named.
//!
//! **Invariant:** pure. Whatever the model answered, every quote that leaves this module is the transcript's own text, in a
//! turn that the model was shown and by the role that it names; every score is on the scale; nothing is longer than its limit.

mod correction;

use domain::{
    Call, Criterion, CriterionAssessment, Evidence, Resolution, Role, Score, Suggestion, Synopsis, Violation,
};
use scoring::RubricEntry;

use crate::answer::{Answer, ClaimedEvidence, ClaimedScore, ClaimedSuggestion, ClaimedViolation, Items, Part};
use crate::prompt::TranscriptWindow;
use crate::quote_check::{CheckedText, Unclaimed};
use crate::stamp::Stamp;
use crate::validation_error::{Asked, RejectedQuote, ValidationError};

/// Limits of what is stored, in characters. With all of them reached, an item has a tenth of the size that the table allows,
/// and a row of a list stays small.
const LONGEST_TEXT: usize = 1_500;
const LONGEST_REASON: usize = 500;
const LONGEST_QUOTE: usize = 400;
const LONGEST_TOPIC: usize = 60;
/// Limits of what is stored, in number.
pub(crate) const MOST_QUOTES: usize = 3;
pub(crate) const MOST_SUGGESTIONS: usize = 5;
pub(crate) const MOST_TOPICS: usize = 3;
/// More quotes for one criterion than these are not looked at.
const MOST_CLAIMS: usize = 8;

/// What is left of a model's answer: every quote in it is in the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VerifiedAnswer {
    pub(crate) synopsis: Synopsis,
    /// Each kind once.
    pub(crate) violations: Vec<Violation>,
    /// All criteria in the order of the rubric.
    pub(crate) criteria: Vec<CriterionAssessment>,
    pub(crate) feedback: String,
    pub(crate) improvement_suggestions: String,
    pub(crate) suggestions: Vec<Suggestion>,
}

impl VerifiedAnswer {
    /// The total, under the cap of the worst violation, and what it was before if a violation lowered it.
    pub(crate) fn total(&self) -> (Score, Option<Score>) {
        scoring::capped(scoring::total(&self.criteria), &self.violations)
    }

    /// Whether it says so little that a person should look at the call: it is a stamp, or a text is missing.
    pub(crate) fn says_little(&self) -> bool {
        let reasons = self.criteria.iter().map(|one| &one.reason);
        Stamp::of(&self.criteria).is_some()
            || reasons.chain([&self.feedback, &self.improvement_suggestions]).any(String::is_empty)
    }
}

/// The outcome of checking an answer.
#[derive(Debug)]
pub(crate) struct Validation {
    /// The answer without what cannot be proven.
    pub(crate) answer: VerifiedAnswer,
    /// What is wrong with the answer.
    pub(crate) errors: Vec<ValidationError>,
    /// How many quotes were rejected.
    pub(crate) rejected_quotes: u32,
}

impl Validation {
    /// Checks an answer about the call, of which the model was shown the window.
    pub(crate) fn of(answer: Answer, call: &Call, window: &TranscriptWindow) -> Self {
        let mut validator = Validator::new(call, window);
        let Answer {
            summary,
            outcome,
            topics,
            violations,
            mut criteria,
            feedback,
            improvement_suggestions,
            suggestions,
        } = answer;
        let answer = VerifiedAnswer {
            synopsis: validator.synopsis(summary, outcome, topics),
            violations: validator.violations(violations),
            criteria: Criterion::ALL.iter().map(|one| validator.criterion(*one, criteria.take(*one))).collect(),
            feedback: validator.feedback(feedback),
            improvement_suggestions: validator.improvement_suggestions(improvement_suggestions),
            suggestions: validator.suggestions(suggestions),
        };
        let Validator { mut errors, rejected_quotes, .. } = validator;
        errors.extend(Stamp::of(&answer.criteria).map(ValidationError::Stamp));
        Self { answer, errors, rejected_quotes }
    }

    /// Whether what is left of the answer can be stored, although it may have errors: all its scores are proven.
    pub(crate) fn is_usable(&self) -> bool {
        !self.errors.iter().any(ValidationError::is_fatal)
    }
}

struct Validator<'a> {
    call: &'a Call,
    window: &'a TranscriptWindow,
    errors: Vec<ValidationError>,
    rejected_quotes: u32,
}

impl<'a> Validator<'a> {
    const fn new(call: &'a Call, window: &'a TranscriptWindow) -> Self {
        Self { call, window, errors: Vec::new(), rejected_quotes: 0 }
    }

    /// What can be read of the summary, the outcome and the topics. Nothing is asked for again: no score rests on them.
    fn synopsis(&mut self, summary: Part<String>, outcome: Part<Resolution>, topics: Part<Vec<String>>) -> Synopsis {
        let mut read = |text: &str, longest: usize| {
            let checked = CheckedText::of(text, longest, &self.call.transcript, Unclaimed::Refused);
            self.rejected_quotes += count(&checked.misquotes);
            Some(checked.text).filter(|text| !text.is_empty())
        };
        let summary = summary.and_then(Result::ok).and_then(|summary| read(&summary, LONGEST_REASON));
        let topics = topics.and_then(Result::ok).unwrap_or_default();
        let topics = topics.iter().filter_map(|topic| read(topic, LONGEST_TOPIC)).take(MOST_TOPICS).collect();
        Synopsis { summary, outcome: outcome.and_then(Result::ok), topics }
    }

    /// The violations that are proven, each kind once: one that names no words of the agent's is not. The list is asked for when it
    /// is missing: without it, nothing would cap the total of a harmful call.
    fn violations(&mut self, claimed: Items<ClaimedViolation>) -> Vec<Violation> {
        let mut violations: Vec<Violation> = Vec::new();
        for claim in self.required(Asked::Violations, claimed).unwrap_or_default() {
            let Some(claim) = self.required(Asked::Violations, Some(claim)) else { continue };
            let ClaimedViolation { kind, evidence, reason, severity } = claim;
            let (evidence, rejected) = self.evidence(evidence);
            let reason = self.text(Asked::Violations, &reason, LONGEST_REASON, Unclaimed::Refused);
            if !evidence.iter().any(|quote| quote.role == Role::Agent) {
                self.errors.push(ValidationError::UnprovenViolation { kind, rejected });
            } else if violations.iter().all(|known| known.kind != kind) {
                violations.push(Violation { kind, severity, reason, evidence });
            }
        }
        violations
    }

    fn criterion(&mut self, criterion: Criterion, claimed: Part<ClaimedScore>) -> CriterionAssessment {
        let asked = Asked::Criterion(criterion);
        let Some(claimed) = self.required(asked, claimed) else {
            return CriterionAssessment { criterion, score: None, reason: String::new(), evidence: Vec::new() };
        };
        let score = self.score(criterion, claimed.score);
        let (evidence, rejected) = self.evidence(claimed.evidence);
        if claimed.score.is_some() && evidence.is_empty() {
            self.errors.push(ValidationError::Unproven { criterion, rejected });
        }
        let reason = self.text(asked, &claimed.reason, LONGEST_REASON, Unclaimed::Refused);
        CriterionAssessment { criterion, score, reason, evidence }
    }

    fn score(&mut self, criterion: Criterion, claimed: Option<f64>) -> Option<Score> {
        let always_applies = RubricEntry::of(criterion).not_applicable.is_none();
        match claimed.map(Score::try_from) {
            Some(Ok(score)) => Some(score),
            Some(Err(_)) => {
                self.errors.push(ValidationError::OffTheScale { criterion });
                None
            }
            None => {
                if always_applies {
                    self.errors.push(ValidationError::AlwaysApplies { criterion });
                }
                None
            }
        }
    }

    /// The quotes that are in the transcript, each once, and the rejected ones.
    fn evidence(&mut self, claims: Vec<ClaimedEvidence>) -> (Vec<Evidence>, Vec<RejectedQuote>) {
        let (mut proven, mut rejected) = (Vec::new(), Vec::new());
        for claim in claims.into_iter().take(MOST_CLAIMS) {
            match self.verify(claim) {
                Ok(evidence) if proven.contains(&evidence) => {}
                Ok(evidence) => proven.push(evidence),
                Err(quote) => {
                    self.rejected_quotes += 1;
                    rejected.push(quote);
                }
            }
        }
        proven.truncate(MOST_QUOTES);
        (proven, rejected)
    }

    fn verify(&self, claim: ClaimedEvidence) -> Result<Evidence, RejectedQuote> {
        if claim.quote.chars().count() > LONGEST_QUOTE {
            return Err(RejectedQuote::too_long(claim));
        }
        let transcript = &self.call.transcript;
        if claim.turn < transcript.len() && !self.window.shows(claim.turn) {
            return Err(RejectedQuote::not_shown(claim));
        }
        let is_shown = |turn| self.window.shows(turn);
        match scoring::evidence::settle(transcript, claim.turn, claim.role, &claim.quote, is_shown) {
            // The turn's own text may be longer than what the model wrote: white space is folded when the two are compared.
            Ok(evidence) if evidence.quote.chars().count() > LONGEST_QUOTE => Err(RejectedQuote::too_long(claim)),
            Ok(evidence) => Ok(evidence),
            Err(mut error) => {
                error.nearest = error.nearest.filter(|nearest| self.window.shows(nearest.turn));
                Err(RejectedQuote::unverified(claim, error))
            }
        }
    }

    fn feedback(&mut self, claimed: Part<String>) -> String {
        let text = self.required(Asked::Feedback, claimed).unwrap_or_default();
        self.text(Asked::Feedback, &text, LONGEST_TEXT, Unclaimed::Refused)
    }

    fn improvement_suggestions(&mut self, claimed: Part<String>) -> String {
        let text = self.required(Asked::ImprovementSuggestions, claimed).unwrap_or_default();
        self.text(Asked::ImprovementSuggestions, &text, LONGEST_TEXT, Unclaimed::Recommended)
    }

    /// The suggestions that say something. Nothing is asked for again.
    fn suggestions(&mut self, claimed: Items<ClaimedSuggestion>) -> Vec<Suggestion> {
        let claimed = claimed.and_then(Result::ok).unwrap_or_default();
        let mut suggestion = |claimed: ClaimedSuggestion| {
            let checked = CheckedText::of(&claimed.text, LONGEST_REASON, &self.call.transcript, Unclaimed::Recommended);
            self.rejected_quotes += count(&checked.misquotes);
            let is_shown = |turn: &usize| *turn < self.call.transcript.len() && self.window.shows(*turn);
            let turn = claimed.turn.filter(is_shown);
            let text = Some(checked.text).filter(|text| !text.is_empty())?;
            Some(Suggestion { criterion: claimed.criterion, text, turn })
        };
        claimed.into_iter().flatten().filter_map(&mut suggestion).take(MOST_SUGGESTIONS).collect()
    }

    /// A text without what it quotes wrongly, which is an error, as is a text of which nothing is left.
    fn text(&mut self, asked: Asked, text: &str, longest: usize, unclaimed: Unclaimed) -> String {
        let CheckedText { text, misquotes } = CheckedText::of(text, longest, &self.call.transcript, unclaimed);
        self.rejected_quotes += count(&misquotes);
        if text.is_empty() && misquotes.is_empty() {
            self.errors.push(ValidationError::Empty { asked });
        }
        self.errors.extend(misquotes.into_iter().map(|misquote| ValidationError::Misquoted { asked, misquote }));
        text
    }

    /// A part, or an error when it is missing or in no form that can be read.
    fn required<T>(&mut self, asked: Asked, part: Part<T>) -> Option<T> {
        let part = part.unwrap_or_else(|| Err("it is missing".to_owned()));
        part.map_err(|message| self.errors.push(ValidationError::Malformed { asked, message })).ok()
    }
}

fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
