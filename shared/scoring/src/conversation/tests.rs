//! Calls measured by hand.

use super::turn_taking::INTERRUPTION_MS;
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
        ("agent", "so that red light is the problem", 8_250, 12_250),
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
    // The customer's 3 000 + 2 000 ms, to which the "okay" listens; the agent's longest is from 8 250 to 12 250 ms.
    assert_eq!(measured.longest_monologue_seconds, Some(5.0));
    // The "okay" is no reply. After the customer the agent speaks at once, and 1 200 ms later.
    assert_eq!(measured.median_response_ms, Some(600));
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
    for (start, end) in [(5, 5), (9, 3), (0, u64::MAX), (u64::MAX - 1, u64::MAX), (0, 24 * 60 * 60 * 1000 + 1)] {
        let conversation = measured(&timed(&[("agent", "hello there", start, end)])).conversation;
        assert_eq!(conversation.longest_monologue_seconds, None, "{start} to {end}");
        assert_eq!(conversation.silence_ratio, None, "{start} to {end}");
    }
}

#[test]
fn a_stated_duration_that_the_speech_contradicts_is_not_believed() {
    let measured_with = |seconds| {
        let mut call = timed(&[("agent", "hello there", 0, 10_000), ("customer", "hi", 12_000, 14_000)]);
        call.stated_duration_seconds = Some(seconds);
        let conversation = measured(&call).conversation;
        (conversation.duration_seconds, conversation.silence_ratio)
    };
    assert_eq!(measured_with(20.0), (Some(20.0), Some(0.4)));
    assert_eq!(measured_with(4.0), (Some(14.0), Some(0.14)));
    // Rounded times may be a little longer than the call.
    assert_eq!(measured_with(11.0), (Some(11.0), None));
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

#[test]
fn one_absurd_time_spoils_no_measure() {
    let turns = [
        ("agent", "hello how can i help", 0, 2_000),
        ("customer", "i lost my card", 3_000, 5_000),
        ("agent", "then we block it at once", 6_000, 8_000),
        ("customer", "thank you", 8_500, 10_000),
        ("agent", "you are welcome bye", 10_500, 12_000),
    ];
    let sound = measured(&timed(&turns)).conversation;
    assert_eq!((sound.duration_seconds, sound.median_response_ms), (Some(12.0), Some(750)));
    for (start, end) in [(8_500, 79_200_000), (79_200_000, 79_201_500), (8_500, u64::MAX)] {
        let mut absurd = turns;
        (absurd[3].2, absurd[3].3) = (start, end);
        let measured = measured(&timed(&absurd)).conversation;
        assert_eq!(measured.duration_seconds, Some(12.0), "{start} to {end}");
        assert_eq!((measured.median_response_ms, measured.longest_monologue_seconds), (Some(1_000), Some(3.5)));
    }
}

#[test]
fn backchannels_interrupt_nobody_and_reply_to_nothing() {
    let overlap = |text, start, end| {
        let customer = ("customer", "so i was waiting and nobody came", 1_100, 10_000);
        let call = timed(&[customer, ("agent", text, start, end), ("agent", "where was that", 13_000, 14_000)]);
        let timing = measured(&call);
        (timing.interruptions.len(), timing.slowest_reply)
    };
    let waits = Some((2, 3_000));
    for text in ["I see, yes", "okay okay", "yeah of course I understand", "Got it, thank you", "oh wow that's great"] {
        assert_eq!(overlap(text, 5_000, 7_000), (0, waits), "{text}");
    }
    for text in ["no no no", "I see that you are late", "okay let me stop you"] {
        assert_eq!(overlap(text, 5_000, 7_000).0, 1, "{text}");
    }
    // Nobody has the floor who only acknowledges.
    let listens =
        timed(&[("customer", "yes I see, of course", 1_100, 4_000), ("agent", "and then it broke", 2_000, 5_000)]);
    assert_eq!(measured(&listens).interruptions.len(), 0);
}

#[test]
fn a_turn_that_the_transcriber_splits_is_one() {
    let customer = ("customer", "so i was waiting and nobody came", 1_100, 10_000);
    let interrupts = |turns: &[(&str, &str, u64, u64)]| measured(&timed(turns)).interruptions;
    assert_eq!(interrupts(&[customer, ("agent", "let me stop you there sir", 5_000, 7_000)]), [1]);
    let halves = [customer, ("agent", "let me", 5_000, 5_900), ("agent", "stop you there sir", 6_000, 7_000)];
    assert_eq!(interrupts(&halves), [1]);
    let split = [
        ("customer", "so i was waiting", 1_100, 5_000),
        ("agent", "let me stop you there sir", 4_900, 7_000),
        ("customer", "and nobody came", 5_100, 10_000),
    ];
    assert_eq!(interrupts(&split), [1]);
    let pauses = [split[0], ("agent", "let me stop you there sir", 5_900, 7_000), ("customer", "and i", 6_400, 8_000)];
    assert_eq!(interrupts(&pauses), Vec::<usize>::new());
}

#[test]
fn listening_does_not_end_a_monologue_but_answering_does() {
    let speaks = |said, start, end| {
        measured(&timed(&[
            ("agent", "first you open the lid and then", 500, 30_000),
            ("customer", said, start, end),
            ("agent", "you close it", 30_600, 40_000),
        ]))
        .conversation
        .longest_monologue_seconds
    };
    assert_eq!(speaks("okay, I see", 20_000, 21_000), Some(38.9));
    assert_eq!(speaks("which lid do you mean", 20_000, 22_000), Some(29.5));
    assert_eq!(speaks("okay", 29_900, 30_500), Some(29.5));
}

#[test]
fn a_hold_lasts_until_the_agent_is_back() {
    let wait = |turns: &[(&str, &str, u64, u64)]| slowest(turns).map_or(0, |(_, gap)| gap);
    let announces = ("agent", "may I put you on a brief hold", 1_100, 3_000);
    let agrees = ("customer", "sure", 3_300, 3_700);
    let thanks = ("agent", "thank you", 4_000, 4_500);
    let no_problem = ("customer", "mhm okay", 4_800, 5_200);
    let back = ("agent", "so the tent is in stock", 65_000, 67_000);
    assert_eq!(wait(&[announces, agrees, back]), 0);
    assert_eq!(wait(&[announces, agrees, thanks, no_problem, back]), 0);
    let asks = ("customer", "and is it blue", 68_000, 69_000);
    let late = ("agent", "it is green", 99_000, 101_000);
    assert_eq!(wait(&[announces, agrees, thanks, no_problem, back, asks, late]), 30_000);
    for granted in ["no problem, take your time", "I'll hold", "no rush"] {
        assert_eq!(wait(&[("customer", granted, 1_100, 3_000), back]), 0, "{granted}");
    }
}

#[test]
fn music_is_a_hold_and_no_speech() {
    let asks = ("customer", "is the blue tent in stock", 1_100, 4_000);
    let back = ("agent", "so the tent is in stock", 65_000, 67_000);
    let music = |role| timed(&[asks, (role, "[hold music]", 5_000, 64_000), back]);
    assert_eq!(measured(&music("other")).slowest_reply, None);
    assert_eq!(measured(&music("agent")).slowest_reply, Some((2, 61_000)));
    assert_eq!(measured(&music("other")).conversation.silence_ratio, Some(0.93));
}

#[test]
fn what_the_agent_says_while_the_customer_goes_on_is_no_reply() {
    let turns = [
        ("customer", "it broke on monday and then again on friday", 1_100, 10_000),
        ("agent", "on monday you said", 4_000, 6_000),
        ("agent", "we will send a new one", 18_000, 20_000),
    ];
    assert_eq!(slowest(&turns), Some((2, 8_000)));
}

#[test]
fn scripts_without_spaces_are_counted_by_letters() {
    assert_eq!((words("お電話ありがとうございます"), words("it is 3 o'clock"), words("おはよう Tom")), (7, 4, 3));
    let customer = ("customer", "昨日から回線が使えなくて困っています", 1_100, 10_000);
    let call = timed(&[customer, ("agent", "少々お待ちくださいませ確認します", 5_000, 7_000)]);
    assert_eq!(measured(&call).interruptions, [1]);
}
