//! What the generator is configured with.

use std::num::{NonZeroU8, NonZeroU32};
use std::str::FromStr;

use domain::{OrgId, Scorer};
use environment::{VariableError, optional, parsed, parsed_or, required};
use scoring::Redaction;

/// The configuration of the generator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// The feedback table's name: `CALL_FEEDBACK_TABLE`.
    pub(crate) table: String,
    /// The queue that calls arrive on: `CALL_FEEDBACK_QUEUE_URL`.
    pub(crate) queue_url: String,
    /// The queue for messages that can never be scored: `CALL_FEEDBACK_DLQ_URL`.
    pub(crate) dead_letter_queue_url: String,
    /// Calls known to be shorter are not scored: `MIN_CALL_SECONDS`, whole or not, up to a day, by default 30.
    pub(crate) minimum_seconds: f64,
    /// How many items share an organisation's counters: `COUNTER_SHARDS`, 1 to 255, by default 4.
    pub(crate) counter_shards: NonZeroU8,
    /// How often SQS delivers a message before it moves it to the dead-letter queue: `MAX_RECEIVE_COUNT`, by default 5.
    pub(crate) max_receive_count: NonZeroU32,
    /// Which scorer judges calls: `SCORER`, `embedded` or `llm`, by default `embedded`.
    pub(crate) scorer: Scorer,
    /// The secret in Secrets Manager that holds the key of the model's provider: `LLM_API_KEY_SECRET_ARN`, optional.
    pub(crate) api_key_secret: Option<String>,
    /// Whether personal data is removed from a call before anything else is done with it: `REDACT`, by default `on`.
    pub(crate) redact: Switch,
    /// Whether it is removed from the producer's metadata as well: `REDACT_METADATA`, by default `on`.
    pub(crate) redact_metadata: Switch,
    /// The bucket from which calls are fetched that messages refer to: `TRANSCRIPT_BUCKET`, optional.
    pub(crate) bucket: Option<String>,
    /// The organisation of calls in the bucket that do not name theirs: `TRANSCRIPT_BUCKET_ORG_ID`, optional.
    pub(crate) bucket_owner: Option<OrgId>,
    /// The function's own name, which Lambda sets: `AWS_LAMBDA_FUNCTION_NAME`.
    pub(crate) function_name: String,
}

/// A setting that is `on` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    /// It is done.
    On,
    /// It is not.
    Off,
}

impl FromStr for Switch {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err("must be on or off"),
        }
    }
}

/// Seconds that a call must last to be scored.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MinimumSeconds(f64);

impl FromStr for MinimumSeconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = text.parse().ok().filter(|seconds| (0.0..=LONGEST_MINIMUM).contains(seconds));
        seconds.map(Self).ok_or("must be a number of seconds from 0 to 86400")
    }
}

impl Config {
    /// Reads the configuration; fails, naming the variable, when one is missing or unreadable.
    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, VariableError> {
        Ok(Self {
            table: required(&lookup, "CALL_FEEDBACK_TABLE")?,
            queue_url: required(&lookup, "CALL_FEEDBACK_QUEUE_URL")?,
            dead_letter_queue_url: required(&lookup, "CALL_FEEDBACK_DLQ_URL")?,
            minimum_seconds: parsed_or(&lookup, "MIN_CALL_SECONDS", DEFAULT_MINIMUM)?.0,
            counter_shards: parsed_or(&lookup, "COUNTER_SHARDS", store::DEFAULT_SHARDS)?,
            max_receive_count: parsed_or(&lookup, "MAX_RECEIVE_COUNT", DEFAULT_MAX_RECEIVE_COUNT)?,
            scorer: parsed_or(&lookup, "SCORER", Scorer::Embedded)?,
            api_key_secret: optional(&lookup, "LLM_API_KEY_SECRET_ARN")?,
            redact: parsed_or(&lookup, "REDACT", Switch::On)?,
            redact_metadata: parsed_or(&lookup, "REDACT_METADATA", Switch::On)?,
            bucket: optional(&lookup, "TRANSCRIPT_BUCKET")?,
            bucket_owner: parsed(&lookup, "TRANSCRIPT_BUCKET_ORG_ID")?,
            function_name: required(&lookup, "AWS_LAMBDA_FUNCTION_NAME")?,
        })
    }
}

impl Config {
    /// What of a call is redacted.
    pub(crate) const fn redaction(&self) -> Redaction {
        match (self.redact, self.redact_metadata) {
            (Switch::Off, _) => Redaction::Nothing,
            (Switch::On, Switch::Off) => Redaction::AllButMetadata,
            (Switch::On, Switch::On) => Redaction::All,
        }
    }
}

/// A call of less than half a minute has nothing that a coach could use.
const DEFAULT_MINIMUM: MinimumSeconds = MinimumSeconds(30.0);
/// With a longer one no call would be scored.
const LONGEST_MINIMUM: f64 = 24.0 * 3_600.0;
/// The template's redrive policy.
const DEFAULT_MAX_RECEIVE_COUNT: NonZeroU32 = NonZeroU32::new(5).unwrap();

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;

    fn lookup(name: &str) -> Option<String> {
        let value = match name {
            "CALL_FEEDBACK_TABLE" => "feedback",
            "CALL_FEEDBACK_QUEUE_URL" => "queue",
            "CALL_FEEDBACK_DLQ_URL" => "dead-letters",
            "AWS_LAMBDA_FUNCTION_NAME" => "generator",
            "LLM_MODEL" => "m-1",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn limits_have_defaults() {
        let config = Config::from_lookup(lookup).unwrap();
        assert_eq!((config.minimum_seconds, config.counter_shards.get(), config.max_receive_count.get()), (30.0, 4, 5));
    }

    #[test]
    fn a_minimum_need_not_be_whole() {
        let half = with(&[("MIN_CALL_SECONDS", Some("30.5"))]);
        assert_eq!(Config::from_lookup(half).unwrap().minimum_seconds.to_string(), "30.5");
    }

    #[test]
    fn the_template_sets_exactly_the_variables_that_are_read() {
        let read = RefCell::new(BTreeSet::new());
        let noted = |name: &str| {
            read.borrow_mut().insert(name.to_owned());
            lookup(name)
        };
        assert!(Config::from_lookup(noted).is_ok());
        assert!(judge::Settings::from_lookup(noted).is_ok());
        let mut read = read.into_inner();
        // Set by Lambda; and a key in plain text is for the command line tool and for work on this machine.
        assert!(read.remove("AWS_LAMBDA_FUNCTION_NAME") && read.remove("LLM_API_KEY"));
        assert_eq!(test_support::template().function_environment("GeneratorFunction"), read);
    }

    #[test]
    fn the_defaults_are_the_templates() {
        let template = test_support::template();
        let default = |name: &str| template.as_value()["Parameters"][name]["Default"].clone();
        assert_eq!(default("MinCallSeconds").as_f64(), Some(DEFAULT_MINIMUM.0));
        assert_eq!(default("CounterShards"), store::DEFAULT_SHARDS.to_string());
        assert_eq!(default("MaxReceiveCount"), DEFAULT_MAX_RECEIVE_COUNT.to_string());
        let config = Config::from_lookup(lookup).unwrap();
        assert_eq!(default("Scorer"), config.scorer.to_string());
        assert_eq!((default("Redact"), config.redact), ("on".into(), Switch::On));
        assert_eq!((default("RedactMetadata"), config.redact_metadata), ("on".into(), Switch::On));
        let settings = |lookup: &dyn Fn(&str) -> Option<String>| judge::Settings::from_lookup(lookup).unwrap();
        let of_template = settings(&|variable| match template.default_of("GeneratorFunction", variable) {
            Some(text) if !text.is_empty() => Some(text),
            _ => lookup(variable),
        });
        assert_eq!(format!("{of_template:?}"), format!("{:?}", settings(&lookup)));
    }

    /// The variables of a function with a model, with these values instead of those that they would have.
    fn with<'a>(values: &'a [(&str, Option<&str>)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| match values.iter().find(|(changed, _)| *changed == name) {
            Some((_, value)) => value.map(str::to_owned),
            None if name == "AWS_REGION" => Some("us-east-1".to_owned()),
            None => lookup(name),
        }
    }

    #[test]
    fn every_value_that_the_template_allows_is_one_that_is_read() {
        let template = test_support::template();
        for variable in template.function_environment("GeneratorFunction") {
            for allowed in template.values_read("GeneratorFunction", &variable) {
                // Some values are of one protocol only.
                let is_read = ["openai", "bedrock"].iter().any(|protocol| {
                    let values = [(&*variable, allowed.as_deref()), ("LLM_PROTOCOL", Some(protocol))];
                    Config::from_lookup(with(&values)).is_ok() && judge::Settings::from_lookup(with(&values)).is_ok()
                });
                // Without a model there is no function with one: a rule of the template demands it.
                assert!(is_read || (&*variable, &allowed) == ("LLM_MODEL", &None), "{variable}={allowed:?}");
            }
        }
    }

    #[test]
    fn the_templates_rules_allow_exactly_the_ways_that_a_protocol_has() {
        let template = test_support::template();
        let value = template.as_value();
        let of = |parameter: &str| template.values_of(parameter);
        for protocol in of("LlmProtocol") {
            let condition = json!([["Scorer", "llm"], ["LlmProtocol", protocol]]);
            let rules = value["Rules"].as_object().unwrap().values().filter(|rule| rule["RuleCondition"] == condition);
            let assertions: Vec<_> = rules.flat_map(|rule| rule["Assertions"].as_array().unwrap()).collect();
            assert!(!assertions.is_empty(), "{protocol}");
            for (parameter, variable) in
                [("LlmJsonMode", "LLM_JSON_MODE"), ("LlmReasoningEffort", "LLM_REASONING_EFFORT")]
            {
                for text in of(parameter) {
                    let allows = |assertion: &&Value| {
                        let [known, of] = &assertion["Assert"]["Fn::Contains"].as_array().unwrap()[..] else {
                            panic!()
                        };
                        of != parameter || known.as_array().unwrap().contains(&json!(text))
                    };
                    let given = Some(&*text).filter(|text| !text.is_empty());
                    let values = [(variable, given), ("LLM_PROTOCOL", Some(&*protocol))];
                    let is_read = judge::Settings::from_lookup(with(&values)).is_ok();
                    assert_eq!(assertions.iter().all(allows), is_read, "{protocol}: {parameter}={text}");
                }
            }
        }
    }

    #[test]
    fn the_function_has_time_for_an_answer_of_the_model_its_repair_and_storing_it() {
        let template = test_support::template();
        let longest = template.as_value()["Parameters"]["LlmTimeoutSeconds"]["MaxValue"].as_u64().unwrap();
        let timeout = template.resource("GeneratorFunction")["Properties"]["Timeout"][1].as_u64().unwrap();
        let rest = crate::handler::RESERVE + crate::llm_scoring::KEEPING;
        assert!(Duration::from_secs(timeout) >= Duration::from_secs(2 * longest) + rest);
    }

    #[test]
    fn unreadable_values_are_named() {
        for (name, value) in [
            ("MIN_CALL_SECONDS", "half a minute"),
            ("MIN_CALL_SECONDS", "-1"),
            ("MIN_CALL_SECONDS", "NaN"),
            ("MIN_CALL_SECONDS", "86400.5"),
            ("COUNTER_SHARDS", "0"),
            ("MAX_RECEIVE_COUNT", ""),
            ("SCORER", "gpt"),
            ("REDACT", "no"),
            ("REDACT_METADATA", "no"),
            ("TRANSCRIPT_BUCKET", ""),
            ("TRANSCRIPT_BUCKET_ORG_ID", ""),
            ("LLM_API_KEY_SECRET_ARN", ""),
        ] {
            let error = Config::from_lookup(|asked| if asked == name { Some(value.to_owned()) } else { lookup(asked) });
            let message = error.unwrap_err().to_string();
            assert!(message.starts_with(&format!("environment variable {name} is {value:?}")), "{message}");
        }
    }
}
