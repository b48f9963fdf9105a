//! How a list is read: which index, which range of its sort key, and which filter expression.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{CallId, OrgId};

use crate::expression::Aliases;
use crate::item::{self, Item};
use crate::query::{Filter, Order, Sort};
use crate::{StoreError, schema, store};

/// An attribute and the range of its values, both ends included.
type AttributeRange = (&'static str, (AttributeValue, AttributeValue));

/// A range of an index, and the filters on its rows.
#[derive(Debug, Clone)]
pub(crate) struct QueryPlan {
    org: OrgId,
    index: &'static str,
    partition_key: (&'static str, AttributeValue),
    sort_range: AttributeRange,
    filters: Vec<AttributeRange>,
    ascending: bool,
}

/// The position of a row in the index of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowPosition {
    /// The call of the row.
    pub(crate) call: CallId,
    /// The row's sort key.
    pub(crate) sort_key: AttributeValue,
}

impl QueryPlan {
    /// The plan for the rows that match the filter, in that order.
    pub(crate) fn new(org: &OrgId, filter: &Filter, sort: Sort, order: Order) -> Self {
        let unfiltered = Filter::default();
        let at_any_time = filter.from.is_none() && filter.to.is_none();
        let of_any_score = filter.min_score == unfiltered.min_score && filter.max_score == unfiltered.max_score;
        let of_org = (schema::ORG_ID, AttributeValue::S(org.to_string()));
        let (index, partition_key, sort_range, filters) = match (sort, &filter.agent_id) {
            (Sort::Score, agent) => {
                let times = (!at_any_time).then(|| times(filter));
                let agent = agent.as_ref().map(|agent| AttributeValue::S(agent.to_string()));
                let filters = times.into_iter().chain(agent.map(|id| (schema::AGENT_ID, (id.clone(), id))));
                (schema::ORG_SCORE_INDEX, of_org, scores(filter), filters.collect())
            }
            (Sort::CreatedAt, agent) => {
                let filters = (!of_any_score).then(|| scores(filter)).into_iter().collect();
                let (index, partition_key) = agent.as_ref().map_or((schema::ORG_CREATED_INDEX, of_org), |agent| {
                    let of_agent = AttributeValue::S(schema::agent_key(org, agent));
                    (schema::AGENT_CREATED_INDEX, (schema::AGENT_KEY, of_agent))
                });
                (index, partition_key, times(filter), filters)
            }
        };
        Self { org: org.clone(), index, partition_key, sort_range, filters, ascending: order == Order::Ascending }
    }

    /// The query for all attributes of the rows, or only for those that make up their position.
    pub(crate) fn query(&self, client: &Client, table: &str, keys_only: bool) -> QueryFluentBuilder {
        let mut aliases = Aliases::default();
        let (partition_key, value) = &self.partition_key;
        let (sort_key, ends) = &self.sort_range;
        let key =
            format!("{} AND {}", aliases.equals(partition_key, value.clone()), aliases.between(sort_key, ends.clone()));
        let filters = self.filters.iter().map(|(attribute, ends)| aliases.between(attribute, ends.clone()));
        let filters = filters.collect::<Vec<_>>().join(" AND ");
        let keys = keys_only.then(|| format!("{}, {}", aliases.name(schema::CALL_ID), aliases.name(sort_key)));
        client
            .query()
            .table_name(table)
            .index_name(self.index)
            .scan_index_forward(self.ascending)
            .key_condition_expression(key)
            .set_filter_expression((!filters.is_empty()).then_some(filters))
            .set_projection_expression(keys)
            .set_expression_attribute_names(aliases.names())
            .set_expression_attribute_values(aliases.values())
    }

    /// Whether every row of the range is a row of the list.
    pub(crate) const fn has_no_filters(&self) -> bool {
        self.filters.is_empty()
    }

    /// The position of a row.
    pub(crate) fn position(&self, row: &Item) -> Result<RowPosition, StoreError> {
        let sort_key =
            row.get(self.sort_range.0).cloned().ok_or_else(|| item::corrupt(row, self.sort_range.0, &"is missing"))?;
        Ok(RowPosition { call: item::read(row, schema::CALL_ID)?, sort_key })
    }

    /// The exclusive start key for a query that begins after that position.
    pub(crate) fn start_after(&self, RowPosition { call, sort_key }: RowPosition) -> Item {
        let mut start = store::key(&self.org, &schema::feedback_key(&call));
        start.extend(
            [self.partition_key.clone(), (self.sort_range.0, sort_key)].map(|(name, value)| (name.to_owned(), value)),
        );
        start
    }
}

fn scores(filter: &Filter) -> AttributeRange {
    (schema::SCORE, (AttributeValue::N(filter.min_score.to_string()), AttributeValue::N(filter.max_score.to_string())))
}

/// The times of a filter; `0` sorts before and `~` after every time.
fn times(filter: &Filter) -> AttributeRange {
    let from = filter.from.map_or_else(|| "0".to_owned(), |from| from.to_string());
    let to = filter.to.map_or_else(|| "~".to_owned(), |to| to.to_string());
    (schema::CREATED_AT, (AttributeValue::S(from), AttributeValue::S(to)))
}
