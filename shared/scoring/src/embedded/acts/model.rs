//! A trained model of acts, as it stands in `shared/scoring/model/`: for each act a logistic regression on the features of an
//! utterance.
//!
//! The file is text: `#` begins a comment, `act NAME BIAS SCALE THRESHOLD` declares an act (the threshold is `-` when no utterance
//! may be quoted for it), and every other line is a feature with its weights, one byte in hexadecimal for each act. A weight
//! is that byte as a signed number, times the scale of its act.
//!
//! **Invariant:** only operations that give the same bits on every machine are used.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use super::{acts_of, features};
use crate::embedded::signals::Signal;
use crate::math::{exp, to_f64};
use domain::Role;

/// An act of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    /// The signal that it is observed as.
    pub(crate) signal: Signal,
    /// The log odds without any feature.
    bias: f64,
    /// What a unit of a weight is worth.
    scale: f64,
    /// The probability from which an utterance may be quoted as showing it.
    pub(crate) threshold: Option<f64>,
}

/// The acts of one role, and the weights of features.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActModel<'t> {
    /// The acts.
    pub(crate) heads: Vec<Head>,
    weights: HashMap<&'t str, &'t [u8]>,
}

/// What is wrong with a file of the scorer's model, or with one of intervals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct ModelError {
    line: usize,
    fault: &'static str,
}

impl ModelError {
    pub(crate) const fn new(line: usize, fault: &'static str) -> Self {
        Self { line, fault }
    }
}

impl<'t> ActModel<'t> {
    /// Reads a model; fails with the line when it is not in the form above.
    pub(crate) fn parse(role: Role, text: &'t str) -> Result<Self, ModelError> {
        let mut model = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with("# ") && !line.is_empty()) {
            let error = |fault| ModelError::new(index + 1, fault);
            if let Some(declared) = line.strip_prefix("act ") {
                model
                    .heads
                    .push(head(role, declared).ok_or_else(|| error("not NAME BIAS SCALE THRESHOLD of a known act"))?);
                continue;
            }
            let (feature, weights) =
                line.split_once('\t').ok_or_else(|| error("no tab between feature and weights"))?;
            if weights.len() != 2 * model.heads.len() || !weights.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(error("not one byte in hexadecimal for each act"));
            }
            model.weights.insert(feature, weights.as_bytes());
        }
        Ok(model)
    }

    /// How much each word speaks for an act: its own weight and half of the weight of each pair that it is in.
    pub(crate) fn word_weights(&self, act: usize, words: &[&str]) -> Vec<f64> {
        let of = |feature: &str| self.weights.get(feature).map_or(0.0, |weights| f64::from(weight(weights, act)));
        let mut weights: Vec<f64> = words.iter().map(|word| of(word)).collect();
        for (at, [one, next]) in words.array_windows().enumerate() {
            let half = of(&features::pair(one, next)) / 2.0;
            for weight in weights.iter_mut().skip(at).take(2) {
                *weight += half;
            }
        }
        weights
    }

    /// The probability of each act, in the order of the heads.
    pub(crate) fn probabilities(&self, features: &BTreeSet<String>) -> Vec<f64> {
        let known: Vec<&[u8]> = features.iter().filter_map(|one| self.weights.get(one.as_str()).copied()).collect();
        let norm = to_f64(known.len().max(1)).sqrt();
        let probability = |(index, head): (usize, &Head)| {
            let sum: f64 = known.iter().map(|weights| f64::from(weight(weights, index))).sum();
            let odds = head.bias + head.scale * sum / norm;
            1.0 / (1.0 + exp(-odds))
        };
        self.heads.iter().enumerate().map(probability).collect()
    }
}

fn head(role: Role, declared: &str) -> Option<Head> {
    let mut fields = declared.split(' ');
    let name = fields.next()?;
    let (_, signal) = acts_of(role).iter().find(|(known, _)| *known == name)?;
    let (bias, scale) = (number(fields.next()?)?, number(fields.next()?)?);
    let threshold = match fields.next()? {
        "-" => None,
        text => Some(number(text)?),
    };
    fields.next().is_none().then_some(Head { signal: *signal, bias, scale, threshold })
}

fn number(text: &str) -> Option<f64> {
    f64::from_str(text).ok().filter(|number| number.is_finite())
}

/// The weight of an act: two digits in hexadecimal as a signed byte.
#[expect(clippy::cast_possible_wrap, reason = "the byte is a signed number")]
fn weight(digits: &[u8], act: usize) -> i8 {
    let digit = |at: usize| digits.get(at).and_then(|digit| char::from(*digit).to_digit(16)).unwrap_or_default();
    // Two digits are at most 255.
    u8::try_from(16 * digit(2 * act) + digit(2 * act + 1)).unwrap_or_default() as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A comment.\nact done -2 0.1 0.6\nact vague 0 0.05 -\nbooked\t7f00\nmaybe\t8140\n";

    fn features(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn weights_move_the_probability_of_each_act() {
        let model = ActModel::parse(Role::Agent, TEXT).unwrap();
        assert_eq!(model.heads.iter().map(|head| head.threshold).collect::<Vec<_>>(), [Some(0.6), None]);
        let of = |words: &[&str]| model.probabilities(&features(words));
        let nothing = of(&["unknown"]);
        assert!((nothing[0] - 0.1192).abs() < 1e-3 && (nothing[1] - 0.5).abs() < 1e-9, "{nothing:?}");
        assert!(of(&["booked"])[0] > 0.99);
        assert!(of(&["maybe"])[0] < 1e-5 && of(&["maybe"])[1] > 0.95);
    }

    #[test]
    fn a_file_in_another_form_is_an_error_that_names_the_line() {
        for (text, line) in [
            ("act dances 0 1 -\n", 1),
            ("act done 0 1\n", 1),
            ("act done 0 NaN -\n", 1),
            ("act done 0 1 -\nbooked 7f\n", 2),
            ("act done 0 1 -\nbooked\t7f7f\n", 2),
            ("act done 0 1 -\n\nbooked\tzz\n", 3),
        ] {
            assert_eq!(ActModel::parse(Role::Agent, text).unwrap_err().line, line, "{text}");
        }
    }
}
