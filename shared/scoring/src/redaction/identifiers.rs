//! Numbers with letters that show by themselves what they are: IBANs by their check digits, British National Insurance
//! numbers and American Medicare numbers by their form.

use std::ops::Range;

use super::characters::{Character, characters_at};
use super::pii_kind::PiiKind;
use super::tokens::TurnTokens;

/// The countries that have IBANs and the length of theirs, from the registry of SWIFT.
const IBAN_LENGTHS: &str = "\
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
    EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
    KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 \
    PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
    UA29 VA22 VG24 XK20 YE30";

/// Where such numbers stand in a turn: their bytes and what they are.
pub(super) fn find(turn: &TurnTokens, text: &str) -> Vec<(Range<usize>, PiiKind)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < turn.tokens.len() {
        let (characters, end) = characters_at(turn, text, at);
        let is_whole = |kind: fn(&[Character]) -> bool| kind(&characters);
        if is_whole(is_national_insurance) || is_whole(is_medicare) {
            found.extend(span(&characters).map(|bytes| (bytes, PiiKind::NationalId)));
        } else {
            ibans(&characters, &mut found);
        }
        at = end.max(at + 1);
    }
    found
}

fn span(characters: &[Character]) -> Option<Range<usize>> {
    Some(characters.first()?.bytes.start..characters.last()?.bytes.end)
}

/// Adds the IBANs among the characters, from left to right.
fn ibans(characters: &[Character], found: &mut Vec<(Range<usize>, PiiKind)>) {
    let mut rest = characters;
    while let [country, second, ..] = rest {
        let length = iban_length(country.value, second.value).filter(|length| *length <= rest.len());
        let begins_word = rest.len() == characters.len()
            || country.tokens.start < second.tokens.start
            || starts_token(characters, rest);
        let iban = length
            .and_then(|length| rest.split_at_checked(length))
            .filter(|(iban, _)| begins_word && passes_mod_97(iban));
        rest = match iban {
            Some((iban, after)) => {
                found.extend(span(iban).map(|bytes| (bytes, PiiKind::Iban)));
                after
            }
            None => rest.get(1..).unwrap_or_default(),
        };
    }
}

/// Whether the first of the rest is the first character of its token.
fn starts_token(all: &[Character], rest: &[Character]) -> bool {
    let before = (all.len() - rest.len()).checked_sub(1).and_then(|at| all.get(at));
    before.is_none_or(|before| rest.first().is_some_and(|first| first.tokens != before.tokens))
}

fn iban_length(first: char, second: char) -> Option<usize> {
    (first.is_ascii_uppercase() && second.is_ascii_uppercase()).then_some(())?;
    let of_country =
        |entry: &&str| entry.starts_with([first]) && entry.get(1..2).is_some_and(|letter| letter.starts_with(second));
    IBAN_LENGTHS.split_ascii_whitespace().find(of_country)?.get(2..)?.parse().ok()
}

/// The check of ISO 7064 over an IBAN: the first four characters moved to the end, letters as 10 to 35, the remainder
/// of 97 is 1.
fn passes_mod_97(iban: &[Character]) -> bool {
    let Some((head, account)) = iban.split_at_checked(4) else { return false };
    let is_checked = matches!(head, [_, _, check @ ..] if check.iter().all(|digit| digit.value.is_ascii_digit()));
    let remainder =
        account.iter().chain(head).filter_map(|character| character.value.to_digit(36)).fold(0, |remainder, value| {
            let shift = if value < 10 { 10 } else { 100 };
            (remainder * shift + value) % 97
        });
    is_checked && remainder == 1
}

/// Two letters, six digits and a letter from A to D, all typed; some letters and pairs are never given out.
fn is_national_insurance(characters: &[Character]) -> bool {
    let [first, second, digits @ .., last] = characters else { return false };
    let is_prefix = !"DFIQUV".contains(first.value) && !"DFIOQUV".contains(second.value)
        || [first.value, second.value] == ['Q', 'Q'];
    digits.len() == 6
        && characters.iter().all(|character| character.is_typed)
        && [first, second].iter().all(|letter| letter.value.is_ascii_uppercase())
        && is_prefix
        && digits.iter().all(|digit| digit.value.is_ascii_digit())
        && matches!(last.value, 'A'..='D')
}

/// The form of a Medicare beneficiary identifier: C A AN N A AN N A A N N.
fn is_medicare(characters: &[Character]) -> bool {
    const FORM: &str = "1AX0AX0AA00";
    let fits = |(character, form): (&Character, char)| {
        let value = character.value;
        let is_letter = value.is_ascii_uppercase() && !"SLOIBZ".contains(value);
        match form {
            '1' => matches!(value, '1'..='9'),
            '0' => value.is_ascii_digit(),
            'A' => is_letter,
            _ => is_letter || value.is_ascii_digit(),
        }
    };
    characters.len() == FORM.len() && characters.iter().zip(FORM.chars()).all(fits)
}
