//! Statistics from counter items: their cost depends on the number of days and shards, not of calls.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Counters, Day, OrgId, Tally};

use crate::expression::Aliases;
use crate::query::{Statistics, StatsQuery};
use crate::{Store, StoreError, counters, item, schema};

const OPERATION: &str = "statistics";

impl Store {
    /// Statistics of an organisation's calls, including the last one stored.
    pub async fn statistics(&self, org: &OrgId, query: &StatsQuery) -> Result<Statistics, StoreError> {
        let of_all_time = query.agent_id.is_none() && query.from.is_none() && query.to.is_none();
        let all_time = async {
            let mut total = Counters::default();
            if of_all_time {
                let keys = schema::day_range(schema::all_time_prefix(), None, None);
                self.read_counters(OPERATION, org, keys, |_, counters| {
                    total.add(&counters);
                    Ok(())
                })
                .await?;
            }
            Ok(total)
        };
        let (mut counters, (of_days, trend)) = tokio::try_join!(all_time, self.by_day(org, query, !of_all_time))?;
        counters.add(&of_days);
        Ok(Statistics { counters, trend })
    }

    /// The trend and, unless the query is about all time, the counters of the range: one query over the days of both.
    async fn by_day(
        &self,
        org: &OrgId,
        query: &StatsQuery,
        with_range: bool,
    ) -> Result<(Counters, Vec<(Day, Tally)>), StoreError> {
        let StatsQuery { agent_id, from, to, trend } = query;
        let (first, last) = (*trend.start(), *trend.end());
        let mut days: Vec<_> = (0..=first.days_until(last)).map(|n| (first.plus_days(n), Tally::default())).collect();
        let mut total = Counters::default();
        let prefix = schema::day_prefix(agent_id.as_ref());
        let keys = if with_range {
            schema::day_range(&prefix, from.map(|from| from.min(first)), to.map(|to| to.max(last)))
        } else {
            schema::day_range(&prefix, Some(first), Some(last))
        };
        self.read_counters(OPERATION, org, keys, |item_key, counters| {
            let day = schema::day_in_key(item_key, &prefix).ok_or_else(|| StoreError::Corrupt {
                key: item_key.to_owned(),
                attribute: schema::ITEM_KEY.to_owned(),
                reason: "has no day".to_owned(),
            })?;
            if with_range && from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to) {
                total.add(&counters);
            }
            let index = usize::try_from(first.days_until(day)).ok();
            if let Some((_, tally)) = index.and_then(|index| days.get_mut(index)) {
                tally.count += counters.total.count;
                tally.sum += counters.total.sum;
            }
            Ok(())
        })
        .await?;
        Ok((total, days))
    }

    /// Calls `add` with the key and the counters of each item in a range of keys, both ends included.
    pub(crate) async fn read_counters(
        &self,
        operation: &'static str,
        org: &OrgId,
        (first, last): (String, String),
        mut add: impl FnMut(&str, Counters) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if first > last {
            return Ok(());
        }
        let mut aliases = Aliases::default();
        let of_org = aliases.equals(schema::ORG_ID, AttributeValue::S(org.to_string()));
        let in_range = aliases.between(schema::ITEM_KEY, (AttributeValue::S(first), AttributeValue::S(last)));
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(format!("{of_org} AND {in_range}"))
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values())
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        while let Some(found) = items.next().await {
            let found = found.map_err(|error| StoreError::from_sdk(operation, error))?;
            add(&item::read::<String>(&found, schema::ITEM_KEY)?, counters::from_item(&found)?)?;
        }
        Ok(())
    }
}
