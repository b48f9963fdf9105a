//! Runs of digits that may form one number: dictated digit by digit or in groups, typed or spoken, over several turns
//! of one side.
//!
//! **Invariant:** what ends a run (any word that is no number, a placeholder, a longer turn of the other side) is the
//! same before and after redaction.

use std::ops::Range;

use domain::{Role, Turn};

use super::lexer::{Lexeme, LexemeKind, TurnSpan};
use super::spoken_numbers::{NumberWord, digit_value, number_word};

/// The other side may say at most this many words in a turn without ending the run.
const SHORT_TURN_WORDS: usize = 4;
/// More filler words than this end a run.
const MOST_FILLERS: usize = 3;

/// What separates a group of digits from the group before it, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Separator {
    /// White space, or nothing.
    #[default]
    Space,
    /// A dash.
    Dash,
    /// A point, a bracket, a spoken dash.
    Punctuation,
    /// A slash, an underscore, a bar or a star.
    Slash,
    /// A comma, the end of a turn, a filler word.
    Pause,
}

/// Digits that are written or said without a separator.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the group by itself")]
pub(super) struct DigitGroup {
    /// Its location; a group begins and ends in the same turn.
    pub(super) span: TurnSpan,
    /// What separates it from the group before.
    pub(super) separator: Separator,
    /// Its digits, as a range of the run's digits.
    pub(super) digits: Range<usize>,
    /// Whether all of it is typed.
    pub(super) is_typed: bool,
    /// Whether it is an "oh", which may be a zero or an interjection.
    pub(super) is_oh: bool,
    /// Whether a plus precedes it.
    pub(super) has_plus: bool,
    /// Whether letters stick to it, as in `a1b2`.
    pub(super) is_in_word: bool,
}

/// Groups that may be one number.
#[derive(Debug, Default)]
pub(super) struct DigitRun {
    pub(super) groups: Vec<DigitGroup>,
    pub(super) digits: Vec<u8>,
}

impl DigitRun {
    /// The digits of the groups from the first to the one before the end.
    pub(super) fn digits_of(&self, first: usize, end: usize) -> &[u8] {
        let groups = self.groups.get(first..end).unwrap_or_default();
        let digits = groups.first().zip(groups.last()).map(|(first, last)| first.digits.start..last.digits.end);
        digits.and_then(|digits| self.digits.get(digits)).unwrap_or_default()
    }
}

/// What was read since the last group.
#[derive(Debug, Default)]
struct Gap {
    binding: Separator,
    has_space: bool,
    /// A point or a comma.
    stop: Option<char>,
    fillers: usize,
    /// The byte offset of what the next group begins with, if that was read already.
    plus: Option<usize>,
    open_bracket: Option<usize>,
    times: Option<(usize, usize)>,
}

impl Gap {
    fn add(&mut self, separator: Separator) {
        self.binding = self.binding.max(separator);
    }

    /// A point that is followed by a space ends a sentence.
    fn separator(&self) -> Separator {
        if self.stop == Some('.') && self.has_space { Separator::Pause } else { self.binding }
    }
}

/// Reads the runs of one side.
#[derive(Debug, Default)]
struct RunReader {
    done: Vec<DigitRun>,
    run: DigitRun,
    gap: Gap,
}

/// The runs of one role.
pub(super) fn digit_runs(transcript: &[Turn], lexemes: &[Vec<Lexeme>], role: Role) -> Vec<DigitRun> {
    let mut reader = RunReader::default();
    for (turn, (said, lexemes)) in transcript.iter().zip(lexemes).enumerate() {
        if said.role == role {
            reader.read(turn, &said.text, lexemes);
            reader.gap.add(Separator::Pause);
        } else if !is_short_turn(&said.text, lexemes) {
            reader.stop();
        }
    }
    reader.stop();
    reader.done
}

/// The runs of one turn by itself.
pub(super) fn digit_runs_of_turn(turn: usize, text: &str, lexemes: &[Lexeme]) -> Vec<DigitRun> {
    let mut reader = RunReader::default();
    reader.read(turn, text, lexemes);
    reader.stop();
    reader.done
}

/// Whether a turn is so short that the run of the other side goes on after it. Numbers do not count as words, because
/// they may be redacted later; addresses do, and they are redacted before.
fn is_short_turn(text: &str, lexemes: &[Lexeme]) -> bool {
    let is_word =
        |lexeme: &&Lexeme| lexeme.kind == LexemeKind::Word && number_word(lexeme.of(text)) == NumberWord::Other;
    !text.contains(super::pii_kind::PiiKind::Email.placeholder())
        && lexemes.iter().filter(is_word).nth(SHORT_TURN_WORDS).is_none()
}

impl RunReader {
    fn stop(&mut self) {
        if !self.run.groups.is_empty() {
            self.done.push(std::mem::take(&mut self.run));
        }
        self.gap = Gap::default();
    }

    fn read(&mut self, turn: usize, text: &str, lexemes: &[Lexeme]) {
        let is_word = |at: Option<usize>| {
            let lexeme = at.and_then(|at| lexemes.get(at)).filter(|lexeme| lexeme.kind == LexemeKind::Word);
            lexeme.is_some_and(|lexeme| number_word(lexeme.of(text)) == NumberWord::Other)
        };
        for (at, lexeme) in lexemes.iter().enumerate() {
            let bytes = &lexeme.bytes;
            match lexeme.kind {
                LexemeKind::Number => {
                    self.number(turn, lexeme.of(text), bytes);
                    let is_in_word = is_word(at.checked_sub(1)) || is_word(Some(at + 1));
                    if let Some(number) = self.run.groups.last_mut() {
                        number.is_in_word = is_in_word;
                    }
                }
                LexemeKind::Word => self.word(turn, number_word(lexeme.of(text)), bytes),
                LexemeKind::Space => self.gap.has_space = true,
                LexemeKind::Annotation => self.filler(),
                LexemeKind::Redacted => {
                    self.stop();
                }
                LexemeKind::Symbol(symbol) => self.symbol(symbol, bytes.start),
            }
        }
        // A group does not begin in one turn and end in the next one.
        self.gap.plus = None;
        self.gap.open_bracket = None;
        self.gap.times = None;
    }

    fn symbol(&mut self, symbol: char, offset: usize) {
        match symbol {
            '-' => self.gap.add(Separator::Dash),
            '(' | ')' => {
                self.gap.add(Separator::Punctuation);
                self.gap.open_bracket = (symbol == '(').then_some(offset);
            }
            '.' | ',' => {
                self.gap.add(if symbol == '.' { Separator::Punctuation } else { Separator::Pause });
                self.gap.stop = Some(symbol);
            }
            '/' | '_' | '|' | '*' => self.gap.add(Separator::Slash),
            '+' | '\u{ff0b}' => self.plus(offset),
            _ => self.stop(),
        }
    }

    fn plus(&mut self, offset: usize) {
        self.stop();
        self.gap.plus = Some(offset);
    }

    fn filler(&mut self) {
        self.gap.add(Separator::Pause);
        self.gap.fillers += 1;
        if self.gap.fillers > MOST_FILLERS {
            self.stop();
        }
    }

    fn number(&mut self, turn: usize, number: &str, bytes: &Range<usize>) {
        let digits: Vec<u8> = number.chars().filter_map(digit_value).collect();
        let counts_thousands = self.gap.stop == Some(',') && !self.gap.has_space && digits.len() == 3;
        if counts_thousands && self.run.groups.last().is_none_or(|last| last.is_typed && last.digits.len() <= 3) {
            self.stop();
        }
        self.push(turn, bytes, &digits, true);
    }

    fn word(&mut self, turn: usize, word: NumberWord, bytes: &Range<usize>) {
        match word {
            NumberWord::Digits(digits) => self.spoken_digits(turn, bytes, digits),
            NumberWord::Oh => {
                self.push(turn, bytes, b"\0", false);
                if let Some(oh) = self.run.groups.last_mut() {
                    oh.is_oh = true;
                }
            }
            NumberWord::Hundred => self.hundred(turn, bytes),
            NumberWord::Repeat(times) => self.gap.times = Some((times, bytes.start)),
            NumberWord::Dash => self.gap.add(Separator::Punctuation),
            NumberWord::Slash => self.gap.add(Separator::Slash),
            NumberWord::Plus => self.plus(bytes.start),
            NumberWord::Filler => self.filler(),
            NumberWord::Other => self.stop(),
        }
    }

    fn spoken_digits(&mut self, turn: usize, bytes: &Range<usize>, spelled: &str) {
        let digits: Vec<u8> = spelled.bytes().map(|digit| digit - b'0').collect();
        let is_tens = |group: &DigitGroup| matches!(self.run.digits.get(group.digits.clone()), Some([2..=9, 0]));
        let follows_tens = self.group_right_before(turn).is_some_and(|group| !group.is_typed && is_tens(group));
        match (self.run.groups.last_mut(), digits.as_slice()) {
            // "Twenty one" are two digits.
            (Some(tens), [1..=9]) if follows_tens => {
                self.run.digits.pop();
                self.run.digits.extend(digits);
                tens.span.bytes.end = bytes.end;
                self.gap = Gap::default();
            }
            _ => self.push(turn, bytes, &digits, false),
        }
    }

    fn hundred(&mut self, turn: usize, bytes: &Range<usize>) {
        let follows_digit = self.group_right_before(turn).is_some_and(|group| group.digits.len() == 1);
        match self.run.groups.last_mut() {
            Some(digit) if follows_digit => {
                self.run.digits.extend([0, 0]);
                digit.digits.end += 2;
                digit.is_typed = false;
                digit.span.bytes.end = bytes.end;
                self.gap = Gap::default();
            }
            _ => self.stop(),
        }
    }

    /// The last group, if it ends right before the word that is being read.
    fn group_right_before(&self, turn: usize) -> Option<&DigitGroup> {
        let is_near = self.gap.separator() <= Separator::Dash;
        let last = self.run.groups.last().filter(|last| is_near && last.span.turn == turn && !last.is_oh);
        last.filter(|_| self.gap.times.is_none())
    }

    fn push(&mut self, turn: usize, bytes: &Range<usize>, digits: &[u8], is_typed: bool) {
        let mut gap = std::mem::take(&mut self.gap);
        let repeated = gap.times.filter(|_| digits.len() == 1);
        if repeated != gap.times {
            gap.add(Separator::Pause);
        }
        let (times, from) = repeated.unwrap_or((1, bytes.start));
        let start = [Some(from), gap.plus, gap.open_bracket].into_iter().flatten().min().unwrap_or(from);
        let first = self.run.digits.len();
        (0..times).for_each(|_| self.run.digits.extend(digits));
        self.run.groups.push(DigitGroup {
            span: TurnSpan { turn, bytes: start..bytes.end },
            separator: gap.separator(),
            digits: first..self.run.digits.len(),
            is_typed: is_typed && times == 1,
            is_oh: false,
            has_plus: gap.plus.is_some(),
            is_in_word: false,
        });
    }
}
