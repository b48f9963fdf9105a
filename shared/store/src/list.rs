//! Lists of feedback, page by page, with an exact total.

use aws_sdk_dynamodb::types::Select;
use domain::OrgId;

use crate::cursor::Cursor;
use crate::day_split::DaySplit;
use crate::item::{self, Item};
use crate::query::{Filter, ListQuery, Order, Page, PageStart, Sort};
use crate::query_plan::{QueryPlan, RowPosition};
use crate::{Store, StoreError, schema};

const OPERATION: &str = "list";

impl Store {
    /// A page of an organisation's feedback. Rows come from an index, so a feedback may take a second to appear; the
    /// total comes from the counters. Fails with [`StoreError::InvalidCursor`] for the cursor of another query.
    pub async fn list(&self, org: &OrgId, query: &ListQuery) -> Result<Page, StoreError> {
        let (offset, after) = match &query.start {
            PageStart::Offset(offset) => (*offset, None),
            PageStart::Cursor(text) => {
                let cursor = Cursor::decode(text, org, query)?;
                (cursor.offset, Some(cursor.position))
            }
        };
        if query.filter.is_empty() {
            return Ok(Page { rows: Vec::new(), total: 0, offset, next_cursor: None });
        }
        let plan = QueryPlan::new(org, &query.filter, query.sort, query.order);
        let limit = usize::from(query.limit);
        let rows = self.page_rows(&plan, offset, after, limit + 1);
        let (total, mut rows) = tokio::try_join!(self.count(org, &query.filter), rows)?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = match rows.last().filter(|_| more) {
            None => None,
            Some(last) => {
                let offset = offset.saturating_add(rows.len() as u64);
                Some(Cursor { offset, position: plan.position(last)? }.encode(org, query))
            }
        };
        let rows = rows.iter().map(item::to_row).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, offset, next_cursor })
    }

    /// At most `wanted` rows after a position; without one, after `offset` rows.
    async fn page_rows(
        &self,
        plan: &QueryPlan,
        offset: u64,
        after: Option<RowPosition>,
        wanted: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let has_offset = after.is_none() && offset > 0;
        let after = if has_offset { self.skip(plan, offset).await? } else { after };
        if has_offset && after.is_none() {
            return Ok(Vec::new());
        }
        let mut rows = Vec::new();
        self.read_rows(plan, false, after, wanted as u64, |row| rows.push(row)).await?;
        Ok(rows)
    }

    /// The position of the last of that many rows, or of the list's last row; `None` when the list is empty.
    async fn skip(&self, plan: &QueryPlan, rows: u64) -> Result<Option<RowPosition>, StoreError> {
        let mut last = None;
        self.read_rows(plan, true, None, rows, |row| last = Some(row)).await?;
        last.map(|row| plan.position(&row)).transpose()
    }

    /// Calls `on_row` for each of at most `wanted` rows after a position.
    async fn read_rows(
        &self,
        plan: &QueryPlan,
        keys_only: bool,
        after: Option<RowPosition>,
        wanted: u64,
        mut on_row: impl FnMut(Item),
    ) -> Result<(), StoreError> {
        let mut start = after.map(|position| plan.start_after(position));
        let (mut remaining, mut page_limit) = (wanted, wanted);
        while remaining > 0 {
            let request = plan
                .query(&self.client, &self.table, keys_only)
                .limit(i32::try_from(page_limit).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start);
            let page = request.send().await.map_err(|error| StoreError::from_sdk(OPERATION, error))?;
            for row in page.items.unwrap_or_default() {
                if remaining > 0 {
                    on_row(row);
                    remaining -= 1;
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
            // DynamoDB applies the limit before the filter. With growing pages, few requests find a rare row.
            page_limit = if plan.has_no_filters() { remaining } else { page_limit.saturating_mul(2) };
        }
        Ok(())
    }

    /// How many rows match the filter. Whole days are read from the counters; at most two partial days are counted row
    /// by row.
    async fn count(&self, org: &OrgId, filter: &Filter) -> Result<u64, StoreError> {
        let Filter { min_score, max_score, from, to, .. } = filter;
        let DaySplit { whole_days, partial_days } = DaySplit::of(*from, *to);
        let mut whole = 0;
        if let Some((first, last)) = whole_days {
            let agent = filter.agent_id.as_ref();
            let of_all_time = agent.is_none() && first.is_none() && last.is_none();
            let prefix = if of_all_time { schema::all_time_prefix().to_owned() } else { schema::day_prefix(agent) };
            let keys = schema::day_range(&prefix, first, last);
            self.read_counters(OPERATION, org, keys, |_, counters| {
                whole += counters.count_between(*min_score, *max_score);
                Ok(())
            })
            .await?;
        }
        let mut total = u64::try_from(whole).unwrap_or_default();
        for (from, to) in partial_days {
            let part = Filter { from: Some(from), to: Some(to), ..filter.clone() };
            total += self.count_rows(&QueryPlan::new(org, &part, Sort::CreatedAt, Order::Ascending)).await?;
        }
        Ok(total)
    }

    async fn count_rows(&self, plan: &QueryPlan) -> Result<u64, StoreError> {
        let query = plan.query(&self.client, &self.table, false).select(Select::Count);
        let mut pages = query.into_paginator().send();
        let mut rows = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| StoreError::from_sdk(OPERATION, error))?;
            rows += u64::try_from(page.count).unwrap_or_default();
        }
        Ok(rows)
    }
}
