//! The rules for the values of slots: what may be a card's number, a PIN, a birth date, given how it stands to its cue.

use std::ops::{Range, RangeInclusive};

use domain::Role;

use super::addresses::{address_at, postcode_at};
use super::characters::characters_at;
use super::cues::Cue;
use super::dates::{date_at, month_at};
use super::digit_runs::Separator;
use super::passwords::{self, PasswordPlace};
use super::pii_kind::PiiKind;
use super::slot_memory::Distance;
use super::tokens::{NumberGroup, TokenKind, TurnTokens};

/// Letters with fewer digits are a word.
const FEWEST_DIGITS: usize = 3;

/// A value: the token after it, and the tokens to redact, in one part or several.
pub(super) struct Value {
    pub(super) end: usize,
    pub(super) parts: Vec<Range<usize>>,
    pub(super) kind: PiiKind,
    /// Whether it may go on: a piece of a longer number.
    pub(super) is_piece: bool,
    pub(super) digits: Vec<u8>,
}

/// Reads the values of a turn.
pub(super) struct ValueReader<'t> {
    pub(super) turn: &'t TurnTokens,
    pub(super) text: &'t str,
    pub(super) role: Role,
    /// Whether an address was found in the turn.
    pub(super) has_address: bool,
    /// Where a password must begin, after its name.
    pub(super) password_place: Option<PasswordPlace>,
}

impl ValueReader<'_> {
    /// The value that fits what a cue names and begins there.
    pub(super) fn value_of(&self, cue: Cue, at: usize, distance: Distance) -> Option<Value> {
        match cue {
            Cue::Card | Cue::SomeCard => self.card(cue, at, distance),
            Cue::Cvv => self.digits(at, PiiKind::Cvv, 3..=4, distance.is_within(4)),
            Cue::Pin => self.digits(at, PiiKind::Pin, 3..=8, distance.is_within(4)),
            Cue::Code => self.code(at, distance),
            Cue::Account => self.account(at, distance),
            Cue::Ssn | Cue::LastFour => self.ssn(cue, at, distance),
            Cue::Iban => self.characters(at, PiiKind::Iban, 4..=34, distance.is_within(4)),
            Cue::NationalId => self.characters(at, PiiKind::NationalId, 6..=20, distance.is_within(5)),
            Cue::Expiry => self.expiry(at, distance),
            Cue::BirthDate => self.birth_date(at, distance),
            Cue::Postcode => {
                let end = distance.is_within(4).then(|| postcode_at(self.turn, self.text, at)).flatten()?;
                Some(whole(at..end, PiiKind::Address))
            }
            Cue::Address | Cue::LivesAt => self.address(cue, at, distance),
            Cue::Password => self.password(at, distance),
            _ => None,
        }
    }

    /// A number with so many digits: all its groups, those up to a pause, or as many as fit.
    fn digits(&self, at: usize, kind: PiiKind, lengths: RangeInclusive<usize>, is_near: bool) -> Option<Value> {
        let groups = is_near.then(|| self.turn.number_at(at)).flatten()?;
        let total = |groups: &[NumberGroup]| groups.iter().map(|group| group.digits.len()).sum::<usize>();
        let to_pause = 1 + groups.iter().skip(1).take_while(|group| group.separator < Separator::Slash).count();
        let to_longest = (1..=groups.len()).find(|count| groups.get(..*count).is_some_and(|of| total(of) == 16));
        let fits = |count: &usize| groups.get(..*count).is_some_and(|of| lengths.contains(&total(of)));
        let count = [Some(groups.len()), Some(to_pause), to_longest].into_iter().flatten().find(fits)?;
        let of = groups.get(..count)?;
        let digits = of.iter().flat_map(|group| group.digits.iter().copied()).collect();
        Some(Value { digits, ..whole(at..of.last()?.tokens.end, kind) })
    }

    /// A piece of a number that is asked for, or that goes on; said digit by digit.
    fn piece(&self, at: usize, kind: PiiKind, distance: Distance) -> Option<Value> {
        let groups = distance.answers().then(|| self.turn.number_at(at)).flatten()?;
        let total: usize = groups.iter().map(|group| group.digits.len()).sum();
        let is_digits = groups.iter().all(|group| group.is_typed || group.digits.len() == 1);
        let is_piece = !is_year(groups)
            && !groups.iter().any(|group| group.is_amount)
            && (total >= 4 || total == 3 && is_digits || total == 2 && distance.is_started());
        is_piece.then_some(Value { is_piece: true, ..whole(at..groups.last()?.tokens.end, kind) })
    }

    /// A card's number, whole or in pieces; and what follows one.
    fn card(&self, cue: Cue, at: usize, distance: Distance) -> Option<Value> {
        let reach = if distance.is_own() { 8 } else { 5 };
        if let Some(whole) = self.digits(at, PiiKind::Card, 12..=19, distance.is_within(reach) || distance.is_bare) {
            let is_whole = whole.digits.len() >= 15;
            return Some(Value { is_piece: !is_whole, ..whole });
        }
        if distance.is_own()
            && self.follows(at, PiiKind::Card)
            && let Some(date) = month_at(self.turn, at)
        {
            return Some(whole(date.start..date.end, PiiKind::Expiry));
        }
        if distance.is_own() && self.follows(at, PiiKind::Expiry) {
            return self.digits(at, PiiKind::Cvv, 3..=4, true);
        }
        let groups = self.turn.number_at(at)?;
        let total: usize = groups.iter().map(|group| group.digits.len()).sum();
        let is_plain = !is_year(groups) && !groups.iter().any(|group| group.is_amount);
        let is_named = distance.is_own() && cue == Cue::Card && distance.is_within(2) && total >= 4 && is_plain;
        // Whoever reads a card back corrects it as well.
        let is_corrected = distance.is_filled() && distance.is_bare && total == 4 && is_plain;
        if is_named || is_corrected {
            return Some(Value { is_piece: true, ..whole(at..groups.last()?.tokens.end, PiiKind::Card) });
        }
        let may_begin = cue == Cue::Card || distance.is_started();
        may_begin.then(|| self.piece(at, PiiKind::Card, distance)).flatten()
    }

    /// Whether a placeholder of that kind stands right before.
    fn follows(&self, at: usize, kind: PiiKind) -> bool {
        let mut before = (0..at).rev().filter(|before| !self.turn.is_symbol(*before, &[',', '.', '-', ';']));
        before.next().is_some_and(|before| self.turn.kind(before) == Some(TokenKind::Redacted(kind)))
    }

    fn code(&self, at: usize, distance: Distance) -> Option<Value> {
        let is_year = self.turn.number_at(at).is_some_and(is_year) && !distance.answers();
        let may_be =
            distance.is_within(4) && (distance.is_own() || distance.is_bare || distance.is_within(0)) && !is_year;
        let digits = self.digits(at, PiiKind::Code, 4..=10, may_be);
        digits.or_else(|| self.characters(at, PiiKind::Code, 4..=10, may_be))
    }

    fn account(&self, at: usize, distance: Distance) -> Option<Value> {
        let whole = self.digits(at, PiiKind::Account, 6..=17, distance.is_within(4) || distance.is_bare);
        whole.or_else(|| self.piece(at, PiiKind::Account, distance))
    }

    fn ssn(&self, cue: Cue, at: usize, distance: Distance) -> Option<Value> {
        let is_near = distance.is_within(4);
        let whole = self.digits(at, PiiKind::Ssn, 9..=9, is_near || distance.is_bare);
        let last = || self.digits(at, PiiKind::Ssn, 4..=4, is_near && cue == Cue::LastFour || distance.answers());
        whole.or_else(last).or_else(|| self.piece(at, PiiKind::Ssn, distance))
    }

    /// Letters and digits, at least three of them digits.
    fn characters(&self, at: usize, kind: PiiKind, lengths: RangeInclusive<usize>, is_near: bool) -> Option<Value> {
        is_near.then_some(())?;
        let (characters, end) = characters_at(self.turn, self.text, at);
        let digits = characters.iter().filter(|character| character.value.is_ascii_digit()).count();
        (digits >= FEWEST_DIGITS && lengths.contains(&characters.len())).then(|| whole(at..end, kind))
    }

    fn expiry(&self, at: usize, distance: Distance) -> Option<Value> {
        let date = distance.is_within(4).then(|| month_at(self.turn, at)).flatten()?;
        Some(whole(date.start..date.end, PiiKind::Expiry))
    }

    fn birth_date(&self, at: usize, distance: Distance) -> Option<Value> {
        let reach = match (distance.is_own(), distance.is_filled()) {
            (_, true) => 2,
            (true, false) => 5,
            (false, false) => 6,
        };
        let date = distance.is_within(reach).then(|| date_at(self.turn, at)).flatten()?;
        let is_day = date.is_day(distance.is_own() || distance.is_awaited());
        let is_part =
            distance.answers() && (date.months > 0 || date.is_year || distance.is_started() && date.numbers > 0);
        (is_day || is_part).then(|| Value { is_piece: !is_day, ..whole(date.start..date.end, PiiKind::BirthDate) })
    }

    fn address(&self, cue: Cue, at: usize, distance: Distance) -> Option<Value> {
        // Somebody asked where to send a thing; only a street shows that this is the answer.
        let was_asked = cue == Cue::Address && (distance.is_awaited() || distance.is_own());
        distance.is_within(8).then_some(())?;
        let begins_sentence = at == 0 || self.turn.ends_sentence(at - 1);
        let loose = was_asked && !self.has_address && (distance.is_within(1) || begins_sentence);
        let parts = address_at(self.turn, self.text, at, loose)?;
        let end = parts.last()?.end;
        Some(Value { end, parts, kind: PiiKind::Address, is_piece: false, digits: Vec::new() })
    }

    fn password(&self, at: usize, distance: Distance) -> Option<Value> {
        let (turn, text) = (self.turn, self.text);
        let is_answer = self.role != Role::Agent && distance.is_prompt();
        let place =
            if distance.is_own() { self.password_place } else { is_answer.then(|| PasswordPlace::of_answer(turn)) };
        let end = passwords::password_end(turn, text, place.filter(|place| place.at == at)?)?;
        Some(whole(at..end, PiiKind::Password))
    }
}

/// A value that is one part.
pub(super) fn whole(tokens: Range<usize>, kind: PiiKind) -> Value {
    Value { end: tokens.end, parts: vec![tokens], kind, is_piece: false, digits: Vec::new() }
}

/// Whether it is one number that may be a year.
fn is_year(groups: &[NumberGroup]) -> bool {
    matches!(groups, [year] if year.is_typed && matches!(year.digits.as_slice(), [1, 9, _, _] | [2, 0, 0..=2, _]))
}
