//! The transcript that a scorer gets of a written call.

use domain::{Call, Turn};

use super::rated::{RatedCall, WrittenCall};
use crate::input::call;

impl WrittenCall {
    /// The call as a scorer gets it.
    #[must_use]
    pub fn transcribed(&self) -> RatedCall {
        let turn =
            |turn: &super::WrittenTurn| Turn { role: turn.role, text: turn.text.clone(), start_ms: None, end_ms: None };
        let transcript = self.turns.iter().map(turn).collect();
        RatedCall {
            call: Call { call_id: self.id.clone(), tool_events: self.tool_events.clone(), ..call(transcript) },
            acts: self.turns.iter().map(|turn| turn.acts.clone()).collect(),
            rating: self.rating.clone(),
        }
    }
}
