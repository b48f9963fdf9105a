//! What the platform that ran a call concluded of it, and whether that contradicts our score.
//!
//! [`ProducerVerdict`] is part of the document that is stored and served, like [`crate::Feedback`].

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::Score;

/// The least of our scores that a bad verdict contradicts.
const GOOD_SCORE: Score = Score::from_tenths(65).unwrap();
/// The highest of our scores that a good verdict contradicts.
const POOR_SCORE: Score = Score::from_tenths(35).unwrap();

/// What platforms write for a call that went well. Vapi: `true`, `Excellent`, `Good`, `Agree` …; Retell: `true`, `Positive`;
/// `ElevenLabs`: `success`; Deepgram: `positive`.
const GOOD_WORDS: [&str; 10] =
    ["true", "success", "successful", "passed", "pass", "excellent", "good", "agree", "strongly agree", "positive"];
/// What they write for one that did not. What is neither, such as `Fair`, `neutral` or `unknown`, means nothing.
const BAD_WORDS: [&str; 9] =
    ["false", "failure", "unsuccessful", "failed", "fail", "poor", "disagree", "strongly disagree", "negative"];

/// The formats whose success is a number, with its scale. Without a scale a number says nothing: 1 is the best or the worst.
const SUCCESS_SCALES: [(&str, RangeInclusive<f64>); 1] = [("vapi", 1.0..=10.0)];
/// The formats whose sentiment is a number, with its scale.
const SENTIMENT_SCALES: [(&str, RangeInclusive<f64>); 4] = [
    ("contact_lens", -5.0..=5.0),
    ("call_analytics", -5.0..=5.0),
    ("post_call_analytics", -5.0..=5.0),
    ("google_insights", -1.0..=1.0),
];
const PERCENT: RangeInclusive<f64> = 0.0..=100.0;
/// The ends of the middle of a scale. A number between them is no plain word for or against a call.
const MIDDLE_OF_SCALE: RangeInclusive<f64> = 0.3..=0.7;

/// What the platform concluded of the call, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerVerdict {
    /// Whether the call succeeded, as the platform puts it: `true`, `success`, `8`, `Good`.
    pub success: Option<String>,
    /// How the customer felt, as the platform puts it: `Positive`, `3.1`.
    pub sentiment: Option<String>,
    /// What happened.
    pub summary: Option<String>,
}

/// Whether a verdict is plainly for or against a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// The call went well.
    Good,
    /// It did not.
    Bad,
}

impl ProducerVerdict {
    /// The most characters of `success`, and of `sentiment`.
    pub const MAX_LABEL_CHARS: usize = 100;
    /// The most characters of the summary.
    pub const MAX_SUMMARY_CHARS: usize = 2_000;

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the verdict is for or against the call, where that is plain: by the success, or by the sentiment where the success
    /// says nothing. The format that the call arrived in tells the scale of numbers.
    #[must_use]
    pub fn stance(&self, format: &str) -> Option<Stance> {
        let by = |text: &Option<String>, scales: &[(&str, RangeInclusive<f64>)]| {
            let scale = scales.iter().find(|(name, _)| *name == format).map(|(_, scale)| scale);
            stance_of(text.as_deref()?, scale)
        };
        by(&self.success, &SUCCESS_SCALES).or_else(|| by(&self.sentiment, &SENTIMENT_SCALES))
    }

    /// Whether the verdict is plainly against a call that we give a good score, or for one that we give a poor score.
    #[must_use]
    pub fn contradicts(&self, score: Score, format: &str) -> bool {
        match self.stance(format) {
            Some(Stance::Good) => score <= POOR_SCORE,
            Some(Stance::Bad) => score >= GOOD_SCORE,
            None => false,
        }
    }
}

fn stance_of(text: &str, scale: Option<&RangeInclusive<f64>>) -> Option<Stance> {
    let text = text.trim().to_lowercase();
    if GOOD_WORDS.contains(&text.as_str()) {
        return Some(Stance::Good);
    }
    if BAD_WORDS.contains(&text.as_str()) {
        return Some(Stance::Bad);
    }
    match text.strip_suffix('%') {
        Some(percent) => stance_on(&PERCENT, percent),
        None => stance_on(scale?, &text),
    }
}

/// The stance of a number on its scale; none in the middle, and none of a number that is not on the scale.
fn stance_on(scale: &RangeInclusive<f64>, number: &str) -> Option<Stance> {
    let number: f64 = number.trim().parse().ok().filter(|number| scale.contains(number))?;
    let place = (number - scale.start()) / (scale.end() - scale.start());
    match place {
        _ if MIDDLE_OF_SCALE.contains(&place) => None,
        _ if place < *MIDDLE_OF_SCALE.start() => Some(Stance::Bad),
        _ => Some(Stance::Good),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(success: Option<&str>, sentiment: Option<&str>) -> ProducerVerdict {
        ProducerVerdict { success: success.map(str::to_owned), sentiment: sentiment.map(str::to_owned), summary: None }
    }

    #[test]
    fn a_verdict_is_read_where_it_is_plain_and_means_nothing_elsewhere() {
        let (good, bad) = (Some(Stance::Good), Some(Stance::Bad));
        for (format, success, expected) in [
            ("vapi", "true", good),
            ("vapi", "false", bad),
            ("vapi", "Excellent", good),
            ("vapi", "Fair", None),
            ("vapi", "Poor", bad),
            ("vapi", "Strongly Disagree", bad),
            ("vapi", "Neutral", None),
            ("vapi", "1", bad),
            ("vapi", "3", bad),
            ("vapi", "5.5", None),
            ("vapi", "9", good),
            ("vapi", "0", None),
            ("vapi", "85", None),
            ("vapi", "85%", good),
            ("vapi", "0 %", bad),
            ("vapi", "101%", None),
            ("vapi", "nan", None),
            ("vapi", "inf%", None),
            ("native", "1", None),
            ("native", "9", None),
            ("native", "12%", bad),
            ("elevenlabs", "success", good),
            ("elevenlabs", "failure", bad),
            ("elevenlabs", "unknown", None),
            ("native", " Unsuccessful ", bad),
            ("native", "The agent did not fail.", None),
            ("native", "not good", None),
            ("native", "", None),
        ] {
            assert_eq!(verdict(Some(success), None).stance(format), expected, "{format}: {success:?}");
        }
        for (format, sentiment, expected) in [
            ("retell", "Positive", good),
            ("retell", "Negative", bad),
            ("retell", "Unknown", None),
            ("deepgram", "neutral", None),
            ("contact_lens", "-5", bad),
            ("contact_lens", "-2.1", bad),
            ("call_analytics", "0", None),
            ("post_call_analytics", "5", good),
            ("post_call_analytics", "-5.1", None),
            ("google_insights", "-0.75", bad),
            ("google_insights", "0.3", None),
            ("google_insights", "1", good),
            ("vapi", "9", None),
        ] {
            assert_eq!(verdict(None, Some(sentiment)).stance(format), expected, "{format}: {sentiment:?}");
        }
    }

    #[test]
    fn the_success_counts_more_than_the_sentiment() {
        assert_eq!(verdict(Some("true"), Some("Negative")).stance("retell"), Some(Stance::Good));
        assert_eq!(verdict(Some("unknown"), Some("Negative")).stance("retell"), Some(Stance::Bad));
        assert_eq!(verdict(None, None).stance("retell"), None);
    }

    #[test]
    fn only_a_score_on_the_other_side_is_contradicted() {
        for (success, contradicted) in [("true", 0..=35), ("false", 65..=100), ("unknown", 101..=101)] {
            for score in Score::all() {
                let expected = contradicted.contains(&score.tenths());
                assert_eq!(verdict(Some(success), None).contradicts(score, "vapi"), expected, "{success}: {score}");
            }
        }
    }
}
