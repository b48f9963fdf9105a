//! API tokens: `cf_<token id>_<secret>`. The secret is 256 random bits and is never stored; its SHA-256 is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{OrgId, Timestamp};

const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// The error for a text that is not a token. It does not show the text, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a token (cf_<16 hexadecimal digits>_<64 hexadecimal digits>)")]
pub struct TokenError;

/// The public part of a token: 16 hexadecimal digits. Safe to log and to list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TokenId(String);

impl TokenId {
    /// Reads a token's id; fails unless it is 16 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if is_hex(text, ID_BYTES) { Ok(Self(text.to_owned())) } else { Err(TokenError) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<TokenId> for String {
    fn from(id: TokenId) -> Self {
        id.0
    }
}

impl TryFrom<String> for TokenId {
    type Error = TokenError;
    fn try_from(text: String) -> Result<Self, TokenError> {
        Self::parse(&text)
    }
}

/// A whole token, secret included. Its `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: TokenId,
    secret: String,
}

impl Token {
    /// The token of those random bytes.
    #[must_use]
    pub fn from_random(id: [u8; ID_BYTES], secret: [u8; SECRET_BYTES]) -> Self {
        Self { id: TokenId(hex::encode(id)), secret: hex::encode(secret) }
    }

    /// Reads a token; fails for any text that [`Token::reveal`] does not write.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let (id, secret) = text.strip_prefix("cf_").and_then(|rest| rest.split_once('_')).ok_or(TokenError)?;
        if !is_hex(secret, SECRET_BYTES) {
            return Err(TokenError);
        }
        Ok(Self { id: TokenId::parse(id)?, secret: secret.to_owned() })
    }

    /// The public part.
    #[must_use]
    pub const fn id(&self) -> &TokenId {
        &self.id
    }

    /// The whole token, as its owner sends it. Show it once, to its owner, and never log it.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("cf_{}_{}", self.id, self.secret)
    }

    /// The hash of the secret, which is stored instead of it.
    #[must_use]
    pub fn secret_hash(&self) -> TokenSecretHash {
        TokenSecretHash(hex::encode(Sha256::digest(&self.secret)))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("id", &self.id.0).finish_non_exhaustive()
    }
}

/// SHA-256, in hexadecimal, of a token's secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenSecretHash(String);

impl TokenSecretHash {
    /// Whether the token has this secret, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, token: &Token) -> bool {
        self.0.as_bytes().ct_eq(token.secret_hash().0.as_bytes()).into()
    }
}

/// What a token allows. It is one thing only, so that a token given to a platform for posting calls cannot read feedback.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Reading feedback and statistics. Also the scope of stored tokens that have none, which are older than scopes.
    #[default]
    Read,
    /// Posting calls.
    Intake,
}

/// The error for a text that is not the name of a [`TokenScope`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope {0:?} (known are read and intake)")]
pub struct UnknownScopeError(pub String);

impl FromStr for TokenScope {
    type Err = UnknownScopeError;

    fn from_str(text: &str) -> Result<Self, UnknownScopeError> {
        match text {
            "read" => Ok(Self::Read),
            "intake" => Ok(Self::Intake),
            _ => Err(UnknownScopeError(text.to_owned())),
        }
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Intake => "intake",
        })
    }
}

/// A token as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TokenRecord {
    /// The public part.
    pub token_id: TokenId,
    /// The organisation that the token gives access to.
    pub org_id: OrgId,
    /// What the token allows.
    #[serde(default)]
    pub scope: TokenScope,
    /// The hash of the secret.
    pub secret_sha256: TokenSecretHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// The first instant at which it is no longer valid; `None` for never.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked; `None` when it was not.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
}

/// Whether a token is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// It is valid.
    Valid,
    /// It has expired.
    Expired,
    /// It was revoked.
    Revoked,
}

impl TokenRecord {
    /// Whether the token is valid at that time. Its secret is checked separately: [`TokenSecretHash::matches`].
    #[must_use]
    pub fn state(&self, now: Timestamp) -> TokenState {
        if self.revoked_at.is_some() {
            TokenState::Revoked
        } else if self.expires_at.is_some_and(|end| now >= end) {
            TokenState::Expired
        } else {
            TokenState::Valid
        }
    }
}

fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == 2 * bytes && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::from_random([0xab; ID_BYTES], [0xcd; SECRET_BYTES])
    }

    fn record(token: &Token) -> TokenRecord {
        TokenRecord {
            token_id: token.id().clone(),
            org_id: OrgId::parse("acme").unwrap(),
            scope: TokenScope::Intake,
            secret_sha256: token.secret_hash(),
            created_at: Timestamp::from_unix_seconds(1_000).unwrap(),
            expires_at: Some(Timestamp::from_unix_seconds(2_000).unwrap()),
            revoked_at: None,
        }
    }

    #[test]
    fn tokens_are_parsed_from_their_text() {
        assert_eq!(Token::parse(&token().reveal()), Ok(token()));
        assert_eq!(token().reveal().len(), 84);
    }

    #[test]
    fn other_texts_are_not_tokens() {
        let good = token().reveal();
        let (without_first, without_last) = (good.get(1..).unwrap(), good.get(..83).unwrap());
        for text in ["", "cf_", "cf__", without_first, without_last, &format!("{good}0"), &good.to_uppercase()] {
            assert_eq!(Token::parse(text), Err(TokenError), "{text}");
        }
    }

    #[test]
    fn only_the_right_secret_matches() {
        let other = Token::from_random([0xab; ID_BYTES], [0xce; SECRET_BYTES]);
        assert!(record(&token()).secret_sha256.matches(&token()));
        assert!(!record(&token()).secret_sha256.matches(&other));
    }

    #[test]
    fn tokens_are_valid_until_they_expire_or_are_revoked() {
        let at = |seconds| Timestamp::from_unix_seconds(seconds).unwrap();
        let mut kept = record(&token());
        assert_eq!(kept.state(at(1_999)), TokenState::Valid);
        assert_eq!(kept.state(at(2_000)), TokenState::Expired);
        kept.revoked_at = Some(at(1_500));
        assert_eq!(kept.state(at(1_600)), TokenState::Revoked);
    }

    #[test]
    fn scopes_are_parsed_from_their_text_which_is_the_one_stored() {
        for scope in [TokenScope::Read, TokenScope::Intake] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.to_string());
        }
        let unknown = "Intake".parse::<TokenScope>().unwrap_err().to_string();
        assert_eq!(unknown, "unknown scope \"Intake\" (known are read and intake)");
    }

    #[test]
    fn a_stored_token_without_a_scope_is_for_reading() {
        let mut kept = serde_json::to_value(record(&token())).unwrap();
        assert_eq!(kept["scope"], "intake");
        kept.as_object_mut().unwrap().remove("scope");
        assert_eq!(serde_json::from_value::<TokenRecord>(kept).unwrap().scope, TokenScope::Read);
    }

    #[test]
    fn debug_hides_the_secret() {
        let shown = format!("{:?}", token());
        assert!(shown.contains("abab") && !shown.contains("cdcd"), "{shown}");
    }
}
