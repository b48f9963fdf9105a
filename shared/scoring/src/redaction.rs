//! Redaction of personal data (PII): payment cards, social security numbers, e-mail addresses and phone numbers are
//! replaced before a call is scored, stored or sent to a model, so quotes are verified against the redacted text.
//!
//! Speech recognisers write numbers as digits or as words and split them over several turns, with an "mm hmm" of the
//! other side in between. So numbers are read along everything that one side says, across its turns and across short
//! turns of the other side ([`digit_runs`]). The digits of a number, their grouping and the words around them tell what
//! it is ([`numbers`], [`number_context`]).
//!
//! The arguments and results of tools and the platform's verdict are redacted in the same way, each text by itself.
//!
//! **Invariant:** only texts change; roles, times, the number of turns and the producer's metadata stay. Redacting
//! twice is redacting once. The work is linear in the length of the transcript.

mod digit_runs;
mod email;
mod lexer;
mod number_context;
mod numbers;
mod spoken_numbers;

use domain::{Call, Role, Turn};

use lexer::{TurnSpan, lex};

/// What is redacted. Its placeholder is an annotation like `[noise]`, so it does not count as speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PiiKind {
    Card,
    Ssn,
    Email,
    Phone,
}

impl PiiKind {
    const ALL: [Self; 4] = [Self::Card, Self::Ssn, Self::Email, Self::Phone];

    const fn placeholder(self) -> &'static str {
        match self {
            Self::Card => "[CARD]",
            Self::Ssn => "[SSN]",
            Self::Email => "[EMAIL]",
            Self::Phone => "[PHONE]",
        }
    }
}

/// The call with payment cards, US social security numbers, e-mail addresses and phone numbers, typed or spoken,
/// replaced by `[CARD]`, `[SSN]`, `[EMAIL]` and `[PHONE]`, in its transcript and in the texts of its tools and its
/// platform. Metadata and identifiers stay as the producer sent them.
#[must_use]
pub fn redact(mut call: Call) -> Call {
    clean(&mut call.transcript);
    for text in call.texts_outside_turns_mut() {
        let mut alone = [Turn { role: Role::Other, text: std::mem::take(text), start_ms: None, end_ms: None }];
        clean(&mut alone);
        let [Turn { text: cleaned, .. }] = alone;
        *text = cleaned;
    }
    call
}

fn clean(turns: &mut [Turn]) {
    // Addresses first, for there are digits in them.
    replace(turns, email::find);
    // Without the number that followed it, what stands before it may be an address.
    while replace(turns, numbers::find) && replace(turns, email::find) {}
}

/// Replaces what is found, and says whether anything was; nothing that is found overlaps. A span that did not fit its text would panic, on purpose: a call must not
/// go on with personal data that was found in it.
#[expect(clippy::indexing_slicing, clippy::string_slice, reason = "spans are those of the transcript's own lexemes")]
fn replace(transcript: &mut [Turn], find: impl Fn(&[Turn], &[Vec<lexer::Lexeme>]) -> Vec<(TurnSpan, PiiKind)>) -> bool {
    let lexemes: Vec<_> = transcript.iter().map(|turn| lex(&turn.text)).collect();
    let mut found = find(transcript, &lexemes);
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
    !found.is_empty()
}

#[cfg(test)]
mod tests;
