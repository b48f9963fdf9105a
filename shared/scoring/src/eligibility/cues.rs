//! The cues of machines in `shared/scoring/machines/`: one file for each kind of cue, one pattern a line.
//!
//! ```text
//! # A comment.
//! leave|record your? .. message
//! ^ okay _ press
//! 발신음
//! ```
//!
//! A pattern in Latin letters is words: `a|b` is one of several, `a?` may be missing, `_` is at most one word, `..` at most
//! [`GAP`], and `^` is the beginning of what is said. Its words have neither accents ([`plain`]) nor apostrophes. A pattern of another script
//! is a text that is found anywhere, whatever the spaces: not all scripts separate words.
//!
//! **Invariant:** a cue knows nothing of whoever says it; what follows from cues is in [`super::machine`].

use std::sync::LazyLock;

/// The most words that `..` stands for.
const GAP: usize = 4;
/// The most words that `...` stands for.
const LONG_GAP: usize = 10;

/// What a pattern is a cue of; the file of each kind says what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// Only a machine that records a message says this.
    Prompt,
    /// A request for a message.
    Leave,
    /// The signal after which a message is recorded.
    Tone,
    /// Nobody can take the call.
    Absence,
    /// Only a network says this: the number cannot be reached.
    Unreachable,
    /// Only a menu or a queue says this.
    Menu,
    /// A request to press a key.
    Key,
    /// Machines say this and people as well.
    Notice,
    /// A person speaks, unless it is the greeting of an answering machine.
    Person,
    /// A person speaks, who tells of a machine, helps through a menu or has picked up.
    Report,
    /// The speaker talks of themselves, as no network and no menu does.
    Oneself,
    /// The speaker gives a name.
    Name,
}

const FILES: [(Cue, &str); 12] = [
    (Cue::Prompt, include_str!("../../machines/prompt.txt")),
    (Cue::Leave, include_str!("../../machines/leave.txt")),
    (Cue::Tone, include_str!("../../machines/tone.txt")),
    (Cue::Absence, include_str!("../../machines/absence.txt")),
    (Cue::Unreachable, include_str!("../../machines/unreachable.txt")),
    (Cue::Menu, include_str!("../../machines/menu.txt")),
    (Cue::Key, include_str!("../../machines/key.txt")),
    (Cue::Notice, include_str!("../../machines/notice.txt")),
    (Cue::Person, include_str!("../../machines/person.txt")),
    (Cue::Report, include_str!("../../machines/report.txt")),
    (Cue::Oneself, include_str!("../../machines/oneself.txt")),
    (Cue::Name, include_str!("../../machines/name.txt")),
];

/// A part of a pattern.
#[derive(Debug)]
enum Part {
    /// The beginning of what is said.
    Beginning,
    /// At most so many words.
    Gap(usize),
    /// One of these words.
    Word { spellings: Vec<&'static str>, is_optional: bool },
}

/// A pattern in Latin letters.
#[derive(Debug)]
struct WordPattern {
    cue: Cue,
    parts: Vec<Part>,
}

/// All patterns.
#[derive(Debug, Default)]
struct Patterns {
    words: Vec<WordPattern>,
    /// Texts of other scripts without spaces.
    texts: Vec<(Cue, String)>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let mut patterns = Patterns::default();
    for (cue, file) in FILES {
        for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if is_latin(line) {
                patterns.words.push(WordPattern { cue, parts: line.split(' ').map(part).collect() });
            } else {
                patterns.texts.push((cue, squeezed(line)));
            }
        }
    }
    patterns
});

/// Whether a pattern is words and not a text of another script.
fn is_latin(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn part(written: &'static str) -> Part {
    match written {
        "^" => Part::Beginning,
        "_" => Part::Gap(1),
        ".." => Part::Gap(GAP),
        "..." => Part::Gap(LONG_GAP),
        _ => {
            let word = written.strip_suffix('?');
            let spellings = word.unwrap_or(written).split('|').collect();
            Part::Word { spellings, is_optional: word.is_some() }
        }
    }
}

/// A cue that was found. Where the script has no words, announcements are the first word, and what a person reports is none.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What it is a cue of.
    pub(super) cue: Cue,
    /// The words that the pattern spells, without those in its gaps.
    pub(super) words: Vec<usize>,
}

impl Found {
    /// Its first word.
    pub(super) fn start(&self) -> usize {
        self.words.first().copied().unwrap_or(usize::MAX)
    }

    /// The word after its last.
    pub(super) fn end(&self) -> usize {
        self.words.last().map_or(0, |last| last + 1)
    }
}

/// The cues in what is said: in its plain words ([`plain`]), and in its text ([`squeezed`]).
pub(super) fn cues(words: &[String], squeezed_text: &str) -> Vec<Found> {
    let starts = |pattern: &'static WordPattern| {
        let found = move |start: usize| {
            let mut spelled = Vec::new();
            matches(&pattern.parts, words, start, &mut spelled).then_some(Found { cue: pattern.cue, words: spelled })
        };
        (0..words.len()).filter_map(found)
    };
    let texts = PATTERNS.texts.iter().filter(|(_, text)| squeezed_text.contains(text));
    let text =
        |(cue, _): &(Cue, String)| Found { cue: *cue, words: if *cue == Cue::Report { Vec::new() } else { vec![0] } };
    PATTERNS.words.iter().flat_map(starts).chain(texts.map(text)).collect()
}

/// Whether the parts match at a word; if so, the words that they spell are appended.
fn matches(parts: &[Part], words: &[String], at: usize, spelled: &mut Vec<usize>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return true };
    match part {
        Part::Beginning => at == 0 && matches(rest, words, at, spelled),
        Part::Gap(most) => (at..=at + most).any(|next| matches(rest, words, next, spelled)),
        Part::Word { spellings, is_optional } => {
            if words.get(at).is_some_and(|word| spellings.contains(&word.as_str())) {
                let length = spelled.len();
                spelled.push(at);
                if matches(rest, words, at + 1, spelled) {
                    return true;
                }
                spelled.truncate(length);
            }
            *is_optional && matches(rest, words, at, spelled)
        }
    }
}

/// A word as the patterns spell it: without accents but for an "é" at its end, which tells "dejé" (I left) from "deje" (leave). It
/// is folded already.
pub(super) fn plain(word: &str) -> String {
    let mut spelled = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'é' if letters.peek().is_none() => spelled.push(letter),
            'à'..='å' | 'ā' | 'ă' | 'ą' => spelled.push('a'),
            'ç' | 'ć' | 'č' => spelled.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => spelled.push('e'),
            'ì'..='ï' | 'ī' | 'ı' => spelled.push('i'),
            'ñ' | 'ń' | 'ň' => spelled.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => spelled.push('o'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => spelled.push('u'),
            'ś' | 'š' | 'ş' | 'ș' => spelled.push('s'),
            'ź' | 'ż' | 'ž' => spelled.push('z'),
            'ý' | 'ÿ' => spelled.push('y'),
            'ł' => spelled.push('l'),
            'ř' => spelled.push('r'),
            'ğ' => spelled.push('g'),
            'ţ' | 'ț' | 'ť' => spelled.push('t'),
            'ď' => spelled.push('d'),
            'æ' => spelled.push_str("ae"),
            'œ' => spelled.push_str("oe"),
            'ß' => spelled.push_str("ss"),
            '\u{300}'..='\u{36f}' => {}
            other => spelled.push(other),
        }
    }
    spelled
}

/// A text without spaces and punctuation, in lower case.
pub(super) fn squeezed(text: &str) -> String {
    let is_mark = |letter: char| {
        letter.is_whitespace() || letter.is_ascii_punctuation() || "。、，！？「」…।،¿¡".contains(letter)
    };
    text.chars().filter(|letter| !is_mark(*letter)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(cue: Cue, said: &str) -> bool {
        let words: Vec<String> = said.split(' ').map(plain).collect();
        cues(&words, &squeezed(said)).iter().any(|found| found.cue == cue)
    }

    #[test]
    fn patterns_are_plain_words_or_texts_of_another_script() {
        for (cue, file) in FILES {
            for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let is_plain = |letter: char| {
                    letter.is_ascii_lowercase() || letter.is_ascii_digit() || " |?_.^'é".contains(letter)
                };
                let is_other = |letter: char| {
                    !letter.is_ascii() && plain(&letter.to_string()).chars().eq([letter]) || letter == ' '
                };
                assert!(line.chars().all(if is_latin(line) { is_plain } else { is_other }), "{cue:?}: {line}");
                assert!(!line.starts_with(' ') && !line.ends_with(' ') && !line.contains("  "), "{cue:?}: {line}");
            }
        }
    }

    #[test]
    fn a_pattern_is_found_with_its_alternatives_and_gaps() {
        assert!(found(Cue::Prompt, "please wait for the beep") && found(Cue::Prompt, "listen for the tone"));
        assert!(found(Cue::Key, "press pound") && found(Cue::Key, "press the pound key"));
        assert!(
            found(Cue::Leave, "leave a short but friendly message")
                && !found(Cue::Leave, "leave and never come back with that message")
        );
        assert!(found(Cue::Report, "no thanks") && !found(Cue::Report, "there is no tone"));
    }

    #[test]
    fn scripts_without_words_are_searched_as_text() {
        assert!(found(Cue::Prompt, "ピーという 音の後に、どうぞ。") && !found(Cue::Prompt, "音の後に"));
    }
}
