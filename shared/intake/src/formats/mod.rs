//! The formats that calls arrive in, one file each: the schema of a voice platform or a transcription service, or our own.
//!
//! A format is a line of [`ALL`], a file, and fixtures in `fixtures/<name>`. Its detector recognises a payload by keys that no
//! other format has, so that the order of the lines does not matter for what platforms send; a test holds every fixture to
//! exactly one.
//!
//! **Invariant:** instructions to a machine are never speech, tools are never turns, a time that is not given is unknown, and
//! nobody's words are put into another's mouth: a speaker whose side is not known is `other` or a guess that says so.

mod aws_analytics_common;
mod bland;
mod call_analytics;
#[cfg(test)]
mod conformance_tests;
mod contact_lens;
mod deepgram;
mod elevenlabs;
#[cfg(test)]
pub(crate) mod fixture_tests;
mod livekit;
mod messages;
pub(crate) mod native;
mod post_call_analytics;
mod retell;
mod telnyx;
mod twilio;
mod vapi;

use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

/// What a payload turned out to be.
pub(crate) enum PayloadKind {
    /// A finished call: it is in the builder.
    Call,
    /// Something else, which is why it is ignored.
    Ignored(String),
}

impl PayloadKind {
    /// An event of that name, which does not end a call.
    fn not_call_end(event: &str) -> Self {
        Self::Ignored(format!("{} is not the end of a call", crate::call_builder::truncated(event, MAX_EVENT_LENGTH)))
    }
}

/// The most characters of an event's name that are echoed.
const MAX_EVENT_LENGTH: usize = 40;

/// One format.
pub(crate) struct Format {
    /// Its name: the `producer` of its calls.
    pub(crate) name: &'static str,
    /// Whether a payload is meant to be of this format, complete or not.
    pub(crate) detects: fn(&Field<'_, '_>) -> bool,
    /// Reads a payload into a builder; fails when something is missing that a call cannot do without.
    pub(crate) read: fn(&Field<'_, '_>, &mut CallBuilder) -> Result<PayloadKind, FieldError>,
    /// Whether it is the project's own schema, which is read strictly and may name the organisation.
    pub(crate) is_native: bool,
}

impl Format {
    const fn of_platform(
        name: &'static str,
        detects: fn(&Field<'_, '_>) -> bool,
        read: fn(&Field<'_, '_>, &mut CallBuilder) -> Result<PayloadKind, FieldError>,
    ) -> Self {
        Self { name, detects, read, is_native: false }
    }
}

/// All formats. Of several that a made-up payload looks like, it is the first.
pub(crate) static ALL: [Format; 13] = [
    Format { name: "native", detects: native::detects, read: native::read, is_native: true },
    Format::of_platform("vapi", vapi::detects, vapi::read),
    Format::of_platform("retell", retell::detects, retell::read),
    Format::of_platform("elevenlabs", elevenlabs::detects, elevenlabs::read),
    Format::of_platform("bland", bland::detects, bland::read),
    Format::of_platform("contact_lens", contact_lens::detects, contact_lens::read),
    Format::of_platform("call_analytics", call_analytics::detects, call_analytics::read),
    Format::of_platform("post_call_analytics", post_call_analytics::detects, post_call_analytics::read),
    Format::of_platform("deepgram", deepgram::detects, deepgram::read),
    Format::of_platform("livekit", livekit::detects, livekit::read),
    Format::of_platform("messages", messages::detects, messages::read),
    Format::of_platform("twilio", twilio::detects, twilio::read),
    Format::of_platform("telnyx", telnyx::detects, telnyx::read),
];

/// The format of a payload, if it is a known one.
pub(crate) fn detect(payload: &Field<'_, '_>) -> Option<&'static Format> {
    ALL.iter().find(|format| (format.detects)(payload))
}

/// Whether a payload is of another format than our own.
fn is_platform_format(payload: &Field<'_, '_>) -> bool {
    ALL.iter().any(|format| !format.is_native && (format.detects)(payload))
}

/// The format of that name.
pub(crate) fn by_name(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.name == name)
}
