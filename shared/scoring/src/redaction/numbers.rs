//! Finds the numbers in a call that are personal data.
//!
//! - **Cards**: 13 to 19 digits that pass Luhn's check. Typed with only spaces and dashes in between, they are a card
//!   whatever their prefix; spoken, or as a part of a longer number, only with the prefix and the length of a card.
//!   With both, 15 or 16 digits that stand by themselves are one even if a digit was misheard and the check fails, unless
//!   they are said to be the number of something else.
//! - **Social security numbers**: nine digits with an area that is issued, typed 3-2-4 or in the context of such a
//!   number.
//! - **Phones**: digits after a plus; ten digits of the North American plan, or eleven with its 1, grouped 3-3-4 or
//!   without another context; ten or eleven digits that begin with a single 0, as national numbers in other countries
//!   do, without another context; seven digits or more in the context of a phone.
//!
//! **Invariant:** redacting twice is redacting once: whether digits are personal data depends only on what stands
//! between them and the nearest end of their run or the nearest personal data in it, and what is left of a run is
//! searched again after each find.

use domain::{Role, Turn};

use super::Lexed;
use super::digit_runs::{DigitRun, Separator, digit_runs};
use super::lexer::TurnSpan;
use super::number_context::{ContextsByTurn, NumberContext};
use super::pii_kind::PiiKind;
use super::said_values::SaidValues;

const LONGEST_CARD: usize = 19;
/// This many numbers in a row that go up or down by one are counting, not dictation.
const FEWEST_COUNTED: usize = 5;

/// How dates and ZIP codes are grouped: 2026-11-22, 22-11-2026, 1/9/2026, 94107-1234.
const DATE_AND_ZIP_GROUPINGS: [&[usize]; 8] =
    [&[4, 2, 2], &[4, 1, 2], &[4, 2, 1], &[2, 2, 4], &[1, 2, 4], &[2, 1, 4], &[1, 1, 4], &[5, 4]];

/// The numbers of a transcript that are personal data.
pub(super) fn find(transcript: &[Turn], lexed: &Lexed, known: &mut SaidValues) -> Vec<(TurnSpan, PiiKind)> {
    let contexts = ContextsByTurn::of(&lexed.tokens, &lexed.cues);
    let mut found = Vec::new();
    for role in [Role::Agent, Role::Customer, Role::Other] {
        for run in digit_runs(transcript, &lexed.lexemes, role) {
            let mut pii = Vec::new();
            search(Segment { run: &run, contexts: &contexts, first: 0, end: run.groups.len() }, &mut pii);
            for (first, end, kind) in pii {
                known.add_number(kind, run.digits_of(first, end));
                found.extend(spans(transcript, &run, first, end).map(|span| (span, kind)));
            }
        }
    }
    found
}

/// Finds the personal data in a segment from left to right, and then in what is left between two finds.
fn search(mut segment: Segment, pii: &mut Vec<(usize, usize, PiiKind)>) {
    let mut start = segment.first;
    while start < segment.end {
        match segment.pii_at(start) {
            Some((end, kind)) => {
                pii.push((start, end, kind));
                if segment.first < start {
                    search(Segment { end: start, ..segment }, pii);
                }
                (segment.first, start) = (end, end);
            }
            None => start += 1,
        }
    }
}

/// The span of the groups in each turn. A bracket that opens before them belongs to them if it closes in them.
#[expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "groups are those of the run, and spans those of the transcript"
)]
fn spans(transcript: &[Turn], run: &DigitRun, first: usize, end: usize) -> impl Iterator<Item = TurnSpan> {
    run.groups[first..end].chunk_by(|a, b| a.span.turn == b.span.turn).map(|groups| {
        let (first, last) = (&groups[0].span, &groups[groups.len() - 1].span);
        let bytes = first.bytes.start..last.bytes.end;
        let text = &transcript[first.turn].text[bytes.clone()];
        let is_left_open = text.starts_with('(') && !text.contains(')');
        TurnSpan { turn: first.turn, bytes: bytes.start + usize::from(is_left_open)..bytes.end }
    })
}

/// The groups of a run between two finds, or between a find and an end of the run.
#[derive(Clone, Copy)]
struct Segment<'r> {
    run: &'r DigitRun,
    contexts: &'r ContextsByTurn,
    first: usize,
    end: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "start is a group of the segment, end comes after it and is at most the end of the segment, which is within the run"
)]
impl Segment<'_> {
    /// The personal data that begins with that group, and the group it ends before.
    fn pii_at(&self, start: usize) -> Option<(usize, PiiKind)> {
        let longest = |is: fn(&Self, usize, usize) -> bool| self.ends(start).rev().find(|end| is(self, start, *end));
        if let Some(end) = longest(Self::is_card) {
            return Some((end, PiiKind::Card));
        }
        let ssn = longest(Self::is_ssn).map(|end| (end, PiiKind::Ssn));
        let other = ssn.or_else(|| longest(Self::is_phone).map(|end| (end, PiiKind::Phone)))?;
        // A card that begins within the other number takes precedence.
        let has_card = (start + 1..other.0).any(|inner| self.ends(inner).any(|end| self.is_card(inner, end)));
        (!has_card).then_some(other)
    }

    /// The positions at which a number that begins with that group may end: it has at most as many digits as a card.
    fn ends(&self, start: usize) -> impl DoubleEndedIterator<Item = usize> {
        let groups = &self.run.groups[start..self.end];
        let fits = groups
            .iter()
            .take(LONGEST_CARD)
            .take_while(|group| group.digits.end - groups[0].digits.start <= LONGEST_CARD);
        start + 1..start + 1 + fits.count()
    }

    fn digits(&self, start: usize, end: usize) -> &[u8] {
        self.run.digits_of(start, end)
    }

    fn is_card(&self, start: usize, end: usize) -> bool {
        let digits = self.digits(start, end);
        (13..=LONGEST_CARD).contains(&digits.len())
            && passes_luhn(digits)
            && (has_card_prefix(digits) && !self.is_counting(start, end) || self.is_typed_alone(start, end))
            || self.is_misheard_card(start, end, digits)
    }

    /// Whether a card's number with a wrong digit stands by itself.
    fn is_misheard_card(&self, start: usize, end: usize, digits: &[u8]) -> bool {
        matches!(digits.len(), 15 | 16)
            && has_card_prefix(digits)
            && self.is_bounded(start, end)
            && !self.is_counting(start, end)
            && !self.is_in_word(start, end)
            && !matches!(self.context(start), Some(NumberContext::Other))
    }

    /// Whether letters stick to the digits.
    fn is_in_word(&self, start: usize, end: usize) -> bool {
        self.run.groups[start..end].iter().any(|group| group.is_in_word)
    }

    /// Whether the groups are typed with only spaces and dashes in between, and no other typed group is next to them in
    /// that way.
    fn is_typed_alone(&self, start: usize, end: usize) -> bool {
        let is_next_to = |index: usize| {
            let groups = &self.run.groups;
            let is_plain = groups[index].separator <= Separator::Dash;
            is_plain && groups[index - 1].is_typed && groups[index].is_typed
        };
        self.run.groups[start].is_typed
            && (start + 1..end).all(is_next_to)
            && (start == self.first || !is_next_to(start))
            && (end == self.end || !is_next_to(end))
    }

    fn is_ssn(&self, start: usize, end: usize) -> bool {
        let digits = self.digits(start, end);
        if digits.len() != 9 || !is_issued_ssn(digits) || self.is_in_word(start, end) {
            return false;
        }
        let is_usual_grouping = self.is_grouped(start, end, &[3, 2, 4]);
        is_usual_grouping && self.is_tight(start, end)
            || self.is_bounded(start, end) && (is_usual_grouping || self.context(start) == Some(NumberContext::Ssn))
    }

    fn is_phone(&self, start: usize, end: usize) -> bool {
        let digits = self.digits(start, end);
        let is_bounded = self.is_bounded(start, end);
        if self.is_in_word(start, end) {
            return false;
        }
        if self.run.groups[start].has_plus {
            return (8..=15).contains(&digits.len()) && (is_bounded || matches!(digits, [1, ..] if digits.len() == 11));
        }
        let national = digits.strip_prefix(&[1]).filter(|rest| rest.len() == 10).unwrap_or(digits);
        let is_national = national.len() == 10 && has_area_code(national);
        let is_usual_grouping = is_national && end - start > 2 && self.is_grouped(end - 3, end, &[3, 3, 4]);
        if is_usual_grouping && self.is_tight(end - 3, end) {
            return true;
        }
        let is_other = self.is_counting(start, end)
            || DATE_AND_ZIP_GROUPINGS.iter().any(|grouping| self.is_grouped(start, end, grouping));
        if !is_bounded || !(7..=15).contains(&digits.len()) || is_other {
            return false;
        }
        match self.context(start) {
            Some(NumberContext::Phone) => true,
            Some(NumberContext::Ssn | NumberContext::Other) => false,
            Some(NumberContext::Call) | None => {
                has_trunk_prefix(digits)
                    || is_national && (is_usual_grouping || !self.is_typed(start, end) || national[3] > 1)
            }
        }
    }

    /// Whether the groups are typed, have those lengths and no pause in between.
    fn is_grouped(&self, start: usize, end: usize, lengths: &[usize]) -> bool {
        let groups = &self.run.groups[start..end];
        groups.iter().map(|group| group.digits.len()).eq(lengths.iter().copied())
            && groups.iter().all(|group| group.is_typed)
            && groups[1..].iter().all(|group| group.separator != Separator::Pause)
    }

    fn context(&self, start: usize) -> Option<NumberContext> {
        let span = &self.run.groups[start].span;
        self.contexts.at(span.turn, span.bytes.start)
    }

    fn is_typed(&self, start: usize, end: usize) -> bool {
        self.run.groups[start..end].iter().all(|group| group.is_typed)
    }

    fn is_tight(&self, start: usize, end: usize) -> bool {
        self.run.groups[start + 1..end]
            .iter()
            .all(|group| matches!(group.separator, Separator::Dash | Separator::Punctuation))
    }

    /// Whether the groups stand by themselves: between the ends of the segment, commas or pauses. An "oh" next to them
    /// may be no zero.
    fn is_bounded(&self, start: usize, end: usize) -> bool {
        let groups = &self.run.groups;
        let is_oh_at = |index: usize, edge: bool| edge && groups[index].is_oh;
        (start == self.first
            || groups[start].separator >= Separator::Slash
            || is_oh_at(start - 1, start - 1 == self.first))
            && (end == self.end || groups[end].separator >= Separator::Slash || is_oh_at(end, end + 1 == self.end))
    }

    /// Whether the groups count up or down.
    fn is_counting(&self, start: usize, end: usize) -> bool {
        let value =
            |group: usize| self.digits(group, group + 1).iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(*digit));
        let by =
            |step: i64| (start + 1..end).all(|group| value(group - 1).checked_add_signed(step) == Some(value(group)));
        end - start >= FEWEST_COUNTED && (by(1) || by(-1))
    }
}

/// Luhn's check.
pub(super) fn passes_luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let value = |(index, digit): (usize, &u8)| u32::from(if index % 2 == 1 { doubled(*digit) } else { *digit });
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// Whether a card of that length may have this prefix.
pub(super) fn has_card_prefix(digits: &[u8]) -> bool {
    let prefix = digits.iter().take(4).fold(0_u16, |sum, digit| sum * 10 + u16::from(*digit));
    match prefix {
        4000..=4999 => matches!(digits.len(), 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => digits.len() == 16,
        3400..=3499 | 3700..=3799 => digits.len() == 15,
        3000..=3059 | 3600..=3699 | 3800..=3999 => matches!(digits.len(), 14 | 16),
        3528..=3589 | 5000..=5099 | 5600..=5899 | 6000..=6999 => digits.len() >= 16,
        _ => false,
    }
}

/// Whether the Social Security Administration issues such numbers.
fn is_issued_ssn(digits: &[u8]) -> bool {
    match digits {
        [0, 0, 0, ..] | [6, 6, 6, ..] | [9, ..] | [_, _, _, 0, 0, ..] => false,
        [_, _, _, _, _, serial @ ..] => serial.iter().any(|digit| *digit > 0),
        _ => false,
    }
}

/// Whether the number begins with an area code of the North American plan; 211 to 911 are services.
fn has_area_code(national: &[u8]) -> bool {
    matches!(national, [2..=9, second, third, ..] if [*second, *third] != [1, 1])
}

/// Whether the number begins with a single 0 and is as long as national numbers in Britain, Germany, France and others.
fn has_trunk_prefix(digits: &[u8]) -> bool {
    matches!(digits.len(), 10 | 11) && matches!(digits, [0, 1..=9, ..])
}
