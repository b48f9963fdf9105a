//! `token`: the API tokens, with which an organisation's feedback is read or its calls are posted.
//!
//! **Invariant:** a token is shown once, when it is created; only its identifier is listed, and only a hash is stored.

use std::io::{self, Write};
use std::process::ExitCode;

use domain::{OrgId, Timestamp, Token, TokenId, TokenRecord, TokenScope, TokenState};
use store::{CreateResult, RevokeResult, TokenStore};

use crate::arguments::{TokenArguments, TokenCommand};
use crate::error::CommandError;
use crate::resource::{ResourceRef, TOKEN_TABLE};
use crate::token_expiry::TokenExpiry;
use crate::token_text::token_id;

/// What to do, checked.
enum Task {
    Create(OrgId, TokenScope, Option<Timestamp>),
    List(Option<OrgId>),
    Revoke(TokenId),
}

/// Runs the command.
pub(crate) async fn run(arguments: TokenArguments, now: Timestamp) -> Result<ExitCode, CommandError> {
    // An error in the command itself is reported before any request is made.
    let task = task(arguments.command, now)?;
    let table_ref = ResourceRef::choose(&TOKEN_TABLE, arguments.token_table, arguments.stack)?;
    let aws = aws::operator_config().await;
    let tokens = TokenStore::new(&aws, table_ref.resolve(&TOKEN_TABLE, &aws).await?);
    let text = match task {
        Task::Create(org, scope, expires_at) => create(&tokens, org, scope, expires_at, now).await?,
        Task::List(org) => list(&tokens, org.as_ref(), now).await?,
        Task::Revoke(id) => revoke(&tokens, &id, now).await?,
    };
    writeln!(io::stdout(), "{text}").map_err(CommandError::Output)?;
    Ok(ExitCode::SUCCESS)
}

fn task(command: TokenCommand, now: Timestamp) -> Result<Task, CommandError> {
    Ok(match command {
        TokenCommand::Create { org, scope, expires } => {
            Task::Create(org, scope, expires.map(|expiry| expires_at(expiry, now)).transpose()?)
        }
        TokenCommand::List { org } => Task::List(org),
        // What was given is not repeated: it may be a secret.
        TokenCommand::Revoke { id } => Task::Revoke(token_id(&id).ok_or_else(|| {
            CommandError::Usage("the ID must be 16 hexadecimal digits, as `token list` shows them".to_owned())
        })?),
    })
}

async fn create(
    tokens: &TokenStore,
    org_id: OrgId,
    scope: TokenScope,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<String, CommandError> {
    let token = random_token()?;
    let record = TokenRecord {
        token_id: token.id().clone(),
        org_id,
        scope,
        secret_sha256: token.secret_hash(),
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    match tokens.create(&record).await.map_err(CommandError::unavailable("cannot create the token"))? {
        CreateResult::Created => {}
        CreateResult::Duplicate => {
            return Err(CommandError::Refused(format!("the token {} exists, try again", record.token_id)));
        }
    }
    let end = expires_at.map_or_else(|| "never expires".to_owned(), |end| format!("expires at {end}"));
    let note = format!("{scope} token {} of {} {end}; it is not shown again", record.token_id, record.org_id);
    // If the note cannot be written, the token must not be lost.
    let _ = writeln!(io::stderr(), "{note}");
    Ok(token.reveal())
}

async fn list(tokens: &TokenStore, org: Option<&OrgId>, now: Timestamp) -> Result<String, CommandError> {
    let mut records = tokens.list(org).await.map_err(CommandError::unavailable("cannot list the tokens"))?;
    records.sort_by_cached_key(|record| (record.org_id.clone(), record.created_at, record.token_id.clone()));
    Ok(table(&records, now))
}

async fn revoke(tokens: &TokenStore, id: &TokenId, now: Timestamp) -> Result<String, CommandError> {
    match tokens.revoke(id, now).await.map_err(CommandError::unavailable(format!("cannot revoke the token {id}")))? {
        RevokeResult::Revoked => Ok(format!("token {id} is revoked")),
        RevokeResult::AlreadyRevoked => Ok(format!("token {id} was revoked before")),
        RevokeResult::NotFound => Err(CommandError::Refused(format!("there is no token {id}"))),
    }
}

fn expires_at(expiry: TokenExpiry, now: Timestamp) -> Result<Timestamp, CommandError> {
    let end = expiry.end(now).map_err(|error| CommandError::Usage(format!("--expires {error}")))?;
    if end > now {
        Ok(end)
    } else {
        Err(CommandError::Usage(format!("--expires must lie in the future, but {end} does not")))
    }
}

fn random_token() -> Result<Token, CommandError> {
    let (mut id, mut secret) = ([0; 8], [0; 32]);
    getrandom::fill(&mut id)
        .and_then(|()| getrandom::fill(&mut secret))
        .map_err(CommandError::unavailable("cannot generate a token"))?;
    Ok(Token::from_random(id, secret))
}

/// The tokens as a table with a heading, in their order.
fn table(records: &[TokenRecord], now: Timestamp) -> String {
    let heading = ["ID", "ORGANISATION", "SCOPE", "CREATED", "EXPIRES", "STATE"].map(str::to_owned);
    let rows: Vec<[String; 6]> =
        std::iter::once(heading).chain(records.iter().map(|record| row(record, now))).collect();
    let mut widths = [0; 6];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn row(record: &TokenRecord, now: Timestamp) -> [String; 6] {
    let state = match record.state(now) {
        TokenState::Valid => "valid",
        TokenState::Expired => "expired",
        TokenState::Revoked => "revoked",
    };
    [
        record.token_id.to_string(),
        record.org_id.to_string(),
        record.scope.to_string(),
        record.created_at.to_string(),
        record.expires_at.map_or_else(|| "never".to_owned(), |end| end.to_string()),
        state.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn record(id: u8, org: &str, expires_at: Option<&str>) -> TokenRecord {
        let token = Token::from_random([id; 8], [id; 32]);
        TokenRecord {
            token_id: token.id().clone(),
            org_id: OrgId::parse(org).unwrap(),
            scope: TokenScope::Read,
            secret_sha256: token.secret_hash(),
            created_at: at("2026-11-22T10:00:00Z"),
            expires_at: expires_at.map(at),
            revoked_at: None,
        }
    }

    #[test]
    fn the_table_shows_whose_tokens_are_valid_and_until_when() {
        let now = at("2026-11-23T00:00:00Z");
        let revoked = TokenRecord { scope: TokenScope::Intake, revoked_at: Some(now), ..record(0xcc, "acme", None) };
        let records =
            [record(0xaa, "acme", None), record(0xbb, "a-longer-name", Some("2026-11-22T11:00:00Z")), revoked];
        let expected = "\
ID                ORGANISATION   SCOPE   CREATED               EXPIRES               STATE
aaaaaaaaaaaaaaaa  acme           read    2026-11-22T10:00:00Z  never                 valid
bbbbbbbbbbbbbbbb  a-longer-name  read    2026-11-22T10:00:00Z  2026-11-22T11:00:00Z  expired
cccccccccccccccc  acme           intake  2026-11-22T10:00:00Z  never                 revoked";
        assert_eq!(table(&records, now), expected);
        assert_eq!(table(&[], now), "ID  ORGANISATION  SCOPE  CREATED  EXPIRES  STATE");
    }

    #[test]
    fn a_token_cannot_be_created_expired() {
        let now = at("2026-11-22T10:00:00Z");
        assert_eq!(expires_at(TokenExpiry::Seconds(1), now).unwrap(), at("2026-11-22T10:00:01Z"));
        assert!(expires_at(TokenExpiry::Seconds(0), now).is_err());
        assert!(expires_at(TokenExpiry::Until(at("2026-11-22T09:59:59Z")), now).is_err());
    }

    #[test]
    fn each_token_is_random() {
        assert_ne!(random_token().unwrap(), random_token().unwrap());
    }
}
