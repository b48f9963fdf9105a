//! Dates as they are typed and said: `5/3/84`, "march fifth nineteen eighty four", "oh three oh five eighty four".

use super::spoken_numbers::{NumberWord, digit_value};
use super::tokens::{TokenKind, TurnTokens};
use super::word_set::WordSet;

static MONTHS: WordSet = WordSet::of(
    "january february march april may june july august september october november december jan feb mar apr \
    jun jul aug sep sept oct nov dec",
);
const ORDINALS: &str = "\
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth \
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth";
static WEEKDAYS: WordSet = WordSet::of(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun tomorrow \
    today yesterday next last this",
);
/// Between the parts of a date stand at most this many words and symbols that are none.
const MOST_JOINERS: usize = 3;
/// A longer number is no date.
const MOST_DIGITS: usize = 8;
const MOST_PARTS: usize = 9;

/// What a date is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DateShape {
    /// Its first token: that of the "the" before it.
    pub(super) start: usize,
    /// The token after it.
    pub(super) end: usize,
    /// How many of its parts are names of months.
    pub(super) months: usize,
    /// How many of its parts are numbers.
    pub(super) numbers: usize,
    /// How many digits its numbers have.
    pub(super) digits: usize,
    /// How many of its numbers are days as in "fifth" or `5th`.
    pub(super) ordinals: usize,
    /// Whether it is one number that is a year.
    pub(super) is_year: bool,
    /// Its digits as a number, as far as they are figures.
    figures: u32,
}

impl DateShape {
    /// Whether it says a day and a month, or a year besides. Six or eight digits without anything between them are a
    /// day only where one is expected.
    pub(super) const fn is_day(&self, is_expected: bool) -> bool {
        let with_month = self.months == 1 && self.numbers > 0;
        let of_numbers = self.numbers > 2 && self.digits >= 4 || self.ordinals > 1;
        let of_one = is_expected && self.numbers == 1 && matches!(self.digits, 6 | 8);
        self.digits <= MOST_DIGITS && (with_month || self.months == 0 && (of_numbers || of_one))
    }

    /// Whether it says a month and a year.
    pub(super) fn is_month(&self) -> bool {
        let year_of = |figures: u32| matches!(figures, 20..=50 | 2020..=2050);
        let month_first = match self.digits {
            3 | 4 => Some((self.figures / 100, self.figures % 100)),
            5 | 6 => Some((self.figures / 10_000, self.figures % 10_000)),
            _ => None,
        };
        let year_first = (self.digits == 6).then_some((self.figures % 100, self.figures / 100));
        let is_one = |(month, year): (u32, u32)| matches!(month, 1..=12) && year_of(year);
        let of_numbers = self.months == 0 && (month_first.is_some_and(is_one) || year_first.is_some_and(is_one));
        of_numbers || self.months == 1 && self.numbers > 0 && self.digits <= 4
    }
}

/// The date that begins there, if a part of one does; it may be only a part. A day of the week before it makes it an
/// appointment.
pub(super) fn date_at(turn: &TurnTokens, start: usize) -> Option<DateShape> {
    date_of(turn, start, MOST_PARTS)
}

/// The month and the year that begin there, as on a card.
pub(super) fn month_at(turn: &TurnTokens, start: usize) -> Option<DateShape> {
    [2, 3, 4].into_iter().find_map(|parts| date_of(turn, start, parts).filter(DateShape::is_month))
}

fn date_of(turn: &TurnTokens, start: usize, most_parts: usize) -> Option<DateShape> {
    let before = (0..start).rev().find(|at| !matches!(turn.spelling(*at), "the" | "," | "on"));
    if before.is_some_and(|at| start - at <= 3 && turn.is_word_of(at, &WEEKDAYS)) {
        return None;
    }
    let has_article = start.checked_sub(1).is_some_and(|before| turn.spelling(before) == "the");
    let mut date = DateShape { start: start - usize::from(has_article), end: start, ..DateShape::default() };
    let mut at = start;
    let mut joiners = 0;
    while joiners <= MOST_JOINERS && date.months + date.numbers < most_parts {
        if let Some(part) = part_at(turn, at) {
            if turn.is_unit(part.end) {
                break;
            }
            date.months += part.months;
            date.numbers += part.numbers;
            date.digits += part.digits;
            date.ordinals += part.ordinals;
            date.is_year = date.numbers + date.months == 1 && part.is_year;
            let shift = u32::try_from(part.digits).map_or(0, |digits| 10_u32.saturating_pow(digits));
            date.figures = date.figures.saturating_mul(shift).saturating_add(part.figures);
            date.end = part.end;
            (at, joiners) = (part.end, 0);
        } else if at > start && is_joiner(turn, at) {
            joiners += 1;
            at += 1;
        } else {
            break;
        }
    }
    (date.end > start && date.months <= 1).then_some(date)
}

/// The part of a date that stands there.
fn part_at(turn: &TurnTokens, at: usize) -> Option<DateShape> {
    let word = turn.spelling(at);
    match turn.kind(at)? {
        TokenKind::Number => {
            let values = word.chars().filter_map(digit_value);
            let figures =
                values.clone().fold(0_u32, |sum, digit| sum.saturating_mul(10).saturating_add(u32::from(digit)));
            let digits = values.count();
            let is_ordinal = turn.is_glued(at + 1) && matches!(turn.spelling(at + 1), "st" | "nd" | "rd" | "th");
            let part = number(at + 1 + usize::from(is_ordinal), digits, figures, is_ordinal);
            (digits <= MOST_DIGITS).then_some(part)
        }
        TokenKind::Word if turn.is_word_of(at, &MONTHS) => {
            let has_point = turn.is_symbol(at + 1, &['.']) && turn.is_glued(at + 1) && word.len() < 5;
            Some(DateShape { end: at + 1 + usize::from(has_point), months: 1, ..DateShape::default() })
        }
        TokenKind::Word => ordinal(word).map(|day| number(at + 1, 2, day, true)).or_else(|| spoken_part(turn, at)),
        _ => None,
    }
}

/// A number in a date.
fn number(end: usize, digits: usize, figures: u32, is_ordinal: bool) -> DateShape {
    let is_year = digits == 4 && matches!(figures, 1900..=2029);
    let ordinals = usize::from(is_ordinal);
    DateShape { end, numbers: 1, digits, figures, ordinals, is_year, ..DateShape::default() }
}

/// The number that is spoken there: "twenty first", "eighty four", "nineteen eighty four", "two thousand".
fn spoken_part(turn: &TurnTokens, at: usize) -> Option<DateShape> {
    let digits = match turn.number_word(at) {
        NumberWord::Digits(digits) => digits,
        NumberWord::Oh => "0",
        _ => return None,
    };
    let value: u32 = digits.parse().ok()?;
    let next = at + 1 + usize::from(turn.is_symbol(at + 1, &['-']));
    let unit = |at: usize| match turn.number_word(at) {
        NumberWord::Digits(digit) if digit.len() == 1 && digit != "0" => digit.parse::<u32>().ok(),
        _ => None,
    };
    if value == 0
        && digits.len() == 1
        && let Some(unit) = unit(next)
    {
        return Some(number(next + 1, 2, unit, false));
    }
    let is_tens = digits.len() == 2 && digits.ends_with('0') && value > 10;
    match turn.spelling(next) {
        "thousand" if value == 2 => {
            let rest = next + 1 + usize::from(turn.spelling(next + 1) == "and");
            let year = match turn.number_word(rest) {
                NumberWord::Digits(digits) => digits.parse().ok().map(|year: u32| (rest + 1, 2000 + year)),
                _ => None,
            };
            let (end, year) = year.unwrap_or((next + 1, 2000));
            Some(number(end, 4, year, false))
        }
        "hundred" if matches!(value, 18..=20) => Some(number(next + 1, 4, value * 100, false)),
        // Any other hundred is an amount.
        "hundred" | "thousand" => None,
        day if is_tens && ordinal(day).is_some_and(|day| day < 10) => {
            Some(number(next + 1, 2, value + ordinal(day).unwrap_or_default(), true))
        }
        _ if is_tens && unit(next).is_some() => {
            Some(number(next + 1, 2, value + unit(next).unwrap_or_default(), false))
        }
        _ => Some(number(at + 1, digits.len(), value, false)),
    }
}

/// The day that an ordinal says.
fn ordinal(word: &str) -> Option<u32> {
    let day = ORDINALS.split_ascii_whitespace().position(|listed| listed == word)?;
    u32::try_from(day).ok().map(|day| if day < 20 { day + 1 } else { 30 })
}

fn is_joiner(turn: &TurnTokens, at: usize) -> bool {
    match turn.kind(at) {
        // A point ends a sentence, unless digits or a month stick to it.
        Some(TokenKind::Symbol('.')) => turn.is_glued(at) && turn.is_glued(at + 1),
        Some(TokenKind::Symbol('/' | '-' | ',' | '\'' | '’')) => true,
        Some(TokenKind::Word) => {
            turn.spelling(at) == "and"
                && at.checked_sub(1).is_some_and(|before| turn.is_any_of(before, &["hundred", "thousand"]))
                || matches!(turn.spelling(at), "of" | "the" | "in" | "slash" | "dash" | "uh" | "um" | "day" | "year")
        }
        _ => false,
    }
}
