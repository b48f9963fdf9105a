//! Calls measured by hand.

use super::*;
use crate::test_calls::{timed, untimed};

fn measured(call: &Call) -> Timing {
    measure(call, &Dialogue::of(call))
}

#[test]
fn without_times_only_words_are_measured() {
    let conversation =
        measured(&untimed(&[("agent", "how can i help you"), ("customer", "my card is lost please help")]))
            .conversation;
    assert_eq!(conversation.agent_talk_ratio, Some(0.45));
    assert_eq!(conversation.agent_questions, Some(1));
    let nothing = Conversation {
        agent_talk_ratio: Some(0.45),
        agent_questions: Some(1),
        turns: Some(2),
        ..Conversation::default()
    };
    assert_eq!(conversation, nothing);
}

#[test]
fn times_are_measured_in_any_order() {
    let call = timed(&[
        ("customer", "i lost my card", 3_000, 5_000),
        ("agent", "hello how can i help", 0, 2_000),
        ("agent", "let me block the card for you", 6_000, 8_000),
        ("customer", "thank you", 8_500, 10_000),
    ]);
    let conversation = measured(&call).conversation;
    assert_eq!(conversation.duration_seconds, Some(10.0));
    assert_eq!(conversation.agent_talk_ratio, Some(0.53));
    assert_eq!(conversation.median_response_ms, Some(1_000));
    assert_eq!(conversation.longest_monologue_seconds, Some(2.0));
    assert_eq!(conversation.silence_ratio, Some(0.25));
    assert_eq!(conversation.interruptions_by_agent, Some(0));
    assert_eq!(conversation.agent_words_per_minute, None);
}

#[test]
fn a_call_is_measured_as_by_hand() {
    let call = timed(&[
        ("agent", "hello this is ana how can i help", 250, 3_250),
        ("customer", "my line is down since this morning", 4_050, 7_050),
        ("agent", "okay", 5_000, 5_400),
        ("customer", "and i need it", 7_250, 9_250),
        ("agent", "let me look at that right now", 8_250, 12_250),
        ("customer", "thank you so much", 11_450, 13_050),
        ("agent", "it is back which lights do you see", 14_250, 17_250),
        ("other", "music", 17_250, 20_250),
    ]);
    let measured = measured(&call).conversation;
    // From 250 to 20 250 ms.
    assert_eq!(measured.duration_seconds, Some(20.0));
    // The agent: 3 000 + 400 + 4 000 + 3 000 ms. The customer: 3 000 + 2 000 + 1 600 ms.
    assert_eq!(measured.agent_talk_ratio, Some(0.61));
    // The agent's 8 250 ms lie 1 000 ms before the customer's end; the "okay" is listening.
    assert_eq!(measured.interruptions_by_agent, Some(1));
    // The customer's 11 450 ms lie 800 ms before the agent's end.
    assert_eq!(measured.interruptions_by_customer, Some(1));
    // The agent's turn from 8 250 to 12 250 ms.
    assert_eq!(measured.longest_monologue_seconds, Some(4.0));
    // After the customer the agent speaks at once, at once, and 1 200 ms later.
    assert_eq!(measured.median_response_ms, Some(0));
    assert_eq!(measured.patience_ms, Some(1_200));
    // Nobody speaks for 800 + 200 (between the customer's two) + 1 200 ms of 20 000; the "okay" is
    // within the customer's turn.
    assert_eq!(measured.silence_ratio, Some(0.11));
    assert_eq!(measured.agent_questions, Some(2));
    assert_eq!(measured.turns, Some(7));
}

#[test]
fn whole_seconds_tell_lengths_and_no_moments() {
    let call = timed(&[
        ("agent", "hello how can i help", 0, 2_000),
        ("customer", "so i was waiting and nobody came", 2_000, 10_000),
        ("agent", "let me see what happened there", 8_000, 12_000),
    ]);
    let conversation = measured(&call).conversation;
    assert_eq!(conversation.longest_monologue_seconds, Some(8.0));
    assert_eq!(conversation.agent_talk_ratio, Some(0.43));
    let moments = [conversation.interruptions_by_agent, conversation.interruptions_by_customer];
    assert_eq!(moments, [None, None]);
    assert_eq!((conversation.median_response_ms, conversation.patience_ms), (None, None));
}

#[test]
fn beginning_together_is_no_interruption() {
    let call = timed(&[("customer", "hello is anybody there", 0, 3_001), ("agent", "hello this is ana", 0, 3_002)]);
    let conversation = measured(&call).conversation;
    assert_eq!((conversation.interruptions_by_agent, conversation.interruptions_by_customer), (Some(0), Some(0)));
}

#[test]
fn start_times_alone_measure_nothing() {
    let mut call = timed(&[("agent", "hello how can i help", 0, 2_000), ("customer", "hi there", 2_500, 3_500)]);
    for turn in &mut call.transcript {
        turn.end_ms = None;
    }
    let conversation = measured(&call).conversation;
    assert_eq!((conversation.duration_seconds, conversation.silence_ratio), (None, None));
    assert_eq!((conversation.median_response_ms, conversation.interruptions_by_agent), (None, None));
}

#[test]
fn only_taking_the_floor_for_a_while_is_an_interruption() {
    let overlap = |text, start, end| {
        let call = timed(&[("customer", "so i was waiting and nobody came", 0, 10_000), ("agent", text, start, end)]);
        measured(&call).interruptions.len()
    };
    assert_eq!(overlap("let me stop you there", 5_000, 7_000), 1);
    assert_eq!(overlap("let me see what happened", 10_000 - INTERRUPTION_MS, 12_000), 0);
    assert_eq!(overlap("let me see what happened", 9_980, 12_000), 0);
    assert_eq!(overlap("okay yes", 5_000, 7_000), 0);
}

#[test]
fn platform_measures_replace_ours() {
    let mut call = timed(&[
        ("customer", "so i was waiting and nobody came", 0, 10_000),
        ("agent", "let me stop you there please", 5_000, 7_000),
    ]);
    assert_eq!(measured(&call).conversation.interruptions_by_agent, Some(1));
    call.platform_measures.interruptions_by_agent = Some(0);
    call.platform_measures.agent_words_per_minute = Some(163);
    let timing = measured(&call);
    assert_eq!((timing.conversation.interruptions_by_agent, timing.interruptions.len()), (Some(0), 0));
    assert_eq!(timing.conversation.agent_words_per_minute, Some(163));
    assert_eq!(timing.conversation.agent_talk_ratio, Some(0.17));
}

#[test]
fn pauses_are_no_monologue() {
    let call = timed(&[("agent", "one moment", 0, 1_000), ("agent", "here it is", 60_000, 62_000)]);
    assert_eq!(measured(&call).conversation.longest_monologue_seconds, Some(3.0));
}

#[test]
fn pace_is_measured_where_it_is_plausible() {
    let pace = |end| measured(&timed(&[("agent", &"word ".repeat(30), 0, end)])).conversation.agent_words_per_minute;
    assert_eq!(pace(12_000), Some(150));
    assert_eq!(pace(1_000), None);
    assert_eq!(pace(600_000), None);
}

#[test]
fn implausible_times_are_ignored() {
    for (start, end) in [(5, 5), (9, 3), (0, u64::MAX), (u64::MAX - 1, u64::MAX), (0, LATEST_MS + 1)] {
        let conversation = measured(&timed(&[("agent", "hello there", start, end)])).conversation;
        assert_eq!(conversation.longest_monologue_seconds, None, "{start} to {end}");
        assert_eq!(conversation.silence_ratio, None, "{start} to {end}");
    }
}

#[test]
fn a_call_shorter_than_its_speech_has_no_silence_ratio() {
    let mut call = timed(&[("agent", "hello there", 0, 10_000)]);
    call.stated_duration_seconds = Some(4.0);
    assert_eq!(measured(&call).conversation.silence_ratio, None);
}

#[test]
fn medians_of_even_counts_lie_between_the_middle_two() {
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![7]), Some(7));
    assert_eq!(median(vec![9, 1, 5, 3]), Some(4));
}

/// The slowest reply of a call in which the customer ends a turn at 10 000 ms.
fn slowest(turns: &[(&str, &str, u64, u64)]) -> Option<(usize, u64)> {
    measured(&timed(turns)).slowest_reply
}

#[test]
fn a_wait_that_was_announced_is_no_slow_reply() {
    let wait = |announced, agreed| {
        slowest(&[
            ("customer", "is the kayak still free", 1_100, 3_000),
            ("agent", announced, 3_500, 6_000),
            ("customer", agreed, 6_500, 10_000),
            ("agent", "it is free on sunday", 50_000, 53_000),
        ])
    };
    let quick = Some((1, 500));
    assert_eq!(wait("one moment please", "sure"), quick);
    assert_eq!(wait("Bear with me while the list opens.", "No problem, take your time."), quick);
    assert_eq!(wait("and the number on your paddle", "um hang on it is under the seat"), quick);
    assert_eq!(wait("and the number on your paddle", "four four one"), Some((3, 40_000)));
    assert_eq!(wait("it took one long minute last time", "I see, and now?"), Some((3, 40_000)));
}

#[test]
fn an_announcement_covers_only_the_wait_that_follows_it() {
    let turns = [
        ("agent", "just a moment", 0, 1_100),
        ("customer", "okay", 1_500, 2_000),
        ("agent", "here it is the blue tent", 30_000, 32_000),
        ("customer", "does it have a groundsheet", 33_000, 35_000),
        ("agent", "it does", 60_000, 61_000),
    ];
    assert_eq!(slowest(&turns), Some((4, 25_000)));
    let goes_on = [turns[0], ("agent", "it is loading", 1_200, 1_400), turns[1], turns[2]];
    assert_eq!(slowest(&goes_on), None);
}

#[test]
fn nobody_waits_for_a_reply_while_somebody_else_speaks() {
    let asks = ("customer", "where do we moor the boat", 5_100, 10_000);
    let replies = ("agent", "at the north jetty", 40_000, 42_000);
    assert_eq!(slowest(&[asks, replies]), Some((1, 30_000)));
    assert_eq!(slowest(&[asks, ("other", "your call is important to us", 12_000, 38_000), replies]), None);
    let still_speaks = ("agent", "so first you take the ferry and then the bus", 0, 39_000);
    assert_eq!(slowest(&[still_speaks, ("customer", "yes i see", 9_100, 10_000), replies]), None);
    let other_before = ("other", "this call is recorded", 1_000, 4_000);
    assert_eq!(slowest(&[other_before, asks, replies]), Some((2, 30_000)));
}
