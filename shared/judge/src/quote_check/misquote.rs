//! What is wrong with a quotation, in words for the model, which has to correct it.

use std::fmt;

use domain::Role;

use crate::validation_error::repeated;

/// A passage in quotation marks that is not proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misquote {
    /// What stands between the marks, as the model wrote it.
    pub(crate) passage: String,
    /// What is wrong with it.
    pub(crate) kind: MisquoteKind,
}

/// What is wrong with a passage in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MisquoteKind {
    /// Nobody said it.
    NotSaid,
    /// Not who is claimed to have said it did, but somebody else.
    SaidByAnother {
        /// The turn that says it, the nearest to the claimed one.
        turn: usize,
        /// Who speaks in that turn.
        role: Role,
    },
    /// Somebody said it, but the text does not claim who.
    Unclaimed,
}

impl fmt::Display for Misquote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passage = repeated(&self.passage);
        match self.kind {
            MisquoteKind::NotSaid => write!(f, "in quotation marks, but not said on the call: {passage}"),
            MisquoteKind::SaidByAnother { turn, role } => {
                write!(f, "quoted with a wrong claim, for the {role} said it, in turn {turn}: {passage}")
            }
            MisquoteKind::Unclaimed => {
                write!(f, "quoted without a claim of who said it and where, as in “…” (agent, turn 6): {passage}")
            }
        }
    }
}
