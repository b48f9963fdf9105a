//! What the numbers of a call are about, as far as a word says so: a phone, a call, a social security number, or anything else that
//! has a number.
//!
//! **Invariant:** what was redacted says nothing, so that redacting again finds the same subjects.

use domain::Turn;

use super::lexer::{Lexeme, LexemeKind};

/// A question for a number is answered within so many turns.
pub(super) const REMEMBERED_TURNS: usize = 3;

const PHONE: [&str; 13] = [
    "phone",
    "telephone",
    "cell",
    "cellphone",
    "mobile",
    "landline",
    "fax",
    "callback",
    "dial",
    "whatsapp",
    "tel",
    "phones",
    "extension",
];
const CALL: [&str; 7] = ["call", "calls", "called", "contact", "reach", "ring", "text"];
const OTHER: [&str; 40] = [
    "order",
    "confirmation",
    "reference",
    "tracking",
    "case",
    "ticket",
    "invoice",
    "booking",
    "reservation",
    "account",
    "policy",
    "claim",
    "member",
    "membership",
    "serial",
    "model",
    "item",
    "sku",
    "id",
    "flight",
    "routing",
    "iban",
    "pin",
    "zip",
    "code",
    "card",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "amex",
    "meter",
    "receipt",
    "transaction",
    "shipment",
    "contract",
    "loyalty",
    "imei",
    "part",
    "license",
];

/// What a number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A phone.
    Phone,
    /// A call: a number is a phone's if it looks like one.
    Call,
    /// A social security number.
    Ssn,
    /// Something else.
    Other,
}

/// The subjects of each turn, with the byte offsets where they are named.
pub(super) struct Subjects(Vec<Vec<(usize, Subject)>>);

impl Subjects {
    pub(super) fn of(transcript: &[Turn], lexemes: &[Vec<Lexeme>]) -> Self {
        let in_turn = |(turn, lexemes): (&Turn, &Vec<Lexeme>)| named(&turn.text, lexemes);
        Self(transcript.iter().zip(lexemes).map(in_turn).collect())
    }

    /// What the number there is about: what was named last before it in its turn or else in the turns before, or, when nothing
    /// was, what is named next in its turn.
    pub(super) fn at(&self, turn: usize, offset: usize) -> Option<Subject> {
        let own = &self.0[turn];
        let before = own.partition_point(|(named, _)| *named < offset);
        let earlier =
            || self.0[turn.saturating_sub(REMEMBERED_TURNS)..turn].iter().rev().find_map(|named| named.last());
        let subject = own[..before].last().or_else(earlier).or_else(|| own.get(before));
        subject.map(|(_, subject)| *subject)
    }
}

fn named(text: &str, lexemes: &[Lexeme]) -> Vec<(usize, Subject)> {
    let words = || lexemes.iter().filter(|lexeme| lexeme.kind == LexemeKind::Word);
    let following = words().skip(1).map(Some).chain([None]);
    let subject = |(lexeme, next): (&Lexeme, Option<&Lexeme>)| {
        let next = next.map_or("", |next| &text[next.bytes.clone()]);
        subject(&text[lexeme.bytes.clone()], next).map(|subject| (lexeme.bytes.start, subject))
    };
    words().zip(following).filter_map(subject).collect()
}

fn subject(word: &str, next: &str) -> Option<Subject> {
    let is = |listed: &&str| listed.eq_ignore_ascii_case(word);
    if ["ssn", "social"].iter().any(&is) {
        (!next.eq_ignore_ascii_case("media")).then_some(Subject::Ssn)
    } else if PHONE.iter().any(&is) {
        Some(Subject::Phone)
    } else if CALL.iter().any(&is) {
        Some(Subject::Call)
    } else {
        OTHER.iter().any(is).then_some(Subject::Other)
    }
}
