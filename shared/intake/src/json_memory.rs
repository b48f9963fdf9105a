//! How much memory a JSON document takes once it is parsed. It can be a hundred times the text (`[{},{},…`), so it is known before.
//!
//! **Invariant:** what is told of a text is no less than `serde_json` allocates for it, whatever the text. It is told in one pass, and
//! without allocating anything.

use std::cell::Cell;
use std::mem::size_of;

use serde_json::{Number, Value};

/// The most memory that the documents of one message may take together, in bytes. A function has 128 MiB for everything that is made of
/// an object. Seven million bytes of words with their times take this much, which are several hours of speech.
const MAX_BYTES: usize = 96 << 20;
/// The most containers within each other. Deeper ones are not parsed, see `json_text`.
const MAX_DEPTH: usize = 128;
/// What the allocator adds to an allocation at most: its header, and the rest up to a multiple of 16.
const ALLOCATION: usize = 32;
/// What a number takes outside of its value: nothing, unless it keeps its digits.
const NUMBER: usize = if size_of::<Number>() > size_of::<u128>() { ALLOCATION } else { 0 };
/// A member of an object in its list of members: its key, its value and its hash.
const MEMBER: usize = size_of::<(String, Value, usize)>();
/// A bucket in the index of an object: a position, and a byte of control.
const BUCKET: usize = size_of::<usize>() + 1;
/// The bytes of control that an index has in addition.
const INDEX: usize = 16;

/// The memory that documents of one message may still take, in bytes.
#[derive(Debug)]
pub(crate) struct Memory(Cell<usize>);

/// A document would take more memory than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has more values than fit into {} MiB of memory", MAX_BYTES >> 20)]
pub(crate) struct OutOfMemory;

impl Default for Memory {
    fn default() -> Self {
        Self(Cell::new(MAX_BYTES))
    }
}

impl Memory {
    /// Sets the memory of a document aside. Fails when there is not enough.
    pub(crate) fn take(&self, text: &str) -> Result<(), OutOfMemory> {
        let left = self.0.get();
        let taken = of_document(text, left).ok_or(OutOfMemory)?;
        self.0.set(left.saturating_sub(taken));
        Ok(())
    }
}

/// The bytes that the value of a text takes; `None` when it is more than `most`.
fn of_document(text: &str, most: usize) -> Option<usize> {
    let mut scan = Scan { taken: 0, depth: 0, counts: [Count::default(); MAX_DEPTH] };
    let mut bytes = text.bytes();
    let mut is_number = false;
    while let Some(byte) = bytes.next() {
        let was_number =
            std::mem::replace(&mut is_number, matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        match byte {
            b'"' => {
                scan.begin_value();
                let mut length = 0;
                while let Some(byte) = bytes.next().filter(|byte| *byte != b'"') {
                    // An escape is no shorter than what it stands for.
                    let escaped = if byte == b'\\' { bytes.next() } else { None };
                    length += 1 + usize::from(escaped.is_some());
                }
                scan.taken += length + ALLOCATION;
            }
            b'{' | b'[' => {
                scan.begin_value();
                scan.open(byte == b'{');
            }
            b'}' | b']' => scan.close(),
            b',' => scan.separate(),
            _ if is_number && was_number => scan.taken += 1,
            _ if is_number => {
                scan.begin_value();
                scan.taken += NUMBER;
            }
            b'a'..=b'z' | b'A'..=b'Z' => scan.begin_value(),
            _ => {}
        }
        if scan.taken > most {
            return None;
        }
    }
    while scan.depth > 0 {
        scan.close();
    }
    Some(scan.taken).filter(|taken| *taken <= most)
}

/// What was scanned so far.
struct Scan {
    taken: usize,
    depth: usize,
    counts: [Count; MAX_DEPTH],
}

/// The values in a container that is open.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    is_object: bool,
    values: usize,
}

impl Scan {
    fn open(&mut self, is_object: bool) {
        if let Some(count) = self.counts.get_mut(self.depth) {
            *count = Count { is_object, values: 0 };
        }
        self.depth += 1;
    }

    /// Something begins that makes the container not empty.
    fn begin_value(&mut self) {
        if let Some(count) = self.innermost() {
            count.values = count.values.max(1);
        }
    }

    fn separate(&mut self) {
        if let Some(count) = self.innermost() {
            count.values += 1;
        }
    }

    fn innermost(&mut self) -> Option<&mut Count> {
        self.depth.checked_sub(1).and_then(|last| self.counts.get_mut(last))
    }

    fn close(&mut self) {
        let Some(last) = self.depth.checked_sub(1) else { return };
        self.depth = last;
        self.taken = self.taken.saturating_add(self.counts.get(last).map_or(0, |count| count.bytes()));
    }
}

impl Count {
    /// The bytes of the container: what is in it has room for some more, because it grew by doubling.
    fn bytes(self) -> usize {
        if self.values == 0 {
            return 0;
        }
        if !self.is_object {
            return self.values.next_power_of_two().max(4) * size_of::<Value>() + ALLOCATION;
        }
        // An index is full when seven eighths of it are; the smallest one, of four, when one is left.
        let buckets = if self.values < 4 { 4 } else { (self.values * 8 / 7 + 1).next_power_of_two() };
        let members = if buckets == 4 { 3 } else { buckets / 8 * 7 };
        members * MEMBER + buckets * BUCKET + INDEX + 2 * ALLOCATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of the text for each byte of it.
    fn factor(text: &str) -> usize {
        of_document(text, usize::MAX).unwrap() / text.len()
    }

    fn list_of(value: &str, bytes: usize) -> String {
        format!("[{}]", vec![value; bytes / (value.len() + 1)].join(","))
    }

    #[test]
    fn a_text_takes_hardly_more_than_it_is_long_and_a_list_of_small_objects_many_times_that() {
        let text = format!("\"{}\"", "word \\u00e9 \\\" ".repeat(100_000));
        assert_eq!(factor(&text), 1);
        assert!(factor(&list_of("{\"a\":0}", 1 << 20)) > 50);
        let timed = "{\"word\":\"hello\",\"start\":10.08,\"end\":10.32,\"confidence\":0.9921875,\"punctuated_word\":\"Hello,\"}";
        assert!((5..16).contains(&factor(&list_of(timed, 1 << 20))));
    }

    #[test]
    fn a_message_has_memory_for_some_documents_and_no_more() {
        let (memory, large) = (Memory::default(), list_of("{\"a\":0}", 1 << 20));
        assert_eq!(memory.take(&large), Ok(()));
        assert_eq!(memory.take(&large), Err(OutOfMemory));
        assert_eq!(memory.take("{}"), Ok(()));
        assert_eq!(
            Memory::default().take(&list_of("{}", 10 << 20)).unwrap_err().to_string(),
            "has more values than fit into 96 MiB of memory"
        );
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_measured_as_well() {
        for text in ["", "}", "]]}", "\"", "\"\\", "{\"a", "[1,,", "NaN", &"[".repeat(1_000), &"[{\"a\":".repeat(1_000)]
        {
            assert!(of_document(text, 1 << 20).is_some(), "{text:.20}");
        }
    }
}
