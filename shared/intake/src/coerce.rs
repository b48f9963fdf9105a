//! Coerces the values of a platform's payload to the types that a call has.
//!
//! Platforms write numbers as strings, omit fields and change their types from one release to the next. What a call cannot be
//! scored without is read strictly (`field`); everything else is read here, and a value that cannot be understood is `None`.
//!
//! **Invariant:** nothing here fails, and an unknown number is never 0.

use domain::{StartTime, Timestamp};
use serde_json::Value;

use crate::field::{Field, MAX_CALL_SECONDS};
use crate::json_text::BYTE_ORDER_MARK;

/// The unit of times that are given in seconds, in milliseconds.
pub(crate) const SECONDS: f64 = 1000.0;
/// The unit of times that are given in milliseconds.
pub(crate) const MILLISECONDS: f64 = 1.0;

/// The units that instants are given in, in milliseconds: seconds, milli-, micro- and nanoseconds.
const INSTANT_UNITS: [f64; 4] = [SECONDS, MILLISECONDS, 1e-3, 1e-6];

/// 2000-01-01T00:00:00Z: no voice platform is older. An earlier instant stands for an unknown one (such as 1970 or year 1), or
/// was given in another unit.
const EARLIEST_UNIX_SECONDS: i64 = 946_684_800;

/// The types of the parts of a chat message that hold speech. Others hold reasoning, instructions or what tools returned.
const SPOKEN_PART_TYPES: [&str; 7] =
    ["text", "input_text", "output_text", "audio", "input_audio", "output_audio", "audio_content"];
/// The types of parts that are known to hold none.
const SILENT_PART_TYPES: [&str; 14] = [
    "document",
    "file",
    "image",
    "image_content",
    "image_url",
    "input_image",
    "instructions",
    "reasoning",
    "redacted_thinking",
    "thinking",
    "tool-call",
    "tool-result",
    "tool_result",
    "tool_use",
];

impl<'v> Field<'v, '_> {
    /// The text, unchanged, unless it is blank.
    pub(crate) fn non_blank(&self) -> Option<&'v str> {
        self.value().and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// A string, trimmed, or a number or boolean as text; `None` for a blank string and any other type.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        match self.value()? {
            Value::String(text) => {
                Some(text.trim_start_matches(BYTE_ORDER_MARK).trim().to_owned()).filter(|text| !text.is_empty())
            }
            other @ (Value::Number(_) | Value::Bool(_)) => Some(other.to_string()),
            _ => None,
        }
    }

    /// A string unchanged, anything else as JSON.
    pub(crate) fn text_or_json(&self) -> Option<String> {
        match self.value()? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The content of a chat message: a text, or its parts that hold speech, written or transcribed, joined by blanks.
    pub(crate) fn message_text(&self) -> String {
        let mut parts = Vec::new();
        let is_spoken =
            |part: &Field<'_, '_>| part.get("type").non_blank().is_none_or(|kind| SPOKEN_PART_TYPES.contains(&kind));
        for part in self.elements().filter(is_spoken) {
            parts.extend(
                part.non_blank()
                    .or_else(|| part.get("text").non_blank())
                    .or_else(|| part.get("transcript").non_blank()),
            );
        }
        if parts.is_empty() { self.non_blank().unwrap_or_default().to_owned() } else { parts.join(" ") }
    }

    /// Whether this is the content of a chat message as it is known: a text, blank or not, or a list with a part that
    /// is known.
    pub(crate) fn is_message_content(&self) -> bool {
        let is_known_part = |part: Field<'_, '_>| match part.get("type").non_blank() {
            Some(kind) if SILENT_PART_TYPES.contains(&kind) => true,
            Some(kind) if !SPOKEN_PART_TYPES.contains(&kind) => false,
            _ => part.is_text() || part.get("text").is_text() || part.get("transcript").is_text(),
        };
        self.is_text()
            || self.value().and_then(Value::as_array).is_some_and(Vec::is_empty)
            || self.elements().any(is_known_part)
    }

    /// Whether this is a text, blank or not.
    pub(crate) fn is_text(&self) -> bool {
        self.value().is_some_and(Value::is_string)
    }

    /// The number, written as a number or as a string.
    pub(crate) fn number(&self) -> Option<f64> {
        let number = match self.value()? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    /// A whole number from 0 that fits 32 bits, written as a number or as a string.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of at most 32 bits")]
    pub(crate) fn count(&self) -> Option<u32> {
        self.number()
            .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number))
            .map(|n| n as u32)
    }

    /// The boolean, written as a boolean or as a string.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.value()? {
            Value::Bool(boolean) => Some(*boolean),
            Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// The duration of a call in seconds, given in units of that many milliseconds.
    pub(crate) fn duration_seconds(&self, unit: f64) -> Option<f64> {
        plausible_duration(self.number()? * unit / SECONDS)
    }

    /// The milliseconds from the start of the call, given in units of that many milliseconds.
    pub(crate) fn offset_ms(&self, unit: f64) -> Option<u64> {
        call_offset_ms(self.number()? * unit)
    }

    /// The number of seconds of a duration as Protocol Buffers are written in JSON: `"1.250s"`, or an object with
    /// `seconds` and `nanos`.
    pub(crate) fn proto_seconds(&self) -> Option<f64> {
        if let Some(text) = self.non_blank() {
            let seconds = text.trim();
            return seconds
                .strip_suffix('s')
                .unwrap_or(seconds)
                .parse()
                .ok()
                .filter(|seconds: &f64| seconds.is_finite());
        }
        let (seconds, nanos) = (self.get("seconds").number(), self.get("nanos").number());
        let of_object = seconds.or(nanos).map(|_| seconds.unwrap_or_default() + nanos.unwrap_or_default() / 1e9);
        of_object.or_else(|| self.number())
    }

    /// The milliseconds since 1970 of an instant as Protocol Buffers are written in JSON: an RFC 3339 text, or an object as
    /// in [`Field::proto_seconds`].
    pub(crate) fn proto_instant_ms(&self) -> Option<f64> {
        let of_object = || self.proto_seconds().map(|seconds| seconds * SECONDS);
        let of_object = || of_object().filter(|ms| timestamp_from_unix_ms(*ms).is_some());
        self.rfc3339_ms().or_else(of_object)
    }

    /// An instant, given as RFC 3339 text.
    pub(crate) fn rfc3339(&self) -> Option<StartTime> {
        StartTime::parse(self.non_blank()?.trim())
            .ok()
            .filter(|instant| is_plausible_unix_seconds(instant.unix_seconds()))
    }

    /// An instant, given since 1970 in units of that many milliseconds.
    pub(crate) fn unix_timestamp(&self, unit: f64) -> Option<StartTime> {
        timestamp_from_unix_ms(self.number()? * unit)
    }

    /// The milliseconds since 1970 of an RFC 3339 text. Some producers write local time without an offset, which is read as UTC:
    /// only the difference of two such times means anything.
    pub(crate) fn rfc3339_ms(&self) -> Option<f64> {
        let text = self.non_blank()?.trim();
        let milliseconds = Timestamp::parse_milliseconds(text).or_else(|_| {
            let as_utc = text.replacen(' ', "T", 1) + "Z";
            Timestamp::parse_milliseconds(&as_utc)
        });
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of four-digit years are far below 2^52")]
        milliseconds.ok().map(|milliseconds| milliseconds as f64).filter(|ms| timestamp_from_unix_ms(*ms).is_some())
    }

    /// The milliseconds since 1970 of an instant: a text as in [`Field::rfc3339_ms`], or a number of seconds
    /// (`time.time()`), milliseconds (`Date.now()`), micro- or nanoseconds. Only one of these units gives a plausible
    /// instant.
    pub(crate) fn instant_ms(&self) -> Option<f64> {
        let Some(number) = self.number() else { return self.rfc3339_ms() };
        INSTANT_UNITS.iter().map(|unit| number * unit).find(|ms| timestamp_from_unix_ms(*ms).is_some())
    }

    /// Whether an instant is one wherever its producer is: a number since 1970, or a text with an offset from UTC.
    pub(crate) fn is_absolute_instant(&self) -> bool {
        self.rfc3339().is_some() || self.number().is_some() && self.instant_ms().is_some()
    }
}

/// Whole milliseconds from the start of a call; `None` when no call is that long.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded number from 0 to a week")]
pub(crate) fn call_offset_ms(milliseconds: f64) -> Option<u64> {
    within_call_length(milliseconds / SECONDS).map(|_| milliseconds.round() as u64)
}

/// The instant that many milliseconds after 1970; `None` when it is implausible.
#[expect(clippy::cast_possible_truncation, reason = "out of range is out of range of the timestamp as well")]
pub(crate) fn timestamp_from_unix_ms(milliseconds: f64) -> Option<StartTime> {
    StartTime::from_unix_milliseconds(milliseconds.round() as i64)
        .ok()
        .filter(|instant| is_plausible_unix_seconds(instant.unix_seconds()))
}

const fn is_plausible_unix_seconds(unix_seconds: i64) -> bool {
    unix_seconds >= EARLIEST_UNIX_SECONDS
}

/// The duration of a call in seconds; `None` when no call is that long, and for 0, which platforms write when they do not know.
pub(crate) fn plausible_duration(seconds: f64) -> Option<f64> {
    within_call_length(seconds).filter(|seconds| *seconds > 0.0)
}

/// The seconds, unless they are negative or more than a call can last.
fn within_call_length(seconds: f64) -> Option<f64> {
    (0.0..=MAX_CALL_SECONDS).contains(&seconds).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_strings_and_anything_else_is_unknown() {
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
    fn times_are_converted_from_their_unit_and_limited_to_the_length_of_a_call() {
        let offset_ms = |value: Value, unit| Field::root(&value).offset_ms(unit);
        assert_eq!(
            (offset_ms(json!(1.199_999_9), SECONDS), offset_ms(json!("360"), MILLISECONDS)),
            (Some(1200), Some(360))
        );
        for value in [json!(-0.1), json!(1_754_436_129_585_u64), json!(null)] {
            assert_eq!(offset_ms(value.clone(), SECONDS), None, "{value}");
        }
        assert_eq!(Field::root(&json!("45")).duration_seconds(SECONDS), Some(45.0));
        assert_eq!((Field::root(&json!(0)).duration_seconds(SECONDS), offset_ms(json!(0), SECONDS)), (None, Some(0)));
        assert_eq!(Field::root(&json!(0.75)).duration_seconds(60.0 * SECONDS), Some(45.0));
    }

    #[test]
    fn times_as_protocol_buffers_write_them_are_texts_or_objects() {
        let seconds = |value: Value| Field::root(&value).proto_seconds();
        for value in [json!("1.250s"), json!({"seconds": "1", "nanos": 250_000_000}), json!(1.25)] {
            assert_eq!(seconds(value.clone()), Some(1.25), "{value}");
        }
        assert_eq!((seconds(json!({"seconds": 4})), seconds(json!({"nanos": 500_000_000}))), (Some(4.0), Some(0.5)));
        for value in [json!("s"), json!("soon"), json!({}), json!(true), json!("infs")] {
            assert_eq!(seconds(value.clone()), None, "{value}");
        }
        let instant = |value: Value| Field::root(&value).proto_instant_ms();
        for value in [json!("2026-05-01T10:00:01.25Z"), json!({"seconds": "1777629601", "nanos": 250_000_000})] {
            assert_eq!(instant(value.clone()), Some(1_777_629_601_250.0), "{value}");
        }
        assert_eq!((instant(json!({"seconds": 5})), instant(json!(null))), (None, None));
    }

    #[test]
    fn instants_need_an_offset_but_the_time_between_two_texts_does_not() {
        let (zoned, local) = (json!("2026-11-22T10:00:01.5+01:00"), json!("2026-11-22 09:00:03"));
        assert_eq!(Field::root(&zoned).rfc3339().unwrap().to_string(), "2026-11-22T09:00:01.500Z");
        assert_eq!(Field::root(&local).rfc3339(), None);
        assert_eq!(
            call_offset_ms(Field::root(&local).rfc3339_ms().unwrap() - Field::root(&zoned).rfc3339_ms().unwrap()),
            Some(1_500)
        );
        assert_eq!(Field::root(&json!("soon")).rfc3339_ms(), None);
        assert_eq!(
            Field::root(&json!(1_714_608_475_945_u64)).unix_timestamp(MILLISECONDS).unwrap().unix_seconds(),
            1_714_608_475
        );
    }

    #[test]
    fn placeholder_times_and_other_units_are_not_instants() {
        for text in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"] {
            let text = json!(text);
            assert_eq!((Field::root(&text).rfc3339(), Field::root(&text).rfc3339_ms()), (None, None), "{text}");
        }
        for (number, unit) in [(0_u64, SECONDS), (1_714_608_475, MILLISECONDS), (1_714_608_475_945, SECONDS)] {
            assert_eq!(Field::root(&json!(number)).unix_timestamp(unit), None, "{number}");
        }
    }

    #[test]
    fn numbers_since_1970_are_instants_in_any_unit() {
        let instant_ms = |value: Value| Field::root(&value).instant_ms().map(f64::round);
        for same in [
            json!(1_777_629_601.25),
            json!("1777629601.25"),
            json!(1_777_629_601_250_u64),
            json!(1_777_629_601_250_000_u64),
            json!(1_777_629_601_250_000_000_u64),
            json!("2026-05-01T10:00:01.25Z"),
        ] {
            assert_eq!(instant_ms(same.clone()), Some(1_777_629_601_250.0), "{same}");
            assert!(Field::root(&same).is_absolute_instant(), "{same}");
        }
        for unknown in [json!(0), json!(2.5), json!(-1_777_629_601), json!(500_000_000_000_u64), json!(true)] {
            assert_eq!(instant_ms(unknown.clone()), None, "{unknown}");
        }
        assert!(!Field::root(&json!("2026-05-01T10:00:01")).is_absolute_instant());
    }

    #[test]
    fn content_is_known_by_a_text_or_a_part_of_a_known_type() {
        for known in [json!(""), json!([]), json!(["Hi."]), json!([{"type": "image_url"}]), json!([1, {"text": " "}])] {
            assert!(Field::root(&known).is_message_content(), "{known}");
        }
        for unknown in [
            json!(null),
            json!({"text": "Hi."}),
            json!([{"type": "speech", "text": "Hi."}]),
            json!([{"type": "input_audio", "transcript": null}]),
        ] {
            assert!(!Field::root(&unknown).is_message_content(), "{unknown}");
        }
    }

    #[test]
    fn reasoning_and_instructions_among_the_parts_of_a_message_are_not_speech() {
        let parts = json!([{"type": "reasoning", "text": "Sell."}, {"type": "text", "text": "Hi."}, "Bye.",
            {"type": "instructions", "audio": "Greet.", "text": "Greet."}, {"type": "input_audio", "transcript": "Yes."},
            {"type": "tool_result", "content": "ok", "text": "ok"}, {"text": "No."}, null]);
        assert_eq!(Field::root(&parts).message_text(), "Hi. Bye. Yes. No.");
    }

    #[test]
    fn scalars_of_any_type_are_read_as_text() {
        let scalar_text = |value: Value| Field::root(&value).scalar_text();
        assert_eq!(
            (scalar_text(json!(true)), scalar_text(json!(3.1)), scalar_text(json!(" Good "))),
            (Some("true".to_owned()), Some("3.1".to_owned()), Some("Good".to_owned()))
        );
        assert_eq!((scalar_text(json!(" ")), scalar_text(json!({"a": 1}))), (None, None));
        assert_eq!(Field::root(&json!({"a": 1})).text_or_json().as_deref(), Some(r#"{"a":1}"#));
        assert_eq!((Field::root(&json!("True")).boolean(), Field::root(&json!(1)).boolean()), (Some(true), None));
        assert_eq!(
            (Field::root(&json!(2.0)).count(), Field::root(&json!(2.5)).count(), Field::root(&json!(-1)).count()),
            (Some(2), None, None)
        );
    }
}
