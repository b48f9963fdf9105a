//! Why a file of dialogues, pairs or rated calls cannot be used.

use std::io;
use std::path::PathBuf;

use domain::CallId;

use crate::calls::CallFormatError;

/// Why a file of dialogues cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// It cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// One of its lines is not what is expected.
    #[error("line {line} of {path} is not a dialogue")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It is not a collection of pairs.
    #[error("{path} is not a collection of pairs")]
    NotPairs {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// One of its calls is not in the format of rated calls.
    #[error("line {line} of {path} is not right in a rated call")]
    NotRated {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1; where something is missing, that of the call's first line.
        line: usize,
        /// What is wrong.
        #[source]
        source: CallFormatError,
    },
    /// Two calls have the same identifier.
    #[error("the call in line {line} of {path} is called {id} like another one")]
    TwiceRated {
        /// The file.
        path: PathBuf,
        /// The number of the line, from 1.
        line: usize,
        /// The identifier.
        id: CallId,
    },
    /// It cannot be written.
    #[error("cannot write {path}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The plan of the scorecard has a line that is not in its form.
    #[error("line {line} of plan.txt is not SIGNAL + or - CRITERION ... of known ones: {text}")]
    Plan {
        /// The number of the line, from 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// A model that was just trained cannot be read.
    #[error("the trained model cannot be read")]
    Model(#[from] scoring::embedded::ModelError),
    /// It has no dialogue.
    #[error("{0} holds no dialogue")]
    Empty(PathBuf),
}
