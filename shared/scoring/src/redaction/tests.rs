//! What is redacted and what is not.

use proptest::prelude::*;

use domain::{ProducerVerdict, Role, ToolEvent};

use super::spoken_numbers::digit_value;
use super::*;
use crate::test_calls::{of_turns, untimed};

fn redact(call: Call) -> Call {
    Redaction::All.of_call(call)
}

fn redacted(turns: &[(&str, &str)]) -> Vec<String> {
    redact(untimed(turns)).transcript.into_iter().map(|turn| turn.text).collect()
}

#[track_caller]
fn assert_redacted(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(redacted(&[("customer", text)]), [*expected], "{text}");
    }
}

#[test]
fn cards_are_redacted_however_they_are_given() {
    assert_redacted(&[
        ("it is 4111111111111111.", "it is [CARD]."),
        ("it is 4111 1111 1111 1111, exp 12/25", "it is [CARD], exp [EXPIRY]"),
        ("4111-1111-1111-1111 12 25", "[CARD] [EXPIRY]"),
        ("4111/1111/1111/1111 and 4111_1111_1111_1111", "[CARD] and [CARD]"),
        ("4111 1111 1111 1112", "[CARD]"),
        ("4111\u{a0}1111–1111 \u{2011} 1111", "[CARD]"),
        ("４１１１ １１１１ １１１１ １１１１", "[CARD]"),
        ("41 111 11111 111111", "[CARD]"),
        ("4111, 1111, 1111, 1111", "[CARD]"),
        ("amex 378282246310005 please", "amex [CARD] please"),
        ("x4111111111111111y", "x[CARD]y"),
        ("[4111111111111111]", "[[CARD]]"),
        (
            "my card is four one one one one one one one one one one one one one one one thanks",
            "my card is [CARD] thanks",
        ),
        ("Four, one, one, one. Triple one, one. double one double one. One one one one!", "[CARD]!"),
        ("five five zero oh 0000 uh 0000 double oh oh four yes", "[CARD] yes"),
        ("forty one eleven eleven eleven eleven eleven eleven eleven", "[CARD]"),
        ("4111 one one one one 1111 [noise] 1111", "[CARD]"),
        ("4111 1111 1111 1111 5500 0000 0000 0004", "[CARD] [CARD]"),
    ]);
}

#[test]
fn numbers_are_read_across_the_turns_of_one_side() {
    assert_eq!(
        redacted(&[
            ("customer", "it's four one one one"),
            ("agent", "mm hmm"),
            ("customer", "one one one one"),
            ("agent", "okay, one one one one"),
            ("customer", "one one one one uh"),
            ("other", ""),
            ("customer", "1111 and it expires soon"),
        ]),
        ["it's [CARD]", "mm hmm", "[CARD]", "okay, [CARD]", "[CARD] uh", "", "[CARD] and it expires soon",]
    );
    let parted =
        [("customer", "4111 1112"), ("agent", "and how many of these would you like"), ("customer", "1111 1111")];
    assert_eq!(redacted(&parted), parted.map(|(_, text)| text));
}

#[test]
fn social_security_numbers_are_redacted() {
    assert_redacted(&[
        ("it's 123-45-6789", "it's [SSN]"),
        ("it's 123 45 6789.", "it's [SSN]."),
        ("it's 123–45–6789", "it's [SSN]"),
        ("my social is 123456789", "my social is [SSN]"),
        ("SSN: 123 456 789", "SSN: [SSN]"),
        (
            "my social security number is one two three four five six seven eight nine",
            "my social security number is [SSN]",
        ),
        ("123456789", "123456789"),
        ("number 000-45-6789", "number 000-45-6789"),
        // Where a social security number is told, one that is never issued was misheard.
        ("my social is 666-45-6789", "my social is [SSN]"),
        ("they sent me 666-45-6789", "they sent me 666-45-6789"),
        ("part 912-34-5678", "part 912-34-5678"),
        ("social media reached 123456789", "social media reached 123456789"),
    ]);
    assert_eq!(
        redacted(&[
            ("agent", "What is your social?"),
            ("customer", "Sure. Two one nine, oh nine, nine nine nine nine.")
        ]),
        ["What is your social?", "Sure. [SSN]."]
    );
}

#[test]
fn addresses_are_redacted_typed_and_spoken() {
    assert_redacted(&[
        ("write to john.doe+x@example.co.uk.", "write to [EMAIL]."),
        ("a_b@x-y.io, c@d.de", "[EMAIL], [EMAIL]"),
        ("it's john @ gmail . com", "it's [EMAIL]"),
        ("JOHN＠GMAIL.COM", "[EMAIL]"),
        ("john dot doe at gmail dot com please", "[EMAIL] please"),
        ("it's John underscore Doe 99 at Yahoo dot co dot uk.", "it's [EMAIL]."),
        ("my email is sara at brightside dot org", "my email is [EMAIL]"),
        ("that's j o h n at example dot com", "that's [EMAIL]"),
        ("it is sara five five at gmail.com", "it is [EMAIL]"),
        ("find us at example dot com", "find us at example dot com"),
        ("I was looking at amazon dot com", "I was looking at amazon dot com"),
        ("we met at ten. Come over", "we met at ten. Come over"),
        ("meet me @ noon. Thanks", "meet me @ noon. Thanks"),
        ("the email says: find us at example dot com", "the email says: find us at example dot com"),
    ]);
    assert_eq!(
        redacted(&[("customer", "it is john dot"), ("customer", "doe at gmail"), ("customer", "dot com")]),
        ["it is [EMAIL]", "[EMAIL]", "[EMAIL]"]
    );
    assert_eq!(
        redacted(&[("agent", "And your e-mail?"), ("customer", "sara at brightside dot org")]),
        ["And your e-mail?", "[EMAIL]"]
    );
}

#[test]
fn phones_are_redacted() {
    assert_redacted(&[
        ("call 415-555-0132 today", "call [PHONE] today"),
        ("call (415) 555-0132", "call [PHONE]"),
        ("(call 415.555.0132)", "(call [PHONE])"),
        ("(415-555-0132)", "([PHONE])"),
        ("+1 415 555 0132", "[PHONE]"),
        ("1-800-555-0199", "[PHONE]"),
        ("it's 4155550132", "it's [PHONE]"),
        ("+44 20 7946 0958, thanks", "[PHONE], thanks"),
        ("+49 (0)30 901820", "[PHONE]"),
        ("plus four four two oh seven nine four six oh nine five eight", "[PHONE]"),
        ("four one five five five five oh one three two", "[PHONE]"),
        ("four one five, triple five, oh one three two please", "[PHONE] please"),
        ("one eight hundred five five five oh one nine nine", "[PHONE]"),
        ("my cell is 555-0132", "my cell is [PHONE]"),
        ("my phone number is 020 7946 0958", "my phone number is [PHONE]"),
        ("their number is 01632960123.", "their number is [PHONE]."),
        (
            "I made the reservation, you can call them at 01632 960123",
            "I made the reservation, you can call them at [PHONE]",
        ),
        ("it's oh one six three two nine six oh one two three", "it's [PHONE]"),
        ("oh four one five five five five oh one three two", "[PHONE]"),
        ("four one five five five five oh one three two oh and", "[PHONE] oh and"),
        ("415-555-0132 4111 1111 1111 1111", "[PHONE] [CARD]"),
    ]);
    assert_eq!(
        redacted(&[("agent", "What's a good phone number?"), ("customer", "five five five"), ("customer", "0132")]),
        ["What's a good phone number?", "[PHONE]", "[PHONE]"]
    );
}

#[test]
fn harmless_numbers_stay() {
    for text in [
        "your order number is 4827163950",
        "order 112-3456789-1234567 and tracking 1Z999AA10123456784",
        "the invoice 20261122 is from 2026-11-22 or 11/22/2026",
        "it costs $1,299.99, not 1,000,000 or 12.50",
        "at 10:30 or 3pm, in 2026, in nineteen ninety nine",
        "one two three four five six seven eight nine ten",
        "ten nine eight seven six five four three two one",
        "1 2 3 4 5 6 7 8 9 10 11",
        "one, two, three. testing one two three, testing one two three",
        "flight BA 2490 at gate 12, seat 14 C",
        "ZIP 94107-1234, room 4155",
        "it is two hundred fifty thousand dollars, eight hundred and fifty a month",
        "account number 0048213577, reference 7731",
        "thanks for your call, 12345678 is for you",
        "the reference number is 01632960123",
        "oh no, oh one moment, double that",
        "the phone was sold on 2026-11-22 for 799 dollars",
        "no one, that one, one of two",
        "[noise] <unk> [CARD]",
    ] {
        assert_eq!(redacted(&[("agent", text)]), [text]);
    }
}

#[test]
fn texts_of_tools_and_platforms_are_redacted() {
    let mut call = untimed(&[("agent", "one moment")]);
    call.tool_events.push(ToolEvent {
        after_turn: Some(0),
        name: "charge".to_owned(),
        arguments: Some(r#"{"card": "4111 1111 1111 1111"}"#.to_owned()),
        result: Some("sent to ada@example.com".to_owned()),
        is_error: None,
    });
    let summary = Some("Please call back at (202) 555-0143.".to_owned());
    call.producer_verdict = Some(ProducerVerdict { summary, ..ProducerVerdict::default() });
    let texts: Vec<_> = redact(call).texts_outside_turns_mut().map(|text| text.clone()).collect();
    assert_eq!(texts, ["charge", r#"{"card": "[CARD]"}"#, "sent to [EMAIL]", "Please call back at [PHONE]."]);
}

#[test]
fn only_texts_change_and_metadata_stay_if_that_is_wanted() {
    let mut call = crate::test_calls::timed(&[("agent", "call 415-555-0132", 5, 900), ("other", "[noise]", 7, 8)]);
    call.metadata.insert("callback".to_owned(), "415-555-0132".into());
    let mut expected = call.clone();
    "call [PHONE]".clone_into(&mut expected.transcript[0].text);
    assert_eq!(Redaction::Nothing.of_call(call.clone()), call);
    assert_eq!(Redaction::AllButMetadata.of_call(call.clone()), expected);
    expected.metadata.insert("callback".to_owned(), "[PHONE]".into());
    assert_eq!(Redaction::All.of_call(call), expected);
}

#[test]
fn identifiers_are_never_altered() {
    let mut call = untimed(&[("agent", "hello")]);
    call.org_id = domain::OrgId::parse("4111111111111111").unwrap();
    call.call_id = domain::CallId::parse("4111111111111111").unwrap();
    call.agent_id = Some(domain::AgentId::parse("4111111111111111").unwrap());
    assert_eq!(redact(call.clone()), call);
}

#[test]
fn what_the_transcript_told_is_known_in_other_texts() {
    let mut call = untimed(&[("agent", "Your card number?"), ("customer", "4111 1111 1111 1112")]);
    let summary = Some("Paid with 4111-1111 and so on.".to_owned());
    call.producer_verdict = Some(ProducerVerdict { summary, ..ProducerVerdict::default() });
    let summary = redact(call).producer_verdict.unwrap().summary;
    assert_eq!(summary.as_deref(), Some("Paid with [CARD] and so on."));
}

#[test]
fn quotes_are_verified_against_the_redacted_text() {
    let call = redact(untimed(&[("customer", "my card is 4111 1111 1111 1111, you know")]));
    let verify = |quote| crate::evidence::verify(&call.transcript, 0, Role::Customer, quote);
    assert_eq!(verify("my card is [card], you").unwrap().quote, "my card is [CARD], you");
    assert!(verify("my card is 4111").is_err());
}

#[test]
fn long_calls_are_redacted_in_linear_time() {
    let lines = [
        "4111 1111 1111 1111 and 415-555-0132 ",
        "1 ",
        "four ",
        "oh ",
        "a at b dot com ",
        "a.b.",
        "@",
        "a@b.",
        "4155550132, ",
        "4155550132 ",
        "double ",
        "[",
        "j o ",
        "+1 ",
        "123-45-6789 ",
        "card number 4111 ",
        "my password is x1y2z3 ",
        "born march 5 ",
        "march ",
        "a 1 ",
        "GB29 ",
        "1 oak street ",
        "my address is 1 oak street ",
        "order 1. ",
        "4111 1111. ",
        "sort code 1, ",
    ];
    for line in lines {
        let text = line.repeat(400_000 / line.len());
        let (first, second) = text.split_at(text.len() / 2);
        let turns = [("agent", first), ("customer", "okay"), ("agent", second)];
        let once = redact(untimed(&turns));
        assert_eq!(redact(once.clone()), once, "{line}");
    }
}

/// Pieces that numbers and addresses are made of, and what comes between.
fn speech() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9]{1,4}",
        1 => Just("4111111111111111".to_owned()),
        1 => Just("four one one one".to_owned()),
        1 => Just("4111 1111".to_owned()),
        1 => Just("415-555-0132".to_owned()),
        1 => Just("123-45-6789".to_owned()),
        4 => prop::sample::select(vec![
            "one", "five", "oh", "zero", "double", "twenty", "hundred", "plus", "dash", "uh", "and", "at", "dot",
            "com", "gmail", "john", "email", "phone", "social", "order", "[noise]", "[CARD]", "[EMAIL]",
            "[BIRTH_DATE]", "card", "card number", "born", "march", "fifth", "the", "street", "is it",
            "two hundred", "my address is", "zip", "password", "pin", "code", "iban", "account", "sort code",
            "last four", "expires", "?", "what is your", "security code", "slash", "ab", "A", "b", "dollars",
            "passport", "/", "_", "number", "is", "+", "@", "(", ")",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let gap =
        prop::sample::select(vec![" ", " ", " ", "-", "-", ", ", ". ", ".", "", "\u{a0}", "–", ",", "/", "(", ") "]);
    prop::collection::vec((piece, gap), 0..16)
        .prop_map(|parts| parts.into_iter().map(|(piece, gap)| piece + gap).collect())
}

fn calls() -> impl Strategy<Value = Call> {
    let role = prop_oneof![3 => Just(Role::Customer), 1 => Just(Role::Agent), 1 => Just(Role::Other)];
    let turn = (role, speech()).prop_map(|(role, text)| Turn { role, text, start_ms: Some(1), end_ms: None });
    prop::collection::vec(turn, 0..6).prop_map(of_turns)
}

/// Whether a text still shows what may be a card: 13 to 19 digits with nothing but spaces and dashes between them.
/// Digits of any script count, also next to each other.
fn shows_a_card(text: &str) -> bool {
    let is_part = |character: char| digit_value(character).is_some() || matches!(character, ' ' | '-' | '–' | '\u{a0}');
    text.split(|character| !is_part(character)).any(|run| {
        let digits: Vec<u32> = run.chars().filter_map(digit_value).map(u32::from).collect();
        let doubled = |digit: u32| if digit < 5 { 2 * digit } else { 2 * digit - 9 };
        let sum: u32 = digits.iter().rev().enumerate().map(|(at, d)| if at % 2 == 0 { *d } else { doubled(*d) }).sum();
        (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
    })
}

#[test]
fn an_address_that_a_number_ran_into_is_redacted_with_it() {
    assert_redacted(&[("it is jo@mail.five415-555-0132 okay", "it is [EMAIL][PHONE] okay")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn redacting_twice_is_redacting_once(call in calls()) {
        let once = redact(call);
        prop_assert_eq!(redact(once.clone()), once);
    }

    #[test]
    fn turns_keep_their_number_their_roles_and_their_times(call in calls()) {
        let redacted = redact(call.clone());
        let kept = |call: &Call| call.transcript.iter().map(|turn| (turn.role, turn.start_ms, turn.end_ms)).collect::<Vec<_>>();
        prop_assert_eq!(kept(&redacted), kept(&call));
    }

    #[test]
    fn no_card_is_left(call in calls()) {
        for turn in redact(call).transcript {
            prop_assert!(!shows_a_card(&turn.text), "{}", turn.text);
        }
    }
}
