//! How much memory an object takes at most, whatever it holds. Each test handles one object in a process of its own, because what matters
//! is the peak of a whole process: what the allocator keeps counts as well.

use std::fmt::Write;
use std::process::Command;

use super::*;
use crate::objects::MAXIMUM_BYTES;
use crate::tests::objects::{bucket_at, reference};

/// How much a process may grow above the size of the object. A function with a bucket has 512 MiB.
const MOST: usize = 128 << 20;
/// The variable with the address of the S3 that holds the object; it is set for the process that is measured.
const S3: &str = "MEMORY_TEST_S3";
/// What comes before the result in the output of that process.
const RESULT: &str = "grown by bytes: ";

/// Fails if handling the object takes too much memory. It may be scored or refused, but it must be done, and in time.
async fn assert_bounded(test: &str, object: fn() -> String) {
    #[expect(clippy::disallowed_methods, reason = "this is how the process that is measured knows that it is the one")]
    if let Ok(address) = std::env::var(S3) {
        return measure(&address).await;
    }
    let content = object();
    assert!(content.len() <= MAXIMUM_BYTES, "{} bytes", content.len());
    let (size, found) = (content.len(), response(200, "", content));
    let server = StubServer::start(move |_| Some(found.clone()));
    let name = test.split_once("::").unwrap().1;
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child.args([name, "--exact", "--nocapture"]).env(S3, server.address()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && server.rest().len() == 1, "{said}");
    let result = said.lines().find_map(|line| line.split_once(RESULT)).unwrap_or_else(|| panic!("{said}")).1;
    let (grown, ending) = result.split_once(' ').unwrap();
    let above = grown.parse::<usize>().unwrap().saturating_sub(size);
    assert!(!name.contains("are_read") || ending.starts_with("scored "), "{name}: {ending}");
    println!("{name}: {size} bytes, {} KiB above them, {ending}", above >> 10);
    assert!(above <= MOST, "{name}: {above} bytes above the object's {size}");
}

async fn measure(address: &str) {
    let requests = AwsRequests::default();
    let mut deps = requests.deps(&requests.table_works(), &requests.dead_letter_queue_works());
    deps.bucket = Some(bucket_at(address));
    let event = batch(&[message("m1", &reference("c1.json").to_string(), 1)]);
    let before = status_of_process("VmRSS:");
    let started = std::time::Instant::now();
    assert!(failures(&deps, event).await.is_empty());
    let ending = requests.put("reason").unwrap_or_else(|| "scored".to_owned());
    println!("{RESULT}{} {ending} in {} ms", status_of_process("VmHWM:") - before, started.elapsed().as_millis());
}

/// A figure of this process, in bytes.
fn status_of_process(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let figure = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    figure.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1_024
}

/// A call with something else beside it: a member that is cut to fit and then closed.
fn with_member(name: &str, open: &str, repeated: &str, close: &str) -> String {
    let call = call("c1", 120).to_string();
    let beginning = format!("{},\"{name}\":{open}", call.trim_end_matches('}'));
    let times = (MAXIMUM_BYTES - beginning.len() - close.len() - 1).checked_div(repeated.len()).unwrap_or_default();
    format!("{beginning}{}{close}}}", repeated.repeat(times))
}

/// A call with that many values beside it, each with its number in the place of `#`: as many as are read, so that it is scored.
fn with_values(number: usize, open: &str, value: &str, close: &str) -> String {
    let call = call("c1", 120).to_string();
    let values: Vec<_> = (0..number).map(|index| value.replace('#', &index.to_string())).collect();
    format!("{},\"items\":{open}{}{close}}}", call.trim_end_matches('}'), values.join(","))
}

/// A call of which one turn has those words, as many as a call may have.
fn with_words(words: &str) -> String {
    spoken(&words.repeat((320 << 10) / words.len() - 100))
}

fn spoken(text: &str) -> String {
    let mut call = call("c1", 120);
    call["transcript"][1]["text"] = text.into();
    call.to_string()
}

/// A call of many turns, each with its text.
fn with_turns(number: usize, text: impl Fn(usize) -> String) -> String {
    let mut call = call("c1", 120);
    let turn =
        |index: usize| json!({"role": if index.is_multiple_of(2) { "agent" } else { "customer" }, "text": text(index)});
    call["transcript"] = (0..number).map(turn).collect();
    call.to_string()
}

/// A transcript of a speech service with a time for each word.
fn deepgram(words: u32) -> String {
    let mut text =
        r#"{"metadata":{"request_id":"c1"},"results":{"channels":[{"alternatives":[{"transcript":"x","words":["#
            .to_owned();
    for index in 0..words {
        let start = f64::from(index) * 0.4;
        let separator = if index > 0 { "," } else { "" };
        write!(text, r#"{separator}{{"word":"hello","start":{start:.2},"end":{:.2},"confidence":0.9921875,"speaker":{},"punctuated_word":"Hello,"}}"#, start + 0.3, index / 12 % 2).unwrap();
    }
    text + "]}]}]}}"
}

macro_rules! is_bounded_for {
    ($($name:ident: $object:expr;)*) => {
        $(#[tokio::test]
        async fn $name() {
            assert_bounded(concat!(module_path!(), "::", stringify!($name)), $object).await;
        })*
    };
}

is_bounded_for! {
    many_tiny_objects: || with_member("items", "[", "{\"a\":0},", "0]");
    as_many_tiny_objects_as_are_read: || with_values(160_000, "[", "{\"a\":0}", "]");
    as_many_numbers_as_are_read: || with_values(600_000, "[", "0.5", "]");
    as_many_members_as_are_read: || with_values(450_000, "{", "\"k#\":\"v\"", "}");
    as_many_faulty_values_as_are_read: || with_values(500_000, "[", "\"\\ud83d\"", "]");
    many_empty_lists: || with_member("items", "[", "[],", "0]");
    many_numbers: || with_member("items", "[", "0.5,", "0]");
    many_members: || with_member("items", "{", "\"k\":\"\",", "\"k\":0}");
    deep_nesting: || with_member("items", "", "[", "");
    deep_nesting_that_is_closed: || with_member("items", &"[".repeat(5_000_000), "", &"]".repeat(5_000_000));
    long_strings_of_escapes: || with_member("items", "\"", "\\u00e9\\n\\\"", "\"");
    halves_of_surrogate_pairs: || with_member("items", "\"", "\\ud83d", "\"");
    huge_metadata: || with_member("metadata", "{\"a\":[", "{\"b\":[1,\"c\"]},", "0]}");
    a_document_in_a_text: || with_member("data", "\"[", "{\\\"a\\\":0},", "0]\"");
    a_text_that_ends_too_early: || with_member("items", "[", "\"word\",", "");
    as_many_words_with_their_times_as_are_read: || deepgram(45_000);
    a_text_that_is_too_long: || with_member("transcript", "\"Agent: ", "hello ", "\"");
    turns_that_are_too_long: || with_turns(2, |_| "word ".repeat(MAXIMUM_BYTES / 11));
    many_turns_of_one_word: || with_turns(49_000, |_| "Yes.".to_owned());
    too_many_turns_of_one_word: || with_turns(200_000, |_| "a".to_owned());
    many_short_words: || with_words("a ");
    many_sentences: || with_words("I am sorry. Can I help you? ");
    many_different_words: || spoken(&(0..50_000).fold(String::new(), |text, index| text + &format!("w{index:x} ")));
    pieces_of_addresses: || with_words("a@");
    addresses: || with_words("a@b.co ");
    many_digits: || with_words("4111 ");
    spoken_numbers: || with_words("four one ");
    brackets: || with_words("[a");
    quotation_marks: || with_words("\"a\" ");
    no_words_at_all: || with_words("?!");
    ideographs: || with_words("\u{4f60}");
}
