//! What nobody needs to know to judge a call: payment cards, social security numbers, e-mail addresses and phone numbers. They are
//! taken out before a call is scored, stored or sent to a model, so quotes are verified against what is left.
//!
//! Recognisers write numbers as digits or as words, cut them at every breath and answer them with "mm hmm", so numbers are read
//! along what one side says, across its turns and across short answers of the other side ([`runs`]). What a number is, its
//! digits, its grouping and the words around it tell ([`numbers`], [`subjects`]).
//!
//! What tools were told and answered and what the platform concluded is read text by text in the same way.
//!
//! **Invariant:** only texts change; roles, times and the number of turns stay, and so does the metadata: it is the producer's own. Redacting twice is redacting once. The work is linear in the transcript.

mod email;
mod lexer;
mod numbers;
mod runs;
mod speech;
mod subjects;

use domain::{Call, Role, Turn};

use lexer::{Place, lex};

/// What is taken out, and what stands in its place. Nobody says these words: they are transcriber's marks like `[noise]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secret {
    Card,
    Ssn,
    Email,
    Phone,
}

impl Secret {
    const ALL: [Self; 4] = [Self::Card, Self::Ssn, Self::Email, Self::Phone];

    const fn mark(self) -> &'static str {
        match self {
            Self::Card => "[CARD]",
            Self::Ssn => "[SSN]",
            Self::Email => "[EMAIL]",
            Self::Phone => "[PHONE]",
        }
    }
}

/// The call with the payment cards, US social security numbers, e-mail addresses and phone numbers of its transcript, typed or
/// spoken, replaced by `[CARD]`, `[SSN]`, `[EMAIL]` and `[PHONE]`, and those in the texts of its tools and its platform. Metadata and identifiers are the producer's own and stay.
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
    replace(turns, numbers::find);
}

/// Replaces what is found; nothing that is found overlaps.
fn replace(transcript: &mut [Turn], find: impl Fn(&[Turn], &[Vec<lexer::Token>]) -> Vec<(Place, Secret)>) {
    let tokens: Vec<_> = transcript.iter().map(|turn| lex(&turn.text)).collect();
    let mut found = find(transcript, &tokens);
    found.sort_by_key(|(place, _)| (place.turn, place.bytes.start));
    for in_turn in found.chunk_by(|a, b| a.0.turn == b.0.turn) {
        let text = &mut transcript[in_turn[0].0.turn].text;
        let (mut redacted, mut end) = (String::with_capacity(text.len()), 0);
        for (place, secret) in in_turn {
            redacted.push_str(&text[end..place.bytes.start]);
            redacted.push_str(secret.mark());
            end = place.bytes.end;
        }
        redacted.push_str(&text[end..]);
        *text = redacted;
    }
}

#[cfg(test)]
mod tests;
