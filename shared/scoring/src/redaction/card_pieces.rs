//! The number of a card that is said in pieces with other words in between: "so I have four one one one, one one one
//! one, is that right so far", "yes", "and then …".
//!
//! **Invariant:** the pieces together have the prefix, the length and the check digit of a card, and are cut as on a
//! card.

use std::ops::Range;

use domain::{Role, Turn};

use super::Lexed;
use super::lexer::TurnSpan;
use super::numbers::{has_card_prefix, passes_luhn};
use super::pii_kind::PiiKind;
use super::said_values::SaidValues;
use super::tokens::TurnTokens;

/// Two pieces follow each other within so many turns.
const TURNS_BETWEEN: usize = 4;
/// How numbers of cards are cut: by four, those of American Express after the fourth and the tenth digit.
const CUTS_OF_16: [usize; 4] = [4, 8, 12, 16];
const CUTS_OF_15: [usize; 3] = [4, 10, 15];

struct Piece {
    span: TurnSpan,
    digits: Vec<u8>,
}

/// The pieces of cards in what each side says, and in what both say together.
pub(super) fn find(transcript: &[Turn], lexed: &Lexed, known: &mut SaidValues) -> Vec<(TurnSpan, PiiKind)> {
    let mut found: Vec<(TurnSpan, PiiKind)> = Vec::new();
    for sides in [&[Role::Agent][..], &[Role::Customer], &[Role::Other], &[Role::Agent, Role::Customer]] {
        let pieces: Vec<Piece> = pieces(transcript, &lexed.tokens, sides);
        let mut at = 0;
        while at < pieces.len() {
            let Some(card) = card_at(&pieces, at) else {
                at += 1;
                continue;
            };
            let of_card = pieces.get(card.clone()).unwrap_or_default();
            let digits: Vec<u8> = of_card.iter().flat_map(|piece| piece.digits.iter().copied()).collect();
            known.add_number(PiiKind::Card, &digits);
            found.extend(of_card.iter().map(|piece| (piece.span.clone(), PiiKind::Card)));
            at = card.end;
        }
        if !found.is_empty() {
            return found;
        }
    }
    found
}

/// The numbers that these sides say, one after the other.
fn pieces(transcript: &[Turn], turns: &[TurnTokens], sides: &[Role]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let said_by = transcript.iter().zip(turns).enumerate().filter(|(_, (said, _))| sides.contains(&said.role));
    for (turn, (_, tokens)) in said_by {
        let mut at = 0;
        while at < tokens.tokens.len() {
            let Some(end) = tokens.end_of_run(at) else {
                at += 1;
                continue;
            };
            let start = std::mem::replace(&mut at, end);
            if let Some(groups) = tokens.number_at(start) {
                let digits = groups.iter().flat_map(|group| group.digits.iter().copied()).collect();
                let last = groups.last().map_or(end, |group| group.tokens.end);
                pieces.extend(tokens.bytes(start..last).map(|bytes| Piece { span: TurnSpan { turn, bytes }, digits }));
                at = end.max(last);
            }
        }
    }
    pieces
}

/// The pieces from that one on that are a card.
fn card_at(pieces: &[Piece], first: usize) -> Option<Range<usize>> {
    let mut digits: Vec<u8> = Vec::new();
    let (mut cut_by_four, mut cut_as_amex) = (true, true);
    let mut turn = pieces.get(first)?.span.turn;
    for (offset, piece) in pieces.iter().skip(first).take(CUTS_OF_16.len()).enumerate() {
        if piece.span.turn - turn > TURNS_BETWEEN {
            return None;
        }
        turn = piece.span.turn;
        digits.extend(&piece.digits);
        cut_by_four &= CUTS_OF_16.contains(&digits.len());
        cut_as_amex &= CUTS_OF_15.contains(&digits.len());
        let is_whole = cut_by_four && digits.len() == 16 || cut_as_amex && digits.len() == 15;
        if is_whole && has_card_prefix(&digits) && passes_luhn(&digits) {
            return Some(first..first + offset + 1);
        }
        if !cut_by_four && !cut_as_amex {
            return None;
        }
    }
    None
}
