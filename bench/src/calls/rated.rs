//! A call with its reader's rating: as it was written, and as a scorer gets it.

use std::collections::BTreeMap;

use domain::{Call, CallId, Criterion, Resolution, Role, Score, ToolEvent};

use super::variant::Variant;
use super::vocabulary::{Act, AgentKind, Flag, Sign};

/// A turn as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTurn {
    /// Who speaks.
    pub role: Role,
    /// What is said, punctuated.
    pub text: String,
    /// What the turn does.
    pub acts: Vec<Act>,
    /// The silence before it, where it matters.
    pub pause_seconds: u32,
    /// Whether it starts while the other side still speaks.
    pub cuts_in: bool,
}

impl WrittenTurn {
    /// The silence before it in milliseconds, where it matters.
    pub(super) fn pause_ms(&self) -> Option<u64> {
        (self.pause_seconds > 0).then(|| u64::from(self.pause_seconds) * 1000)
    }
}

/// Something that any good feedback on a call speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// A merit or a fault.
    pub sign: Sign,
    /// The turns that show it.
    pub turns: Vec<usize>,
    /// The thing, in the reader's words.
    pub text: String,
}

/// Something false that a careless scorer could say of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotClaim {
    /// The criterion that it is about.
    pub criterion: Criterion,
    /// Praise or blame.
    pub sign: Sign,
    /// The claim, in the reader's words.
    pub text: String,
}

/// What a reader says of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// The trade of the agent's side.
    pub industry: String,
    /// Who takes the call.
    pub agent: AgentKind,
    /// The whole call: not the mean of the criteria.
    pub score: Score,
    /// What became of the matter.
    pub outcome: Resolution,
    /// What the call is about: one to three topics.
    pub topics: Vec<String>,
    /// The criteria that the reader is sure of.
    pub criteria: BTreeMap<Criterion, Score>,
    /// What decides the score.
    pub why: String,
    /// What occurs in the call.
    pub flags: Vec<Flag>,
    /// What feedback must speak of.
    pub mentions: Vec<Mention>,
    /// What feedback must not say.
    pub not_claims: Vec<NotClaim>,
}

/// A call as it stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenCall {
    /// Its name, which no other call has.
    pub id: CallId,
    /// What is said.
    pub turns: Vec<WrittenTurn>,
    /// What the machine agent's tools did.
    pub tool_events: Vec<ToolEvent>,
    /// What its reader says; turns are those of `turns`.
    pub rating: Rating,
}

/// A call as a scorer gets it, with its rating.
#[derive(Debug, Clone, PartialEq)]
pub struct RatedCall {
    /// The call; its transcript may have more turns than the file, because transcribers split them.
    pub call: Call,
    /// How it is transcribed.
    pub variant: Variant,
    /// What each turn of the transcript does. Both parts of a turn that was split do what the whole did.
    pub acts: Vec<Vec<Act>>,
    /// What its reader says; turns are those of the transcript.
    pub rating: Rating,
}
