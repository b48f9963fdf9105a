//! Reads the claim behind a quotation: who said it and in which turn.

use domain::Role;
use scoring::evidence::is_invisible;

use super::marks::is_any_mark;
use super::prose::is_end;

/// So many characters may stand between a closing mark and the claim.
const LONGEST_GAP: usize = 8;
/// So many characters may stand between the brackets of a claim.
const LONGEST_CLAIM: usize = 40;
/// Words that a claim may have beside the role and the number.
const FILLER_WORDS: &[&str] = &["turn", "the", "in"];

/// A claim, and what surrounds it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Who is claimed to have said it.
    pub(super) role: Role,
    /// The turn in which they are claimed to have. A number that is too large for a turn is the largest one.
    pub(super) turn: usize,
    /// The first punctuation mark between the closing mark and the claim.
    pub(super) punctuation: Option<char>,
    /// The index after the claim.
    pub(super) end: usize,
}

impl Claim {
    /// The claim that follows a closing mark, of which `start` is the next index: the role and the turn in brackets, in any
    /// order and case. Between the two may be punctuation, white space, more closing marks and marks of emphasis.
    pub(super) fn after(text: &[char], start: usize) -> Option<Self> {
        let rest = text.get(start..)?;
        let gap = rest.iter().take(LONGEST_GAP + 1).take_while(|character| is_gap(**character)).count();
        let (bracket, inside) = rest.get(gap..)?.split_first()?;
        is_opening_bracket(*bracket).then_some(())?;
        let length = inside.iter().take(LONGEST_CLAIM + 1).position(|character| is_closing_bracket(*character))?;
        let (role, turn) = role_and_turn(inside.get(..length)?)?;
        let punctuation = rest.iter().take(gap).copied().find(|character| is_punctuation(*character));
        Some(Self { role, turn, punctuation, end: start + gap + 1 + length + 1 })
    }

    /// Whether a sentence ends between the closing mark and the claim.
    pub(super) fn ends_sentence(&self) -> bool {
        self.punctuation.is_some_and(is_end)
    }
}

/// The one role and the one number in the text, if there is nothing else in it but filler words and punctuation.
fn role_and_turn(text: &[char]) -> Option<(Role, usize)> {
    let (mut role, mut turn) = (None, None);
    // A number need not be apart from the word before it: "turn6".
    let words = text.chunk_by(|one, next| kind(*one) == kind(*next));
    for word in words.filter(|word| word.iter().all(|character| character.is_alphanumeric())) {
        let word = word.iter().collect::<String>().to_lowercase();
        let is_new = if word.chars().all(|character| character.is_ascii_digit()) {
            // Nothing but a number that is too large can fail here.
            turn.replace(word.parse().unwrap_or(usize::MAX)).is_none()
        } else if FILLER_WORDS.contains(&word.as_str()) {
            true
        } else {
            role.replace(Role::parse(&word).ok()?).is_none()
        };
        is_new.then_some(())?;
    }
    Some((role?, turn?))
}

/// Whether the character belongs to a word, and whether to a number.
fn kind(character: char) -> (bool, bool) {
    (character.is_alphanumeric(), character.is_ascii_digit())
}

fn is_gap(character: char) -> bool {
    character.is_whitespace()
        || is_punctuation(character)
        || is_any_mark(character)
        || matches!(character, '-' | '–' | '—' | '*' | '_')
        || is_invisible(character)
}

/// Whether the character separates clauses or sentences.
pub(super) const fn is_punctuation(character: char) -> bool {
    matches!(
        character,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '…'
            | '。'
            | '，'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '؟'
            | '،'
            | '؛'
            | '۔'
            | '।'
    )
}

pub(super) const fn is_opening_bracket(character: char) -> bool {
    matches!(character, '(' | '[' | '（' | '［' | '【')
}

pub(super) const fn is_closing_bracket(character: char) -> bool {
    matches!(character, ')' | ']' | '）' | '］' | '】')
}
