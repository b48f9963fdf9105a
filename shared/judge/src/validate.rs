//! Checks a model's answer against the call: what can be proven is kept, what cannot is dropped and named.
//!
//! **Invariant:** pure. Whatever the model answered, every quote that leaves this module is the transcript's own text, in a
//! turn that the model was shown and by the role that it names; every score is on the scale; nothing is longer than its limit.

use domain::{Call, Criterion, CriterionAssessment, Evidence, Score, Suggestion};
use scoring::RubricEntry;
use scoring::evidence::FEWEST_WORDS;

use crate::answer::{Answer, ClaimedEvidence, ClaimedScore, ClaimedSuggestion};
use crate::prompt::TranscriptWindow;
use crate::quote_check::CheckedText;
use crate::validation_error::{RejectedQuote, ValidationError};

/// Limits of what is stored, in characters. With all of them reached, an item has a tenth of the size that the table allows,
/// and a row of a list stays small.
const LONGEST_TEXT: usize = 1_500;
const LONGEST_REASON: usize = 500;
const LONGEST_QUOTE: usize = 400;
const MOST_QUOTES: usize = 3;
const MOST_SUGGESTIONS: usize = 5;
/// More quotes for one criterion than these are not looked at.
const MOST_CLAIMS: usize = 8;

/// What is left of a model's answer: every quote in it is in the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VerifiedAnswer {
    /// All criteria in the order of the rubric.
    pub(crate) criteria: Vec<CriterionAssessment>,
    pub(crate) feedback: String,
    pub(crate) improvement_suggestions: String,
    pub(crate) suggestions: Vec<Suggestion>,
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
        let mut validator = Validator { call, window, errors: Vec::new(), rejected_quotes: 0 };
        let Answer { criteria, feedback, improvement_suggestions, suggestions } = answer;
        let answer = VerifiedAnswer {
            criteria: criteria
                .0
                .into_iter()
                .map(|(criterion, claimed)| validator.criterion(criterion, claimed))
                .collect(),
            feedback: validator.quoting_text("feedback", &feedback, LONGEST_TEXT),
            improvement_suggestions: validator.recommending_text(
                "improvement_suggestions",
                &improvement_suggestions,
                LONGEST_TEXT,
            ),
            suggestions: suggestions.iter().take(MOST_SUGGESTIONS).map(|one| validator.suggestion(one)).collect(),
        };
        Self { answer, errors: validator.errors, rejected_quotes: validator.rejected_quotes }
    }

    /// Whether what is left of the answer can be stored, although it may have errors.
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

impl Validator<'_> {
    fn criterion(&mut self, criterion: Criterion, claimed: ClaimedScore) -> CriterionAssessment {
        let score = self.score(criterion, claimed.score);
        let (evidence, rejected) = self.evidence(claimed.evidence);
        if claimed.score.is_some() && evidence.is_empty() {
            self.errors.push(ValidationError::Unproven { criterion, rejected });
        }
        let reason = self.quoting_text(criterion.name(), &claimed.reason, LONGEST_REASON);
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
        if claim.turn < self.call.transcript.len() && !self.window.shows(claim.turn) {
            return Err(RejectedQuote::not_shown(claim));
        }
        match scoring::evidence::verify(&self.call.transcript, claim.turn, claim.role, &claim.quote) {
            // The turn's own text may be longer than what the model wrote: white space is folded when the two are compared.
            Ok(evidence) if evidence.quote.chars().count() > LONGEST_QUOTE => Err(RejectedQuote::too_long(claim)),
            Ok(evidence) => Ok(evidence),
            Err(mut error) => {
                error.nearest = error.nearest.filter(|nearest| self.window.shows(nearest.turn));
                Err(RejectedQuote::unverified(claim, error))
            }
        }
    }

    /// A text about the call: what it quotes must have been said.
    fn quoting_text(&mut self, field: &'static str, text: &str, longest: usize) -> String {
        let CheckedText { text, misquoted } = CheckedText::of(text, longest, &self.call.transcript);
        self.rejected_quotes += u32::try_from(misquoted.len()).unwrap_or(u32::MAX);
        // A word or two in quotation marks are a name for something rather than a quote.
        let claims = misquoted.into_iter().filter(|passage| passage.split_whitespace().count() >= FEWEST_WORDS);
        self.errors.extend(claims.map(|passage| ValidationError::Misquoted { field, passage }));
        if text.is_empty() {
            self.errors.push(ValidationError::Empty { field });
        }
        text
    }

    /// A text about what to say next time. Quotation marks around such words do not claim that they were said: they are removed,
    /// and that is no error.
    fn recommending_text(&mut self, field: &'static str, text: &str, longest: usize) -> String {
        let text = CheckedText::of(text, longest, &self.call.transcript).text;
        if text.is_empty() {
            self.errors.push(ValidationError::Empty { field });
        }
        text
    }

    fn suggestion(&mut self, claimed: &ClaimedSuggestion) -> Suggestion {
        let text = self.recommending_text("suggestions", &claimed.text, LONGEST_REASON);
        let is_shown = |turn: &usize| *turn < self.call.transcript.len() && self.window.shows(*turn);
        Suggestion { criterion: claimed.criterion, text, turn: claimed.turn.filter(is_shown) }
    }
}

#[cfg(test)]
mod tests;
