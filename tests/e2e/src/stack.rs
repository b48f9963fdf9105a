//! The stack under test: where it is, its queues, its tokens and its command line tool.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName};
use domain::TokenRecord;
use serde_json::Value;
use store::TokenStore;
use tokio::time::{Instant, sleep};

/// How long a test waits; everything here takes less.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How long a test waits before it asks again.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A message that could not be scored.
#[derive(Debug)]
pub(crate) struct DeadLetter {
    pub(crate) body: String,
    pub(crate) error_code: String,
    pub(crate) error_reason: String,
}

/// The running stack.
#[derive(Debug)]
pub(crate) struct Stack {
    s3: aws_sdk_s3::Client,
    sqs: aws_sdk_sqs::Client,
    tokens: TokenStore,
}

impl Stack {
    /// The stack that the environment names.
    pub(crate) async fn connect() -> Self {
        variable("AWS_ENDPOINT_URL"); // Without it the clients would look for a real account.
        let config = aws::operator_config().await;
        let tokens = TokenStore::new(&config, variable("CALL_FEEDBACK_TOKEN_TABLE"));
        Self { s3: aws_sdk_s3::Client::new(&config), sqs: aws_sdk_sqs::Client::new(&config), tokens }
    }

    /// Puts a text into the bucket.
    pub(crate) async fn put_object(&self, key: &str, text: String) {
        let request = self.s3.put_object().bucket(bucket()).key(key).body(text.into_bytes().into());
        request.send().await.unwrap();
    }

    /// Sends a text to the queue unchanged, whether it is a call or not.
    pub(crate) async fn send_raw(&self, body: &str) {
        self.send_with_attributes(body, &Value::Null).await;
    }

    /// The same, with attributes as SQS writes them in JSON: `{"<name>": {"DataType", "StringValue"}}`.
    pub(crate) async fn send_with_attributes(&self, body: &str, attributes: &Value) {
        let mut request = self.sqs.send_message().queue_url(variable("CALL_FEEDBACK_QUEUE_URL")).message_body(body);
        for (name, value) in attributes.as_object().into_iter().flatten() {
            let part = |name: &str| value[name].as_str().unwrap();
            let attribute = MessageAttributeValue::builder()
                .data_type(part("DataType"))
                .string_value(part("StringValue"))
                .build()
                .unwrap();
            request = request.message_attributes(name, attribute);
        }
        request.send().await.unwrap();
    }

    /// Waits until no message is on the queue or in flight, so that everything sent has been processed.
    pub(crate) async fn wait_until_queue_is_empty(&self) {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        wait_until("the queue is empty", async || {
            let request = self.sqs.get_queue_attributes().queue_url(variable("CALL_FEEDBACK_QUEUE_URL"));
            let response = request.set_attribute_names(Some(counts.to_vec())).send().await.unwrap();
            let attributes = response.attributes.unwrap();
            counts.iter().all(|count| attributes[count] == "0").then_some(())
        })
        .await;
    }

    /// Waits for the dead letter whose body contains that text, and deletes it from its queue.
    pub(crate) async fn dead_letter(&self, text: &str) -> DeadLetter {
        wait_until("the message is in the dead-letter queue", async || self.take_dead_letter(text).await).await
    }

    async fn take_dead_letter(&self, text: &str) -> Option<DeadLetter> {
        let url = variable("CALL_FEEDBACK_DLQ_URL");
        let request = self.sqs.receive_message().queue_url(&url).max_number_of_messages(10).visibility_timeout(0);
        let request = request.message_attribute_names("All");
        let response = request.message_system_attribute_names(MessageSystemAttributeName::All).send().await.unwrap();
        let ours = |body: &Option<String>| body.as_ref().is_some_and(|body| body.contains(text));
        let message = response.messages.unwrap_or_default().into_iter().find(|message| ours(&message.body))?;
        let request = self.sqs.delete_message().queue_url(&url).receipt_handle(message.receipt_handle.unwrap());
        // If another test received the message in between, this handle is invalid and the next attempt gets a new one.
        request.send().await.ok()?;
        let attributes = message.message_attributes.unwrap();
        let attribute = |name: &str| attributes[name].string_value.clone().unwrap();
        Some(DeadLetter {
            body: message.body.unwrap(),
            error_code: attribute("error_code"),
            error_reason: attribute("error_reason"),
        })
    }

    /// Stores a token's record, for tokens that the command line tool does not create.
    pub(crate) async fn store_token(&self, record: &TokenRecord) {
        self.tokens.create(record).await.unwrap();
    }
}

/// The bucket that the stack fetches calls from.
pub(crate) fn bucket() -> String {
    variable("CALL_FEEDBACK_BUCKET")
}

/// Sends calls with the command line tool, as a producer would.
pub(crate) fn send(calls: &[Value]) {
    let lines: Vec<String> = calls.iter().map(Value::to_string).collect();
    run_cli(&["send", "-"], &lines.join("\n"));
}

/// Runs `call-feedback` and returns its output; fails with its error output when it fails.
pub(crate) fn run_cli(arguments: &[&str], input: &str) -> String {
    let mut command = Command::new(variable("CALL_FEEDBACK_CLI"));
    let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = running.wait_with_output().unwrap();
    assert!(done.status.success(), "call-feedback {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Calls `poll` until it returns a value; fails when that takes too long.
pub(crate) async fn wait_until<T>(what: &str, poll: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        if let Some(value) = poll().await {
            return value;
        }
        assert!(Instant::now() < deadline, "timed out waiting until {what}");
        sleep(POLL_INTERVAL).await;
    }
}

/// The environment variable that names a part of the stack.
#[expect(clippy::disallowed_methods, reason = "a test has no main function that could hand it a configuration")]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run `make test`, or `make run` and then `eval \"$(make -s env)\"`")
    })
}
