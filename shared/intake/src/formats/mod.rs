//! The formats that calls arrive in, one file each: the schemas of voice platforms and transcription services, and our own.
//!
//! A format is a line of [`FORMATS`], a file, and fixtures in `fixtures/<name>`. Its detector recognises a payload by keys that no
//! other format has, so that the order of the lines does not matter for what platforms send: a test checks that every fixture is
//! detected as exactly one format.
//!
//! **Invariant:** instructions to a model are never turns, nor are tool calls and their results. A time that is not given is
//! `None`. A speaker whose role is not known is `other`, unless the role is guessed and the call says so.

mod aircall;
mod amazon_transcribe;
mod assemblyai;
mod aws_analytics_common;
mod azure_speech;
mod bland;
mod bolna;
mod call_analytics;
#[cfg(test)]
mod call_platform_tests;
mod captions;
mod chat_tools;
#[cfg(test)]
mod conformance_tests;
mod contact_lens;
mod contact_lens_segments;
mod deepgram;
mod elevenlabs;
#[cfg(test)]
pub(crate) mod fixture_tests;
mod genesys;
mod google_insights;
mod google_insights_import;
mod livekit;
mod messages;
pub(crate) mod native;
mod openai_agents;
mod post_call_analytics;
pub(crate) mod resemblance;
mod retell;
mod speechmatics;
mod synthflow;
mod telnyx;
mod twilio;
mod ultravox;
mod vapi;
#[cfg(test)]
mod vapi_tests;
mod whisper;

use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};

/// What a payload turned out to be.
pub(crate) enum PayloadKind {
    /// A finished call, which is in the builder now.
    Call,
    /// Something else, and why it is ignored.
    Ignored(String),
}

impl PayloadKind {
    /// An event of that name that is not the end of a call.
    fn not_call_end(event: &str) -> Self {
        Self::Ignored(format!("{} is not the end of a call", crate::call_builder::truncated(event, MAX_EVENT_LENGTH)))
    }
}

/// Why a conversation in writing is ignored.
const WRITTEN_CHAT: &str = "a written chat is not a call";

/// How many characters of an event's name are echoed.
const MAX_EVENT_LENGTH: usize = 40;

/// One format.
pub(crate) struct Format {
    /// The name, which is the `producer` of its calls.
    pub(crate) name: &'static str,
    /// Whether a payload is of this format, even if it is incomplete.
    pub(crate) detects: fn(&Field<'_, '_>) -> bool,
    /// Reads a payload into a builder; fails when something is missing that every call needs.
    pub(crate) read: fn(&Field<'_, '_>, &mut CallBuilder) -> Result<PayloadKind, FieldError>,
    /// Whether this is the project's own schema, which is read strictly and may name the organisation.
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

/// All formats. A payload that several of them detect, which no platform sends, is of the first.
pub(crate) static FORMATS: [Format; 26] = [
    Format { name: "native", detects: native::detects, read: native::read, is_native: true },
    Format::of_platform("vapi", vapi::detects, vapi::read),
    Format::of_platform("retell", retell::detects, retell::read),
    Format::of_platform("elevenlabs", elevenlabs::detects, elevenlabs::read),
    Format::of_platform("bland", bland::detects, bland::read),
    Format::of_platform("bolna", bolna::detects, bolna::read),
    Format::of_platform("contact_lens", contact_lens::detects, contact_lens::read),
    Format::of_platform("call_analytics", call_analytics::detects, call_analytics::read),
    Format::of_platform("post_call_analytics", post_call_analytics::detects, post_call_analytics::read),
    Format::of_platform("deepgram", deepgram::detects, deepgram::read),
    Format::of_platform("livekit", livekit::detects, livekit::read),
    Format::of_platform("messages", messages::detects, messages::read),
    Format::of_platform("twilio", twilio::detects, twilio::read),
    Format::of_platform("telnyx", telnyx::detects, telnyx::read),
    Format::of_platform("assemblyai", assemblyai::detects, assemblyai::read),
    Format::of_platform("amazon_transcribe", amazon_transcribe::detects, amazon_transcribe::read),
    Format::of_platform("whisper", whisper::detects, whisper::read),
    Format::of_platform("azure_speech", azure_speech::detects, azure_speech::read),
    Format::of_platform("speechmatics", speechmatics::detects, speechmatics::read),
    Format::of_platform("captions", captions::detects, captions::read),
    Format::of_platform("openai_agents", openai_agents::detects, openai_agents::read),
    Format::of_platform("genesys", genesys::detects, genesys::read),
    Format::of_platform("ultravox", ultravox::detects, ultravox::read),
    Format::of_platform("aircall", aircall::detects, aircall::read),
    Format::of_platform("google_insights", google_insights::detects, google_insights::read),
    Format::of_platform("synthflow", synthflow::detects, synthflow::read),
];

/// The format of a payload, if one detects it.
pub(crate) fn detect(payload: &Field<'_, '_>) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.detects)(payload))
}

/// Whether a payload is of a platform's format.
fn is_platform_format(payload: &Field<'_, '_>) -> bool {
    FORMATS.iter().any(|format| !format.is_native && (format.detects)(payload))
}

/// The format of that name.
pub(crate) fn by_name(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
