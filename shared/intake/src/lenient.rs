//! Facts of a foreign schema, as far as they can be read.
//!
//! Platforms write numbers as strings, leave fields out and put other types in them from one release to the next. What a call
//! cannot be scored without is read strictly (`field`); for all else, whatever cannot be understood is unknown.
//!
//! **Invariant:** nothing here fails, and unknown is never 0.

use domain::Timestamp;
use serde_json::Value;

use crate::field::{Field, LONGEST_CALL_SECONDS};

/// Milliseconds in a second, for times that are given in seconds.
pub(crate) const SECONDS: f64 = 1000.0;
/// For times that are given in milliseconds.
pub(crate) const MILLISECONDS: f64 = 1.0;

/// No voice platform is older than 2000-01-01T00:00:00Z. An instant before it is the zero of a clock, written for one that is
/// not known, or was given in another unit.
const EARLIEST_UNIX_SECONDS: i64 = 946_684_800;

/// The kinds of parts of a machine's message that are words which somebody said. Others are its thoughts and instructions.
const SPOKEN: [&str; 7] =
    ["text", "input_text", "output_text", "audio", "input_audio", "output_audio", "audio_content"];

impl<'v> Field<'v, '_> {
    /// The text, if there is one that is not blank, as it is.
    pub(crate) fn words(&self) -> Option<&'v str> {
        self.value().and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// A short fact as text: a string, a number or a truth value.
    pub(crate) fn label(&self) -> Option<String> {
        match self.value()? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            other @ (Value::Number(_) | Value::Bool(_)) => Some(other.to_string()),
            _ => None,
        }
    }

    /// Any fact as text: a string as it is, anything else as JSON.
    pub(crate) fn any_text(&self) -> Option<String> {
        match self.value()? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The content of a machine's message: a text, or the parts of one that are words, written or recognised of a recording.
    pub(crate) fn content(&self) -> String {
        let mut parts = Vec::new();
        let is_spoken = |part: &Field<'_, '_>| part.get("type").words().is_none_or(|kind| SPOKEN.contains(&kind));
        for part in self.elements().filter(is_spoken) {
            parts.extend(part.words().or_else(|| part.get("text").words()).or_else(|| part.get("transcript").words()));
        }
        if parts.is_empty() { self.words().unwrap_or_default().to_owned() } else { parts.join(" ") }
    }

    /// The number, written as one or as a string.
    pub(crate) fn number(&self) -> Option<f64> {
        let number = match self.value()? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    /// A count.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at most 32 bits")]
    pub(crate) fn count(&self) -> Option<u32> {
        self.number()
            .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number))
            .map(|n| n as u32)
    }

    /// The truth value, written as one or as a string.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.value()? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// How long a call lasts, given in units of that many milliseconds, in seconds.
    pub(crate) fn length(&self, unit: f64) -> Option<f64> {
        lasting(self.number()? * unit / SECONDS)
    }

    /// A time within a call, given in units of that many milliseconds, in milliseconds.
    pub(crate) fn moment(&self, unit: f64) -> Option<u64> {
        milliseconds(self.number()? * unit)
    }

    /// An instant, as RFC 3339 text.
    pub(crate) fn instant(&self) -> Option<Timestamp> {
        Timestamp::parse(self.words()?.trim()).ok().filter(|instant| is_known(instant.unix_seconds()))
    }

    /// An instant, given since 1970 in units of that many milliseconds.
    pub(crate) fn epoch(&self, unit: f64) -> Option<Timestamp> {
        instant(self.number()? * unit)
    }

    /// The milliseconds since 1970 of an RFC 3339 text. Some producers write local time without an offset: that is no
    /// instant, but the time between two such texts is right.
    pub(crate) fn clock(&self) -> Option<f64> {
        let text = self.words()?.trim();
        let milliseconds = Timestamp::parse_milliseconds(text).or_else(|_| {
            let offset_is_missing = text.replacen(' ', "T", 1) + "Z";
            Timestamp::parse_milliseconds(&offset_is_missing)
        });
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of four-digit years are far below 2^52")]
        milliseconds.ok().map(|milliseconds| milliseconds as f64).filter(|clock| instant(*clock).is_some())
    }
}

/// A time within a call in whole milliseconds; nothing when no call has it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded number from 0 to a week")]
pub(crate) fn milliseconds(number: f64) -> Option<u64> {
    within_a_call(number / SECONDS).map(|_| number.round() as u64)
}

/// The instant that many milliseconds after 1970.
#[expect(clippy::cast_possible_truncation, reason = "out of range is out of range of the timestamp as well")]
pub(crate) fn instant(milliseconds: f64) -> Option<Timestamp> {
    Some((milliseconds / SECONDS).floor() as i64)
        .filter(|seconds| is_known(*seconds))
        .and_then(|seconds| Timestamp::from_unix_seconds(seconds).ok())
}

const fn is_known(unix_seconds: i64) -> bool {
    unix_seconds >= EARLIEST_UNIX_SECONDS
}

/// The seconds that a call lasts; 0 is what platforms write when they do not know.
pub(crate) fn lasting(seconds: f64) -> Option<f64> {
    within_a_call(seconds).filter(|seconds| *seconds > 0.0)
}

/// Seconds that a call can last.
fn within_a_call(seconds: f64) -> Option<f64> {
    (0.0..=LONGEST_CALL_SECONDS).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_strings_and_what_is_none_is_unknown() {
        let number = |value: Value| Field::root(&value).number();
        assert_eq!(
            (number(json!(1.5)), number(json!(" 45 ")), number(json!("0.7"))),
            (Some(1.5), Some(45.0), Some(0.7))
        );
        for value in [json!(""), json!("NaN"), json!("inf"), json!("a minute"), json!(true), json!([1])] {
            assert_eq!(number(value.clone()), None, "{value}");
        }
    }

    #[test]
    fn times_have_their_unit_and_lie_within_a_call() {
        let moment = |value: Value, unit| Field::root(&value).moment(unit);
        assert_eq!((moment(json!(1.199_999_9), SECONDS), moment(json!("360"), MILLISECONDS)), (Some(1200), Some(360)));
        for value in [json!(-0.1), json!(1_754_436_129_585_u64), json!(null)] {
            assert_eq!(moment(value.clone(), SECONDS), None, "{value}");
        }
        assert_eq!(Field::root(&json!("45")).length(SECONDS), Some(45.0));
        assert_eq!((Field::root(&json!(0)).length(SECONDS), moment(json!(0), SECONDS)), (None, Some(0)));
        assert_eq!(Field::root(&json!(0.75)).length(60.0 * SECONDS), Some(45.0));
    }

    #[test]
    fn instants_need_an_offset_but_the_time_between_two_texts_does_not() {
        let (zoned, local) = (json!("2026-11-22T10:00:01.5+01:00"), json!("2026-11-22 09:00:03"));
        assert_eq!(Field::root(&zoned).instant().unwrap().to_string(), "2026-11-22T09:00:01Z");
        assert_eq!(Field::root(&local).instant(), None);
        assert_eq!(
            milliseconds(Field::root(&local).clock().unwrap() - Field::root(&zoned).clock().unwrap()),
            Some(1_500)
        );
        assert_eq!(Field::root(&json!("soon")).clock(), None);
        assert_eq!(
            Field::root(&json!(1_714_608_475_945_u64)).epoch(MILLISECONDS).unwrap().unix_seconds(),
            1_714_608_475
        );
    }

    #[test]
    fn the_zero_of_a_clock_and_other_units_are_no_instants() {
        for text in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"] {
            let text = json!(text);
            assert_eq!((Field::root(&text).instant(), Field::root(&text).clock()), (None, None), "{text}");
        }
        for (number, unit) in [(0_u64, SECONDS), (1_714_608_475, MILLISECONDS), (1_714_608_475_945, SECONDS)] {
            assert_eq!(Field::root(&json!(number)).epoch(unit), None, "{number}");
        }
    }

    #[test]
    fn thoughts_and_instructions_among_the_parts_of_a_message_are_no_words() {
        let parts = json!([{"type": "reasoning", "text": "Sell."}, {"type": "text", "text": "Hi."}, "Bye.",
            {"type": "instructions", "audio": "Greet.", "text": "Greet."}, {"type": "input_audio", "transcript": "Yes."},
            {"type": "tool_result", "content": "ok", "text": "ok"}, {"text": "No."}, null]);
        assert_eq!(Field::root(&parts).content(), "Hi. Bye. Yes. No.");
    }

    #[test]
    fn facts_are_text_whatever_their_type() {
        let label = |value: Value| Field::root(&value).label();
        assert_eq!(
            (label(json!(true)), label(json!(3.1)), label(json!(" Good "))),
            (Some("true".to_owned()), Some("3.1".to_owned()), Some("Good".to_owned()))
        );
        assert_eq!((label(json!(" ")), label(json!({"a": 1}))), (None, None));
        assert_eq!(Field::root(&json!({"a": 1})).any_text().as_deref(), Some(r#"{"a":1}"#));
        assert_eq!((Field::root(&json!("True")).flag(), Field::root(&json!(1)).flag()), (Some(true), None));
        assert_eq!(
            (Field::root(&json!(2.0)).count(), Field::root(&json!(2.5)).count(), Field::root(&json!(-1)).count()),
            (Some(2), None, None)
        );
    }
}
