//! Tokens in what people write and read: a token that is given where it does not belong must not come out again.
//!
//! **Invariant:** nothing that this program writes to standard error holds the secret of a token that it was given. It
//! is written to standard output once, by `token create`.

use std::borrow::Cow;

use domain::{Token, TokenId};

/// What a token begins with, and how many digits its id has.
const PREFIX: &str = "cf_";
const ID_DIGITS: usize = 16;

/// The id of a token that is named by its id, or given as a whole; `None` for any other text, which is not to be shown.
pub(crate) fn token_id(text: &str) -> Option<TokenId> {
    let text = text.trim();
    TokenId::parse(text).or_else(|_| Token::parse(text).map(|token| token.id().clone())).ok()
}

/// The text with `…` in place of the secrets of tokens, and of what looks like one that was cut or changed.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut rest = text;
    while let Some((before, found, after)) = next_secret(rest) {
        clean.push_str(before);
        clean.push_str(found);
        clean.push('…');
        rest = after;
    }
    if clean.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(clean + rest) }
}

/// The text before the next token, the token up to its secret, and the text after it.
fn next_secret(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('_').find_map(|(at, _)| {
        // The second underscore of a token is before its secret.
        let start = at.checked_sub(PREFIX.len() + ID_DIGITS)?;
        let id = text.get(start..at)?.get(PREFIX.len()..)?;
        let is_token = text.get(start..)?.get(..PREFIX.len())?.eq_ignore_ascii_case(PREFIX) && is_hex(id);
        let secret = text.get(at + 1..)?;
        let end = secret.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(secret.len());
        (is_token && end > 0).then_some((text.get(..start)?, text.get(start..=at)?, secret.get(end..)?))
    })
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        Token::from_random([0xab; 8], [0xcd; 32]).reveal()
    }

    #[test]
    fn a_token_is_named_by_its_id_or_given_as_a_whole() {
        let id = Some(TokenId::parse("abababababababab").unwrap());
        for text in ["abababababababab", " abababababababab\n", &token(), &format!("{}\n", token())] {
            assert_eq!(token_id(text), id, "{text:?}");
        }
        for text in [
            "",
            "ab",
            "cf_abababababababab",
            token().get(1..).unwrap(),
            token().get(..83).unwrap(),
            &token().to_uppercase(),
        ] {
            assert_eq!(token_id(text), None, "{text:?}");
        }
    }

    #[test]
    fn secrets_are_left_out_wherever_they_stand() {
        let token = token();
        for written in [
            token.clone(),
            token.get(..60).unwrap().to_owned(),
            token.to_uppercase(),
            format!("{token}0a"),
            format!("é{token}"),
        ] {
            let text = format!("x {written}, '{written}': _{written}_");
            let clean = without_secrets(&text);
            assert!(
                !clean.to_lowercase().contains("cdcd") && clean.to_lowercase().contains("cf_abababababababab_…"),
                "{clean}"
            );
            assert!(clean.starts_with("x ") && clean.ends_with('_') && clean.matches('…').count() == 3, "{clean}");
        }
        for text in ["", "cf_", "cf_abababababababab", "cf_abababababababab_", "a_b", "__________________________"] {
            assert_eq!(without_secrets(text), text);
        }
    }
}
