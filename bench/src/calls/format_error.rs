//! What is wrong with a call in a file.

use domain::IdError;

/// What is wrong with a line of a call file, or with the call that begins in it.
#[derive(Debug, thiserror::Error)]
pub enum CallFormatError {
    /// A line is neither a field, a turn nor a tool event, or comes before the first call.
    #[error("not a field, a turn or a tool event of a call")]
    Line,
    /// A field that the format does not have.
    #[error("unknown field {0:?}")]
    UnknownField(String),
    /// A field occurs twice in a call.
    #[error("the field {0:?} occurs twice")]
    Twice(String),
    /// A field comes after the first turn.
    #[error("the field {0:?} comes after the first turn")]
    Late(String),
    /// The identifier cannot be one.
    #[error("the identifier of a call {0}")]
    Id(IdError),
    /// A field's value, or a part of it, is not one that it may have.
    #[error("{field:?} cannot be {value:?}")]
    Value {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// An act that the format does not have, or not for that speaker.
    #[error("unknown act {0:?} of this speaker")]
    UnknownAct(String),
    /// A turn without words.
    #[error("a turn without words")]
    EmptyTurn,
    /// A tool event is not `name | JSON | JSON | ok` or `error`.
    #[error("not a tool event: name | JSON arguments | JSON result | ok or error")]
    ToolEvent,
    /// A tool event of a person.
    #[error("a person has no tools")]
    ToolOfPerson,
    /// A field is missing.
    #[error("the call has no field {0:?}")]
    Missing(&'static str),
    /// There is less of something than a rating needs.
    #[error("the call has fewer than {least} {what}")]
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there must be.
        least: usize,
    },
    /// A mention of a turn that is not there.
    #[error("a mention of turn {0}, which is not there")]
    NoSuchTurn(usize),
}
