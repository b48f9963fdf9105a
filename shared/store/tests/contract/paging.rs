//! Results over one megabyte, which DynamoDB splits into pages.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Score, Tally};
use store::{Filter, ListQuery, Order, PageStart, Sort, StatsQuery, schema};
use test_support::FeedbackBuilder;

use crate::calls::{agent, at, create_all, day, org, row};
use crate::table::{Item, Table};

#[tokio::test]
async fn lists_continue_after_one_megabyte() {
    let table = Table::of_feedback().await;
    let store = table.store();
    let start = at("2026-02-26T10:00:00Z").unix_seconds();
    // 80 rows of 30 KB are more than two pages, whichever attributes are read.
    let feedback: Vec<_> = (0..80)
        .map(|number| {
            let created_at = domain::Timestamp::from_unix_seconds(start + i64::from(number)).unwrap();
            let builder = FeedbackBuilder::new(&format!("call_{number}")).tenths(number).created_at(created_at);
            builder.agent(if number % 2 == 0 { "even" } else { "odd" }).prose("x".repeat(30_000)).build(&org("acme"))
        })
        .collect();
    create_all(&store, &org("acme"), &feedback).await;
    let rows: Vec<_> = feedback.iter().map(row).collect();
    // Partial days are counted row by row; that continues as well.
    let from = Some(at("2026-02-26T09:00:00Z"));
    let max_score = Score::from_tenths(78).unwrap();
    for filter in
        [Filter::default(), Filter { from, ..Filter::default() }, Filter { max_score, from, ..Filter::default() }]
    {
        for sort in [Sort::CreatedAt, Sort::Score] {
            for offset in [0, 5, 75] {
                let (filter, start) = (filter.clone(), PageStart::Offset(offset));
                let query = ListQuery { filter, sort, order: Order::Ascending, limit: 100, start };
                let page = store.list(&org("acme"), &query).await.unwrap();
                let end = usize::from(query.filter.max_score.tenths()).min(79) + 1;
                assert_eq!(page.total, end as u64);
                assert_eq!(page.rows, rows[usize::try_from(offset).unwrap()..end]);
                assert_eq!(page.next_cursor, None);
            }
        }
    }
    let filter = Filter { agent_id: Some(agent("odd")), from, ..Filter::default() };
    let query =
        ListQuery { filter, sort: Sort::Score, order: Order::Descending, limit: 3, start: PageStart::Offset(37) };
    let page = store.list(&org("acme"), &query).await.unwrap();
    assert_eq!((page.total, page.rows), (40, [5, 3, 1].map(|number: usize| rows[number].clone()).to_vec()));
}

#[tokio::test]
async fn counters_continue_after_one_megabyte() {
    let table = Table::of_feedback().await;
    let first = day("2026-01-01");
    for number in 0..40 {
        let text = |text: String| AttributeValue::S(text);
        let number_of = |number: i64| AttributeValue::N(number.to_string());
        table
            .put(Item::from([
                (schema::ORG_ID.to_owned(), text("acme".to_owned())),
                (schema::ITEM_KEY.to_owned(), text(format!("stats#day#{}#0", first.plus_days(number)))),
                ("n".to_owned(), number_of(1)),
                ("sum".to_owned(), number_of(number)),
                ("s50".to_owned(), number_of(1)),
                // Not read; makes the items larger than a page.
                ("note".to_owned(), text("x".repeat(40_000))),
            ]))
            .await;
    }
    let trend = first..=first.plus_days(39);
    let query = StatsQuery { agent_id: None, from: Some(first), to: None, trend };
    let statistics = table.store().statistics(&org("acme"), &query).await.unwrap();
    assert_eq!(statistics.counters.total, Tally { count: 40, sum: (0..40).sum() });
    let sums: Vec<i64> = statistics.trend.iter().map(|(_, tally)| tally.sum).collect();
    assert_eq!(sums, (0..40).collect::<Vec<i64>>());
}
