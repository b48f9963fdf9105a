//! Why a file of dialogues or pairs cannot be used.

use std::io;
use std::path::PathBuf;

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
    /// It has no dialogue.
    #[error("{0} holds no dialogue")]
    Empty(PathBuf),
}
