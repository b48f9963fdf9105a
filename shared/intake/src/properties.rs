//! What holds for every message: no panic, no lost identifier, nothing said in an error, nothing lost on the way.

use domain::{Role, Timestamp, Turn};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::tests::{parse_message, refused, text_of, with};

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "org_id",
            "call_id",
            "agent_id",
            "started_at",
            "duration_seconds",
            "language",
            "transcript",
            "metadata",
            "payload",
            "role",
            "text",
            "start_ms",
            "end_ms",
        ])
        .prop_map(str::to_owned),
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
        prop::sample::select(vec!["agent", "customer", "acme", "2026-11-22T09:58:00Z"]).prop_map(Value::from),
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
    let started = prop::option::of(0_i64..253_402_300_800);
    let language = prop::option::of("[a-z]{2}(-[A-Z]{2})?");
    let seconds = prop::option::of(0.0..=604_800.0);
    (ids, started, seconds, language, prop::collection::vec(turn, 0..6), metadata).prop_map(
        |((org, call, agent), started, stated_duration_seconds, language, transcript, metadata)| Call {
            agent_id: agent.map(|id| AgentId::parse(id).unwrap()),
            started_at: started.map(|seconds| Timestamp::from_unix_seconds(seconds).unwrap()),
            stated_duration_seconds,
            language,
            metadata,
            ..Call::new(OrgId::parse(org).unwrap(), CallId::parse(call).unwrap(), transcript)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_json_is_a_call_or_an_error_that_names_a_path(body in any_json(), org in prop::option::of(".{0,8}")) {
        if let Err(error) = parse_message(&body.to_string(), org.as_deref()) {
            prop_assert!(names_a_path(&error.to_string()), "{}", error);
        }
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
    fn identifiers_are_known_whatever_else_is_broken(
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
        prop_assert!(!refused(&with("transcript", transcript)).to_string().contains(SAID));
    }
}
