//! Cursors: where a page ended, as text that a client sends to get the next page. `<version>#<rows before>#<sort
//! key>#<call>#<digest>` in base64url.
//!
//! **Invariant:** a cursor gives no access. The organisation is never taken from it, and it is valid only for the query
//! that returned it: the digest covers organisation, filter and order (the limit may change from page to page).

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::{CallId, OrgId, Score, Timestamp};
use sha2::{Digest, Sha256};

use crate::query::{Filter, Sort};
use crate::query_plan::RowPosition;
use crate::{ListQuery, StoreError};

const VERSION: &str = "1";
/// Enough to detect a different query. Collisions are harmless: a cursor gives no access.
const DIGEST_BYTES: usize = 8;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cursor {
    /// How many rows come before the next page.
    pub(crate) offset: u64,
    /// The last row of the page.
    pub(crate) position: RowPosition,
}

impl Cursor {
    /// The text for a client.
    pub(crate) fn encode(&self, org: &OrgId, query: &ListQuery) -> String {
        let Self { offset, position: RowPosition { call, sort_key } } = self;
        let sort_key = match sort_key {
            AttributeValue::N(text) | AttributeValue::S(text) => text,
            _ => "",
        };
        let content = format!("{VERSION}#{offset}#{sort_key}#{call}");
        BASE64_URL_SAFE_NO_PAD.encode(format!("{content}#{}", digest(org, query, &content)))
    }

    /// Reads what [`Cursor::encode`] wrote for the same organisation, filter and order; fails for any other text.
    pub(crate) fn decode(text: &str, org: &OrgId, query: &ListQuery) -> Result<Self, StoreError> {
        Self::parse(text, org, query).ok_or(StoreError::InvalidCursor)
    }

    fn parse(text: &str, org: &OrgId, query: &ListQuery) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (content, digest_text) = text.rsplit_once('#')?;
        let mut parts = content.split('#');
        let [version, offset, sort_key, call] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        if parts.next().is_some() || version != VERSION || digest_text != digest(org, query, content) {
            return None;
        }
        let position = RowPosition { call: CallId::parse(call).ok()?, sort_key: read_sort_key(sort_key, query)? };
        Some(Self { offset: offset.parse().ok()?, position })
    }
}

/// The sort key of a row of that query; `None` when no row of it can have that key.
fn read_sort_key(text: &str, query: &ListQuery) -> Option<AttributeValue> {
    let Filter { min_score, max_score, from, to, .. } = &query.filter;
    match query.sort {
        Sort::Score => {
            let score = Score::try_from(text.parse::<f64>().ok()?).ok()?;
            (*min_score..=*max_score).contains(&score).then(|| AttributeValue::N(score.to_string()))
        }
        Sort::CreatedAt => {
            let time = Timestamp::parse(text).ok()?;
            let inside = from.is_none_or(|from| from <= time) && to.is_none_or(|to| time <= to);
            inside.then(|| AttributeValue::S(time.to_string()))
        }
    }
}

/// Binds a position to its query. No part contains `#`, so different queries never give the same text.
fn digest(org: &OrgId, query: &ListQuery, content: &str) -> String {
    let ListQuery { filter: Filter { min_score, max_score, agent_id, from, to }, sort, order, .. } = query;
    let agent = agent_id.as_ref().map_or("", |agent| agent.as_str());
    let time = |time: &Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    let (from, to) = (time(from), time(to));
    let text = format!("{content}#{org}#{min_score}#{max_score}#{agent}#{from}#{to}#{sort:?}#{order:?}");
    BASE64_URL_SAFE_NO_PAD.encode(&<[u8; 32]>::from(Sha256::digest(text))[..DIGEST_BYTES])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Order, PageStart};

    fn org(text: &str) -> OrgId {
        OrgId::parse(text).unwrap()
    }

    fn query(sort: Sort) -> ListQuery {
        let filter = Filter { max_score: Score::saturating(9.0), ..Filter::default() };
        ListQuery { filter, sort, order: Order::Descending, limit: 10, start: PageStart::Offset(0) }
    }

    fn cursor(sort: Sort) -> Cursor {
        let sort_key = match sort {
            Sort::Score => AttributeValue::N("8.0".to_owned()),
            Sort::CreatedAt => AttributeValue::S("2026-11-22T10:00:31Z".to_owned()),
        };
        Cursor { offset: 40, position: RowPosition { call: CallId::parse("call:1.a_b-c").unwrap(), sort_key } }
    }

    #[test]
    fn a_cursor_is_decoded_as_it_was_encoded_whatever_the_next_pages_limit() {
        for sort in [Sort::Score, Sort::CreatedAt] {
            let text = cursor(sort).encode(&org("acme"), &query(sort));
            let next = ListQuery { limit: 100, start: PageStart::Cursor(text.clone()), ..query(sort) };
            assert_eq!(Cursor::decode(&text, &org("acme"), &next).unwrap(), cursor(sort));
        }
    }

    #[test]
    fn cursors_of_another_organisation_filter_or_order_are_rejected() {
        let own = query(Sort::Score);
        let text = cursor(Sort::Score).encode(&org("acme"), &own);
        let of = |filter| ListQuery { filter, ..own.clone() };
        let time = Timestamp::parse("2026-11-22T00:00:00Z").ok();
        let others = [
            ListQuery { sort: Sort::CreatedAt, ..own.clone() },
            ListQuery { order: Order::Ascending, ..own.clone() },
            of(Filter { min_score: Score::saturating(0.1), ..own.filter.clone() }),
            of(Filter { max_score: Score::MAX, ..own.filter.clone() }),
            of(Filter { agent_id: "agent_7".parse().ok(), ..own.filter.clone() }),
            of(Filter { from: time, ..own.filter.clone() }),
            of(Filter { to: time, ..own.filter.clone() }),
        ];
        assert!(Cursor::decode(&text, &org("acme"), &own).is_ok());
        assert!(matches!(Cursor::decode(&text, &org("acme2"), &own), Err(StoreError::InvalidCursor)));
        for other in others {
            assert!(matches!(Cursor::decode(&text, &org("acme"), &other), Err(StoreError::InvalidCursor)), "{other:?}");
        }
    }

    #[test]
    fn changed_shortened_and_extended_texts_are_rejected() {
        let query = query(Sort::CreatedAt);
        let text = cursor(Sort::CreatedAt).encode(&org("acme"), &query);
        let is_rejected =
            |text: &str| matches!(Cursor::decode(text, &org("acme"), &query), Err(StoreError::InvalidCursor));
        for index in 0..text.len() {
            let (before, after) = text.split_at(index);
            assert!(is_rejected(before), "cut at {index}");
            let other = if after.starts_with('x') { "y" } else { "x" };
            assert!(is_rejected(&format!("{before}{other}{}", after.get(1..).unwrap())), "changed at {index}");
        }
        assert!(is_rejected(&format!("{text}A")) && is_rejected("\u{e9}") && is_rejected("####"));
    }

    #[test]
    fn a_forged_position_outside_the_query_is_rejected() {
        let time = |text| Timestamp::parse(text).ok();
        let filter = Filter {
            max_score: Score::saturating(9.0),
            from: time("2026-11-22T10:00:00Z"),
            to: time("2026-11-22T11:00:00Z"),
            ..Filter::default()
        };
        for (sort, sort_key, inside) in [
            (Sort::Score, "9.0", true),
            (Sort::Score, "9.1", false),
            (Sort::Score, "11", false),
            (Sort::Score, "NaN", false),
            (Sort::Score, "", false),
            (Sort::CreatedAt, "2026-11-22T10:00:00Z", true),
            (Sort::CreatedAt, "2026-11-22T11:00:00Z", true),
            (Sort::CreatedAt, "2026-11-22T09:59:59Z", false),
            (Sort::CreatedAt, "2026-11-22T11:00:01Z", false),
            (Sort::CreatedAt, "9.0", false),
        ] {
            let query = ListQuery { filter: filter.clone(), ..query(sort) };
            let position = RowPosition { sort_key: AttributeValue::S(sort_key.to_owned()), ..cursor(sort).position };
            let forged = Cursor { offset: 0, position }.encode(&org("acme"), &query);
            assert_eq!(Cursor::decode(&forged, &org("acme"), &query).is_ok(), inside, "{sort_key}");
        }
    }
}
