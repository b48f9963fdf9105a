//! The words, numbers and symbols of a turn, as rules about what follows words read them.
//!
//! **Invariant:** a token lies within one lexeme of its turn; spaces and annotations are no tokens.

use std::ops::Range;

use super::digit_runs::{DigitRun, Separator};
use super::lexer::{Lexeme, LexemeKind};
use super::pii_kind::PiiKind;
use super::spoken_numbers::{NumberWord, number_word};
use super::word_set::WordSet;

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word, or a part of one that is written like `cardNumber`.
    Word,
    /// Decimal digits.
    Number,
    /// Any other character.
    Symbol(char),
    /// A placeholder from an earlier redaction.
    Redacted(PiiKind),
}

/// A word, a number, a symbol or a placeholder.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// In lower case, without a possessive "'s".
    pub(super) spelling: String,
    pub(super) bytes: Range<usize>,
    /// Whether nothing stands between it and the token before.
    pub(super) is_glued: bool,
    /// Whether it has capital letters only.
    pub(super) is_upper: bool,
    /// What it means in a number.
    pub(super) number: NumberWord,
    /// Whether it is a word that says something by itself.
    is_content: bool,
}

impl Token {
    fn of(kind: TokenKind, text: &str, bytes: Range<usize>, is_glued: bool) -> Self {
        let spelling = spelling(text);
        let is_upper = text.chars().all(|letter| letter.is_ascii_uppercase());
        let is_word = kind == TokenKind::Word;
        let number = if is_word { number_word(&spelling) } else { NumberWord::Other };
        let is_content = is_word && spelling.len() > 1 && number == NumberWord::Other && !LEAD_INS.contains(&spelling);
        Self { kind, spelling, bytes, is_glued, is_upper, number, is_content }
    }
}

/// A group of digits, at its tokens.
#[derive(Debug)]
pub(super) struct NumberGroup {
    /// Its first token, and the one after its last.
    pub(super) tokens: Range<usize>,
    pub(super) digits: Vec<u8>,
    pub(super) is_typed: bool,
    pub(super) separator: Separator,
    /// Whether it is said like an amount: "two hundred", "thirty five".
    pub(super) is_amount: bool,
    run: usize,
}

/// The tokens of a turn.
#[derive(Debug, Default)]
pub(super) struct TurnTokens {
    pub(super) tokens: Vec<Token>,
    /// The groups of digits, in order.
    groups: Vec<NumberGroup>,
}

const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];
/// What is counted: a number before one of these words is a quantity, a price or a time.
static UNITS: WordSet = WordSet::of(
    "dollars dollar bucks pounds pound euros euro cents cent pence quid rupees grand percent minutes minute \
    hours hour days day weeks week months month years year seconds am pm a.m p.m o'clock oclock items boxes \
    pieces people guests persons adults children kids miles kilometers kilometres km kg mg ml grams \
    milligrams degrees feet inches points times users licenses seats tickets nights units copies bags orders \
    payments installments thousand million billion gigabytes gigs gb mb megabytes megs kilowatts watts volts \
    usd eur gbp cad aud business working gallons star stars bedroom bedrooms bed beds bath baths liters \
    litres square pairs bottles packs tablets calls messages",
);

impl TurnTokens {
    /// The tokens of a turn, with the runs of digits in it.
    pub(super) fn of(text: &str, lexemes: &[Lexeme], runs: &[DigitRun]) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        let mut is_glued = false;
        for lexeme in lexemes {
            let said = lexeme.of(text);
            let kind = match lexeme.kind {
                LexemeKind::Space | LexemeKind::Annotation => {
                    is_glued = false;
                    continue;
                }
                // An underscore is a space within a name.
                LexemeKind::Symbol('_') => continue,
                LexemeKind::Word => TokenKind::Word,
                LexemeKind::Number => TokenKind::Number,
                LexemeKind::Symbol(symbol) => TokenKind::Symbol(symbol),
                LexemeKind::Redacted => match PiiKind::at_start_of(said) {
                    Some(kind) => TokenKind::Redacted(kind),
                    None => continue,
                },
            };
            let mut start = lexeme.bytes.start;
            for part in camel_case_parts(said, kind) {
                let bytes = start..start + part.len();
                start = bytes.end;
                tokens.push(Token::of(kind, part, bytes, is_glued));
                is_glued = true;
            }
        }
        let groups = number_groups(&tokens, runs);
        Self { tokens, groups }
    }

    /// The kind of the token there.
    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The spelling of the token there; nothing where there is none.
    pub(super) fn spelling(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.spelling.as_str())
    }

    /// Whether that symbol stands there.
    pub(super) fn is_symbol(&self, at: usize, symbols: &[char]) -> bool {
        matches!(self.kind(at), Some(TokenKind::Symbol(symbol)) if symbols.contains(&symbol))
    }

    /// Whether a word of the set stands there.
    pub(super) fn is_word_of(&self, at: usize, words: &WordSet) -> bool {
        self.kind(at) == Some(TokenKind::Word) && words.contains(self.spelling(at))
    }

    /// Whether one of these words stands there.
    pub(super) fn is_any_of(&self, at: usize, words: &[&str]) -> bool {
        self.kind(at) == Some(TokenKind::Word) && words.contains(&self.spelling(at))
    }

    /// What the word there means in a number.
    pub(super) fn number_word(&self, at: usize) -> NumberWord {
        self.tokens.get(at).map_or(NumberWord::Other, |token| token.number)
    }

    /// Whether the word there is a digit or a group of digits that is spoken, or stands among them.
    pub(super) fn is_spoken_digit(&self, at: usize) -> bool {
        matches!(self.number_word(at), NumberWord::Digits(_) | NumberWord::Oh | NumberWord::Repeat(_))
    }

    /// Whether a sentence ends there.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        self.is_symbol(at, &['.', '?', '!', ';']) && !self.is_glued(at + 1)
    }

    /// Whether the token there is stuck to the one before.
    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_glued)
    }

    /// The byte range from the first token to the one before the end.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        let of = self.tokens.get(tokens)?;
        Some(of.first()?.bytes.start..of.last()?.bytes.end)
    }

    /// Whether digits begin there.
    pub(super) fn is_number_start(&self, at: usize) -> bool {
        self.group_at(at).is_some()
    }

    /// The end of the digits that begin there, up to the end of the sentence.
    pub(super) fn end_of_run(&self, at: usize) -> Option<usize> {
        let first = self.group_at(at)?;
        let mut end = self.groups.get(first)?.tokens.end;
        for group in self.same_run(first).skip(1) {
            if (end..group.tokens.start).any(|between| self.ends_sentence(between)) {
                break;
            }
            end = group.tokens.end;
        }
        Some(end)
    }

    /// The end of the digits that begin there, up to a pause.
    pub(super) fn end_of_number(&self, at: usize) -> Option<usize> {
        let groups = self.number_at(at)?;
        let is_joined = |(index, group): &(usize, &NumberGroup)| *index == 0 || group.separator < Separator::Slash;
        groups.iter().enumerate().take_while(is_joined).last().map(|(_, group)| group.tokens.end)
    }

    /// The groups of the number that begins there: without those that are a price, a quantity or a time of day.
    pub(super) fn number_at(&self, at: usize) -> Option<&[NumberGroup]> {
        let first = self.group_at(at)?;
        if self.is_amount_before(at) {
            return None;
        }
        let count = self.same_run(first).count();
        let groups = self.groups.get(first..first + count)?;
        let end = groups.last()?.tokens.end;
        if !self.is_unit(end) {
            return Some(groups);
        }
        // The last of them counts something: "seven three nine, eighty nine dollars".
        let pause = groups.iter().rposition(|group| group.separator == Separator::Pause)?;
        groups.get(..pause).filter(|rest| !rest.is_empty())
    }

    /// Whether digits there are a part of an amount or a time that began before.
    fn is_amount_before(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let follows_digits = before.checked_sub(1).is_some_and(|two| self.kind(two) == Some(TokenKind::Number));
        self.is_symbol(before, &CURRENCIES)
            || self.is_symbol(before, &[':', ',']) && follows_digits && self.is_glued(at) && self.is_glued(before)
    }

    /// Whether what stands there counts the number before it, or makes it a time.
    pub(super) fn is_unit(&self, at: usize) -> bool {
        self.is_word_of(at, &UNITS)
            || self.is_symbol(at, &CURRENCIES)
            || self.is_symbol(at, &['%'])
            || self.is_symbol(at, &[':', ',']) && self.is_glued(at) && self.is_glued(at + 1) && self.is_digits(at + 1)
    }

    /// Whether the token there is typed digits.
    pub(super) fn is_digits(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::Number)
    }

    fn group_at(&self, at: usize) -> Option<usize> {
        self.groups.binary_search_by_key(&at, |group| group.tokens.start).ok()
    }

    fn same_run(&self, first: usize) -> impl Iterator<Item = &NumberGroup> {
        let run = self.groups.get(first).map(|group| group.run);
        self.groups.iter().skip(first).take(MOST_GROUPS).take_while(move |group| Some(group.run) == run)
    }

    /// Whether the word there says something by itself: it neither leads to what is said nor is a part of a number.
    pub(super) fn is_content(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_content)
    }

    /// Whether hardly anything is said in the turn but numbers and letters.
    pub(super) fn is_bare(&self) -> bool {
        (0..self.tokens.len()).filter(|at| self.is_content(*at)).nth(MOST_WORDS_BESIDE).is_none()
    }
}

/// At most so many groups are one number, so that the work for each is bounded.
const MOST_GROUPS: usize = 40;
/// At most this many words beside numbers are said in a turn that only gives a number.
const MOST_WORDS_BESIDE: usize = 3;

/// Words that lead to what is said.
static LEAD_INS: WordSet = WordSet::of(
    "the is it it's that that's this my your our number numbers no yes yeah yep yup sure okay ok um uh uhm so \
    well let me see and then first next on file as have got be should would starts starting start begins \
    beginning with here here's go ahead says say reads read said digits digit please thank you thanks right \
    alright correct all for to of from in by us sorry at was has now they're there's there they'll i'll i've \
    i'd i'm we you've he's his her their he she they we've am are were been again just give given sec second \
    hang which what what's it'll that'll that'd do does can could will actually think believe supposed to be \
    mm hmm mhm huh ah oh er got gotcha perfect great good cool repeat confirm back after like already hold \
    but only not one moment listed down both full complete long first whole or if",
);

fn number_groups(tokens: &[Token], runs: &[DigitRun]) -> Vec<NumberGroup> {
    let token_at = |offset: usize| tokens.partition_point(|token| token.bytes.start < offset);
    let of_run = |(run, digits): (usize, &DigitRun)| {
        let of_group = |group: &super::digit_runs::DigitGroup| NumberGroup {
            tokens: token_at(group.span.bytes.start)..token_at(group.span.bytes.end),
            digits: digits.digits.get(group.digits.clone()).unwrap_or_default().to_vec(),
            is_typed: group.is_typed,
            separator: group.separator,
            is_amount: is_amount(tokens, token_at(group.span.bytes.start)..token_at(group.span.bytes.end)),
            run,
        };
        digits.groups.iter().map(of_group).collect::<Vec<_>>()
    };
    runs.iter().enumerate().flat_map(of_run).collect()
}

/// Whether the tokens are tens with a digit after them, or hundreds.
fn is_amount(tokens: &[Token], of: Range<usize>) -> bool {
    let words = tokens.get(of).unwrap_or_default();
    words.iter().any(|token| token.spelling == "hundred")
        || words.len() > 1 && words.iter().any(|token| token.spelling.ends_with("ty"))
}

/// `cardNumber` is two words; every other lexeme is one.
fn camel_case_parts(text: &str, kind: TokenKind) -> Vec<&str> {
    let is_hump = |(at, pair): (usize, &[u8])| match pair {
        [before, after] => (before.is_ascii_lowercase() && after.is_ascii_uppercase()).then_some(at + 1),
        _ => None,
    };
    let mut parts = Vec::new();
    let mut rest = text;
    if kind == TokenKind::Word {
        while let Some((part, next)) =
            rest.as_bytes().windows(2).enumerate().find_map(is_hump).and_then(|at| rest.split_at_checked(at))
        {
            parts.push(part);
            rest = next;
        }
    }
    parts.push(rest);
    parts
}

fn spelling(word: &str) -> String {
    let lower = word.to_lowercase().replace('\u{2019}', "'");
    match lower.strip_suffix("'s") {
        Some(owner) if !matches!(owner, "it" | "that" | "what" | "here" | "there" | "he" | "she" | "let") => {
            owner.to_owned()
        }
        _ => lower,
    }
}
