//! A finished call: who, when and what was said.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AgentId, CallId, OrgId, PlatformMeasures, ProducerVerdict, SkipReason, StartTime, ToolEvent};

/// Who speaks in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The side that is scored, human or machine.
    Agent,
    /// The side that is served.
    Customer,
    /// Anybody else: an announcement, an interpreter, a third party.
    Other,
}

/// The error for a text that is not the name of a [`Role`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role {0:?} (known are agent, customer and other)")]
pub struct UnknownRoleError(pub String);

impl Role {
    /// The role of that name; fails for any other text, case included.
    pub fn parse(text: &str) -> Result<Self, UnknownRoleError> {
        match text {
            "agent" => Ok(Self::Agent),
            "customer" => Ok(Self::Customer),
            "other" => Ok(Self::Other),
            _ => Err(UnknownRoleError(text.to_owned())),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Customer => "customer",
            Self::Other => "other",
        })
    }
}

/// One entry of a transcript. A sentence may extend over several turns, and a text may be empty or `[noise]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What was said, verbatim.
    pub text: String,
    /// Milliseconds from the start of the call to the start of the turn; `None` when the producer does not say.
    pub start_ms: Option<u64>,
    /// Milliseconds from the start of the call to the end of the turn; `None` when the producer does not say.
    pub end_ms: Option<u64>,
}

/// A finished call with its transcript, whatever format it arrived in.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The organisation that owns the call.
    pub org_id: OrgId,
    /// The call's identifier within the organisation.
    pub call_id: CallId,
    /// Who took the call, when known.
    pub agent_id: Option<AgentId>,
    /// When the call began, when known.
    pub started_at: Option<StartTime>,
    /// How long the call took in seconds, as its producer states; see [`Call::duration_seconds`].
    pub stated_duration_seconds: Option<f64>,
    /// Why there is no conversation to score, as the platform itself states: nobody answered, a machine did.
    pub stated_skip: Option<SkipReason>,
    /// The language spoken, as a BCP 47 tag, when known.
    pub language: Option<String>,
    /// What was said, in the order in which it was sent.
    pub transcript: Vec<Turn>,
    /// Whether the roles of the speakers were guessed because the producer does not state them.
    pub roles_guessed: bool,
    /// What the agent's tools did, in the order it happened in.
    pub tool_events: Vec<ToolEvent>,
    /// What the platform measured itself.
    pub platform_measures: PlatformMeasures,
    /// What the platform concluded, if it did.
    pub producer_verdict: Option<ProducerVerdict>,
    /// The producer's own data, stored and returned as it is after redaction.
    pub metadata: Map<String, Value>,
    /// The name of the format the call arrived in, such as `native`.
    pub producer: String,
}

impl Call {
    /// A call in the native format with identifiers and transcript only. The other fields are set one by one.
    #[must_use]
    pub fn new(org_id: OrgId, call_id: CallId, transcript: Vec<Turn>) -> Self {
        Self {
            org_id,
            call_id,
            agent_id: None,
            started_at: None,
            stated_duration_seconds: None,
            stated_skip: None,
            language: None,
            transcript,
            roles_guessed: false,
            tool_events: Vec::new(),
            platform_measures: PlatformMeasures::default(),
            producer_verdict: None,
            metadata: Map::new(),
            producer: "native".to_owned(),
        }
    }

    /// The texts other than the turns that may contain personal data: names, arguments and results of tools, and the platform's
    /// verdict. The producer's metadata is not among them, for it is no list of texts.
    pub fn texts_outside_turns_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let tool_texts = self.tool_events.iter_mut().flat_map(|event| {
            let ToolEvent { name, arguments, result, after_turn: _, is_error: _ } = event;
            [Some(name), arguments.as_mut(), result.as_mut()]
        });
        let verdict_texts = self.producer_verdict.iter_mut().flat_map(|verdict| {
            let ProducerVerdict { success, sentiment, summary } = verdict;
            [success.as_mut(), sentiment.as_mut(), summary.as_mut()]
        });
        tool_texts.chain(verdict_texts).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(times: &[(Option<u64>, Option<u64>)]) -> Call {
        let turn = |&(start_ms, end_ms)| Turn { role: Role::Agent, text: String::new(), start_ms, end_ms };
        let transcript = times.iter().map(turn).collect();
        Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call").unwrap(), transcript)
    }

    #[test]
    fn every_text_outside_the_turns_but_the_metadata_can_be_changed() {
        let mut whole = call(&[]);
        let text = |text: &str| Some(text.to_owned());
        whole.tool_events.push(ToolEvent {
            after_turn: None,
            name: "lookup".to_owned(),
            arguments: text("asked"),
            result: text("answered"),
            is_error: None,
        });
        let verdict =
            ProducerVerdict { success: text("success"), sentiment: text("sentiment"), summary: text("summary") };
        whole.producer_verdict = Some(verdict);
        let texts: Vec<_> = whole.texts_outside_turns_mut().map(std::mem::take).collect();
        assert_eq!(texts, ["lookup", "asked", "answered", "success", "sentiment", "summary"]);
        assert!(whole.texts_outside_turns_mut().all(|text| text.is_empty()));
    }
}
