//! The bytes of an input, in the order in which they are read, with the place in it; some can be given back and are
//! read again.
//!
//! **Invariant:** at no time more is held than the reader's own buffer and what was given back.

use std::io::{self, BufRead, ErrorKind};

/// What some editors write at the beginning of a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where a byte is: its line, and its column in bytes, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// The place after these bytes, which begin here.
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        // This is much faster than to count none.
        if !bytes.contains(&b'\n') {
            return Self { column: self.column + bytes.len(), ..self };
        }
        let (mut breaks, mut last) = (0, bytes);
        for line in bytes.split(|byte| *byte == b'\n').skip(1) {
            (breaks, last) = (breaks + 1, line);
        }
        Self { line: self.line + breaks, column: last.len() + 1 }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

/// The bytes of a reader.
pub(crate) struct ByteSource<R> {
    reader: R,
    /// What was given back, of which the first `reread` bytes have been read again.
    returned: Vec<u8>,
    reread: usize,
    has_ended: bool,
    place: Place,
    /// What stands on the line before the place, if that is white space only.
    indent: Option<Vec<u8>>,
}

/// A line, or its beginning.
pub(crate) struct Line {
    /// With the line break at its end, if it has one.
    pub(crate) text: Vec<u8>,
    /// Whether it is as long as it may be, and goes on.
    pub(crate) is_torn: bool,
}

impl<R: BufRead> ByteSource<R> {
    pub(crate) const fn new(reader: R) -> Self {
        let place = Place { line: 1, column: 1 };
        Self { reader, returned: Vec::new(), reread: 0, has_ended: false, place, indent: Some(Vec::new()) }
    }

    /// Where the next byte is.
    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    /// The white space that stands before the place on its line; `None` when something else does.
    pub(crate) fn indent(&self) -> Option<&[u8]> {
        self.indent.as_deref()
    }

    /// Some bytes that follow, which are not used up by that; none at the end.
    pub(crate) fn available(&mut self) -> io::Result<&[u8]> {
        if self.reread < self.returned.len() {
            return Ok(self.returned.get(self.reread..).unwrap_or_default());
        }
        // A terminal would be asked again for what it has ended.
        while !self.has_ended {
            match self.reader.fill_buf() {
                Ok([]) => self.has_ended = true,
                Ok(_) => return self.reader.fill_buf(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(&[])
    }

    /// The next byte, which is not used up by that.
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.available()?.first().copied())
    }

    /// Takes so many of the available bytes, and appends them to the text if there is one.
    pub(crate) fn take(&mut self, count: usize, text: Option<&mut Vec<u8>>) -> io::Result<()> {
        let place = self.place;
        let taken = self.available()?.get(..count).unwrap_or_default();
        let place = place.after(taken);
        let begins_line = taken.contains(&b'\n');
        let last_line =
            if begins_line { taken.rsplit(|byte| *byte == b'\n').next().unwrap_or_default() } else { taken };
        let blank = last_line.iter().all(u8::is_ascii_whitespace).then(|| last_line.to_vec());
        if let Some(text) = text {
            text.extend_from_slice(taken);
        }
        let before = if begins_line { Some(Vec::new()) } else { self.indent.take() };
        self.indent = before.zip(blank).map(|(before, blank)| [before, blank].concat());
        self.place = place;
        if self.reread < self.returned.len() {
            self.reread += count;
            if self.reread >= self.returned.len() {
                (self.returned, self.reread) = (Vec::new(), 0);
            }
        } else {
            self.reader.consume(count);
        }
        Ok(())
    }

    /// Gives bytes back that began at that place, with nothing but white space of that kind before them on their line.
    pub(crate) fn give_back(&mut self, mut bytes: Vec<u8>, place: Place, indent: Option<Vec<u8>>) {
        bytes.extend_from_slice(self.returned.get(self.reread..).unwrap_or_default());
        (self.returned, self.reread) = (bytes, 0);
        (self.place, self.indent) = (place, indent);
    }

    /// Takes white space and byte order marks.
    pub(crate) fn skip_white_space(&mut self) -> io::Result<()> {
        loop {
            let available = self.available()?;
            let blank = available.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            if blank > 0 {
                self.take(blank, None)?;
            } else if available.first() != BYTE_ORDER_MARK.first() || !self.skip_byte_order_mark()? {
                return Ok(());
            }
        }
    }

    /// Takes a byte order mark; says whether there was one. It does not count as a column.
    fn skip_byte_order_mark(&mut self) -> io::Result<bool> {
        let (place, indent, mut begun) = (self.place, self.indent.clone(), Vec::new());
        while begun.len() < BYTE_ORDER_MARK.len() && self.peek()?.is_some() {
            self.take(1, Some(&mut begun))?;
        }
        let is_mark = begun == BYTE_ORDER_MARK;
        self.give_back(if is_mark { Vec::new() } else { begun }, place, indent);
        Ok(is_mark)
    }

    /// Takes the next line, or as much of it as may be held; `None` at the end.
    pub(crate) fn line(&mut self, longest: usize) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        while text.len() < longest {
            let available = self.available()?;
            if available.is_empty() {
                break;
            }
            let rest = available.iter().position(|byte| *byte == b'\n').map_or(available.len(), |end| end + 1);
            self.take(rest.min(longest - text.len()), Some(&mut text))?;
            if text.ends_with(b"\n") {
                break;
            }
        }
        let is_torn = !text.ends_with(b"\n") && self.peek()?.is_some();
        Ok((!text.is_empty()).then_some(Line { text, is_torn }))
    }
}
