//! What judging a call has cost, whether it succeeded or not.

use std::time::Duration;

/// What judging a call has cost, whether it succeeded or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests sent to the model, those that failed included.
    pub attempts: u32,
    /// Tokens the model read, as its server counts them; `None` when no response said so.
    pub input_tokens: Option<u64>,
    /// Tokens the model wrote, as its server counts them; `None` when no response said so.
    pub output_tokens: Option<u64>,
    /// From the first request to the last response.
    pub latency: Duration,
    /// Quotes that were rejected because they are not in the transcript.
    pub rejected_quotes: u32,
    /// Answers that were sent back with what is wrong with them.
    pub repairs: u32,
}

impl Usage {
    /// Adds the tokens that a response states.
    pub(crate) fn add_tokens(&mut self, input: Option<u64>, output: Option<u64>) {
        self.input_tokens = sum(self.input_tokens, input);
        self.output_tokens = sum(self.output_tokens, output);
    }

    /// Adds what was spent at the same time by something else.
    pub(crate) fn add(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.add_tokens(other.input_tokens, other.output_tokens);
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
        assert_eq!((usage.attempts, usage.input_tokens, usage.output_tokens), (2, None, None));
        usage.add_tokens(Some(10), None);
        usage.add_tokens(Some(5), Some(3));
        usage.add(&Usage { input_tokens: Some(u64::MAX), ..Usage::default() });
        assert_eq!((usage.input_tokens, usage.output_tokens), (Some(u64::MAX), Some(3)));
    }

    #[test]
    fn what_happens_at_the_same_time_takes_as_long_as_the_longest() {
        let lasting = |milliseconds| Usage { latency: Duration::from_millis(milliseconds), ..Usage::default() };
        let mut usage = lasting(300);
        usage.add(&lasting(200));
        assert_eq!(usage.latency, Duration::from_millis(300));
    }
}
