//! Builds a [`Call`] while a payload is read: the files in `formats` find the values, this one decides how they are kept.
//!
//! **Invariant:** whatever a payload holds, a call is limited in size: tool events, verdict and metadata are truncated, and a call with
//! more words or turns than any has is refused. A turn is never merged with another one and never changes its role.

use std::collections::HashMap;

use domain::{
    AgentId, Call, CallId, OrgId, PlatformMeasures, ProducerVerdict, Role, SkipReason, StartTime, ToolEvent, Turn,
};

use crate::call_metadata::CallMetadata;
use crate::envelope::Envelope;
use crate::field::{Field, FieldError};
use crate::speaker_labels::{self, NON_SPEECH_ROLES, SpeakerLabel, is_name_of};
use crate::speech_markup::without_markup;
use crate::turn_times::TurnTimes;

/// The most bytes of words in a call: about six hours of speech without a pause. Redaction and scoring take memory in proportion to the words,
/// up to 300 bytes for each of theirs.
pub(crate) const MAX_SPOKEN_BYTES: usize = 320 << 10;
/// The most turns in a call: one every second for more than half a day.
pub(crate) const MAX_TURNS: usize = 50_000;

/// The name of a tool whose payload does not name it.
const DEFAULT_TOOL_NAME: &str = "tool";

/// The most names of a speaker map that are compared with a label one by one; of a longer one only the very label counts.
const MAX_LOOSE_NAMES: usize = 64;

/// How many speakers an error names that the speaker map does not.
const MAX_ECHOED_SPEAKERS: usize = 8;
/// How many characters of each of them.
const MAX_ECHOED_SPEAKER_LENGTH: usize = 32;

/// The longest language tag that RFC 5646 (4.4.1) asks software to hold.
const MAX_LANGUAGE_TAG_LENGTH: usize = 35;

/// A call whose fields are set one by one.
pub(crate) struct CallBuilder {
    envelope: Envelope,
    /// See [`Call::call_id`]; set from the envelope or by [`CallBuilder::set_call_id`].
    pub(crate) call_id: Option<CallId>,
    /// See [`Call::agent_id`].
    pub(crate) agent_id: Option<AgentId>,
    /// See [`Call::started_at`].
    pub(crate) started_at: Option<StartTime>,
    /// See [`Call::stated_duration_seconds`].
    pub(crate) duration_seconds: Option<f64>,
    /// See [`Call::stated_skip`].
    pub(crate) stated_skip: Option<SkipReason>,
    /// See [`Call::language`].
    pub(crate) language: Option<String>,
    /// See [`Call::transcript`].
    pub(crate) turns: Vec<Turn>,
    /// See [`Call::roles_guessed`].
    pub(crate) roles_guessed: bool,
    /// See [`Call::tool_events`].
    pub(crate) tool_events: Vec<ToolEvent>,
    /// See [`Call::platform_measures`].
    pub(crate) measures: PlatformMeasures,
    /// See [`Call::producer_verdict`].
    pub(crate) verdict: ProducerVerdict,
    /// See [`Call::metadata`].
    pub(crate) metadata: CallMetadata,
    /// See [`Call::producer`].
    pub(crate) producer: String,
    /// Whether a text was left out because it is longer than a call can be.
    is_text_too_long: bool,
    /// The index in `tool_events` of each tool call, by the call's identifier.
    tool_event_by_id: HashMap<String, usize>,
    /// The first two speakers without a known role, in the order they were heard in.
    guessed_speakers: Vec<String>,
    /// Whether the envelope's speaker map named any speaker so far.
    is_any_speaker_mapped: bool,
    /// The first speakers that it did not name, in the order they were heard in.
    unmapped_speakers: Vec<String>,
}

impl CallBuilder {
    /// An empty call: only what the envelope states is known.
    pub(crate) fn new(envelope: Envelope, producer: &str) -> Self {
        Self {
            call_id: envelope.call_id.clone(),
            agent_id: envelope.agent_id.clone(),
            envelope,
            started_at: None,
            duration_seconds: None,
            stated_skip: None,
            language: None,
            turns: Vec::new(),
            roles_guessed: false,
            tool_events: Vec::new(),
            measures: PlatformMeasures::default(),
            verdict: ProducerVerdict::default(),
            metadata: CallMetadata::default(),
            producer: producer.to_owned(),
            is_text_too_long: false,
            tool_event_by_id: HashMap::new(),
            guessed_speakers: Vec::new(),
            is_any_speaker_mapped: false,
            unmapped_speakers: Vec::new(),
        }
    }

    /// Takes the call's identifier from the first of these fields that has a value, unless the envelope states one. Fails when
    /// there is none or it is invalid: a later message of the same call would not be recognised as a duplicate.
    pub(crate) fn set_call_id(&mut self, fields: &[Field<'_, '_>]) -> Result<(), FieldError> {
        if self.call_id.is_some() {
            return Ok(());
        }
        let Some(field) = fields.iter().find(|field| field.scalar_text().is_some()).or(fields.first()) else {
            return Ok(());
        };
        let call_id = field.scalar_text().or_else(|| self.envelope.object_name.take());
        let call_id = call_id.ok_or_else(|| field.error("is missing, and nothing else names the call"))?;
        self.call_id = Some(CallId::parse(call_id).map_err(|error| field.error(error))?);
        Ok(())
    }

    /// Takes the agent's identifier from the first of these fields that has a value, unless the envelope states one. It is often
    /// a person's name: characters that an identifier may not have become `-`.
    pub(crate) fn set_agent_id(&mut self, fields: &[Field<'_, '_>]) {
        if self.agent_id.is_none() {
            self.agent_id = fields.iter().find_map(Field::scalar_text).and_then(|name| sanitized_agent_id(&name));
        }
    }

    /// Takes the language of the call; anything but the tag of one language is dropped.
    pub(crate) fn set_language(&mut self, language: &Field<'_, '_>) {
        let is_language = |tag: &&str| is_language_tag(tag) && names_language(tag);
        self.language = language.non_blank().filter(is_language).map(str::to_owned);
    }

    /// Adds a turn without the markup in its text; one whose text is blank is dropped.
    pub(crate) fn add_turn(&mut self, role: Role, text: &str, times: TurnTimes) {
        if self.turns.len() == MAX_TURNS || !self.may_take_apart(text) {
            return;
        }
        let text = without_markup(text);
        if !text.trim().is_empty() {
            let TurnTimes { start_ms, end_ms } = times;
            let end_ms = end_ms.filter(|end| start_ms.is_none_or(|start| start <= *end));
            self.turns.push(Turn { role, text, start_ms, end_ms });
        }
    }

    /// Whether the call has more words or turns than a call can have.
    pub(crate) fn is_too_long(&self) -> bool {
        self.is_text_too_long
            || self.turns.len() >= MAX_TURNS
            || self.turns.iter().map(|turn| turn.text.len()).sum::<usize>() >= MAX_SPOKEN_BYTES
    }

    /// Whether a labelled text may be taken apart. One that is too long is left out, and the call is refused.
    pub(crate) fn may_take_apart(&mut self, text: &str) -> bool {
        self.is_text_too_long |= text.len() >= MAX_SPOKEN_BYTES;
        !self.is_text_too_long
    }

    /// Adds the turns of a transcript that is one labelled text, if there is one; fails when it does not begin with a label, and
    /// when it is no text. `labels` are those that the platform writes: they begin a turn inside a line as well.
    pub(crate) fn add_labelled_turns(
        &mut self,
        text: &Field<'_, '_>,
        labels: &[SpeakerLabel<'_>],
    ) -> Result<(), FieldError> {
        let Some(transcript) = text.optional(Field::text)?.filter(|text| !text.trim().is_empty()) else {
            return Ok(());
        };
        if !self.may_take_apart(transcript) {
            return Ok(());
        }
        let labels = [&self.mapped_labels(), labels, &NON_SPEECH_ROLES.map(|role| (role, None))].concat();
        for turn in speaker_labels::parse(transcript, &labels).map_err(|error| text.error(error))? {
            self.add_turn(turn.role, &turn.text, TurnTimes::starting_at(turn.start_ms));
        }
        Ok(())
    }

    /// The labels in the envelope's speaker map.
    pub(crate) fn mapped_labels(&self) -> Vec<SpeakerLabel<'_>> {
        self.envelope.speaker_map.iter().map(|(speaker, role)| (speaker.as_str(), Some(*role))).collect()
    }

    /// The role of a speaker or channel, from the envelope's speaker map. Without a map it is guessed, and the call is marked so:
    /// the first speaker is the agent, the second the customer. Call this in the order of time.
    pub(crate) fn role_of(&mut self, speaker: &str) -> Role {
        if self.has_speaker_map() {
            let role = self.mapped_role(speaker);
            let is_new = role.is_none() && !self.unmapped_speakers.iter().any(|known| known == speaker);
            if is_new && self.unmapped_speakers.len() < MAX_ECHOED_SPEAKERS {
                self.unmapped_speakers.push(speaker.to_owned());
            }
            return role.unwrap_or(Role::Other);
        }
        self.roles_guessed = true;
        let position = self.guessed_speakers.iter().position(|known| known == speaker).unwrap_or_else(|| {
            let next = self.guessed_speakers.len();
            if next < 2 {
                self.guessed_speakers.push(speaker.to_owned());
            }
            next
        });
        match position {
            0 => Role::Agent,
            1 => Role::Customer,
            _ => Role::Other,
        }
    }

    /// The role of a speaker or channel, if the envelope's speaker map has it.
    pub(crate) fn mapped_role(&mut self, speaker: &str) -> Option<Role> {
        let role = self.role_in_map(speaker);
        self.is_any_speaker_mapped |= role.is_some();
        role
    }

    /// Whether the envelope has a speaker map.
    pub(crate) fn has_speaker_map(&self) -> bool {
        !self.envelope.speaker_map.is_empty()
    }

    /// Whether the envelope's speaker map has a speaker or channel.
    pub(crate) fn is_mapped(&self, speaker: &str) -> bool {
        self.role_in_map(speaker).is_some()
    }

    /// The role under the very name of a speaker, or else under one that means the same (`speaker_labels::is_name_of`).
    fn role_in_map(&self, speaker: &str) -> Option<Role> {
        let map = &self.envelope.speaker_map;
        let is_compared = map.len() <= MAX_LOOSE_NAMES;
        map.get(speaker)
            .or_else(|| map.iter().find(|(name, _)| is_compared && is_name_of(name, speaker)).map(|(_, role)| role))
            .copied()
    }

    /// Whether anything names the call so far.
    pub(crate) fn is_named(&self) -> bool {
        self.call_id.is_some() || self.envelope.object_name.is_some()
    }

    /// Fails when the speakers' roles were to come from the envelope's speaker map and it names none of them: the names
    /// in it are not the format's, and nobody's words would be known to be the agent's or the customer's.
    pub(crate) fn require_mapped_speakers(&self) -> Result<(), FieldError> {
        if self.is_any_speaker_mapped || self.unmapped_speakers.is_empty() {
            return Ok(());
        }
        let names: Vec<_> =
            self.unmapped_speakers.iter().map(|name| truncated(name, MAX_ECHOED_SPEAKER_LENGTH)).collect();
        let message = format_args!("names none of the speakers {}", names.join(", "));
        Err(FieldError::at(&self.envelope.speaker_map_path, message))
    }

    /// Fails with what is wrong with the first entry of a list that was not understood, if there is one and neither the
    /// agent nor the customer speaks so far: the call would be taken for one in which nobody speaks. A speaker map that
    /// names nobody is the better reason.
    pub(crate) fn require_understood(&self, first_unknown: Option<FieldError>) -> Result<(), FieldError> {
        self.require_mapped_speakers()?;
        let is_silent = self.turns.iter().all(|turn| turn.role == Role::Other);
        first_unknown.filter(|_| is_silent).map_or(Ok(()), Err)
    }

    /// Adds a call of a tool. Its result may follow under the same identifier: [`CallBuilder::add_tool_result`].
    pub(crate) fn add_tool_call(&mut self, id: Option<&str>, name: Option<&str>, arguments: Option<String>) {
        if let Some(id) = id.filter(|_| self.tool_events.len() < ToolEvent::MAX_EVENTS) {
            self.tool_event_by_id.insert(id.to_owned(), self.tool_events.len());
        }
        self.add_tool_event(self.turns.len().checked_sub(1), name.unwrap_or(DEFAULT_TOOL_NAME), arguments, None, None);
    }

    /// Adds a tool event that follows that turn; dropped when there are [`ToolEvent::MAX_EVENTS`] already.
    pub(crate) fn add_tool_event(
        &mut self,
        after_turn: Option<usize>,
        name: &str,
        arguments: Option<String>,
        result: Option<String>,
        is_error: Option<bool>,
    ) {
        if self.tool_events.len() < ToolEvent::MAX_EVENTS {
            let truncate = |text: Option<String>| text.map(|text| truncated(&text, ToolEvent::MAX_TEXT_CHARS));
            let name = truncated(name, ToolEvent::MAX_NAME_CHARS);
            self.tool_events.push(ToolEvent {
                after_turn,
                name,
                arguments: truncate(arguments),
                result: truncate(result),
                is_error,
            });
        }
    }

    /// Adds a tool's result to the tool call of that identifier, or as an event of its own when there is none.
    pub(crate) fn add_tool_result(
        &mut self,
        id: Option<&str>,
        name: Option<&str>,
        result: Option<String>,
        is_error: Option<bool>,
    ) {
        let index = id.and_then(|id| self.tool_event_by_id.get(id)).copied();
        let index = index.unwrap_or_else(|| {
            let next = self.tool_events.len();
            self.add_tool_call(None, name, None);
            next
        });
        if let Some(event) = self.tool_events.get_mut(index) {
            event.result = result.map(|text| truncated(&text, ToolEvent::MAX_TEXT_CHARS));
            event.is_error = is_error;
        }
    }

    /// Sets what the platform concluded of the call.
    pub(crate) fn set_verdict(&mut self, success: Option<String>, sentiment: Option<String>, summary: Option<&str>) {
        self.verdict = ProducerVerdict {
            success: success.map(|text| truncated(&text, ProducerVerdict::MAX_LABEL_CHARS)),
            sentiment: sentiment.map(|text| truncated(&text, ProducerVerdict::MAX_LABEL_CHARS)),
            summary: summary.map(|text| truncated(text, ProducerVerdict::MAX_SUMMARY_CHARS)),
        };
    }

    /// The finished call; `None` when it has no identifier.
    pub(crate) fn build(self, org_id: OrgId) -> Option<Call> {
        Some(Call {
            agent_id: self.agent_id,
            started_at: self.started_at,
            stated_duration_seconds: self.duration_seconds,
            stated_skip: self.stated_skip,
            language: self.language,
            roles_guessed: self.roles_guessed,
            tool_events: self.tool_events,
            platform_measures: self.measures,
            producer_verdict: Some(self.verdict).filter(|verdict| !verdict.is_empty()),
            metadata: self.metadata.into_members(),
            producer: self.producer,
            ..Call::new(org_id, self.call_id?, self.turns)
        })
    }
}

/// Whether a tag names one language. Platforms also write `multi` or `auto` for any, and names of models and languages.
fn names_language(tag: &str) -> bool {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    matches!(language.len(), 2 | 3) && !["mul", "und"].iter().any(|none| none.eq_ignore_ascii_case(language))
}

/// Whether a text has the length and the alphabet of a BCP 47 tag.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let is_tag_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=MAX_LANGUAGE_TAG_LENGTH).contains(&tag.len()) && tag.bytes().all(is_tag_byte)
}

/// The text, cut to that many characters, the last of which is then an ellipsis.
pub(crate) fn truncated(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some(_) => text.chars().take(max_chars - 1).chain(['…']).collect(),
    }
}

fn sanitized_agent_id(name: &str) -> Option<AgentId> {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || ".:_-".contains(c) { c } else { '-' };
    AgentId::parse(name.chars().map(allowed).collect::<String>()).ok()
}
