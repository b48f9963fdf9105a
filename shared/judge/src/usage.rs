//! What judging a call has cost, whether it succeeded or not.

use std::time::Duration;

/// Tokens, as the model's server counts them; `None` where no response said so.
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
    /// Adds those of another response.
    pub(crate) fn add(&mut self, other: &Self) {
        self.input = sum(self.input, other.input);
        self.cached_input = sum(self.cached_input, other.cached_input);
        self.output = sum(self.output, other.output);
        self.reasoning = sum(self.reasoning, other.reasoning);
    }
}

/// What judging a call has cost, whether it succeeded or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent to the model, those that failed included.
    pub attempts: u32,
    /// Tokens of all responses.
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
        self.attempts += other.attempts;
        self.tokens.add(&other.tokens);
        self.latency = self.latency.max(other.latency);
        self.rejected_quotes += other.rejected_quotes;
        self.repairs += other.repairs;
    }
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_nobody_counted_are_not_zero() {
        let mut usage = Usage::default();
        usage.add(&Usage { attempts: 2, ..Usage::default() });
        assert_eq!((usage.attempts, usage.tokens), (2, Tokens::default()));
        usage.tokens.add(&Tokens { input: Some(10), cached_input: Some(4), ..Tokens::default() });
        usage.tokens.add(&Tokens { input: Some(5), output: Some(3), reasoning: Some(2), ..Tokens::default() });
        usage.add(&Usage { tokens: Tokens { input: Some(u64::MAX), ..Tokens::default() }, ..Usage::default() });
        let sum = Tokens { input: Some(u64::MAX), cached_input: Some(4), output: Some(3), reasoning: Some(2) };
        assert_eq!(usage.tokens, sum);
    }

    #[test]
    fn what_happens_at_the_same_time_takes_as_long_as_the_longest() {
        let lasting = |milliseconds| Usage { latency: Duration::from_millis(milliseconds), ..Usage::default() };
        let mut usage = lasting(300);
        usage.add(&lasting(200));
        assert_eq!(usage.latency, Duration::from_millis(300));
    }
}
