//! Passwords and answers to secret questions: a word with signs in it, letters that are spelled, or a few plain words.

use super::spoken_numbers::NumberWord;
use super::tokens::{TokenKind, TurnTokens};
use super::word_set::WordSet;

/// Words between the word "password" and the password.
static LINKS: WordSet = WordSet::of(
    "is was be it's that's as to equals called would should says currently now this following on account for \
    my your here it will",
);
/// Words that begin an answer, before the password.
static LEAD_INS: WordSet = WordSet::of(
    "it's that's it is that is that'd it'd be would should yes yeah yep sure okay ok um uh the my our \
    password word passphrase answer security i think believe so well mhm right of course capital so's hmm \
    memorable secret maiden name was mother's mother her his all one lower lowercase case uppercase upper \
    and",
);
/// Words that begin no password: what is said of one, or instead of one.
static NO_PASSWORDS: WordSet = WordSet::of(
    "not no wrong incorrect invalid expired locked the a an same being no longer never working i i'm i've i'd \
    you he she we they what why how when where which who can could can't couldn't don't didn't doesn't won't \
    isn't wasn't reset resets changed hold hang wait let sorry please required needed too still already \
    always about correct right accepted rejected blocked saved stored fine good bad ready there here gone on \
    in for to with from by at or but if because just my your our his her their this that these those do does \
    did is was has have had will would should may might must need needs so then than case sensitive you've \
    you're you'll i'll it's that's there's here's we'll we're we've they're something anything nothing \
    everything secure safe strong weak empty missing unknown different new old temporary email e-mail hello \
    hi hey oh sent going yes yeah no nope",
);
/// Words that end one.
static ENDS: WordSet = WordSet::of(
    "and but so please thanks thank that it then i for because in on or okay ok all with is was right you my \
    the to at if now does can will did when do",
);
/// The names of signs that are spelled.
static SIGNS: WordSet = WordSet::of(
    "capital lowercase uppercase underscore hash hashtag star asterisk ampersand exclamation percent dollar \
    dash hyphen pound",
);
/// The links after which even a plain word is a password.
static SURE_LINKS: WordSet = WordSet::of("is was be it's equals called");
const MOST_LINKS: usize = 8;
/// The answer to the question for a password says at most so much more, in tokens.
const MOST_AFTER_ANSWER: usize = 8;
const MOST_PLAIN_WORDS: usize = 3;
const FEWEST_SPELLED: usize = 3;

/// Where a password may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PasswordPlace {
    /// Its first token.
    pub(super) at: usize,
    /// Whether a password must follow, even if it is a plain word.
    is_sure: bool,
    /// Whether it is all that the turn says.
    is_answer: bool,
}

impl PasswordPlace {
    /// The place after the name "password" that ends there and the words that link the two: "is", a colon, an equals
    /// sign.
    pub(super) fn after_name(turn: &TurnTokens, end_of_name: usize) -> Self {
        let is_link = |at: &usize| {
            turn.is_word_of(*at, &LINKS) || turn.is_symbol(*at, &[':', '=', '"', '\'', '\\', '“', '‘', ',', '-'])
        };
        let at = end_of_name + (end_of_name..turn.tokens.len()).take(MOST_LINKS).take_while(is_link).count();
        let is_sure = (end_of_name..at).any(|at| turn.is_word_of(at, &SURE_LINKS) || turn.is_symbol(at, &[':', '=']));
        Self { at, is_sure, is_answer: false }
    }

    /// The place where the answer to "what's the password" begins.
    pub(super) fn of_answer(turn: &TurnTokens) -> Self {
        let is_lead_in =
            |at: &usize| turn.is_word_of(*at, &LEAD_INS) || turn.is_symbol(*at, &[',', '.', ':', '"', '-', '“']);
        let at = (0..turn.tokens.len()).take_while(is_lead_in).count();
        Self { at, is_sure: true, is_answer: true }
    }
}

/// The end of the password that begins in that place.
pub(super) fn password_end(turn: &TurnTokens, text: &str, place: PasswordPlace) -> Option<usize> {
    let start = place.at;
    let chunk = chunk_end(turn, text, start)?;
    if has_signs(turn, text, start, chunk) {
        return Some(chunk);
    }
    let spelled = spelled_end(turn, start);
    if place.is_sure && spelled - start >= FEWEST_SPELLED {
        return Some(spelled);
    }
    if !place.is_sure || turn.kind(start) != Some(TokenKind::Word) || NO_PASSWORDS.contains(turn.spelling(start)) {
        return None;
    }
    let is_plain = |at: &usize| {
        let word = turn.spelling(*at);
        turn.kind(*at) == Some(TokenKind::Word) && (*at == start || !ENDS.contains(word) && !turn.is_spoken_digit(*at))
    };
    let words = (start..turn.tokens.len()).take(MOST_PLAIN_WORDS).take_while(is_plain).count();
    let end = spelled_end(turn, start + words);
    let has_end = end == turn.tokens.len()
        || turn.is_symbol(end, &['.', ',', '!', '?', ';', '"', '”', '}'])
        || ENDS.contains(turn.spelling(end));
    // What else is said shows that it is no answer.
    let is_all = !place.is_answer || turn.tokens.len() - end <= MOST_AFTER_ANSWER;
    (has_end && is_all).then_some(end)
}

/// The end of what stands there without white space or quotation marks; without the stop that ends its sentence.
fn chunk_end(turn: &TurnTokens, text: &str, start: usize) -> Option<usize> {
    let first = turn.tokens.get(start)?;
    if matches!(first.kind, TokenKind::Redacted(_))
        || text.get(first.bytes.start..)?.starts_with(['"', '\'', '“', '{', '[', '}', ']'])
    {
        return None;
    }
    let is_inside = |at: &usize| {
        turn.is_glued(*at)
            && !turn.is_symbol(*at, &['"', '”', '\\', '[', ']', '<', '>'])
            && !matches!(turn.kind(*at), Some(TokenKind::Redacted(_)))
    };
    let mut end = start + 1 + (start + 1..turn.tokens.len()).take_while(is_inside).count();
    while end > start + 1 && turn.is_symbol(end - 1, &['.', ',', '?', ';', ':', '}', ')', '\'']) {
        end -= 1;
    }
    Some(end)
}

/// Whether a chunk looks like a password: digits or signs within it, or a capital after a small letter.
fn has_signs(turn: &TurnTokens, text: &str, start: usize, end: usize) -> bool {
    let Some(chunk) = turn.bytes(start..end).and_then(|bytes| text.get(bytes)) else { return false };
    let has_digit = chunk.chars().any(char::is_numeric);
    let has_letter = chunk.chars().any(char::is_alphabetic);
    let has_sign = chunk
        .trim_end_matches('!')
        .chars()
        .any(|sign| !sign.is_alphanumeric() && !matches!(sign, '\'' | '’' | '-' | '/' | '.' | ','));
    chunk.len() >= 4 && (has_digit && (has_letter || has_sign || chunk.len() >= 4) || has_sign && has_letter)
}

/// The end of the letters, digits and signs that are spelled from there on.
fn spelled_end(turn: &TurnTokens, start: usize) -> usize {
    let is_spelled = |at: &usize| match turn.kind(*at) {
        Some(TokenKind::Number) => true,
        Some(TokenKind::Word) => {
            let word = turn.spelling(*at);
            word.len() == 1 || turn.is_spoken_digit(*at) || SIGNS.contains(word)
        }
        Some(TokenKind::Symbol(symbol)) => matches!(symbol, '-' | ',') && *at > start,
        _ => false,
    };
    let mut end = start + (start..turn.tokens.len()).take_while(is_spelled).count();
    while end > start && (turn.is_symbol(end - 1, &['-', ',']) || turn.spelling(end - 1) == "i") {
        end -= 1;
    }
    // "a" and "oh" alone are words.
    let is_word =
        end == start + 1 && (matches!(turn.spelling(start), "a" | "i") || turn.number_word(start) == NumberWord::Oh);
    if is_word { start } else { end }
}
