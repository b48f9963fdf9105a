//! What the words around a number say it is: a phone number, something to call, a social security number, or the number
//! of anything else.

use super::cues::{Cue, CueAt};
use super::tokens::TurnTokens;

/// A question for a number is followed by the number within this many turns.
pub(super) const REMEMBERED_TURNS: usize = 3;
/// Whose number it is, if it is none that we look for, is said at most so many bytes before it; in an earlier turn, so
/// many bytes after the beginning of its own.
const OTHERS_REACH: usize = 80;
const ANSWERS_REACH: usize = 40;

/// What a number is, by the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberContext {
    /// A phone number.
    Phone,
    /// Something to call: a phone number if it looks like one.
    Call,
    /// A social security number.
    Ssn,
    /// The number of something else.
    Other,
}

/// The contexts of each turn, with the byte offsets where they are named.
pub(super) struct ContextsByTurn(Vec<Vec<(usize, NumberContext)>>);

impl ContextsByTurn {
    pub(super) fn of(turns: &[TurnTokens], cues: &[Vec<CueAt>]) -> Self {
        let context = |turn: &TurnTokens, at: &CueAt| {
            let context = context(turn, at)?;
            turn.tokens.get(at.first).map(|token| (token.bytes.start, context))
        };
        let in_turn =
            |(turn, cues): (&TurnTokens, &Vec<CueAt>)| cues.iter().filter_map(|at| context(turn, at)).collect();
        Self(turns.iter().zip(cues).map(in_turn).collect())
    }

    /// The context of the number there: the last one named before it, in its turn or else in the turns before, or, when
    /// there is none, the next one named in its turn.
    pub(super) fn at(&self, turn: usize, offset: usize) -> Option<NumberContext> {
        let own = self.0.get(turn)?;
        let before = own.partition_point(|(named, _)| *named < offset);
        let reaches = |(named, context): &&(usize, NumberContext)| {
            *context != NumberContext::Other || offset - named <= OTHERS_REACH
        };
        let answers =
            |(_, context): &&(usize, NumberContext)| *context != NumberContext::Other || offset <= ANSWERS_REACH;
        let earlier = || {
            let turns = self.0.iter().take(turn).rev().take(REMEMBERED_TURNS);
            turns.filter_map(|named| named.last()).find(answers)
        };
        let context = match own.iter().take(before).next_back() {
            Some(named) => Some(named).filter(reaches),
            None => earlier().or_else(|| own.get(before)),
        };
        context.map(|(_, context)| *context)
    }
}

fn context(turn: &TurnTokens, at: &CueAt) -> Option<NumberContext> {
    Some(match at.cue {
        Cue::CodeSent | Cue::Banking => return None,
        Cue::Phone => NumberContext::Phone,
        Cue::Call => NumberContext::Call,
        Cue::Ssn => NumberContext::Ssn,
        // "The number on your account" is any number.
        Cue::SomeAccount if at.end - at.first == 1 && !is_named(turn, at) => return None,
        _ => NumberContext::Other,
    })
}

/// Whether the number of the thing follows right after its name.
fn is_named(turn: &TurnTokens, at: &CueAt) -> bool {
    let is_on_it = at.first.checked_sub(2).is_some_and(|before| turn.is_any_of(before, &["on", "with", "for"]));
    !is_on_it && is_followed(turn, at)
}

fn is_followed(turn: &TurnTokens, at: &CueAt) -> bool {
    turn.is_number_start(at.end) || turn.is_symbol(at.end, &[':', '#', '=']) || turn.is_number_start(at.end + 1)
}
