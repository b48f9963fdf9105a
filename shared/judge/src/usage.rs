//! What judging a call has cost, whether it succeeded or not.
//!
//! **Invariant:** what is unknown is not zero: a sum of which one part is unknown is unknown.

use std::time::Duration;

/// Tokens, as the model's server counts them; `None` where a response does not say so, or says what cannot be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Read by the model, whether from a cache or not.
    pub input: Option<u64>,
    /// Those of `input` that the server had in its cache.
    pub cached_input: Option<u64>,
    /// Written by the model, its thoughts included.
    pub output: Option<u64>,
    /// Those of `output` that a reasoning model thought with.
    pub reasoning: Option<u64>,
}

impl Tokens {
    /// These tokens without parts that are more than the whole.
    pub(crate) fn consistent(self) -> Self {
        let part_of =
            |part: Option<u64>, whole: Option<u64>| part.filter(|part| whole.is_none_or(|whole| *part <= whole));
        Self {
            cached_input: part_of(self.cached_input, self.input),
            reasoning: part_of(self.reasoning, self.output),
            ..self
        }
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            input: sum(self.input, other.input),
            cached_input: sum(self.cached_input, other.cached_input),
            output: sum(self.output, other.output),
            reasoning: sum(self.reasoning, other.reasoning),
        }
    }
}

/// What judging a call has cost, whether it succeeded or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent to the model, those that failed included.
    pub attempts: u32,
    /// Responses of the model that could be read.
    pub responses: u32,
    /// Tokens of these responses.
    pub tokens: Tokens,
    /// From the first request to the last response.
    pub latency: Duration,
    /// Quotes that were rejected because they are not in the transcript.
    pub rejected_quotes: u32,
    /// Answers that were sent back with what is wrong with them.
    pub repairs: u32,
}

impl Usage {
    /// Adds what was spent at the same time by something else.
    pub(crate) fn add(&mut self, other: &Self) {
        self.add_tokens(other.responses, &other.tokens);
        self.attempts += other.attempts;
        self.latency = self.latency.max(other.latency);
        self.rejected_quotes += other.rejected_quotes;
        self.repairs += other.repairs;
    }

    /// Adds a response.
    pub(crate) fn add_response(&mut self, tokens: &Tokens) {
        self.add_tokens(1, tokens);
    }

    fn add_tokens(&mut self, responses: u32, tokens: &Tokens) {
        self.tokens = match (self.responses, responses) {
            (_, 0) => self.tokens,
            (0, _) => *tokens,
            _ => self.tokens.plus(tokens),
        };
        self.responses += responses;
    }
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    Some(one?.saturating_add(other?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_nobody_counted_are_not_zero() {
        let mut usage = Usage::default();
        usage.add(&Usage { attempts: 2, ..Usage::default() });
        assert_eq!((usage.attempts, usage.responses, usage.tokens), (2, 0, Tokens::default()));
        usage.add_response(&Tokens { input: Some(10), cached_input: Some(4), output: Some(2), reasoning: None });
        usage.add(&Usage { attempts: 1, ..Usage::default() });
        usage.add_response(&Tokens { input: Some(5), cached_input: None, output: Some(3), reasoning: Some(2) });
        let expected = Tokens { input: Some(15), output: Some(5), ..Tokens::default() };
        assert_eq!((usage.responses, usage.tokens), (2, expected), "a sum of which one part is unknown is unknown");
        let tokens = Tokens { input: Some(u64::MAX), ..Tokens::default() };
        usage.add(&Usage { responses: 2, tokens, ..Usage::default() });
        assert_eq!((usage.responses, usage.tokens), (4, tokens));
    }

    #[test]
    fn a_part_that_is_more_than_the_whole_is_unknown() {
        let tokens = Tokens { input: Some(5), cached_input: Some(5), output: Some(3), reasoning: Some(4) };
        assert_eq!(tokens.consistent(), Tokens { reasoning: None, ..tokens });
        let parts = Tokens { input: None, cached_input: Some(5), output: None, reasoning: Some(4) };
        assert_eq!(parts.consistent(), parts);
    }

    #[test]
    fn what_happens_at_the_same_time_takes_as_long_as_the_longest() {
        let lasting = |milliseconds| Usage { latency: Duration::from_millis(milliseconds), ..Usage::default() };
        let mut usage = lasting(300);
        usage.add(&lasting(200));
        assert_eq!(usage.latency, Duration::from_millis(300));
    }
}
