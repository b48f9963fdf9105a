//! An answer and its correction become one.
//!
//! **Invariant:** only what was asked for is replaced, and never by something worse: a correction of a text leaves the score that was
//! proven, and a violation that was proven stays.

use domain::{Call, CriterionAssessment};

use super::{Validation, Validator};
use crate::answer::Answer;
use crate::prompt::TranscriptWindow;
use crate::stamp::Stamp;
use crate::validation_error::{Asked, ValidationError};

impl Validation {
    /// This answer with what the correction puts right.
    pub(crate) fn corrected(mut self, mut correction: Answer, call: &Call, window: &TranscriptWindow) -> Self {
        let is_stamp = self.errors.iter().any(|error| matches!(error, ValidationError::Stamp(_)));
        let mut errors = Vec::new();
        for asked in ValidationError::asked(&self.errors) {
            let first_errors: Vec<_> = self.errors.extract_if(.., |error| error.asks_for() == Some(asked)).collect();
            let mut validator = Validator::new(call, window);
            let is_better = match asked {
                Asked::Criterion(criterion) => {
                    let second = validator.criterion(criterion, correction.criteria.take(criterion));
                    let first = self.answer.criteria.iter_mut().find(|first| first.criterion == criterion);
                    first.is_some_and(|first| replace(first, second, &first_errors, &validator.errors, is_stamp))
                }
                Asked::Violations => {
                    let mut second = validator.violations(correction.violations.take());
                    second.retain(|new| self.answer.violations.iter().all(|known| known.kind != new.kind));
                    self.answer.violations.extend(second);
                    true
                }
                Asked::Feedback => {
                    let second = validator.feedback(correction.feedback.take());
                    replace_text(&mut self.answer.feedback, second, &first_errors, &validator.errors)
                }
                Asked::ImprovementSuggestions => {
                    let second = validator.improvement_suggestions(correction.improvement_suggestions.take());
                    replace_text(&mut self.answer.improvement_suggestions, second, &first_errors, &validator.errors)
                }
            };
            self.rejected_quotes += validator.rejected_quotes;
            errors.extend(if is_better { validator.errors } else { first_errors });
        }
        errors.extend(Stamp::of(&self.answer.criteria).map(ValidationError::Stamp));
        Self { errors, ..self }
    }
}

/// Takes the second judgement of a criterion, or its reason alone where the score was proven; says whether it did.
fn replace(
    first: &mut CriterionAssessment,
    second: CriterionAssessment,
    first_errors: &[ValidationError],
    second_errors: &[ValidationError],
    is_stamp: bool,
) -> bool {
    if second_errors.iter().any(ValidationError::is_fatal) {
        return false;
    }
    if is_stamp || first_errors.iter().any(ValidationError::is_fatal) {
        *first = second;
        return true;
    }
    replace_text(&mut first.reason, second.reason, first_errors, second_errors)
}

/// Takes the second text if it says something and has fewer errors; says whether it did.
fn replace_text(
    first: &mut String,
    second: String,
    first_errors: &[ValidationError],
    second_errors: &[ValidationError],
) -> bool {
    let is_better = (second.is_empty(), second_errors.len()) < (first.is_empty(), first_errors.len());
    if is_better {
        *first = second;
    }
    is_better
}

#[cfg(test)]
mod tests;
