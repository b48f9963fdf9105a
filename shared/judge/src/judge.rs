//! Judging a call: the entry point of this crate.
//!
//! **Invariant:** of the texts that a model writes, only a [`VerifiedAnswer`] gets into a [`Judgement`].

use domain::{Assessment, Call, Certainty, Provenance, Review, ReviewReason, Score, Scorer, Synopsis};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::consensus::{REVIEW_SPREAD, median};
use crate::prompt::{Nonces, Prompt, ToolWindow, TranscriptWindow, prompt_sha256};
use crate::retry::ask;
use crate::transport::{BuildError, Transport};
use crate::validate::{Validation, VerifiedAnswer};
use crate::validation_error::{ValidationError, repair_message};
use crate::{JudgeError, JudgeErrorKind, Settings, Usage};

/// The version of how this crate treats a model's answer; the prompt has its hash and the rubric a version of its own.
const SCORER_VERSION: &str = "1";

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

    /// Judges the call before the deadline. Fails as [`JudgeErrorKind`] says.
    ///
    /// Of several samples those with a usable answer count, even if it is only one, because they have been paid for. The
    /// provenance says how many they are, and asks for a review when they are no more than half.
    pub async fn assess(&self, call: &Call, deadline: Instant) -> Result<Judgement, JudgeError> {
        let start = Instant::now();
        let mut usage = Usage::default();
        let tools = ToolWindow::of(&call.tool_events, self.settings.max_input_tokens);
        let Some(window) = TranscriptWindow::of(&call.transcript, tools.tokens_left_of(self.settings.max_input_tokens))
        else {
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
                let review = self.review(call, &provenance);
                Ok(Judgement { assessment: assessment(call, answer, review), provenance, usage })
            }
            None => Err(JudgeError { kind: combined(errors), usage }),
        }
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
        let prompt = Prompt::of(call, window, tools, self.settings.json_mode, &self.nonces);
        let sample = self.answer_with_repair(call, window, prompt, deadline, &mut usage).await;
        (sample, usage)
    }

    /// Asks, and sends the answer back once when something is wrong with it. When the second answer cannot be stored, the first
    /// one is taken if it can.
    async fn answer_with_repair(
        &self,
        call: &Call,
        window: &TranscriptWindow,
        prompt: Prompt,
        deadline: Instant,
        usage: &mut Usage,
    ) -> Result<Sample, JudgeErrorKind> {
        let first_answer = ask(&self.transport, &self.settings, &prompt, deadline, usage).await?;
        let (first, errors) = match read_and_validate(first_answer.text.as_str(), call, window, usage) {
            (Some(answer), errors) if errors.is_empty() => {
                return Ok(Sample { answer, model: first_answer.model });
            }
            with_errors => with_errors,
        };
        usage.repairs += 1;
        let repair = prompt.with_repair(&first_answer.text, &repair_message(&errors));
        let repaired = ask(&self.transport, &self.settings, &repair, deadline, usage).await;
        let answer = match repaired {
            Ok(second_answer) => {
                let (second, errors) = read_and_validate(&second_answer.text, call, window, usage);
                second.or(first).ok_or_else(|| invalid_output(&errors))
            }
            Err(kind) => first.ok_or(kind),
        };
        Ok(Sample { answer: answer?, model: first_answer.model })
    }

    /// Whether a person should look at the call, or at what came of the samples.
    fn review(&self, call: &Call, provenance: &Provenance) -> Review {
        let is_wide = provenance.score_spread.is_some_and(|spread| spread.value() > REVIEW_SPREAD);
        let are_few = provenance.samples.is_some_and(|samples| 2 * samples <= self.settings.samples);
        let is_truncated = provenance.truncated_turns.is_some_and(|turns| turns > 0);
        let mut review = Review::default();
        review.add(scoring::review_reasons(call));
        review.add((is_wide || are_few).then_some(ReviewReason::SamplesDisagree));
        review.add(is_truncated.then_some(ReviewReason::Truncated));
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

/// What can be stored of the answer, if anything, and what is wrong with it.
fn read_and_validate(
    text: &str,
    call: &Call,
    window: &TranscriptWindow,
    usage: &mut Usage,
) -> (Option<VerifiedAnswer>, Vec<ValidationError>) {
    match Answer::read(text) {
        Ok(answer) => {
            let validation = Validation::of(answer, call, window);
            usage.rejected_quotes += validation.rejected_quotes;
            (validation.is_usable().then_some(validation.answer), validation.errors)
        }
        Err(error) => (None, vec![ValidationError::NotTheSchema(error)]),
    }
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

fn assessment(call: &Call, answer: VerifiedAnswer, review: Review) -> Assessment {
    let VerifiedAnswer { criteria, feedback, improvement_suggestions, suggestions } = answer;
    Assessment {
        score: scoring::total(&criteria),
        score_before_cap: None,
        certainty: Certainty::default(),
        review,
        synopsis: Synopsis::default(),
        violations: Vec::new(),
        feedback,
        improvement_suggestions,
        categories: scoring::categories(&criteria),
        criteria,
        suggestions,
        conversation: scoring::conversation(call),
    }
}
