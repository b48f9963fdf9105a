//! Finds passages in quotation marks, of whatever script and however the marks are paired.
//!
//! **Invariant:** what [`plain`] returns contains no mark that could close a passage which `“` opens.

use scoring::evidence::{is_invisible, is_unspaced};

use crate::unseen::may_follow;

/// A passage in quotation marks.
#[derive(Debug)]
pub(super) struct Passage<'t> {
    /// What stands between the marks.
    pub(super) inside: &'t [char],
    /// The index after the closing mark.
    pub(super) end: usize,
}

/// The passage that the mark at `start` opens; `None` when it opens none.
pub(super) fn passage(text: &[char], start: usize) -> Option<Passage<'_>> {
    let opening = *text.get(start)?;
    let closers: &[char] = match opening {
        // After a word and before white space it closes what nothing has opened, or means inches.
        '"' | '\u{ff02}' | '″' if !ends_word(text, start) => &['"', '\u{ff02}', '″', '”'],
        '“' | '„' | '‟' => &['”', '“', '"', '\u{ff02}'],
        '”' if begins_word(text, start) => &['”', '“', '"', '\u{ff02}'],
        '«' => &['»'],
        '»' if begins_word(text, start) => &['«', '»'],
        '‹' => &['›'],
        '›' if begins_word(text, start) => &['‹', '›'],
        '「' => &['」'],
        '『' => &['』'],
        '｢' => &['｣'],
        '《' => &['》'],
        '〈' => &['〉'],
        '❝' => &['❞'],
        '❛' => &['❜'],
        '〝' => &['〞', '〟'],
        '`' => &['`'],
        '‘' | '‚' | '‛' => &['’', '‘'],
        '\'' | '’' if begins_word(text, start) => &['\'', '’'],
        _ => return None,
    };
    let is_single = matches!(opening, '‘' | '‚' | '‛' | '\'' | '’');
    let is_closing = |(at, mark): &(usize, &char)| {
        closers.contains(mark)
            && !(is_single && is_apostrophe(text, *at))
            && !(**mark == '“' && begins_passage(text, *at))
    };
    let (closing, _) = text.iter().enumerate().skip(start + 1).find(is_closing)?;
    Some(Passage { inside: text.get(start + 1..closing)?, end: closing + 1 })
}

/// Whether no word ends before the mark and none that is apart from it follows.
fn begins_word(text: &[char], at: usize) -> bool {
    !before(text, at).is_some_and(char::is_alphanumeric) && after(text, at).is_some_and(|next| !next.is_whitespace())
}

/// Whether the mark stands apart from what is before it, but not from what follows.
fn begins_passage(text: &[char], at: usize) -> bool {
    before(text, at).is_none_or(|before| before.is_whitespace() || "([（［".contains(before))
        && after(text, at).is_some_and(|next| !next.is_whitespace())
}

/// Whether a word ends before the mark and none follows at once.
fn ends_word(text: &[char], at: usize) -> bool {
    before(text, at).is_some_and(char::is_alphanumeric) && after(text, at).is_none_or(char::is_whitespace)
}

/// Whether a single mark is within a word. Words of scripts that put no spaces between them have no apostrophes.
fn is_apostrophe(text: &[char], at: usize) -> bool {
    after(text, at).is_some_and(|next| next.is_alphanumeric() && !is_unspaced(next))
}

fn before(text: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).and_then(|before| text.get(before)).copied()
}

fn after(text: &[char], at: usize) -> Option<char> {
    text.get(at + 1).copied()
}

/// Whether the character is a quotation mark that is never an apostrophe, and can be removed where it opens and closes nothing.
pub(super) fn is_mark(character: char) -> bool {
    is_double_mark(character) || "‹›❛❜`‘‚‛".contains(character)
}

/// Whether the character is a quotation mark or an apostrophe.
pub(super) fn is_any_mark(character: char) -> bool {
    is_mark(character) || matches!(character, '\'' | '’')
}

/// Whether the character is a quotation mark that is not compared as an apostrophe either.
fn is_double_mark(character: char) -> bool {
    "\"“”„‟«»「」『』｢｣《》〈〉❝❞〝〞〟″\u{ff02}".contains(character)
}

/// What was said, as it can be put in quotation marks: on one line, without characters that cannot be seen and without
/// quotation marks. What only a mark has kept apart is kept apart by a space.
pub(super) fn plain(text: &str) -> String {
    let mut plain = Vec::new();
    let mut is_apart = false;
    for character in text.chars() {
        if is_double_mark(character) {
            is_apart = true;
            continue;
        }
        if is_apart && character.is_alphanumeric() && plain.last().copied().is_some_and(char::is_alphanumeric) {
            plain.push(' ');
        }
        is_apart &= is_invisible(character);
        push_visible(&mut plain, if character.is_whitespace() { ' ' } else { character });
    }
    plain.iter().collect::<String>().trim_end().to_owned()
}

/// The text on as few lines as it has, with one space for each other run of white space and without characters that
/// cannot be seen.
pub(super) fn visible(text: &str, longest: usize) -> Vec<char> {
    let mut visible = Vec::new();
    for character in text.chars().take(longest) {
        push_visible(&mut visible, character);
    }
    visible
}

/// Appends the character if it can be seen. Of a run of white space there remains a line break, if there is one, or a space.
pub(super) fn push_visible(text: &mut Vec<char>, character: char) {
    if !character.is_whitespace() {
        if may_follow(text.last().copied(), character) {
            text.push(character);
        }
        return;
    }
    let space = if is_line_break(character) { '\n' } else { ' ' };
    match text.last_mut() {
        Some(last) if !last.is_whitespace() => text.push(space),
        Some(last) if space == '\n' => *last = space,
        _ => {}
    }
}

const fn is_line_break(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
