//! Checks of `template.yaml` that no linter of templates makes: times that depend on each other, and permissions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use test_support::{Template, template};

/// All the actions that each function is allowed.
const ACTIONS: [(&str, &[&str]); 5] = [
    (
        "GeneratorFunction",
        &[
            "bedrock:InvokeModel",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "kms:Decrypt",
            "s3:GetObject",
            "secretsmanager:GetSecretValue",
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
    ),
    ("GetFunction", &["dynamodb:GetItem"]),
    ("ListFunction", &["dynamodb:GetItem", "dynamodb:Query"]),
    ("StatsFunction", &["dynamodb:GetItem", "dynamodb:Query"]),
    ("AuthorizerFunction", &["dynamodb:GetItem"]),
];

/// The resources outside the template that a function may use: those that parameters name.
const NAMED_BY_PARAMETERS: [&str; 3] =
    ["LlmApiKeySecretArn", "TranscriptBucketKeyArn", "arn:${AWS::Partition}:s3:::${TranscriptBucket}/*"];
/// The models of Bedrock that a function may use: the one that a parameter names by its ARN or by an id, which may be that of an
/// inference profile; and any model, but through that profile only.
const MODELS: [&str; 4] = ["LlmModelArn", MODEL, PROFILE, "arn:${AWS::Partition}:bedrock:*::foundation-model/*"];
const MODEL: &str = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${LlmModel}";
const PROFILE: &str = "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/${LlmModel}";

#[test]
fn a_message_stays_hidden_for_six_timeouts_and_the_batching_window() {
    let template = template();
    let timeouts = branches(&properties(&template, "GeneratorFunction")["Timeout"]);
    let hidden = branches(&properties(&template, "CallQueue")["VisibilityTimeout"]);
    let window = number(&properties(&template, "GeneratorQueueMapping")["MaximumBatchingWindowInSeconds"]);
    // Both depend on the same condition, so their values correspond.
    assert_eq!(
        (condition(&properties(&template, "GeneratorFunction")["Timeout"]), timeouts.len()),
        (Some("UsesModel"), 2)
    );
    assert_eq!(condition(&properties(&template, "CallQueue")["VisibilityTimeout"]), Some("UsesModel"));
    for (timeout, hidden) in timeouts.into_iter().zip(hidden) {
        assert!(number(hidden) >= 6 * number(timeout) + window, "{hidden} for {timeout}");
    }
}

#[test]
fn the_generator_may_use_exactly_the_resources_that_parameters_name() {
    let template = template();
    let policies = properties(&template, "GeneratorFunction")["Policies"].as_array().unwrap();
    let statements: Vec<_> = policies.iter().flat_map(|policy| policy["Statement"].as_array().unwrap()).collect();
    for (service, condition_name, resource) in [
        ("secretsmanager:", "HasLlmApiKeySecret", NAMED_BY_PARAMETERS[0]),
        ("kms:Decrypt", "HasTranscriptBucketKey", NAMED_BY_PARAMETERS[1]),
        ("s3:GetObject", "HasTranscriptBucket", NAMED_BY_PARAMETERS[2]),
    ] {
        let ours = |statement: &&&Value| statement.to_string().contains(service);
        let [statement] = statements.iter().filter(ours).collect::<Vec<_>>()[..] else { panic!("{statements:?}") };
        assert_eq!(condition(statement), Some(condition_name));
        assert_eq!(branches(statement)[0]["Resource"], resource);
    }
}

#[test]
fn with_bedrock_the_generator_may_use_the_model_that_the_parameter_names_or_its_profile_and_no_other() {
    let template = template();
    let policies = properties(&template, "GeneratorFunction")["Policies"].as_array().unwrap();
    let statements = policies.iter().flat_map(|policy| policy["Statement"].as_array().unwrap());
    let [named, passed_on] = statements.filter(|one| one.to_string().contains("bedrock:")).collect::<Vec<_>>()[..]
    else {
        panic!("{policies:?}")
    };
    assert_eq!([named, passed_on].map(condition), [Some("UsesBedrock"); 2]);
    let uses_bedrock = serde_json::json!(["UsesModel", ["LlmProtocol", "bedrock"]]);
    assert_eq!(template.as_value()["Conditions"]["UsesBedrock"], uses_bedrock);
    let (named, passed_on) = (branches(named)[0], branches(passed_on)[0]);
    assert_eq!(named["Resource"], serde_json::json!(["HasLlmModelArn", "LlmModelArn", [MODEL, PROFILE]]));
    assert!(named.get("Condition").is_none());
    let through = serde_json::json!({
        "StringEquals": {"bedrock:InferenceProfileArn": ["HasLlmModelArn", "LlmModelArn", PROFILE]}
    });
    assert_eq!((&passed_on["Resource"], &passed_on["Condition"]), (&MODELS[3].into(), &through));
}

#[test]
fn only_the_bucket_of_this_account_may_announce_objects_on_the_queue() {
    let template = template();
    let policy = template.resource("CallQueuePolicy");
    assert_eq!(policy["Condition"], "HasTranscriptBucket");
    let statements = &policy["Properties"]["PolicyDocument"]["Statement"];
    let expected = serde_json::json!([{
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "CallQueue.Arn",
        "Condition": {
            "ArnEquals": {"aws:SourceArn": "arn:${AWS::Partition}:s3:::${TranscriptBucket}"},
            "StringEquals": {"aws:SourceAccount": "AWS::AccountId"},
        },
    }]);
    assert_eq!(statements, &expected);
}

#[test]
fn a_model_is_named_or_the_deployment_fails() {
    let template = template();
    let rule = &template.as_value()["Rules"]["ModelForLlm"];
    assert_eq!(rule["RuleCondition"], serde_json::json!(["Scorer", "llm"]));
    assert_eq!(rule["Assertions"][0]["Assert"], serde_json::json!([["LlmModel", ""]]));
    assert_eq!(template.as_value()["Parameters"]["Scorer"]["Default"], "embedded");
}

#[test]
fn a_dead_letter_is_kept_longer_than_a_message() {
    let template = template();
    let retention = |queue| number(&properties(&template, queue)["MessageRetentionPeriod"]);
    assert!(retention("CallDeadLetterQueue") > retention("CallQueue"));
}

#[test]
fn queue_and_generator_have_the_same_maximum_of_receives_and_it_is_at_least_five() {
    let template = template();
    let redrive = &properties(&template, "CallQueue")["RedrivePolicy"];
    assert_eq!(redrive["maxReceiveCount"], "MaxReceiveCount");
    assert_eq!(redrive["deadLetterTargetArn"], "CallDeadLetterQueue.Arn");
    let variables = &properties(&template, "GeneratorFunction")["Environment"]["Variables"];
    assert_eq!(variables["MAX_RECEIVE_COUNT"], "MaxReceiveCount");
    assert!(template.values_of("MaxReceiveCount").iter().all(|count| count.parse::<u32>().unwrap() >= 5));
}

#[test]
fn every_parameter_is_checked_before_anything_is_deployed_and_its_default_passes() {
    let template = template();
    for (name, declared) in template.as_value()["Parameters"].as_object().unwrap() {
        // Fails if there is nothing to check a value by.
        let values = template.values_of(name);
        if declared["AllowedPattern"].is_string() {
            assert!(
                declared["ConstraintDescription"].as_str().is_some_and(|text| text.starts_with("must be ")),
                "{name}"
            );
            let is_optional = values.iter().any(String::is_empty);
            assert_eq!(declared["Default"] == "", is_optional, "{name}");
        }
    }
}

#[test]
fn whole_numbers_are_within_what_aws_takes() {
    let template = template();
    for (name, limits) in [
        ("MaximumConcurrency", 2..=1_000),
        ("MaxReceiveCount", 1..=1_000),
        ("ApiBurstLimit", 0..=i32::MAX.unsigned_abs()),
        ("LogRetentionDays", 1..=3_653),
    ] {
        for value in template.values_of(name) {
            assert!(value.parse::<u32>().is_ok_and(|number| limits.contains(&number)), "{name}={value}");
        }
    }
}

#[test]
fn a_failed_record_does_not_return_the_whole_batch() {
    let template = template();
    let mapping = properties(&template, "GeneratorQueueMapping");
    assert_eq!(mapping["FunctionResponseTypes"], serde_json::json!(["ReportBatchItemFailures"]));
}

#[test]
fn each_function_has_its_actions_only_and_only_on_resources_of_the_template() {
    let template = template();
    for (function, expected) in ACTIONS {
        let statements = properties(&template, function)["Policies"].as_array().unwrap().iter();
        let statements = statements.flat_map(|policy| policy["Statement"].as_array().unwrap()).flat_map(branches);
        let mut actions = BTreeSet::new();
        for statement in statements {
            assert_eq!(statement["Effect"], "Allow");
            actions.extend(texts(&statement["Action"]));
            for resource in branches(&statement["Resource"]).into_iter().flat_map(texts) {
                let name = resource.trim_start_matches("${").split(['.', '}']).next().unwrap_or_default();
                let is_named = NAMED_BY_PARAMETERS.iter().chain(&MODELS).any(|named| *named == resource);
                let is_known = is_named || template.resource(name).is_object();
                assert!(is_known, "{function}: {resource} is not a resource of the template");
            }
        }
        assert_eq!(actions.into_iter().collect::<Vec<_>>(), expected, "{function}");
    }
}

#[test]
fn every_route_has_the_authorizer_of_its_scope() {
    let template = template();
    let resources = template.as_value()["Resources"].as_object().unwrap().values();
    let routes = resources.filter(|resource| resource["Type"] == "AWS::ApiGatewayV2::Route");
    let routes: BTreeMap<_, _> = routes.map(|route| (texts(&route["Properties"]["RouteKey"]), route)).collect();
    assert_eq!(routes.len(), 8);
    for (key, route) in routes {
        assert_eq!(route["Properties"]["AuthorizationType"], "CUSTOM");
        let authorizer = if key[0].starts_with("POST ") { "IntakeAuthorizer" } else { "ApiAuthorizer" };
        assert_eq!(route["Properties"]["AuthorizerId"], authorizer, "{key:?}");
    }
}

#[test]
fn every_address_that_answers_to_get_answers_to_head_with_the_same_function_which_the_gateway_may_invoke() {
    let template = template();
    let resources = || template.as_value()["Resources"].as_object().unwrap().values();
    let of_type = |kind: &'static str| resources().filter(move |resource| resource["Type"] == kind);
    let routes: BTreeMap<_, _> = of_type("AWS::ApiGatewayV2::Route")
        .map(|route| (texts(&route["Properties"]["RouteKey"]).remove(0), &route["Properties"]["Target"]))
        .collect();
    let of_method = |method: &str| {
        let routes = routes.iter().filter_map(|(key, target)| Some((key.strip_prefix(method)?.to_owned(), *target)));
        routes.collect::<BTreeMap<_, _>>()
    };
    let read = of_method("GET ");
    assert_eq!((read.len(), of_method("HEAD ")), (3, read.clone()));
    for (path, target) in read {
        let integration = target.as_str().unwrap().trim_start_matches("integrations/${").trim_end_matches('}');
        let function = texts(&properties(&template, integration)["IntegrationUri"]).remove(0);
        let function = function.trim_end_matches(".Arn");
        let source = format!("/*/*{}", path.replace("{call_id}", "*"));
        let permissions: Vec<_> = of_type("AWS::Lambda::Permission")
            .filter(|permission| permission["Properties"]["FunctionName"] == function)
            .filter_map(|permission| permission["Properties"]["SourceArn"].as_str())
            .collect();
        assert!(matches!(permissions[..], [arn] if arn.ends_with(&source)), "{path}: {permissions:?}");
    }
}

#[test]
fn the_intake_authorizer_demands_no_header_and_caches_nothing_because_a_token_may_be_in_the_query() {
    let template = template();
    let authorizer = properties(&template, "IntakeAuthorizer");
    assert_eq!(authorizer["IdentitySource"], serde_json::json!([]));
    assert_eq!(authorizer["AuthorizerResultTtlInSeconds"], 0);
}

#[test]
fn the_gateway_may_send_calls_to_their_queue_and_nothing_else() {
    let template = template();
    let policies = properties(&template, "IntakeRole")["Policies"].as_array().unwrap().iter();
    let statements: Vec<_> =
        policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap()).collect();
    let expected = serde_json::json!({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "CallQueue.Arn"});
    assert_eq!(statements, [&expected]);
}

#[test]
fn both_intake_integrations_are_the_same_but_for_the_status_of_the_response() {
    let template = template();
    let [mut general, elevenlabs] =
        ["IntakeIntegration", "ElevenLabsIntakeIntegration"].map(|name| properties(&template, name).clone());
    let status = general.as_object_mut().unwrap().remove("ResponseParameters").unwrap();
    let accepted = serde_json::json!({"Destination": "overwrite:statuscode", "Source": "202"});
    assert_eq!(status, serde_json::json!({"200": {"ResponseParameters": [accepted]}}));
    general["Description"] = elevenlabs["Description"].clone();
    assert_eq!(general, elevenlabs);
    assert_eq!(general["CredentialsArn"], "IntakeRole.Arn");
    assert_eq!(general["RequestParameters"]["QueueUrl"], "CallQueue");
    // A JSON path into the body would be limited to 100 KB.
    assert_eq!(general["RequestParameters"]["MessageBody"], "$request.body");
}

#[test]
fn the_access_log_has_neither_header_nor_query() {
    let template = template();
    let format = properties(&template, "ApiStage")["AccessLogSettings"]["Format"].as_str().unwrap();
    let logged: BTreeSet<&str> =
        format.split('$').skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect();
    assert!(logged.contains("context.path"), "{logged:?}");
    for name in logged {
        assert!(name.starts_with("context."), "{name} is of the request itself");
        assert!(!name.to_lowercase().contains("query"), "{name}");
    }
}

/// What an index projects cannot be changed in a deployed stack; new fields of rows go into a map that is projected already.
#[test]
fn the_indexes_project_what_they_did_when_they_were_first_deployed() {
    let always = ["id", "call_id", "agent_id", "feedback", "categories", "started_at"];
    for (index, (name, other_sort_key)) in template().table("FeedbackTable").indexes.into_iter().zip([
        ("org-score-index", "created_at"),
        ("org-created-index", "score"),
        ("agent-created-index", "score"),
    ]) {
        let projected = always.into_iter().chain([other_sort_key]).map(str::to_owned).collect();
        assert_eq!((index.name.as_str(), index.projection), (name, Some(projected)));
    }
}

fn properties<'a>(template: &'a Template, logical_id: &str) -> &'a Value {
    &template.resource(logical_id)["Properties"]
}

fn number(value: &Value) -> u64 {
    assert!(value.is_u64(), "the template has {value} instead of a number");
    value.as_u64().unwrap_or_default()
}

/// The possible values of a property: both branches of an `!If`, or the value itself. `AWS::NoValue` is left out.
fn branches(value: &Value) -> Vec<&Value> {
    let values = match value.as_array().map(Vec::as_slice) {
        Some([_, branches @ ..]) if condition(value).is_some() => branches,
        _ => std::slice::from_ref(value),
    };
    values.iter().filter(|value| **value != "AWS::NoValue").collect()
}

/// The condition of an `!If`, which is read as the list of its arguments.
fn condition(value: &Value) -> Option<&str> {
    value.as_array().filter(|list| list.len() == 3)?.first()?.as_str()
}

/// A string or a list of strings.
fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
    let text = |value: &Value| {
        assert!(value.is_string(), "{value} is not a string");
        value.as_str().unwrap_or_default().to_owned()
    };
    texts.into_iter().map(text).collect()
}
