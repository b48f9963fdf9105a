//! `template.yaml` as data. CloudFormation's short tags (`!Ref`, `!Sub`, `!GetAtt` …) are read as their argument:
//! `!Ref Table` is the text `Table`, which is all that comparing names needs.
#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "indexing a JSON value gives null for what is missing; each function says when it panics, which fails the test"
)]

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// The deployment template of this repository.
#[derive(Debug, Clone)]
pub struct Template(Value);

/// The keys and indexes of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSchema {
    /// The name the table is deployed under.
    pub name: String,
    /// Every attribute that is a key of the table or of an index, with its type: `S`, `N` or `B`.
    pub attributes: Vec<(String, String)>,
    /// The table's key: the hash attribute and, when there is one, the range attribute.
    pub key: Vec<String>,
    /// The global secondary indexes.
    pub indexes: Vec<Index>,
    /// The attribute that holds the time to live, when there is one.
    pub ttl_attribute: Option<String>,
}

/// A global secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name.
    pub name: String,
    /// The hash attribute and, when there is one, the range attribute.
    pub key: Vec<String>,
    /// What is projected besides the keys; `None` when everything is.
    pub projection: Option<BTreeSet<String>>,
}

/// Reads the template that the repository deploys; panics when it is not YAML.
#[must_use]
pub fn template() -> Template {
    Template::parse(include_str!("../../../template.yaml"))
}

impl Template {
    fn parse(text: &str) -> Self {
        // By the older YAML, which is the default, the attribute type `N` would be "no".
        let options = serde_saphyr::options! { strict_booleans: true };
        match serde_saphyr::from_str_with_options(text, options) {
            Ok(value) => Self(value),
            Err(error) => panic!("the template is not YAML: {error}"),
        }
    }

    /// The whole template.
    #[must_use]
    pub const fn as_value(&self) -> &Value {
        &self.0
    }

    /// The resource of that logical id; panics when there is none.
    #[must_use]
    pub fn resource(&self, logical_id: &str) -> &Value {
        let resource = &self.0["Resources"][logical_id];
        assert!(resource.is_object(), "the template has no resource {logical_id}");
        resource
    }

    /// The names of the environment variables that the template sets for the function of that logical id, without those that it sets
    /// for all functions; panics when there is no such resource.
    #[must_use]
    pub fn function_environment(&self, logical_id: &str) -> BTreeSet<String> {
        let variables = &self.resource(logical_id)["Properties"]["Environment"]["Variables"];
        variables.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// The default of the parameter that a function's environment variable is set to, as the text the function would read; `None`
    /// when the variable is not set to a parameter with a default. Panics when there is no such function.
    #[must_use]
    pub fn default_of(&self, logical_id: &str, variable: &str) -> Option<String> {
        self.parameter_of(logical_id, variable).and_then(|name| scalar(&self.0["Parameters"][name]["Default"]))
    }

    /// The texts that a function may read in an environment variable that is set to a parameter; `None` stands for a variable that
    /// is left out because the parameter is empty. Nothing for a variable that no parameter sets. Panics as
    /// [`Template::values_of`] does.
    #[must_use]
    pub fn values_read(&self, logical_id: &str, variable: &str) -> Vec<Option<String>> {
        let Some(name) = self.parameter_of(logical_id, variable) else { return Vec::new() };
        let is_left_out = |value: &String| value.is_empty() && !self.variable(logical_id, variable).is_string();
        self.values_of(name).into_iter().map(|value| Some(value).filter(|value| !is_left_out(value))).collect()
    }

    /// Values that CloudFormation accepts for a parameter: those that it lists; or its limits and what lies between them, whole or
    /// not; or texts of its pattern, the same at every call. Panics when the parameter takes anything at all.
    #[must_use]
    pub fn values_of(&self, parameter: &str) -> Vec<String> {
        let declared = &self.0["Parameters"][parameter];
        let limits = [&declared["MinValue"], &declared["MaxValue"]].map(Value::as_f64);
        match (&declared["AllowedValues"], limits, declared["AllowedPattern"].as_str()) {
            (listed @ Value::Array(_), ..) => each(listed).filter_map(scalar).collect(),
            (_, [Some(least), Some(most)], _) if declared["Type"] == "Number" => {
                let steps = (0..=8_u8).map(|step| (most - least).mul_add(f64::from(step) / 8.0, least));
                steps.flat_map(|number| [format!("{number}"), format!("{number:.1}"), format!("{number:e}")]).collect()
            }
            (_, _, Some(pattern)) if declared["Type"] == "String" => texts_of(pattern),
            _ => panic!("the parameter {parameter} takes anything"),
        }
    }

    /// The name of the parameter that a function's environment variable is set to.
    fn parameter_of(&self, logical_id: &str, variable: &str) -> Option<&str> {
        let value = self.variable(logical_id, variable);
        // A value that depends on a condition is the list of `!If`, whose second element is the parameter.
        let name = value.as_str().or_else(|| value[1].as_str())?;
        self.0["Parameters"].get(name).map(|_| name)
    }

    fn variable(&self, logical_id: &str, variable: &str) -> &Value {
        &self.resource(logical_id)["Properties"]["Environment"]["Variables"][variable]
    }

    /// The attributes of the messages that an integration with a queue sends, as API Gateway would write them for a request with that
    /// authorizer context. Panics when there is no such integration, or when its text is not JSON or uses other variables.
    #[must_use]
    pub fn message_attributes(&self, logical_id: &str, context: &Value) -> Value {
        let mut attributes = text(&self.resource(logical_id)["Properties"]["RequestParameters"]["MessageAttributes"]);
        for (name, value) in context.as_object().into_iter().flatten() {
            // `!Sub` writes `${!name}` as `${name}`, which API Gateway replaces.
            attributes = attributes.replace(&format!("${{!context.authorizer.{name}}}"), &text(value));
        }
        assert!(!attributes.contains('$'), "the authorizer context lacks a variable of {attributes}");
        serde_json::from_str(&attributes).unwrap_or_else(|error| panic!("{attributes} is not JSON: {error}"))
    }

    /// The schema of the table of that logical id; panics when there is no such resource.
    #[must_use]
    pub fn table(&self, logical_id: &str) -> TableSchema {
        let properties = &self.resource(logical_id)["Properties"];
        TableSchema {
            name: text(&properties["TableName"]),
            attributes: each(&properties["AttributeDefinitions"])
                .map(|definition| (text(&definition["AttributeName"]), text(&definition["AttributeType"])))
                .collect(),
            key: key(properties),
            indexes: each(&properties["GlobalSecondaryIndexes"]).map(index).collect(),
            ttl_attribute: properties["TimeToLiveSpecification"]["AttributeName"].as_str().map(str::to_owned),
        }
    }
}

/// Texts that match a pattern as a whole, which is how CloudFormation applies it: enough to have each alternative many times.
fn texts_of(pattern: &str) -> Vec<String> {
    let texts = string_regex(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    let mut runner = TestRunner::deterministic();
    let mut text = || texts.new_tree(&mut runner).unwrap_or_else(|error| panic!("{pattern}: {error}")).current();
    (0..512).map(|_| text()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn index(definition: &Value) -> Index {
    let projection = &definition["Projection"];
    Index {
        name: text(&definition["IndexName"]),
        key: key(definition),
        projection: (projection["ProjectionType"] != "ALL")
            .then(|| each(&projection["NonKeyAttributes"]).map(text).collect()),
    }
}

/// The attributes of a `KeySchema`, the hash attribute first, as CloudFormation requires.
fn key(owner: &Value) -> Vec<String> {
    each(&owner["KeySchema"]).map(|part| text(&part["AttributeName"])).collect()
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// A string, or a number as text.
fn scalar(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.is_number().then(|| value.to_string()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("the template has {value} instead of a string")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "
Globals:
  Function:
    Environment: { Variables: { LOG_FORMAT: json, SHARED: !Ref Shared } }
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: !Sub '${Stage}/code'
      Environment:
        Variables:
          TABLE: !Ref Table
          QUEUE_ARN: !GetAtt Queue.Arn
          SECRET: !If [HasSecret, !Sub 'arn:${AWS::Partition}:x', '']
  Bare:
    Type: AWS::Serverless::Function
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      AttributeDefinitions: [{ AttributeName: owner, AttributeType: S }, { AttributeName: rank, AttributeType: N }]
      KeySchema: [{ AttributeName: owner, KeyType: HASH }]
      GlobalSecondaryIndexes:
        - IndexName: by-rank
          KeySchema: [{ AttributeName: owner, KeyType: HASH }, { AttributeName: rank, KeyType: RANGE }]
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [name] }
        - IndexName: by-owner
          KeySchema: [{ AttributeName: owner, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
";

    #[test]
    fn the_variables_of_a_function_are_its_own() {
        let template = Template::parse(TEMPLATE);
        let names = |id| template.function_environment(id).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(names("Reader"), "QUEUE_ARN SECRET TABLE");
        assert_eq!(names("Bare"), "");
    }

    #[test]
    fn short_tags_are_read_as_their_argument() {
        let template = Template::parse(TEMPLATE);
        let variables = &template.resource("Reader")["Properties"]["Environment"]["Variables"];
        assert_eq!((variables["TABLE"].as_str(), variables["QUEUE_ARN"].as_str()), (Some("Table"), Some("Queue.Arn")));
        assert_eq!(variables["SECRET"][1], "arn:${AWS::Partition}:x");
    }

    #[test]
    fn a_table_has_keys_types_indexes_and_projections() {
        let table = Template::parse(TEMPLATE).table("Table");
        assert_eq!((table.name.as_str(), table.key.as_slice()), ("things", &["owner".to_owned()][..]));
        assert_eq!(table.attributes[1], ("rank".to_owned(), "N".to_owned()));
        assert_eq!(table.indexes[0].key, ["owner", "rank"]);
        assert_eq!(table.indexes[0].projection, Some(BTreeSet::from(["name".to_owned()])));
        assert_eq!((table.indexes[1].projection.as_ref(), table.ttl_attribute), (None, None));
    }

    #[test]
    fn the_values_of_a_parameter_are_those_listed_those_between_its_limits_or_texts_of_its_pattern() {
        let template = Template::parse(
            "
Parameters:
  Listed: { Type: String, AllowedValues: [a, ''] }
  Limited: { Type: Number, MinValue: 1, MaxValue: 9 }
  Matched: { Type: String, AllowedPattern: '(7|8[0-1])?' }
  Loose: { Type: Number, MinValue: 1 }
Resources:
  Reader:
    Properties:
      Environment: { Variables: { ALWAYS: !Ref Matched, OFTEN: !If [HasMatched, !Ref Matched, !Ref AWS::NoValue], OTHER: x } }
",
        );
        assert_eq!(template.values_of("Listed"), ["a", ""]);
        let limited = template.values_of("Limited");
        assert!(
            ["1", "9", "5.0", "8e0", "9.0"].iter().all(|text| limited.iter().any(|one| one == text)),
            "{limited:?}"
        );
        assert_eq!(template.values_of("Matched"), ["", "7", "80", "81"]);
        let read = |variable| template.values_read("Reader", variable);
        assert_eq!((read("ALWAYS").len(), read("OTHER")), (4, vec![]));
        assert!(read("ALWAYS").iter().all(Option::is_some) && read("OFTEN").contains(&None), "{:?}", read("OFTEN"));
        assert!(std::panic::catch_unwind(|| template.values_of("Loose")).is_err());
    }

    #[test]
    fn the_repositorys_template_has_both_tables() {
        assert_eq!(template().table("FeedbackTable").indexes.len(), 3);
        assert_eq!(template().table("TokenTable").key, ["token_id"]);
    }
}
