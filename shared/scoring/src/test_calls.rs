//! Small calls for the tests of this crate.

use domain::{Call, CallId, OrgId, Role, Turn};

/// A call without times.
pub(crate) fn untimed(turns: &[(&str, &str)]) -> Call {
    let turn = |(role, text): &(&str, &str)| Turn {
        role: Role::parse(role).unwrap(),
        text: (*text).to_owned(),
        start_ms: None,
        end_ms: None,
    };
    of_turns(turns.iter().map(turn).collect())
}

/// A call with the start and the end of each turn.
pub(crate) fn timed(turns: &[(&str, &str, u64, u64)]) -> Call {
    let turn = |(role, text, start, end): &(&str, &str, u64, u64)| Turn {
        role: Role::parse(role).unwrap(),
        text: (*text).to_owned(),
        start_ms: Some(*start),
        end_ms: Some(*end),
    };
    of_turns(turns.iter().map(turn).collect())
}

/// A call of these turns about which nothing else is known.
pub(crate) fn of_turns(transcript: Vec<Turn>) -> Call {
    Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call_1").unwrap(), transcript)
}
