//! Which queue or table a command works on: the one it is given, or that of a deployed stack.

use aws_config::SdkConfig;
use aws_sdk_cloudformation::types::Stack;

use crate::error::CommandError;

/// A thing that a command needs, and all its names.
pub(crate) struct Wanted {
    /// What it is, in words.
    pub(crate) name: &'static str,
    /// The option that gives it.
    pub(crate) option: &'static str,
    /// The environment variable that gives it.
    pub(crate) variable: &'static str,
    /// The output of the stack that gives it.
    pub(crate) output: &'static str,
}

/// The queue that calls are sent to.
pub(crate) const QUEUE: Wanted =
    Wanted { name: "queue", option: "--queue-url", variable: "CALL_FEEDBACK_QUEUE_URL", output: "CallQueueUrl" };

/// The bucket for calls that are too large for the queue.
pub(crate) const BUCKET: Wanted =
    Wanted { name: "bucket", option: "--bucket", variable: "CALL_FEEDBACK_BUCKET", output: "TranscriptBucketName" };

/// The table that holds the tokens.
pub(crate) const TOKEN_TABLE: Wanted = Wanted {
    name: "token table",
    option: "--token-table",
    variable: "CALL_FEEDBACK_TOKEN_TABLE",
    output: "TokenTableName",
};

/// Where to find the thing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Its name is known.
    Named(String),
    /// The stack of that name has it.
    OfStack(String),
}

impl Target {
    /// Decides where to find it; a stack goes first. Fails when neither is given.
    pub(crate) fn choose(wanted: &Wanted, named: Option<String>, stack: Option<String>) -> Result<Self, CommandError> {
        stack.map(Self::OfStack).or(named.map(Self::Named)).ok_or_else(|| {
            let Wanted { name, option, variable, .. } = wanted;
            CommandError::Usage(format!(
                "no {name}: set {variable} (or pass {option}), or name the deployed stack with --stack"
            ))
        })
    }

    /// The thing's name; fails when the stack cannot be read or lacks the output.
    pub(crate) async fn resolve(self, wanted: &Wanted, aws: &SdkConfig) -> Result<String, CommandError> {
        match self {
            Self::Named(name) => Ok(name),
            Self::OfStack(stack) => stack_output(aws, &stack, wanted).await?.ok_or_else(|| lacking(&stack, wanted)),
        }
    }

    /// The thing's name, if there is one; fails when the stack cannot be read.
    pub(crate) async fn resolve_optional(
        self,
        wanted: &Wanted,
        aws: &SdkConfig,
    ) -> Result<Option<String>, CommandError> {
        match self {
            Self::Named(name) => Ok(Some(name)),
            Self::OfStack(stack) => stack_output(aws, &stack, wanted).await,
        }
    }
}

fn lacking(stack: &str, wanted: &Wanted) -> CommandError {
    CommandError::Refused(format!("the stack {stack} has no output {}", wanted.output))
}

async fn stack_output(aws: &SdkConfig, stack: &str, wanted: &Wanted) -> Result<Option<String>, CommandError> {
    output_of(&aws_sdk_cloudformation::Client::new(aws), stack, wanted).await
}

async fn output_of(
    client: &aws_sdk_cloudformation::Client,
    stack: &str,
    wanted: &Wanted,
) -> Result<Option<String>, CommandError> {
    let answer = client.describe_stacks().stack_name(stack).send().await;
    let answer = answer.map_err(CommandError::unavailable(format!("cannot read the stack {stack}")))?;
    let mut outputs = answer.stacks().iter().flat_map(Stack::outputs);
    let output = outputs.find(|output| output.output_key() == Some(wanted.output));
    Ok(output.and_then(|output| output.output_value()).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksOutput;
    use aws_sdk_cloudformation::types::Output;
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    use super::*;

    #[test]
    fn a_stack_goes_before_a_name() {
        let choose = |named: Option<&str>, stack: Option<&str>| {
            Target::choose(&QUEUE, named.map(str::to_owned), stack.map(str::to_owned))
        };
        assert_eq!(choose(Some("url"), None).unwrap(), Target::Named("url".to_owned()));
        assert_eq!(choose(Some("url"), Some("prod")).unwrap(), Target::OfStack("prod".to_owned()));
        let error = choose(None, None).unwrap_err().to_string();
        assert_eq!(
            error,
            "no queue: set CALL_FEEDBACK_QUEUE_URL (or pass --queue-url), or name the deployed stack with --stack"
        );
    }

    #[tokio::test]
    async fn a_stack_tells_by_its_outputs() {
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
        assert_eq!(lacking("prod", &TOKEN_TABLE).to_string(), "the stack prod has no output TokenTableName");
    }
}
