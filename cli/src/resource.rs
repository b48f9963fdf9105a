//! Which queue, bucket or table a command uses: the one that is given, or that of a deployed stack.

use aws_config::SdkConfig;
use aws_sdk_cloudformation::types::Stack;

use crate::error::CommandError;

/// A resource that a command needs, and the ways to give its name.
pub(crate) struct Resource {
    /// What it is called in messages.
    pub(crate) name: &'static str,
    /// The option that gives it.
    pub(crate) option: &'static str,
    /// The environment variable that gives it.
    pub(crate) variable: &'static str,
    /// The output of the stack that gives it.
    pub(crate) output: &'static str,
}

/// The queue that calls are sent to.
pub(crate) const QUEUE: Resource =
    Resource { name: "queue", option: "--queue-url", variable: "CALL_FEEDBACK_QUEUE_URL", output: "CallQueueUrl" };

/// The bucket for calls that are too large for the queue.
pub(crate) const BUCKET: Resource =
    Resource { name: "bucket", option: "--bucket", variable: "CALL_FEEDBACK_BUCKET", output: "TranscriptBucketName" };

/// The table that holds the tokens.
pub(crate) const TOKEN_TABLE: Resource = Resource {
    name: "token table",
    option: "--token-table",
    variable: "CALL_FEEDBACK_TOKEN_TABLE",
    output: "TokenTableName",
};

/// Where the name of a resource comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ResourceRef {
    /// This is its name.
    Named(String),
    /// The outputs of the stack of this name have it.
    InStack(String),
}

impl ResourceRef {
    /// Decides where the name comes from; a stack takes precedence. Fails when neither is given.
    pub(crate) fn choose(
        resource: &Resource,
        named: Option<String>,
        stack: Option<String>,
    ) -> Result<Self, CommandError> {
        stack.map(Self::InStack).or(named.map(Self::Named)).ok_or_else(|| {
            let Resource { name, option, variable, .. } = resource;
            CommandError::Usage(format!(
                "no {name}: set {variable} (or pass {option}), or name the deployed stack with --stack"
            ))
        })
    }

    /// The resource's name; fails when the stack cannot be read or has no such output.
    pub(crate) async fn resolve(self, resource: &Resource, aws: &SdkConfig) -> Result<String, CommandError> {
        match self {
            Self::Named(name) => Ok(name),
            Self::InStack(stack) => {
                stack_output(aws, &stack, resource).await?.ok_or_else(|| missing_output(&stack, resource))
            }
        }
    }

    /// The resource's name, if there is one; fails when the stack cannot be read.
    pub(crate) async fn resolve_optional(
        self,
        resource: &Resource,
        aws: &SdkConfig,
    ) -> Result<Option<String>, CommandError> {
        match self {
            Self::Named(name) => Ok(Some(name)),
            Self::InStack(stack) => stack_output(aws, &stack, resource).await,
        }
    }
}

fn missing_output(stack: &str, resource: &Resource) -> CommandError {
    CommandError::Refused(format!("the stack {stack} has no output {}", resource.output))
}

async fn stack_output(aws: &SdkConfig, stack: &str, resource: &Resource) -> Result<Option<String>, CommandError> {
    output_of(&aws_sdk_cloudformation::Client::new(aws), stack, resource).await
}

async fn output_of(
    client: &aws_sdk_cloudformation::Client,
    stack: &str,
    resource: &Resource,
) -> Result<Option<String>, CommandError> {
    let response = client.describe_stacks().stack_name(stack).send().await;
    let response = response.map_err(CommandError::unavailable(format!("cannot read the stack {stack}")))?;
    let mut outputs = response.stacks().iter().flat_map(Stack::outputs);
    let output = outputs.find(|output| output.output_key() == Some(resource.output));
    Ok(output.and_then(|output| output.output_value()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksOutput;
    use aws_sdk_cloudformation::types::Output;
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    use super::*;

    #[test]
    fn a_stack_takes_precedence_over_a_name() {
        let choose = |named: Option<&str>, stack: Option<&str>| {
            ResourceRef::choose(&QUEUE, named.map(str::to_owned), stack.map(str::to_owned))
        };
        assert_eq!(choose(Some("url"), None).unwrap(), ResourceRef::Named("url".to_owned()));
        assert_eq!(choose(Some("url"), Some("prod")).unwrap(), ResourceRef::InStack("prod".to_owned()));
        let error = choose(None, None).unwrap_err().to_string();
        assert_eq!(
            error,
            "no queue: set CALL_FEEDBACK_QUEUE_URL (or pass --queue-url), or name the deployed stack with --stack"
        );
    }

    #[tokio::test]
    async fn a_stack_names_its_resources_in_its_outputs() {
        let output = |key: &str, value: &str| Output::builder().output_key(key).output_value(value).build();
        let rule = mock!(aws_sdk_cloudformation::Client::describe_stacks)
            .match_requests(|request| request.stack_name() == Some("prod"))
            .then_output(move || {
                let stack = Stack::builder()
                    .outputs(output("ApiUrl", "https://api"))
                    .outputs(output("CallQueueUrl", "https://q"));
                DescribeStacksOutput::builder().stacks(stack.build()).build()
            });
        let client = mock_client!(aws_sdk_cloudformation, RuleMode::MatchAny, [&rule]);
        assert_eq!(output_of(&client, "prod", &QUEUE).await.unwrap().as_deref(), Some("https://q"));
        assert_eq!(output_of(&client, "prod", &TOKEN_TABLE).await.unwrap(), None);
        assert_eq!(missing_output("prod", &TOKEN_TABLE).to_string(), "the stack prod has no output TokenTableName");
    }
}
