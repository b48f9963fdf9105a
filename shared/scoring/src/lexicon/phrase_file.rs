//! The format of the files in `shared/scoring/lexicon/` and `shared/scoring/review_checks/`: one file for each kind of phrase, one phrase a line.
//!
//! ```text
//! # What the kind means, and what rests on it.
//! + something said in which a phrase of this kind is found
//! - something said in which none is found
//!
//! # Why the phrases of this group are there.
//! a phrase
//! another phrase # why this one is there
//! a beginning ...
//! ... an ending
//! ```
//!
//! Within a group, each beginning is joined with each ending. An empty line ends a group. Everything else is an error
//! that names its file and line.

use crate::contractions::I_WILL;

/// A file of phrases.
#[derive(Debug)]
pub(crate) struct PhraseFile<'t> {
    /// The groups of its phrases.
    pub(crate) groups: Vec<Group<'t>>,
    /// What its head says must match and must not.
    pub(crate) examples: Vec<Example<'t>>,
}

/// Phrases that are there for the same reason.
#[derive(Debug, Default)]
pub(crate) struct Group<'t> {
    phrases: Vec<&'t str>,
    beginnings: Vec<&'t str>,
    endings: Vec<&'t str>,
    reason: Reason,
    last_line: usize,
}

/// Something said in which a phrase of the file must be found, or must not.
#[derive(Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "examples are run by tests"))]
pub(crate) struct Example<'t> {
    /// Its line.
    pub(crate) line: usize,
    /// Whether a phrase of the file is in it.
    pub(crate) matches: bool,
    /// What is said.
    pub(crate) said: &'t str,
}

/// Whether a group says why its phrases are there.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Reason {
    #[default]
    Missing,
    Given,
}

/// What is wrong with a file of phrases, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {kind}")]
pub(crate) struct FormatError {
    file: &'static str,
    line: usize,
    kind: FormatErrorKind,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatErrorKind {
    #[error("a file begins with a comment that says what the kind of phrase means")]
    NoHead,
    #[error("a comment is followed by a space and text, and begins a group")]
    BadComment,
    #[error("an example stands in the head, and a space and text follow its sign")]
    BadExample,
    #[error("a phrase is lower-case words with one space between them")]
    BadPhrase,
    #[error("neither the group nor the phrase says why it is there")]
    NoReason,
    #[error("a group has beginnings and endings, or neither")]
    HalfComposed,
}
use FormatErrorKind::{BadComment, BadExample, BadPhrase, HalfComposed, NoHead, NoReason};

impl<'t> PhraseFile<'t> {
    /// Reads a file. Fails at the first line that is not of the format.
    pub(crate) fn parse(file: &'static str, text: &'t str) -> Result<Self, FormatError> {
        let mut parsed = Self { groups: Vec::new(), examples: Vec::new() };
        let (mut group, mut is_head) = (Group::default(), true);
        for (line, content) in (1..).zip(text.lines()) {
            let outcome = match content.as_bytes() {
                [] => parsed.close(&mut group),
                [b'#', ..] if is_head => comment(content),
                _ if line == 1 => Err(NoHead),
                [b'#', ..] => group.comment(content),
                [b'+' | b'-', ..] if is_head => parsed.example(line, content),
                [b'+' | b'-', ..] => Err(BadExample),
                _ => group.phrase(line, content),
            };
            outcome.map_err(|kind| FormatError { file, line, kind })?;
            is_head &= !content.is_empty();
        }
        let line = group.last_line;
        parsed.close(&mut group).map_err(|kind| FormatError { file, line, kind })?;
        Ok(parsed)
    }

    fn close(&mut self, group: &mut Group<'t>) -> Result<(), FormatErrorKind> {
        let closed = std::mem::take(group);
        if closed.beginnings.is_empty() != closed.endings.is_empty() {
            return Err(HalfComposed);
        }
        self.groups.extend((!closed.is_empty()).then_some(closed));
        Ok(())
    }

    fn example(&mut self, line: usize, content: &'t str) -> Result<(), FormatErrorKind> {
        let (sign, said) = content.split_once(' ').filter(|(_, said)| !said.trim().is_empty()).ok_or(BadExample)?;
        self.examples.push(Example { line, matches: sign == "+", said });
        if sign.len() == 1 { Ok(()) } else { Err(BadExample) }
    }
}

impl<'t> Group<'t> {
    /// Its phrases, word by word: the listed ones and the composed ones.
    pub(crate) fn phrases(&self) -> impl Iterator<Item = impl Iterator<Item = &'t str>> {
        let listed = self.phrases.iter().map(|phrase| (*phrase, None));
        let composed =
            self.beginnings.iter().flat_map(|first| self.endings.iter().map(move |last| (*first, Some(*last))));
        listed
            .chain(composed)
            .map(|(first, last)| first.split(' ').chain(last.into_iter().flat_map(|last| last.split(' '))))
    }

    const fn is_empty(&self) -> bool {
        self.phrases.is_empty() && self.beginnings.is_empty()
    }

    fn comment(&mut self, content: &str) -> Result<(), FormatErrorKind> {
        self.reason = Reason::Given;
        if self.last_line == 0 { comment(content) } else { Err(BadComment) }
    }

    fn phrase(&mut self, line: usize, content: &'t str) -> Result<(), FormatErrorKind> {
        let (phrase, reason) = match content.split_once('#') {
            Some((phrase, why)) => {
                (phrase.strip_suffix(' ').filter(|_| why.starts_with(' ')).unwrap_or(content), Reason::Given)
            }
            None => (content, self.reason),
        };
        let (words, list) = if let Some(beginning) = phrase.strip_suffix(" ...") {
            (beginning, &mut self.beginnings)
        } else if let Some(ending) = phrase.strip_prefix("... ") {
            (ending, &mut self.endings)
        } else {
            (phrase, &mut self.phrases)
        };
        if !words.split(' ').all(is_folded) {
            return Err(BadPhrase);
        }
        list.push(words);
        self.last_line = line;
        if reason == Reason::Given { Ok(()) } else { Err(NoReason) }
    }
}

fn comment(content: &str) -> Result<(), FormatErrorKind> {
    content.strip_prefix("# ").filter(|comment| !comment.trim().is_empty()).map(|_| ()).ok_or(BadComment)
}

/// Whether a word is spelled as [`crate::tokenizer::fold_into`] spells it.
fn is_folded(word: &str) -> bool {
    let is_plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    word == I_WILL || !word.is_empty() && is_plain(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# Colours.\n+ a red one\n- a round one\n\n";

    fn phrases(text: &str) -> Result<Vec<String>, FormatError> {
        let parsed = PhraseFile::parse("colour.txt", text)?;
        let joined =
            |group: &Group| group.phrases().map(|words| words.collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
        Ok(parsed.groups.iter().flat_map(joined).collect())
    }

    #[test]
    fn phrases_are_listed_or_composed_within_their_group() {
        let text =
            format!("{HEAD}# Plain ones.\nred\npale ...\ndark ...\n... green\n... sky blue\n\nmauve # Once heard.\n");
        let expected = ["red", "pale green", "pale sky blue", "dark green", "dark sky blue", "mauve"];
        assert_eq!(phrases(&text).unwrap(), expected);
    }

    #[test]
    fn examples_say_whether_they_match() {
        let parsed = PhraseFile::parse("colour.txt", HEAD).unwrap();
        let examples: Vec<_> = parsed.examples.iter().map(|one| (one.line, one.matches, one.said)).collect();
        assert_eq!(examples, [(2, true, "a red one"), (3, false, "a round one")]);
    }

    #[test]
    fn whatever_is_not_of_the_format_is_an_error_that_names_file_and_line() {
        for (body, line, kind) in [
            ("red\n", 5, NoReason),
            ("# Plain ones.\nRed\n", 6, BadPhrase),
            ("# Plain ones.\nred  one\n", 6, BadPhrase),
            ("# Plain ones.\nred \n", 6, BadPhrase),
            ("# Plain ones.\nred #why\n", 6, BadPhrase),
            ("# Plain ones.\nred | blue\n", 6, BadPhrase),
            ("# Plain ones.\nred\n# More.\nblue\n", 7, BadComment),
            ("#Plain ones.\nred\n", 5, BadComment),
            ("# Plain ones.\nred\n\n+ a blue one\n", 8, BadExample),
            ("# Plain ones.\npale ...\n", 6, HalfComposed),
            ("# Plain ones.\n... blue\n\n", 7, HalfComposed),
        ] {
            assert_eq!(
                phrases(&format!("{HEAD}{body}")),
                Err(FormatError { file: "colour.txt", line, kind }),
                "{body}"
            );
        }
        assert_eq!(phrases("# Colours.\nred\n").unwrap_err().to_string(), format!("colour.txt:2: {NoReason}"));
        assert_eq!(phrases("red\n").unwrap_err().to_string(), format!("colour.txt:1: {NoHead}"));
        assert_eq!(phrases("# Colours.\n+a red one\n").unwrap_err().to_string(), format!("colour.txt:2: {BadExample}"));
    }
}
