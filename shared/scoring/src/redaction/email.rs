//! E-mail addresses, typed (`john.doe@example.com`) and spoken ("john dot doe at gmail dot com").
//!
//! **Invariant:** an address lies within one utterance. A spoken address needs more than an "at" and a "dot com", which
//! websites have too: a mail provider, a local part that is dictated, or a mention of e-mail nearby.

use domain::Turn;

use super::lexer::{Lexeme, LexemeKind, TurnSpan};
use super::number_context;
use super::pii_kind::PiiKind;
use super::spoken_numbers::is_digit_word;

const CONNECTORS: [&str; 8] = ["dot", "period", "point", "underscore", "dash", "hyphen", "minus", "plus"];
/// Top-level domains that are recognised when they are spoken; a typed address may have any.
const SPOKEN_ENDINGS: &str = " com net org edu gov mil info biz io co us uk ca au nz ie in de fr es it nl be ch at pl se no dk \
    fi pt br mx eu me tv app dev ";
const MAIL_PROVIDERS: &str = " gmail googlemail yahoo ymail hotmail outlook live msn icloud mac aol protonmail proton gmx mail zoho \
    fastmail comcast verizon att sbcglobal bellsouth cox charter earthlink hey tutanota yandex ";
/// Words before "at" that are not a local part.
const NOT_NAMES: &str = " us me it them him her you here there this that one is are am was be look looking looked find found visit \
    online website site page available shop shopping order ordered ordering buy bought get see check email mail address \
    information info more and or also just only up ";
/// A local part or a domain has at most this many parts.
const MAX_PARTS: usize = 32;

/// The lexemes of one utterance, each with its turn.
struct LexedUtterance<'t> {
    turns: &'t [Turn],
    lexemes: Vec<(usize, &'t Lexeme)>,
    is_about_email: bool,
}

/// The white space between two turns.
static TURN_BREAK: Lexeme = Lexeme { kind: LexemeKind::Space, bytes: 0..0 };

/// The addresses of a transcript.
pub(super) fn find(transcript: &[Turn], lexemes: &[Vec<Lexeme>]) -> Vec<(TurnSpan, PiiKind)> {
    let mut found = Vec::new();
    let mut first = 0;
    for turns in transcript.chunk_by(|a, b| a.role == b.role) {
        let own = first..first + turns.len();
        first = own.end;
        let near = own.start.saturating_sub(number_context::REMEMBERED_TURNS)..own.end;
        let mut utterance = LexedUtterance { turns: transcript, lexemes: Vec::new(), is_about_email: false };
        utterance.is_about_email =
            transcript.get(near).is_some_and(|near| near.iter().any(|turn| mentions_email(&turn.text)));
        for (turn, own) in lexemes.iter().enumerate().take(own.end).skip(own.start) {
            for lexeme in own.iter().chain([&TURN_BREAK]) {
                let after_space = utterance.lexemes.last().is_some_and(|(_, last)| last.kind == LexemeKind::Space);
                if !(after_space && lexeme.kind == LexemeKind::Space) {
                    utterance.lexemes.push((turn, lexeme));
                }
            }
        }
        found.extend(utterance.addresses());
    }
    found
}

impl LexedUtterance<'_> {
    fn addresses(&self) -> Vec<(TurnSpan, PiiKind)> {
        let (mut found, mut free) = (Vec::new(), 0);
        for at in 0..self.lexemes.len() {
            if at < free {
                continue;
            }
            if let Some((start, end)) = self.address(at, free) {
                found.extend(self.spans(start, end).map(|span| (span, PiiKind::Email)));
                free = end;
            }
        }
        found
    }

    /// The lexemes of the address around an `@` or an "at", if it is one; its local part begins at the first free
    /// lexeme or later.
    fn address(&self, at: usize, free: usize) -> Option<(usize, usize)> {
        let typed = matches!(self.kind(at)?, LexemeKind::Symbol('@' | '\u{ff20}'));
        if !typed && !self.is_spoken_at(at) {
            return None;
        }
        let (domain, end) = self.domain(at)?;
        let (start, is_dictated) = self.local_part(at, free)?;
        let is_address = typed || {
            let before = self.spelling(self.previous(at)?);
            let is_name = !contains_word(NOT_NAMES, &before);
            is_dictated || is_name && (contains_word(MAIL_PROVIDERS, &self.spelling(domain)) || self.is_about_email)
        };
        is_address.then_some((start, end))
    }

    /// The first lexeme of the domain after the "at", and the end of the last part that can be its top-level domain.
    fn domain(&self, at: usize) -> Option<(usize, usize)> {
        let first = self.next(at)?;
        let (mut part, mut end, mut is_typed) = (first, None, true);
        for count in 0..MAX_PARTS {
            let Some(last) = self.label(part) else { break };
            let ending = self.spelling(last);
            let can_end = if is_typed { ending.len() > 1 } else { contains_word(SPOKEN_ENDINGS, &ending) };
            if count > 0 && can_end && self.kind(last) == Some(LexemeKind::Word) {
                end = Some(last + 1);
            }
            let Some((next, is_typed_dot)) = self.dot(last + 1) else { break };
            (part, is_typed) = (next, is_typed && is_typed_dot);
        }
        end.map(|end| (first, end))
    }

    /// The last lexeme of the domain's label that begins there.
    fn label(&self, first: usize) -> Option<usize> {
        let belongs = |index: usize| {
            matches!(self.kind(index), Some(LexemeKind::Word | LexemeKind::Number | LexemeKind::Symbol('-')))
        };
        belongs(first).then(|| (first..self.lexemes.len()).take_while(|index| belongs(*index)).last()).flatten()
    }

    /// The lexeme after the dot that is there, and whether the dot is typed.
    fn dot(&self, index: usize) -> Option<(usize, bool)> {
        let is_spaced = self.kind(index)? == LexemeKind::Space;
        let dot = index + usize::from(is_spaced);
        let next = dot + 1 + usize::from(self.kind(dot + 1)? == LexemeKind::Space);
        match self.kind(dot)? {
            LexemeKind::Symbol('.' | '\u{ff0e}') => (is_spaced == (next > dot + 1)).then_some((next, !is_spaced)),
            LexemeKind::Word => (next > dot + 1 && self.spelling(dot) == "dot").then_some((next, false)),
            _ => None,
        }
    }

    /// The first lexeme of the local part before the "at", and whether it is dictated part by part.
    fn local_part(&self, at: usize, free: usize) -> Option<(usize, bool)> {
        let mut start = self.atom(self.previous(at)?, free)?;
        let typed = |kind| matches!(kind, Some(LexemeKind::Number | LexemeKind::Symbol('.' | '_' | '+')));
        let mut is_dictated = self.is_spelled_out(start) || (start..at).any(|index| typed(self.kind(index)));
        for _ in 0..MAX_PARTS {
            let Some(last) = self.previous(start).filter(|last| *last >= free) else { break };
            let part = if CONNECTORS.contains(&self.spelling(last).as_str()) {
                self.previous(last).and_then(|part| self.atom(part, free))
            } else {
                let continues = self.is_spelled_out(last)
                    || self.is_number(start) && !contains_word(NOT_NAMES, &self.spelling(last));
                // "J Smith at": an initial before a name.
                let is_initial = self.is_spelled_out(last) && !self.is_number(last);
                (self.is_spelled_out(start) && continues || is_initial).then(|| self.atom(last, free)).flatten()
            };
            let Some(part) = part else { break };
            (start, is_dictated) = (part, true);
        }
        Some((start, is_dictated))
    }

    /// The first lexeme of the atom (a typed part of a local part) that ends there.
    fn atom(&self, last: usize, free: usize) -> Option<usize> {
        let belongs = |index: usize| {
            matches!(
                self.kind(index),
                Some(LexemeKind::Word | LexemeKind::Number | LexemeKind::Symbol('.' | '_' | '%' | '+' | '-'))
            )
        };
        (free..=last).rev().take_while(|index| belongs(*index)).last()
    }

    /// Whether it is a single letter or a number, as people spell out local parts.
    fn is_spelled_out(&self, index: usize) -> bool {
        let spelling = self.spelling(index);
        self.is_number(index) || spelling.len() == 1 && !matches!(spelling.as_str(), "a" | "i")
    }

    fn is_number(&self, index: usize) -> bool {
        self.kind(index) == Some(LexemeKind::Number) || is_digit_word(&self.spelling(index))
    }

    fn is_spoken_at(&self, index: usize) -> bool {
        let is_space = |index: Option<usize>| index.and_then(|index| self.kind(index)) == Some(LexemeKind::Space);
        self.text(index).eq_ignore_ascii_case("at") && is_space(index.checked_sub(1)) && is_space(Some(index + 1))
    }

    fn kind(&self, index: usize) -> Option<LexemeKind> {
        self.lexemes.get(index).map(|(_, lexeme)| lexeme.kind)
    }

    #[expect(clippy::indexing_slicing, reason = "each lexeme is paired with the turn that it was split from")]
    fn text(&self, index: usize) -> &str {
        self.lexemes.get(index).map_or("", |(turn, lexeme)| lexeme.of(&self.turns[*turn].text))
    }

    fn spelling(&self, index: usize) -> String {
        self.text(index).to_ascii_lowercase()
    }

    /// The nearest lexeme before that one that is not white space.
    fn previous(&self, index: usize) -> Option<usize> {
        (0..index).rev().take(2).find(|before| self.kind(*before) != Some(LexemeKind::Space))
    }

    /// The nearest lexeme after that one that is not white space.
    fn next(&self, index: usize) -> Option<usize> {
        (index + 1..self.lexemes.len()).take(2).find(|after| self.kind(*after) != Some(LexemeKind::Space))
    }

    /// The span of the lexemes in each turn.
    #[expect(clippy::indexing_slicing, reason = "start and end are positions of lexemes, in this order")]
    fn spans(&self, start: usize, end: usize) -> impl Iterator<Item = TurnSpan> {
        let by_turn = self.lexemes[start..end].chunk_by(|a, b| a.0 == b.0);
        by_turn.filter_map(|lexemes| {
            let mut seen = lexemes.iter().filter(|(_, lexeme)| lexeme.kind != LexemeKind::Space);
            let (turn, first) = seen.next()?;
            let last = seen.next_back().map_or(first, |(_, lexeme)| lexeme);
            Some(TurnSpan { turn: *turn, bytes: first.bytes.start..last.bytes.end })
        })
    }
}

fn mentions_email(text: &str) -> bool {
    let mut words = text.split(|character: char| !character.is_alphanumeric() && character != '[');
    words.any(|word| ["email", "emails", "mail"].iter().any(|email| word.eq_ignore_ascii_case(email)))
}

/// Whether the list, words between spaces, contains the word.
fn contains_word(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_ascii_whitespace().any(|listed| listed == word)
}
