//! Street addresses: a number and the name of a street, with the flat and the postcode that follow.

use std::ops::Range;

use super::characters::characters_at;
use super::tokens::{TokenKind, TurnTokens};
use super::word_set::WordSet;

/// The last words of the names of streets.
static STREETS: WordSet = WordSet::of(
    "street st avenue ave av road rd lane ln drive dr boulevard blvd court ct place pl way terrace ter circle \
    cir square sq close crescent cres parkway pkwy highway hwy row walk mews gardens grove hill park trail \
    loop alley plaza quay rise view green heights point ridge run crossing bend cove turnpike route path \
    pike broadway wharf yard strasse straße gasse weg platz rue via calle avenida laan parade esplanade \
    boulevarde estate fields meadows expressway freeway commons landing glen hollow vale bank house cottage \
    lodge villas mansions brae tower towers",
);
/// The parts of a building, before their number.
static PARTS: WordSet = WordSet::of("apartment apt unit suite ste flat floor room number building bldg lot #");
/// Words that are in no name of a street.
static NO_NAMES: WordSet = WordSet::of(
    "and my is i you it that but so because please thanks thank to for with was has have are we they do not \
    at from or if when where which what can could would will then just okay ok yes no um uh who need want be \
    am on by this those these there here in as up got get dollars minutes days hours years your me him her \
    them percent",
);
/// The longest name of a street, in words.
const MOST_NAME_WORDS: usize = 5;
/// The postcode comes within so many words after the street.
const MOST_WORDS_TO_POSTCODE: usize = 6;

/// The parts of the address that begins there: the street, with what belongs to it, and the postcode. Where an address
/// was asked for, a name without the word for a street will do.
pub(super) fn address_at(turn: &TurnTokens, text: &str, start: usize, was_asked: bool) -> Option<Vec<Range<usize>>> {
    let street = street_end(turn, start, was_asked)?;
    let end = building_part_end(turn, street);
    let postcode = postcode_after(turn, text, end);
    Some([Some(start..end), postcode].into_iter().flatten().collect())
}

/// The postcode that follows the street that ends there, after the name of a town.
fn postcode_after(turn: &TurnTokens, text: &str, street: usize) -> Option<Range<usize>> {
    let mut words = 0;
    for at in street..turn.tokens.len() {
        if let Some(end) = postcode_at(turn, text, at) {
            return Some(at..end);
        }
        match turn.kind(at) {
            Some(TokenKind::Word) if words < MOST_WORDS_TO_POSTCODE && !turn.is_word_of(at, &NO_NAMES) => words += 1,
            Some(TokenKind::Symbol(',' | '.' | '-')) => {}
            _ => return None,
        }
    }
    None
}

/// The end of a postcode that begins there: five digits, or letters and digits as in Britain and Canada.
pub(super) fn postcode_at(turn: &TurnTokens, text: &str, start: usize) -> Option<usize> {
    let (characters, end) = characters_at(turn, text, start);
    let code: Vec<char> = characters.iter().map(|character| character.value).collect();
    let is_digit = |at: usize| code.get(at).is_some_and(char::is_ascii_digit);
    let is_letter = |at: usize| code.get(at).is_some_and(char::is_ascii_uppercase);
    let digits = code.iter().take_while(|value| value.is_ascii_digit()).count();
    if digits == code.len() && matches!(digits, 5 | 9) {
        return Some(end);
    }
    // "SW1A 1AA" ends in a digit and two letters; "K1A 0B1" alternates. Only what is spelled alone is one.
    let length = code.len();
    let ends_british = length >= 5 && is_digit(length - 3) && is_letter(length - 2) && is_letter(length - 1);
    let is_british = (5..=7).contains(&length) && is_letter(0) && ends_british && (is_digit(1) || is_digit(2));
    let is_canadian = length == 6 && (0..6).all(|at| if at % 2 == 0 { is_letter(at) } else { is_digit(at) });
    (is_british || is_canadian).then_some(end)
}

/// The end of the street that begins with its number there.
fn street_end(turn: &TurnTokens, start: usize, was_asked: bool) -> Option<usize> {
    if let Some(end) = post_box_end(turn, start) {
        return Some(end);
    }
    if turn.is_word_of(start, &PARTS) {
        let number = building_part_end(turn, start);
        let next = number + usize::from(turn.is_symbol(number, &[',']));
        let of_house = || street_end(turn, next, was_asked).or_else(|| name_end(turn, next, false));
        return (number > start).then(of_house).flatten();
    }
    let number = house_number_end(turn, start)?;
    let has_comma = was_asked && turn.is_symbol(number, &[',']);
    name_end(turn, number + usize::from(has_comma), was_asked)
}

/// The end of the name of a street that begins after a number there.
fn name_end(turn: &TurnTokens, number: usize, was_asked: bool) -> Option<usize> {
    let mut at = number;
    let mut words = 0;
    let mut end = None;
    while words < MOST_NAME_WORDS {
        let is_name = match turn.kind(at) {
            Some(TokenKind::Word) => !turn.is_word_of(at, &NO_NAMES),
            Some(TokenKind::Number) => {
                turn.is_glued(at + 1) && matches!(turn.spelling(at + 1), "st" | "nd" | "rd" | "th")
            }
            _ => false,
        };
        if !is_name {
            break;
        }
        words += 1;
        let last = at;
        // "St. Johns Street"
        let is_saint = words == 1 && turn.spelling(at) == "st" && turn.is_symbol(at + 1, &['.']);
        at += 1 + usize::from(is_saint);
        if turn.is_word_of(last, &STREETS) && words > 1 && !turn.is_spoken_digit(last) {
            end = Some(
                at + usize::from(turn.is_symbol(at, &['.']) && turn.is_glued(at) && turn.spelling(last).len() < 5),
            );
            // "Park Avenue" goes on; "Park" alone may be the end.
            if !turn.is_word_of(at, &STREETS) {
                break;
            }
        }
    }
    let has_break_after = at == turn.tokens.len()
        || turn.is_symbol(at, &[',', '.', '?', '!', ';'])
        || turn.is_any_of(at, &["and", "but", "so"]);
    end.or_else(|| (was_asked && (1..=3).contains(&words) && has_break_after).then_some(at))
}

/// The end of "P.O. Box 12" that begins there.
fn post_box_end(turn: &TurnTokens, start: usize) -> Option<usize> {
    let mut letters = String::new();
    let mut at = start;
    while letters.len() < 2 && (turn.kind(at) == Some(TokenKind::Word) || turn.is_symbol(at, &['.']) && at > start) {
        if turn.kind(at) == Some(TokenKind::Word) {
            letters.push_str(turn.spelling(at));
        }
        at += 1;
    }
    at += usize::from(turn.is_symbol(at, &['.']));
    (letters == "po" && turn.spelling(at) == "box").then_some(())?;
    let number = at + 1 + usize::from(turn.spelling(at + 1) == "number");
    turn.end_of_run(number)
}

/// The end of a house's number: up to five digits, a letter, "123 and a half" not among them.
fn house_number_end(turn: &TurnTokens, start: usize) -> Option<usize> {
    let end = turn.end_of_number(start)?;
    let digits: usize =
        turn.number_at(start)?.iter().filter(|group| group.tokens.end <= end).map(|group| group.digits.len()).sum();
    let is_ordinal = turn.is_glued(end) && matches!(turn.spelling(end), "st" | "nd" | "rd" | "th");
    let is_decimal = (start..end).any(|at| turn.is_symbol(at, &['.']) && turn.is_glued(at) && turn.is_glued(at + 1));
    (digits <= 5 && !is_ordinal && !is_decimal).then_some(())?;
    let has_letter = turn.spelling(end).len() == 1
        && turn.kind(end) == Some(TokenKind::Word)
        && !matches!(turn.spelling(end), "a" | "i" if !turn.is_glued(end));
    Some(end + usize::from(has_letter && (turn.is_glued(end) || !matches!(turn.spelling(end), "n" | "s" | "e" | "w"))))
}

/// The end of "apartment 4B" after that token, or that token.
fn building_part_end(turn: &TurnTokens, street: usize) -> usize {
    let part = street + usize::from(turn.is_symbol(street, &[',']));
    let is_part = turn.is_word_of(part, &PARTS) || turn.is_symbol(part, &['#']);
    if !is_part {
        return street;
    }
    let number = part + 1 + usize::from(turn.is_any_of(part + 1, &["number"]));
    let end = match turn.end_of_number(number) {
        Some(end) => end,
        None if turn.spelling(number).len() == 1 => number + 1,
        None => return street,
    };
    let has_letter =
        turn.kind(end) == Some(TokenKind::Word) && turn.spelling(end).len() == 1 && turn.spelling(end) != "i";
    end + usize::from(has_letter)
}
