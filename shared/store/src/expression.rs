//! DynamoDB expressions with their attribute names and values. Every name has an alias, so none can be a reserved word.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;
use crate::schema;

/// The aliases for names and values in the expressions of one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Aliases {
    names: HashMap<String, String>,
    values: Item,
}

impl Aliases {
    /// An alias for an attribute's name.
    pub(crate) fn name(&mut self, attribute: &str) -> String {
        let alias = format!("#{}", self.names.len());
        self.names.insert(alias.clone(), attribute.to_owned());
        alias
    }

    /// An alias for a value.
    pub(crate) fn value(&mut self, value: AttributeValue) -> String {
        let alias = format!(":{}", self.values.len());
        self.values.insert(alias.clone(), value);
        alias
    }

    /// The condition that the attribute is in that range, both ends included.
    pub(crate) fn between(&mut self, attribute: &str, (low, high): (AttributeValue, AttributeValue)) -> String {
        format!("{} BETWEEN {} AND {}", self.name(attribute), self.value(low), self.value(high))
    }

    /// The condition, or assignment, that the attribute has that value.
    pub(crate) fn equals(&mut self, attribute: &str, value: AttributeValue) -> String {
        format!("{} = {}", self.name(attribute), self.value(value))
    }

    /// The names for a request; `None` when there are none, because DynamoDB rejects an empty map.
    pub(crate) fn names(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    /// The values, likewise.
    pub(crate) fn values(&self) -> Option<Item> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

/// The only expression of a request or transaction action.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    pub(crate) text: String,
    pub(crate) aliases: Aliases,
}

impl Expression {
    /// The condition that no item has the key.
    pub(crate) fn absent() -> Self {
        let mut aliases = Aliases::default();
        Self { text: format!("attribute_not_exists({})", aliases.name(schema::ITEM_KEY)), aliases }
    }

    /// The condition that those attributes still have the values that they have in this item.
    pub(crate) fn unchanged(item: &Item, attributes: &[&str]) -> Self {
        let mut aliases = Aliases::default();
        let terms = attributes.iter().map(|attribute| match item.get(*attribute) {
            Some(value) => aliases.equals(attribute, value.clone()),
            None => format!("attribute_not_exists({})", aliases.name(attribute)),
        });
        Self { text: terms.collect::<Vec<_>>().join(" AND "), aliases }
    }

    /// The update that adds those numbers to the attributes of those names.
    pub(crate) fn add(numbers: Vec<(String, AttributeValue)>) -> Self {
        let mut aliases = Aliases::default();
        let terms =
            numbers.into_iter().map(|(name, number)| format!("{} {}", aliases.name(&name), aliases.value(number)));
        Self { text: format!("ADD {}", terms.collect::<Vec<_>>().join(", ")), aliases }
    }
}
