//! Judging a call: the entry point of this crate.
//!
//! **Invariant:** of the texts that a model writes, only a [`VerifiedAnswer`] gets into a [`Judgement`].

use std::cmp::Reverse;

use domain::{Assessment, Call, Certainty, Provenance, Review, ReviewReason, Score, Scorer};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::certainty::certainty;
use crate::consensus::{REVIEW_SPREAD, median};
use crate::prompt::{Nonces, Prompt, ToolWindow, TranscriptWindow, prompt_sha256};
use crate::retry::ask;
use crate::transport::{BuildError, Transport};
use crate::validate::{Validation, VerifiedAnswer};
use crate::validation_error::{ValidationError, repair};
use crate::{JudgeError, JudgeErrorKind, Settings, Usage};

/// The version of how this crate treats a model's answer; the prompt has its hash and the rubric a version of its own.
const SCORER_VERSION: &str = "2";

/// What came of judging a call.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The assessment; every quote in it is in the transcript.
    pub assessment: Assessment,
    /// How it came about: the model, the prompt, the samples.
    pub provenance: Provenance,
    /// What it has cost.
    pub usage: Usage,
}

/// A model that judges calls.
#[derive(Debug)]
pub struct Judge {
    settings: Settings,
    transport: Transport,
    nonces: Nonces,
    prompt_sha256: String,
}

/// One of the answers that were asked for, and the model that gave it.
struct Sample {
    answer: VerifiedAnswer,
    model: Option<String>,
}

impl Judge {
    /// A judge with those settings; fails when this machine has no TLS, no certificates or no randomness to offer.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(BuildError::Randomness)?;
        let prompt_sha256 = prompt_sha256(settings.json_mode);
        Ok(Self { transport: Transport::new(&settings)?, nonces: Nonces::from_random(seed), prompt_sha256, settings })
    }

    /// Connects to the model's server, so that the first call does not have to. Takes at most 300 ms and never fails.
    pub async fn warm_up(&self) {
        self.transport.warm_up(&self.settings.endpoint).await;
    }

    /// What the model would be asked about the call, with a new random code; `None` when the call is too long.
    #[must_use]
    pub fn prompt(&self, call: &Call) -> Option<Prompt> {
        let (window, tools) = self.windows(call)?;
        Some(self.prompt_of(call, &window, &tools))
    }

    /// SHA-256, in hexadecimal, of what is the same in the prompts about all calls, the schema included.
    #[must_use]
    pub fn prompt_sha256(&self) -> &str {
        &self.prompt_sha256
    }

    /// Judges the call before the deadline. Fails as [`JudgeErrorKind`] says.
    ///
    /// Of several samples those with a usable answer count, even if it is only one, because they have been paid for. The
    /// provenance says how many they are, and asks for a review when they are no more than half.
    pub async fn assess(&self, call: &Call, deadline: Instant) -> Result<Judgement, JudgeError> {
        let start = Instant::now();
        let mut usage = Usage::default();
        let Some((window, tools)) = self.windows(call) else {
            return Err(JudgeError { kind: JudgeErrorKind::TooLong, usage });
        };
        let samples = (0..self.settings.samples).map(|_| self.sample(call, &window, &tools, deadline));
        let (mut answers, mut errors, mut model) = (Vec::new(), Vec::new(), None);
        for (sample, cost) in join_all(samples).await {
            usage.add(&cost);
            match sample {
                Ok(sample) => {
                    model = model.or(sample.model);
                    answers.push(sample.answer);
                }
                Err(kind) => errors.push(kind),
            }
        }
        usage.latency = start.elapsed();
        let answered = answers.len();
        match median(answers) {
            Some((answer, spread)) => {
                let provenance = self.provenance(call, &window, &usage, model, answered, spread);
                let certainty = certainty(answer.total().0, spread);
                let review = self.review(call, &answer, &certainty, &provenance);
                Ok(Judgement { assessment: assessment(call, answer, certainty, review), provenance, usage })
            }
            None => Err(JudgeError { kind: combined(errors), usage }),
        }
    }

    /// What the model is shown of the call; `None` when too little of it fits.
    fn windows(&self, call: &Call) -> Option<(TranscriptWindow, ToolWindow)> {
        let tools = ToolWindow::of(&call.tool_events, self.settings.max_input_tokens);
        let window = TranscriptWindow::of(&call.transcript, tools.tokens_left_of(self.settings.max_input_tokens))?;
        Some((window, tools))
    }

    fn prompt_of(&self, call: &Call, window: &TranscriptWindow, tools: &ToolWindow) -> Prompt {
        Prompt::of(call, window, tools, self.settings.json_mode, &self.nonces)
    }

    /// One sample, and what it has cost in any case.
    async fn sample(
        &self,
        call: &Call,
        window: &TranscriptWindow,
        tools: &ToolWindow,
        deadline: Instant,
    ) -> (Result<Sample, JudgeErrorKind>, Usage) {
        let mut usage = Usage::default();
        let prompt = self.prompt_of(call, window, tools);
        let sample = self.answer_with_repair(call, window, prompt, deadline, &mut usage).await;
        (sample, usage)
    }

    /// Asks, and sends the answer back once when something is wrong with it. What the correction does not put right stays as it was,
    /// if it can be stored.
    async fn answer_with_repair(
        &self,
        call: &Call,
        window: &TranscriptWindow,
        prompt: Prompt,
        deadline: Instant,
        usage: &mut Usage,
    ) -> Result<Sample, JudgeErrorKind> {
        let first_answer = ask(&self.transport, &self.settings, &prompt, deadline, usage).await?;
        let validation = match validate(&first_answer.text, call, window) {
            Ok(Validation { answer, errors, rejected_quotes }) if errors.is_empty() => {
                usage.rejected_quotes += rejected_quotes;
                return Ok(Sample { answer, model: first_answer.model });
            }
            validation => validation,
        };
        let errors = match &validation {
            Ok(first) => first.errors.as_slice(),
            Err(not_the_schema) => std::slice::from_ref(not_the_schema),
        };
        usage.repairs += 1;
        let (message, schema) = repair(errors, self.settings.json_mode);
        let prompt = prompt.with_repair(&first_answer.text, &message, schema);
        let second_answer = ask(&self.transport, &self.settings, &prompt, deadline, usage).await;
        let (validation, error) = match (validation, second_answer) {
            (Ok(first), Ok(second)) => match Answer::read(&second.text) {
                Ok(correction) => (Ok(first.corrected(correction, call, window)), None),
                Err(_) => (Ok(first), None),
            },
            (Err(_), Ok(second)) => (validate(&second.text, call, window), None),
            (first, Err(kind)) => (first, Some(kind)),
        };
        if let Ok(validation) = &validation {
            usage.rejected_quotes += validation.rejected_quotes;
        }
        match validation {
            Ok(validation) if validation.is_usable() => {
                Ok(Sample { answer: validation.answer, model: first_answer.model })
            }
            Ok(validation) => Err(error.unwrap_or_else(|| invalid_output(&validation.errors))),
            Err(not_the_schema) => Err(error.unwrap_or_else(|| invalid_output(&[not_the_schema]))),
        }
    }

    /// Whether a person should look at the call, or at what came of the samples.
    fn review(&self, call: &Call, answer: &VerifiedAnswer, certainty: &Certainty, provenance: &Provenance) -> Review {
        let is_wide = provenance.score_spread.is_some_and(|spread| spread.value() > REVIEW_SPREAD);
        let are_few = provenance.samples.is_some_and(|samples| 2 * samples <= self.settings.samples);
        let is_truncated = provenance.truncated_turns.is_some_and(|turns| turns > 0);
        let mut review = Review::default();
        review.add(scoring::review_reasons(call));
        review.add((is_wide || are_few).then_some(ReviewReason::SamplesDisagree));
        review.add(is_truncated.then_some(ReviewReason::Truncated));
        review.add(answer.says_little().then_some(ReviewReason::RubberStamp));
        review.add((!answer.violations.is_empty()).then_some(ReviewReason::Violation));
        review.add(answer.violations.iter().filter_map(|violation| violation.kind.review_reason()));
        review.add(certainty.is_wide().then_some(ReviewReason::WideInterval));
        review
    }

    fn provenance(
        &self,
        call: &Call,
        window: &TranscriptWindow,
        usage: &Usage,
        model: Option<String>,
        answered: usize,
        spread: Option<Score>,
    ) -> Provenance {
        let answered = u32::try_from(answered).unwrap_or(u32::MAX);
        Provenance {
            scorer: Scorer::Llm,
            scorer_version: SCORER_VERSION.to_owned(),
            rubric_version: scoring::RUBRIC_VERSION.to_owned(),
            protocol: Some(self.settings.protocol.to_string()),
            model: Some(model.unwrap_or_else(|| self.settings.model.clone())),
            prompt_sha256: Some(self.prompt_sha256.clone()),
            input_tokens: usage.tokens.input,
            cached_input_tokens: usage.tokens.cached_input,
            output_tokens: usage.tokens.output,
            reasoning_tokens: usage.tokens.reasoning,
            attempts: Some(usage.attempts),
            samples: Some(answered),
            score_spread: spread,
            truncated_turns: u32::try_from(window.omitted.len()).ok(),
            elapsed_ms: u64::try_from(usage.latency.as_millis()).ok(),
            producer: call.producer.clone(),
            roles_guessed: call.roles_guessed,
            platform_measures: call.platform_measures.names(),
        }
    }
}

/// What is left of an answer and what is wrong with it; fails when it is no answer at all.
fn validate(text: &str, call: &Call, window: &TranscriptWindow) -> Result<Validation, ValidationError> {
    Answer::read(text).map(|answer| Validation::of(answer, call, window)).map_err(ValidationError::NotTheSchema)
}

fn invalid_output(errors: &[ValidationError]) -> JudgeErrorKind {
    let fatal = errors.iter().find(|error| error.is_fatal());
    JudgeErrorKind::InvalidOutput {
        validation_error: fatal.map_or("nothing can be stored of it", ValidationError::label),
    }
}

/// The error of a call of which every sample failed: a transient one if there is one, with the longest time to wait.
fn combined(errors: Vec<JudgeErrorKind>) -> JudgeErrorKind {
    let decisive = errors.into_iter().max_by_key(|kind| (kind.is_transient(), kind.retry_after()));
    decisive.unwrap_or(JudgeErrorKind::TimedOut)
}

fn assessment(call: &Call, answer: VerifiedAnswer, certainty: Certainty, review: Review) -> Assessment {
    let (score, score_before_cap) = answer.total();
    let VerifiedAnswer { synopsis, mut violations, criteria, feedback, improvement_suggestions, suggestions } = answer;
    violations.sort_by_key(|violation| Reverse(violation.severity));
    Assessment {
        score,
        score_before_cap,
        certainty,
        review,
        synopsis,
        violations,
        feedback,
        improvement_suggestions,
        categories: scoring::categories(&criteria),
        criteria,
        suggestions,
        conversation: scoring::conversation(call),
    }
}
