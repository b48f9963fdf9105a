//! The metadata of a call: what a producer says of it that a call has no field for.
//!
//! **Invariant:** written as compact JSON they take at most [`MAX_BYTES`]. What a platform says beyond that is left out; in our own
//! schema it is an error.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::field::{Field, FieldError};

/// The most bytes that metadata may have, written as compact JSON.
const MAX_BYTES: usize = 2048;

/// Metadata that are collected one by one.
#[derive(Debug, Default)]
pub(crate) struct CallMetadata {
    members: Map<String, Value>,
    /// The bytes of the members, each with its colon and comma.
    bytes: usize,
}

impl CallMetadata {
    /// The members of an object. Fails when they are too large.
    pub(crate) fn read(object: &Field<'_, '_>) -> Result<Self, FieldError> {
        let members = object.object()?;
        let bytes = json_length(members);
        if bytes > MAX_BYTES {
            return Err(object.error(format_args!("must not be larger than {MAX_BYTES} bytes, but is {bytes}")));
        }
        Ok(Self { members: members.clone(), bytes })
    }

    /// Adds a member, unless there is one of that name or no room for it.
    pub(crate) fn add(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value.map(Into::into) {
            self.add_value(name, &value);
        }
    }

    /// The same with a field of the payload, which is copied only if there is room for it.
    pub(crate) fn add_field(&mut self, name: &str, field: &Field<'_, '_>) {
        if let Some(value) = field.value() {
            self.add_value(name, value);
        }
    }

    /// The same with a value of the payload.
    pub(crate) fn add_value(&mut self, name: &str, value: &Value) {
        let room = MAX_BYTES.saturating_sub("{}".len() + self.bytes);
        if value.is_null() || self.members.contains_key(name) || name.len() > room {
            return;
        }
        let bytes = json_length(&name) + json_length(value) + ":,".len();
        if bytes <= room {
            self.bytes += bytes;
            self.members.insert(name.to_owned(), value.clone());
        }
    }

    /// Adds the members of an object, as far as there is room.
    pub(crate) fn add_all(&mut self, object: &Field<'_, '_>) {
        for (name, value) in object.value().and_then(Value::as_object).into_iter().flatten() {
            self.add_value(name, value);
        }
    }

    /// All of them.
    pub(crate) fn into_members(self) -> Map<String, Value> {
        self.members
    }
}

/// The length of a value that is written as compact JSON, in bytes. It is not written, because it may be as long as an object.
fn json_length(value: &impl Serialize) -> usize {
    struct Length(usize);
    impl Write for Length {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut length = Length(0);
    // Neither a value nor its length can fail to be written.
    serde_json::to_writer(&mut length, value).map_or(usize::MAX, |()| length.0)
}
