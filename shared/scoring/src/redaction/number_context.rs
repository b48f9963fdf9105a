//! What the words around a number say it is: a phone number, something to call, a social security number, or the number
//! of anything else.
//!
//! **Invariant:** placeholders of an earlier redaction are no context, so that redacting again finds the same contexts.

use domain::Turn;

use super::lexer::{Lexeme, LexemeKind};

/// A question for a number is followed by the number within this many turns.
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

/// What a number is, by the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberContext {
    /// A phone number.
    Phone,
    /// Something to call: a phone number if it looks like one.
    Call,
    /// A social security number.
    Ssn,
    /// The number of something else.
    Other,
}

/// The contexts of each turn, with the byte offsets where they are named.
pub(super) struct ContextsByTurn(Vec<Vec<(usize, NumberContext)>>);

impl ContextsByTurn {
    pub(super) fn of(transcript: &[Turn], lexemes: &[Vec<Lexeme>]) -> Self {
        let in_turn = |(turn, lexemes): (&Turn, &Vec<Lexeme>)| named(&turn.text, lexemes);
        Self(transcript.iter().zip(lexemes).map(in_turn).collect())
    }

    /// The context of the number there: the last one named before it, in its turn or else in the turns before, or, when
    /// there is none, the next one named in its turn.
    pub(super) fn at(&self, turn: usize, offset: usize) -> Option<NumberContext> {
        let own = self.0.get(turn)?;
        let before = own.partition_point(|(named, _)| *named < offset);
        let earlier = || self.0.iter().take(turn).rev().take(REMEMBERED_TURNS).find_map(|named| named.last());
        let context = own.iter().take(before).next_back().or_else(earlier).or_else(|| own.get(before));
        context.map(|(_, context)| *context)
    }
}

fn named(text: &str, lexemes: &[Lexeme]) -> Vec<(usize, NumberContext)> {
    let words = || lexemes.iter().filter(|lexeme| lexeme.kind == LexemeKind::Word);
    let following = words().skip(1).map(Some).chain([None]);
    let context = |(lexeme, next): (&Lexeme, Option<&Lexeme>)| {
        context(lexeme.of(text), next.map_or("", |next| next.of(text))).map(|context| (lexeme.bytes.start, context))
    };
    words().zip(following).filter_map(context).collect()
}

fn context(word: &str, next: &str) -> Option<NumberContext> {
    let is = |listed: &&str| listed.eq_ignore_ascii_case(word);
    if ["ssn", "social"].iter().any(&is) {
        (!next.eq_ignore_ascii_case("media")).then_some(NumberContext::Ssn)
    } else if PHONE.iter().any(&is) {
        Some(NumberContext::Phone)
    } else if CALL.iter().any(&is) {
        Some(NumberContext::Call)
    } else {
        OTHER.iter().any(is).then_some(NumberContext::Other)
    }
}
