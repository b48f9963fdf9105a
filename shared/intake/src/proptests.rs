//! Property tests: no message causes a panic, errors keep the identifiers and show nothing that was said, and a call survives its
//! native JSON.

use std::time::{Duration, Instant};

use domain::{PlatformMeasures, ProducerVerdict, Role, SkipReason, StartTime, ToolEvent, Turn};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::formats::fixture_tests;
use crate::tests::{parse_message, read_error, text_of, with};

/// Keys that the formats read.
const KEYS: &str = "\
    org_id call_id agent_id started_at duration_seconds language transcript metadata payload role text \
    start_ms end_ms message type call artifact messages event data results channels utterances sentences \
    transcripts Transcript ParticipantId ParticipantRole chat_history items content SpeechSegments \
    ConversationAnalytics s3 Records speaker_map tool_events speaker words metrics segments phrases recognizedPhrases \
    audio_segments alternatives start end id status history conversationId participantPurpose utterances \
    participant_type entries response calls";

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(KEYS.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned),
        ".{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z]{1,6}".prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "((Agent|user|x): ?[a-z :]{0,6}\n){0,3}".prop_map(Value::from),
        prop::sample::select(vec![
            "agent",
            "customer",
            "acme",
            "2026-11-22T09:58:00Z",
            "end-of-call-report",
            "call_ended",
            "post_call_transcription",
            "user",
            "bot",
            "message",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..9)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn names_a_path(error: &str) -> bool {
    let Some((path, message)) = error.split_once(": ") else { return false };
    let path_like = |c: char| c.is_ascii_alphanumeric() || "_.[]".contains(c);
    !message.is_empty() && (path == "$" || !path.is_empty() && path.chars().all(path_like))
}

/// The number of values in a document.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The value with that position in a document, counted from the root, depth first.
fn nth<'v>(value: &'v mut Value, position: &mut usize) -> Option<&'v mut Value> {
    if *position == 0 {
        return Some(value);
    }
    *position -= 1;
    match value {
        Value::Array(elements) => elements.iter_mut().find_map(|element| nth(element, position)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, position)),
        _ => None,
    }
}

/// The document with the elements of every list repeated.
fn repeated(value: &Value, times: usize) -> Value {
    match value {
        Value::Array(elements) => {
            (0..times).flat_map(|_| elements.iter().map(|element| repeated(element, 1))).collect()
        }
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), repeated(member, times))).collect()
        }
        other => other.clone(),
    }
}

/// Parsing takes time proportional to the size; a reader that compared every two elements would take hundreds of times as long.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures time")]
fn reading_long_payloads_takes_little_longer_than_parsing_them() {
    for (path, message) in format_names().flat_map(fixture_tests::load) {
        let body = repeated(&message, 4_000).to_string();
        let time = |work: &dyn Fn()| {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        let attributes = Attributes { org_id: Some("acme"), ..Attributes::default() };
        let times = || {
            let parsing = time(&|| drop(serde_json::from_str::<Value>(&body)));
            (time(&|| drop(read(&body, attributes))), parsing)
        };
        let is_quick = |(reading, parsing): &(Duration, Duration)| *reading < *parsing * 20 + Duration::from_millis(10);
        // Another process may have the processor once, and hardly twice.
        let measured = Some(times()).filter(is_quick).unwrap_or_else(times);
        assert!(is_quick(&measured), "{}: reading and parsing take {measured:?}", path.display());
    }
}

fn any_call() -> impl Strategy<Value = Call> {
    let role = prop::sample::select(vec![Role::Agent, Role::Customer, Role::Other]);
    let time = || prop::option::of(0_u64..=604_800_000);
    let turn = (role, any::<String>(), time(), time()).prop_map(|(role, text, start_ms, end_ms)| Turn {
        role,
        text,
        start_ms,
        end_ms,
    });
    let metadata = prop::collection::btree_map(".{0,9}", any::<i64>(), 0..5)
        .prop_map(|map| map.into_iter().map(|(key, number)| (key, Value::from(number))).collect());
    let ids = ("[A-Za-z0-9._:-]{1,64}", "[A-Za-z0-9._:-]{6,128}", prop::option::of("[A-Za-z0-9._:-]{1,128}"));
    let started = prop::option::of(0_i64..253_402_300_800_000);
    let language = prop::option::of("[a-z]{2}(-[A-Z]{2})?");
    let seconds = prop::option::of(0.0..=604_800.0);
    let content = (prop::collection::vec(turn, 0..6), any_tool_events());
    let skip = prop::option::of(prop::sample::select(SkipReason::STATED_BY_PLATFORMS.to_vec()));
    let platform = (any::<bool>(), any_measures(), any_verdict(), "[a-z_]{1,20}", skip);
    (ids, started, seconds, language, content, metadata, platform).prop_map(
        |((org, call, agent), started, stated_duration_seconds, language, (transcript, tools), metadata, platform)| {
            let (roles_guessed, platform_measures, producer_verdict, producer, stated_skip) = platform;
            let within = |event: &ToolEvent| event.after_turn.is_none_or(|turn| turn < transcript.len());
            Call {
                agent_id: agent.map(|id| AgentId::parse(id).unwrap()),
                started_at: started.map(|milliseconds| StartTime::from_unix_milliseconds(milliseconds).unwrap()),
                stated_duration_seconds,
                stated_skip,
                language,
                roles_guessed,
                tool_events: tools.into_iter().filter(within).collect(),
                platform_measures,
                producer_verdict,
                metadata,
                producer,
                ..Call::new(OrgId::parse(org).unwrap(), CallId::parse(call).unwrap(), transcript)
            }
        },
    )
}

fn any_tool_events() -> impl Strategy<Value = Vec<ToolEvent>> {
    let text = || prop::option::of(".{0,40}");
    let event = (prop::option::of(0_usize..6), "[a-z]{1,9}", text(), text(), any::<Option<bool>>());
    let event = event.prop_map(|(after_turn, name, arguments, result, is_error)| ToolEvent {
        after_turn,
        name,
        arguments,
        result,
        is_error,
    });
    prop::collection::vec(event, 0..4)
}

fn any_measures() -> impl Strategy<Value = PlatformMeasures> {
    let share = || prop::option::of(0.0..=1.0);
    let count = any::<Option<u32>>;
    (share(), count(), count(), share(), count()).prop_map(
        |(
            agent_talk_ratio,
            interruptions_by_agent,
            interruptions_by_customer,
            silence_ratio,
            agent_words_per_minute,
        )| PlatformMeasures {
            agent_talk_ratio,
            interruptions_by_agent,
            interruptions_by_customer,
            silence_ratio,
            agent_words_per_minute,
        },
    )
}

fn any_verdict() -> impl Strategy<Value = Option<ProducerVerdict>> {
    let text = || prop::option::of(".{0,40}");
    (text(), text(), text()).prop_map(|(success, sentiment, summary)| {
        Some(ProducerVerdict { success, sentiment, summary }).filter(|verdict| !verdict.is_empty())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_json_is_a_call_or_an_error_that_names_a_path(body in any_json(), org in prop::option::of(".{0,8}")) {
        let attributes = Attributes { org_id: org.as_deref(), ..Attributes::default() };
        if let Err(error) = read(&body.to_string(), attributes) {
            prop_assert!(names_a_path(&error.to_string()), "{}", error);
        }
    }

    #[test]
    fn any_json_of_any_format_is_a_call_or_an_error_that_names_a_path(body in any_json(), ids in any::<bool>()) {
        let attributes = Attributes { org_id: Some("acme"), call_id: ids.then_some("c1"), ..Attributes::default() };
        for format in format_names() {
            match read_as(format, &body.to_string(), attributes).unwrap() {
                Err(error) => prop_assert!(names_a_path(&error.to_string()), "{}: {}", format, error),
                Ok(ParsedMessage::Call(call)) => prop_assert_eq!(parse_message(&native_json(&call).to_string(), None), Ok(*call)),
                Ok(_) => {}
            }
        }
    }

    #[test]
    fn a_payload_with_anything_anywhere_is_a_call_or_an_error_that_names_a_path(
        (format, position) in (prop::sample::select(format_names().collect::<Vec<_>>()), any::<prop::sample::Index>()),
        (fixture, value) in (any::<prop::sample::Index>(), any_json()),
    ) {
        let fixtures = fixture_tests::load(format);
        let mut body = fixtures[fixture.index(fixtures.len())].1.clone();
        let count = count(&body);
        *nth(&mut body, &mut position.index(count)).unwrap() = value;
        let read = || read(&body.to_string(), Attributes { org_id: Some("acme"), ..Attributes::default() });
        match read() {
            Err(error) => prop_assert!(names_a_path(&error.to_string()), "{}", error),
            Ok(ParsedMessage::Call(call)) => prop_assert_eq!(parse_message(&native_json(&call).to_string(), None), Ok(*call)),
            Ok(_) => {}
        }
        prop_assert_eq!(read(), read());
    }

    #[test]
    fn any_text_is_a_call_or_an_error_that_names_a_path(body in any::<String>()) {
        let error = parse_message(&body, None).unwrap_err().to_string();
        prop_assert!(names_a_path(&error), "{}", error);
    }

    #[test]
    fn a_call_survives_its_json(call in any_call()) {
        prop_assert_eq!(parse_message(&native_json(&call).to_string(), None), Ok(call));
    }

    #[test]
    fn errors_have_the_identifiers_whatever_else_is_wrong(
        key in prop::sample::select(vec!["started_at", "duration_seconds", "language", "transcript", "metadata"]),
        value in any_json(),
        enveloped in any::<bool>(),
    ) {
        let broken = with(key, value);
        let message = if enveloped { json!({"payload": broken}) } else { broken };
        if let Err(error) = parse_message(&message.to_string(), None) {
            let ids = (text_of(error.org_id.as_ref()), text_of(error.call_id.as_ref()), text_of(error.agent_id.as_ref()));
            let expected = ("acme", "call_456", "agent_7");
            prop_assert_eq!(ids, (Some(expected.0.to_owned()), Some(expected.1.to_owned()), Some(expected.2.to_owned())));
        }
    }

    #[test]
    fn no_error_shows_what_was_said(mut role in "[a-z]{1,40}", time in any::<f64>(), labelled in any::<bool>()) {
        const SAID: &str = "my password is swordfish";
        role.insert(0, 'z');
        let turns = json!([{"role": "agent", "text": SAID, "end_ms": time}, {"role": role, "text": SAID}]);
        let transcript = if labelled { json!(format!("{role}: {SAID}")) } else { turns };
        prop_assert!(!read_error(&with("transcript", transcript)).to_string().contains(SAID));
    }
}
