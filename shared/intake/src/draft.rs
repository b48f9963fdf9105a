//! A call that is being read from a platform's payload: a format's file says what is where, this one what becomes of it.
//!
//! **Invariant:** whatever a payload holds, a draft is bounded in all but its turns: tools, verdict and metadata are cut to what
//! can be kept. A turn is never merged with another nor moved to another side.

use std::collections::HashMap;

use domain::{AgentId, Call, CallId, OrgId, PlatformMeasures, ProducerVerdict, Role, Timestamp, ToolEvent, Turn};
use serde_json::{Map, Value};

use crate::envelope::Envelope;
use crate::field::{Field, FieldError};
use crate::labelled::{self, Label, MACHINES};

/// The most bytes that a call's metadata may have, written as compact JSON.
pub(crate) const LARGEST_METADATA_BYTES: usize = 2048;

/// What a tool is called whose name is not given.
const NAMELESS_TOOL: &str = "tool";

/// The longest language tag that RFC 5646 (4.4.1) asks software to hold.
const LONGEST_LANGUAGE_TAG: usize = 35;

/// A call, as far as it is known.
pub(crate) struct Draft {
    envelope: Envelope,
    /// The call's identifier, once it is read.
    pub(crate) call_id: Option<CallId>,
    /// The agent's identifier, once it is read.
    pub(crate) agent_id: Option<AgentId>,
    /// See [`Call::started_at`].
    pub(crate) started_at: Option<Timestamp>,
    /// See [`Call::stated_duration_seconds`].
    pub(crate) duration_seconds: Option<f64>,
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
    pub(crate) metadata: Map<String, Value>,
    /// See [`Call::producer`].
    pub(crate) producer: String,
    metadata_bytes: usize,
    tools_called: HashMap<String, usize>,
    heard: Vec<String>,
}

/// When a turn starts and ends, in milliseconds from the start of the call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Times {
    /// Its start.
    pub(crate) start_ms: Option<u64>,
    /// Its end; dropped when it lies before the start.
    pub(crate) end_ms: Option<u64>,
}

impl Times {
    /// Of a start alone.
    pub(crate) const fn from(start_ms: Option<u64>) -> Self {
        Self { start_ms, end_ms: None }
    }

    /// Of fields in units of that many milliseconds.
    pub(crate) fn of(start: &Field<'_, '_>, end: &Field<'_, '_>, unit: f64) -> Self {
        Self { start_ms: start.moment(unit), end_ms: end.moment(unit) }
    }
}

impl Draft {
    /// An empty call: only what the envelope states is known.
    pub(crate) fn new(envelope: Envelope, producer: &str) -> Self {
        Self {
            call_id: envelope.call_id.clone(),
            agent_id: envelope.agent_id.clone(),
            envelope,
            started_at: None,
            duration_seconds: None,
            language: None,
            turns: Vec::new(),
            roles_guessed: false,
            tool_events: Vec::new(),
            measures: PlatformMeasures::default(),
            verdict: ProducerVerdict::default(),
            metadata: Map::new(),
            producer: producer.to_owned(),
            metadata_bytes: "{}".len(),
            tools_called: HashMap::new(),
            heard: Vec::new(),
        }
    }

    /// Takes the first of these fields that names the call, unless the envelope does. Fails when nothing does,
    /// or what does is no identifier: then a later message of the same call would not be recognised.
    pub(crate) fn name_call(&mut self, fields: &[Field<'_, '_>]) -> Result<(), FieldError> {
        if self.call_id.is_some() {
            return Ok(());
        }
        let Some(place) = fields.iter().find(|field| field.label().is_some()).or(fields.first()) else { return Ok(()) };
        let name = place.label().or_else(|| self.envelope.object_name.take());
        let name = name.ok_or_else(|| place.error("is missing, and nothing else names the call"))?;
        self.call_id = Some(CallId::parse(name).map_err(|error| place.error(error))?);
        Ok(())
    }

    /// Takes the first of these fields that names the agent, unless the envelope does. Agents are often known
    /// by a person's name: what an identifier may not hold becomes `-`.
    pub(crate) fn name_agent(&mut self, fields: &[Field<'_, '_>]) {
        if self.agent_id.is_none() {
            self.agent_id = fields.iter().find_map(Field::label).and_then(|name| agent(&name));
        }
    }

    /// Takes a language tag, if it is one.
    pub(crate) fn speak(&mut self, language: &Field<'_, '_>) {
        self.language = language.words().filter(|tag| is_language_tag(tag)).map(str::to_owned);
    }

    /// Adds a turn, unless nothing is said in it.
    pub(crate) fn say(&mut self, role: Role, text: &str, times: Times) {
        if !text.trim().is_empty() {
            let Times { start_ms, end_ms } = times;
            let end_ms = end_ms.filter(|end| start_ms.is_none_or(|start| start <= *end));
            self.turns.push(Turn { role, text: text.to_owned(), start_ms, end_ms });
        }
    }

    /// Adds the turns of a labelled text, if there is one; fails when it does not say who speaks.
    pub(crate) fn say_labelled(&mut self, text: &Field<'_, '_>, names: &[Label<'_>]) -> Result<(), FieldError> {
        let Some(said) = text.words() else { return Ok(()) };
        let names = [names, &MACHINES.map(|name| (name, None))].concat();
        for turn in labelled::turns(said, &names).map_err(|error| text.error(error))? {
            self.say(turn.role, &turn.text, Times::default());
        }
        Ok(())
    }

    /// The side of a speaker or channel: as the sender says; else the one who is heard first is taken for the agent, the next
    /// for the customer, and the call says that this is a guess. To be asked in the order of time.
    pub(crate) fn side_of(&mut self, speaker: &str) -> Role {
        if !self.envelope.speaker_map.is_empty() {
            return self.told_side(speaker).unwrap_or(Role::Other);
        }
        self.roles_guessed = true;
        let place = self.heard.iter().position(|heard| heard == speaker);
        match place.unwrap_or(self.heard.len()) {
            place @ (0 | 1) => {
                if place == self.heard.len() {
                    self.heard.push(speaker.to_owned());
                }
                if place == 0 { Role::Agent } else { Role::Customer }
            }
            _ => Role::Other,
        }
    }

    /// The side of a speaker or channel, if the sender says it.
    pub(crate) fn told_side(&self, speaker: &str) -> Option<Role> {
        self.envelope.speaker_map.get(speaker).copied()
    }

    /// Adds a tool's call. Its result may come later, under the same identifier.
    pub(crate) fn call_tool(&mut self, id: Option<&str>, name: Option<&str>, arguments: Option<String>) {
        if let Some(id) = id {
            self.tools_called.insert(id.to_owned(), self.tool_events.len());
        }
        self.use_tool(self.turns.len().checked_sub(1), name.unwrap_or(NAMELESS_TOOL), arguments, None, None);
    }

    /// Adds what a tool did after that turn, unless there are too many such events already.
    pub(crate) fn use_tool(
        &mut self,
        after_turn: Option<usize>,
        name: &str,
        arguments: Option<String>,
        result: Option<String>,
        is_error: Option<bool>,
    ) {
        if self.tool_events.len() < ToolEvent::MOST {
            let cut = |text: Option<String>| text.map(|text| shortened(&text, ToolEvent::LONGEST_TEXT));
            let name = shortened(name, ToolEvent::LONGEST_NAME);
            self.tool_events.push(ToolEvent {
                after_turn,
                name,
                arguments: cut(arguments),
                result: cut(result),
                is_error,
            });
        }
    }

    /// Adds a tool's result to its call, or alone when there is no call of that identifier.
    pub(crate) fn tool_answers(
        &mut self,
        id: Option<&str>,
        name: Option<&str>,
        result: Option<String>,
        is_error: Option<bool>,
    ) {
        let called = id.and_then(|id| self.tools_called.get(id)).copied();
        let index = called.unwrap_or_else(|| {
            let next = self.tool_events.len();
            self.call_tool(None, name, None);
            next
        });
        if let Some(event) = self.tool_events.get_mut(index) {
            event.result = result.map(|text| shortened(&text, ToolEvent::LONGEST_TEXT));
            event.is_error = is_error;
        }
    }

    /// Keeps a fact in the metadata, unless there is one of that name or no room left.
    pub(crate) fn remember(&mut self, name: &str, value: Option<impl Into<Value>>) {
        let Some(value) = value.map(Into::into).filter(|value| !value.is_null()) else { return };
        let bytes = Value::from(name).to_string().len() + value.to_string().len() + ":,".len();
        if !self.metadata.contains_key(name) && self.metadata_bytes + bytes <= LARGEST_METADATA_BYTES {
            self.metadata_bytes += bytes;
            self.metadata.insert(name.to_owned(), value);
        }
    }

    /// Keeps the members of an object in the metadata, as far as there is room.
    pub(crate) fn remember_all(&mut self, members: &Field<'_, '_>) {
        for (name, value) in members.value().and_then(Value::as_object).into_iter().flatten() {
            self.remember(name, Some(value.clone()));
        }
    }

    /// Keeps what the platform concluded.
    pub(crate) fn conclude(&mut self, success: Option<String>, sentiment: Option<String>, summary: Option<&str>) {
        self.verdict = ProducerVerdict {
            success: success.map(|text| shortened(&text, ProducerVerdict::LONGEST_LABEL)),
            sentiment: sentiment.map(|text| shortened(&text, ProducerVerdict::LONGEST_LABEL)),
            summary: summary.map(|text| shortened(text, ProducerVerdict::LONGEST_SUMMARY)),
        };
    }

    /// The call; nothing as long as it has no name.
    pub(crate) fn finish(self, org_id: OrgId) -> Option<Call> {
        Some(Call {
            agent_id: self.agent_id,
            started_at: self.started_at,
            stated_duration_seconds: self.duration_seconds,
            language: self.language,
            roles_guessed: self.roles_guessed,
            tool_events: self.tool_events,
            platform_measures: self.measures,
            producer_verdict: Some(self.verdict).filter(|verdict| !verdict.is_empty()),
            metadata: self.metadata,
            producer: self.producer,
            ..Call::new(org_id, self.call_id?, self.turns)
        })
    }
}

/// The items by the moment they begin at; one without keeps its place after the one before it.
pub(crate) fn by_time<T>(items: impl Iterator<Item = T>, begins: impl Fn(&T) -> Option<u64>) -> Vec<T> {
    let mut latest = None;
    let timed = items.map(|item| {
        latest = begins(&item).or(latest);
        (latest, item)
    });
    let mut timed: Vec<_> = timed.collect();
    timed.sort_by_key(|(begins, _)| *begins);
    timed.into_iter().map(|(_, item)| item).collect()
}

/// Whether that looks like a BCP 47 tag.
pub(crate) fn is_language_tag(tag: &str) -> bool {
    let tag_like = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_LANGUAGE_TAG).contains(&tag.len()) && tag.bytes().all(tag_like)
}

/// The text, cut to so many characters.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some(_) => text.chars().take(longest - 1).chain(['…']).collect(),
    }
}

fn agent(name: &str) -> Option<AgentId> {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || ".:_-".contains(c) { c } else { '-' };
    AgentId::parse(name.chars().map(allowed).collect::<String>()).ok()
}
