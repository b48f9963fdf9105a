//! Redaction of personal data (PII): payment cards with their codes and dates, PINs, one-time codes and passwords, bank
//! accounts, national ids, birth dates, street addresses, e-mail addresses and phone numbers are replaced before a call
//! is scored, stored or sent to a model, so quotes are verified against the redacted text.
//!
//! - What shows by itself what it is (a card by its check digit, an IBAN, an e-mail address, the grouping of a phone
//!   number) is found wherever it stands: [`numbers`], [`identifiers`], [`email`].
//! - What only the words around it show (a birth date, a PIN, the last four digits of a social security number) is found
//!   after these words or in the answer to them: [`slots`], with the words in `cues.txt`.
//!
//! Speech recognisers write numbers as digits or as words and split them over several turns, with an "mm hmm" of the
//! other side in between. So numbers are read along everything that one side says, across its turns and across short
//! turns of the other side ([`digit_runs`]).
//!
//! The arguments and results of tools, the platform's verdict and the producer's metadata are redacted in the same way,
//! each text by itself, with what the transcript told.
//!
//! **Invariant:** only texts change; roles, times, the number of turns, and the identifiers of call, agent and
//! organisation stay. Redacting twice is redacting once: the finders run until none finds anything.

mod addresses;
mod card_pieces;
mod characters;
mod cues;
mod dates;
mod digit_runs;
mod email;
mod identifiers;
mod lexer;
mod metadata;
mod number_context;
mod numbers;
mod passwords;
mod pii_kind;
mod said_values;
mod slot_memory;
mod slot_values;
mod slots;
mod spoken_numbers;
mod tokens;
mod word_set;

use domain::{Call, Role, Turn};

use cues::{CueAt, cues};
use digit_runs::digit_runs_of_turn;
use lexer::{Lexeme, TurnSpan, lex};
use pii_kind::PiiKind;
use said_values::SaidValues;
use tokens::TurnTokens;

/// What of a call is redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redaction {
    /// Every text.
    All,
    /// Every text but the producer's metadata, which stay as they were sent.
    AllButMetadata,
    /// Nothing.
    Nothing,
}

impl Redaction {
    /// The call with its personal data, typed or spoken, replaced by placeholders such as `[CARD]`: in its transcript,
    /// in the texts of its tools and its platform and, unless they are left out, in its metadata. Identifiers stay as
    /// the producer sent them.
    #[must_use]
    pub fn of_call(self, mut call: Call) -> Call {
        if self == Self::Nothing {
            return call;
        }
        let mut known = SaidValues::default();
        clean(&mut call.transcript, &mut known);
        for text in call.texts_outside_turns_mut() {
            clean_text(text, &mut known);
        }
        if self == Self::All {
            metadata::clean(&mut call.metadata, &mut known);
        }
        call
    }

    /// A text about a call, such as the reason why it cannot be read, without the personal data that it may quote.
    #[must_use]
    pub fn of_text(self, mut text: String) -> String {
        if self != Self::Nothing {
            clean_text(&mut text, &mut SaidValues::default());
        }
        text
    }
}

fn clean_text(text: &mut String, known: &mut SaidValues) {
    let mut alone = [turn_of(std::mem::take(text))];
    clean(&mut alone, known);
    let [Turn { text: cleaned, .. }] = alone;
    *text = cleaned;
}

const fn turn_of(text: String) -> Turn {
    Turn { role: Role::Other, text, start_ms: None, end_ms: None }
}

/// Replaces what is found until nothing is: without a number that is gone, what stood before it may be an address, and
/// a placeholder may tell what follows it. Every replacement takes letters or digits away, so there is an end.
fn clean(turns: &mut [Turn], known: &mut SaidValues) {
    // Addresses first, for there are digits in them.
    let finders: [Finder; 5] = [
        |turns, lexed, _| email::find(turns, &lexed.lexemes),
        |turns, lexed, _| find_identifiers(turns, &lexed.tokens),
        numbers::find,
        card_pieces::find,
        slots::find,
    ];
    let mut lexed = Lexed::of(turns);
    let mut found_nothing = 0;
    for finder in finders.into_iter().cycle() {
        let found = finder(turns, &lexed, known);
        if found.is_empty() {
            found_nothing += 1;
        } else {
            replace(turns, found);
            lexed = Lexed::of(turns);
            found_nothing = 0;
        }
        if found_nothing == finders.len() {
            return;
        }
    }
}

/// Finds personal data of some kinds; what is known from before helps.
type Finder = fn(&[Turn], &Lexed, &mut SaidValues) -> Vec<(TurnSpan, PiiKind)>;

fn find_identifiers(transcript: &[Turn], tokens: &[TurnTokens]) -> Vec<(TurnSpan, PiiKind)> {
    let in_turn = |(turn, (said, tokens)): (usize, (&Turn, &TurnTokens))| {
        let found = identifiers::find(tokens, &said.text).into_iter();
        found.map(|(bytes, kind)| (TurnSpan { turn, bytes }, kind)).collect::<Vec<_>>()
    };
    transcript.iter().zip(tokens).enumerate().flat_map(in_turn).collect()
}

/// The lexemes, the tokens and the cues of each turn.
struct Lexed {
    lexemes: Vec<Vec<Lexeme>>,
    tokens: Vec<TurnTokens>,
    cues: Vec<Vec<CueAt>>,
}

impl Lexed {
    fn of(transcript: &[Turn]) -> Self {
        let lexemes: Vec<_> = transcript.iter().map(|turn| lex(&turn.text)).collect();
        let in_turn = |(index, (said, lexemes)): (usize, (&Turn, &Vec<Lexeme>))| {
            TurnTokens::of(&said.text, lexemes, &digit_runs_of_turn(index, &said.text, lexemes))
        };
        let tokens: Vec<_> = transcript.iter().zip(&lexemes).enumerate().map(in_turn).collect();
        let cues = tokens.iter().map(cues).collect();
        Self { lexemes, tokens, cues }
    }
}

/// Replaces what was found; nothing of it overlaps. A span that did not fit its text would panic, on purpose: a call
/// must not go on with personal data that was found in it.
#[expect(clippy::indexing_slicing, clippy::string_slice, reason = "spans are those of the transcript's own lexemes")]
fn replace(transcript: &mut [Turn], mut found: Vec<(TurnSpan, PiiKind)>) {
    found.sort_by_key(|(span, _)| (span.turn, span.bytes.start));
    for in_turn in found.chunk_by(|a, b| a.0.turn == b.0.turn) {
        let text = &mut transcript[in_turn[0].0.turn].text;
        let (mut redacted, mut end) = (String::with_capacity(text.len()), 0);
        for (span, kind) in in_turn {
            redacted.push_str(&text[end..span.bytes.start]);
            redacted.push_str(kind.placeholder());
            end = span.bytes.end;
        }
        redacted.push_str(&text[end..]);
        *text = redacted;
    }
}

#[cfg(test)]
mod tests;
