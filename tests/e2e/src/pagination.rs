//! Pagination of lists: by offset and by cursor, every row is listed once and in order.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::organisation::Organisation;
use crate::sample_calls;

const CALLS: usize = 23;
const LIMIT: usize = 5;

#[tokio::test]
async fn paging_by_offset_and_by_cursor_lists_every_row_once_and_in_order() {
    let organisation = Organisation::new();
    let calls = sample_calls::distinct(CALLS);
    organisation.send(&calls);
    for call in &calls {
        organisation.wait_for_result(sample_calls::id(call)).await.data();
    }
    assert_eq!(organisation.get("/stats").await.data()["total_feedback"], CALLS);
    for sort in ["created_at", "score"] {
        for order in ["desc", "asc"] {
            let query = format!("?limit={LIMIT}&sort={sort}&order={order}");
            let by_offset = rows_by_offset(&organisation, &query).await;
            let by_cursor = rows_by_cursor(&organisation, &query).await;
            assert_eq!(by_offset, by_cursor, "{query}");
            assert_all_once(&by_offset, &calls);
            assert_ordered(&by_offset, sort, order);
        }
    }
}

async fn rows_by_offset(organisation: &Organisation, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for offset in (0..CALLS + LIMIT).step_by(LIMIT) {
        let page = organisation.get(&format!("{query}&offset={offset}")).await;
        rows.extend(page.data().as_array().unwrap().clone());
        assert_position(&page.body["pagination"], offset);
    }
    rows
}

async fn rows_by_cursor(organisation: &Organisation, query: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut page = organisation.get(query).await;
    loop {
        assert_position(&page.body["pagination"], rows.len());
        rows.extend(page.data().as_array().unwrap().clone());
        let Some(cursor) = page.body["pagination"]["next_cursor"].as_str() else { return rows };
        assert!(rows.len() < CALLS, "the last page has a cursor");
        page = organisation.get(&format!("{query}&cursor={cursor}")).await;
    }
}

fn assert_position(pagination: &Value, offset: usize) {
    assert_eq!(pagination["total"], CALLS);
    assert_eq!(pagination["limit"], LIMIT);
    assert_eq!(pagination["offset"], offset);
    assert_eq!(pagination["has_more"], offset + LIMIT < CALLS);
}

fn assert_all_once(rows: &[Value], calls: &[Value]) {
    assert_eq!(rows.len(), calls.len());
    let listed: BTreeSet<&str> = rows.iter().map(sample_calls::id).collect();
    assert_eq!(listed, calls.iter().map(sample_calls::id).collect());
}

fn assert_ordered(rows: &[Value], sort: &str, order: &str) {
    let in_order = |pair: &[Value]| {
        let (first, second) = if order == "asc" { (&pair[0], &pair[1]) } else { (&pair[1], &pair[0]) };
        match sort {
            "score" => first["score"].as_f64() <= second["score"].as_f64(),
            _ => first["created_at"].as_str() <= second["created_at"].as_str(),
        }
    };
    assert!(rows.windows(2).all(in_order), "not by {sort} {order}: {rows:?}");
}
