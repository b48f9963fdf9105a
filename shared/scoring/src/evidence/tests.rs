//! Which quotes are accepted and which are rejected.

use proptest::prelude::*;

use super::*;
use crate::test_calls::untimed;

const CALL: &[(&str, &str)] = &[
    ("agent", "Good morning — thank you for calling, how can I help?"),
    ("customer", "I don\u{2019}t see the refund you\u{a0}promised,  it\u{2019}s  been a week…"),
    ("agent", "This is “odd”. Let me check that for you."),
    ("customer", "Okay."),
    ("agent", "[noise] the refund was sent on Monday"),
];

fn transcript(turns: &[(&str, &str)]) -> Vec<Turn> {
    untimed(turns).transcript
}

fn accepted(turn: usize, role: Role, quote: &str) -> Option<String> {
    verify(&transcript(CALL), turn, role, quote).ok().map(|evidence| evidence.quote)
}

fn refused(turn: usize, role: Role, quote: &str) -> QuoteError {
    verify(&transcript(CALL), turn, role, quote).unwrap_err()
}

#[test]
fn quotes_are_accepted_in_the_turns_own_spelling() {
    for (turn, role, quote, own) in [
        (0, Role::Agent, "THANK YOU FOR calling", "thank you for calling"),
        (0, Role::Agent, "good morning - thank you", "Good morning — thank you"),
        (0, Role::Agent, " how can\n I help? ", "how can I help?"),
        (1, Role::Customer, "I don't see", "I don\u{2019}t see"),
        (1, Role::Customer, "you promised, it`s been", "you\u{a0}promised,  it\u{2019}s  been"),
        (1, Role::Customer, "been a week...", "been a week…"),
        (2, Role::Agent, "this is \"odd\". Let me", "This is “odd”. Let me"),
        (3, Role::Customer, "okay", "Okay"),
        (4, Role::Agent, "re\u{ad}fund was\u{200b} sent", "refund was sent"),
    ] {
        assert_eq!(accepted(turn, role, quote).as_deref(), Some(own), "{quote}");
    }
}

#[test]
fn quotes_are_rejected_with_the_reason() {
    for (turn, role, quote, kind) in [
        (9, Role::Agent, "thank you for calling", QuoteErrorKind::NoSuchTurn { turn: 9, turns: CALL.len() }),
        (
            0,
            Role::Customer,
            "thank you for calling",
            QuoteErrorKind::WrongRole { turn: 0, claimed: Role::Customer, speaker: Role::Agent },
        ),
        (0, Role::Agent, "thank you so much for calling", QuoteErrorKind::NotInTurn { turn: 0 }),
        (0, Role::Agent, "thank you calling", QuoteErrorKind::NotInTurn { turn: 0 }),
        (0, Role::Agent, "thank you for calling how", QuoteErrorKind::NotInTurn { turn: 0 }),
        (0, Role::Agent, "thank you", QuoteErrorKind::TooShort { turn: 0 }),
        (0, Role::Agent, "", QuoteErrorKind::NotInTurn { turn: 0 }),
        (0, Role::Agent, " \u{200b}", QuoteErrorKind::NotInTurn { turn: 0 }),
        (0, Role::Agent, "—", QuoteErrorKind::TooShort { turn: 0 }),
        (4, Role::Agent, "[noise]", QuoteErrorKind::TooShort { turn: 4 }),
    ] {
        assert_eq!(refused(turn, role, quote).kind, kind, "{quote}");
    }
}

#[test]
fn passages_are_located_in_any_turn_however_short_they_are() {
    let found = |passage| locate(&transcript(CALL), passage).map(|evidence| (evidence.turn, evidence.quote));
    assert_eq!(found("OKAY"), Some((3, "Okay".to_owned())));
    assert_eq!(found("the refund"), Some((1, "the refund".to_owned())));
    assert_eq!(found("on monday"), Some((4, "on Monday".to_owned())));
    assert_eq!((found("the money"), found("fund"), found(""), found(" ")), (None, None, None, None));
}

#[test]
fn passages_are_located_in_the_nearest_turn_of_who_is_asked_for() {
    let turns =
        [(Role::Agent, "so be it"), (Role::Other, "So be it."), (Role::Agent, "it is so"), (Role::Agent, "So be it!")];
    let folded = FoldedTranscript::of(turns.map(|(role, text)| (role, text.to_owned())));
    let found = |turn, role| {
        let found = folded.locate_near(turn, |speaker| speaker == role, "SO BE")?;
        Some((found.turn, found.role, found.quote))
    };
    for (turn, role, nearest) in [
        (0, Role::Agent, Some((0, "so be"))),
        (1, Role::Agent, Some((0, "so be"))),
        (2, Role::Agent, Some((3, "So be"))),
        (usize::MAX, Role::Agent, Some((3, "So be"))),
        (3, Role::Other, Some((1, "So be"))),
        (0, Role::Customer, None),
    ] {
        let nearest = nearest.map(|(turn, quote): (usize, &str)| (turn, role, quote.to_owned()));
        assert_eq!(found(turn, role), nearest, "{turn} {role}");
    }
    let tie = FoldedTranscript::of(["yes", "no", "Yes"].map(|text| (Role::Agent, text.to_owned())));
    assert_eq!(tie.locate_near(1, |_| true, "yes").unwrap().turn, 0, "of two the earlier one");
}

#[test]
fn quotes_never_begin_or_end_within_a_word() {
    let turns = transcript(&[("agent", "This is it, we don't say so at the cafe\u{301} straßen-bahn")]);
    for quote in ["is is it", "s is it", "is it, w", "it, we don", "t say so", "at the cafe", "en-bahn", "s en-bahn"] {
        assert!(verify(&turns, 0, Role::Agent, quote).is_err(), "{quote}");
    }
    for quote in ["is it, we", "we don't say", "at the cafe\u{301}", "CAFE\u{301} STRASSEN-bahn", "cafe\u{301} straßen"]
    {
        assert!(verify(&turns, 0, Role::Agent, quote).is_ok() == (quote != "cafe\u{301} straßen"), "{quote}");
    }
}

#[test]
fn characters_are_words_where_words_are_not_spaced() {
    let turns = transcript(&[("agent", "您好，请问有什么可以帮您？"), ("customer", "はい")]);
    assert_eq!(verify(&turns, 0, Role::Agent, "有什么可以").unwrap().quote, "有什么可以");
    assert!(matches!(verify(&turns, 0, Role::Agent, "什么").unwrap_err().kind, QuoteErrorKind::TooShort { .. }));
    assert!(verify(&turns, 1, Role::Customer, "はい").is_ok());
    let mixed = transcript(&[("agent", "so we're a'丽 now")]);
    assert_eq!(verify(&mixed, 0, Role::Agent, "so we're a'").unwrap().quote, "so we're a'");
}

#[test]
fn the_nearest_text_is_found_in_the_named_turn_and_elsewhere() {
    for (turn, role, quote, nearest) in [
        // Misquoted, in the turn that was named.
        (0, Role::Agent, "thank you so much for calling", Some((0, "thank you for calling, how can"))),
        (2, Role::Agent, "I will check that for you", Some((2, "Let me check that for you"))),
        // Quoted well, from another turn or role.
        (0, Role::Agent, "let me check that for you", Some((2, "Let me check that for you"))),
        (9, Role::Agent, "the refund was sent", Some((4, "the refund was sent"))),
        (4, Role::Customer, "the refund was sent", Some((4, "the refund was sent"))),
        // Too short.
        (0, Role::Agent, "help?", Some((0, "can I help"))),
        (0, Role::Agent, "Good", Some((0, "Good morning — thank"))),
        (2, Role::Customer, "okay", Some((3, "Okay"))),
        // Made up.
        (0, Role::Agent, "have a wonderful day", None),
        (0, Role::Agent, "", None),
    ] {
        let nearest = nearest.map(|(turn, quote): (usize, &str)| (turn, quote.to_owned()));
        assert_eq!(refused(turn, role, quote).nearest.map(|shown| (shown.turn, shown.quote)), nearest, "{quote}");
    }
}

#[test]
fn among_equals_the_turn_that_was_named_is_nearest() {
    let turns = transcript(&[("agent", "let me see that"); 5]);
    let nearest = |turn| verify(&turns, turn, Role::Agent, "let me see it").unwrap_err().nearest.unwrap().turn;
    assert!((0..5).all(|turn| nearest(turn) == turn));
    assert_eq!(nearest(7), 4);
}

#[test]
fn errors_hold_no_words_of_the_call() {
    let said = refused(1, Role::Agent, "the refund was promised").to_string();
    assert_eq!(said, "turn 1 is spoken by the customer, not by the agent");
}

#[test]
fn every_character_is_compared_without_regard_to_its_case() {
    let folded = |text: &str| FoldedText::of(text).words().map(|(word, _)| word.to_owned()).collect::<Vec<_>>();
    for character in (char::MIN..=char::MAX).filter(|character| character.is_alphabetic()) {
        let word = format!("a{character}b");
        assert_eq!(folded(&word), folded(&word.to_uppercase()), "{character:?}");
        assert_eq!(folded(&word), folded(&word.to_lowercase()), "{character:?}");
    }
}

#[test]
fn long_calls_are_searched_in_linear_time() {
    let filler = "ab ".repeat(200_000);
    let turns = transcript(&[("agent", &filler), ("agent", &"a".repeat(400_000))]);
    let quote = "ab ".repeat(100_000) + "c";
    assert!(verify(&turns, 0, Role::Agent, &quote).is_err());
    assert!(verify(&turns, 1, Role::Agent, &"a".repeat(200_000)).is_err());
}

/// Speech with everything that is folded, and with what is not.
fn speech() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zA-Z]{1,6}",
        "[a-z]{1,3}['’][a-z]{1,2}",
        Just("straße".to_owned()),
        Just("ΟΔΟΣ".to_owned()),
        Just("[noise]".to_owned()),
        Just("“quoted”".to_owned()),
        Just("so—so".to_owned()),
        Just("well…".to_owned()),
        Just("one, two.".to_owned()),
        Just("cafe\u{301}".to_owned()),
        Just("请问".to_owned()),
        any::<String>(),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "))
}

fn calls() -> impl Strategy<Value = Vec<Turn>> {
    let role = prop_oneof![Just(Role::Agent), Just(Role::Customer), Just(Role::Other)];
    let turn = (role, speech()).prop_map(|(role, text)| Turn { role, text, start_ms: None, end_ms: None });
    prop::collection::vec(turn, 0..6)
}

/// The same words as another would write them down.
fn respelled(text: &str, how: u8) -> String {
    let text = if how & 1 == 0 { text.to_uppercase() } else { text.to_lowercase() };
    let text = if how & 2 == 0 { text.replace(' ', "\u{a0}\n ") } else { text };
    if how & 4 == 0 {
        text.replace(['’', '‘'], "'").replace(['“', '”'], "\"").replace('—', "-").replace('…', "...")
    } else {
        text.replace('\'', "’").replace('"', "”").replace('-', "–").replace("...", "…")
    }
}

proptest! {
    #[test]
    fn accepted_quotes_were_said_in_that_turn_by_that_role(
        turns in calls(), turn in 0_usize..8, role in 0_usize..3, quote in speech(),
        cut in (any::<prop::sample::Index>(), 0_usize..8, 0_usize..20)
    ) {
        let role = [Role::Agent, Role::Customer, Role::Other][role];
        let shifted: Option<String> = (!turns.is_empty()).then(|| {
            let text = &turns[cut.0.index(turns.len())].text;
            text.chars().skip(cut.1).take(cut.2).collect()
        });
        for quote in [Some(quote), shifted].into_iter().flatten() {
            match verify(&turns, turn, role, &quote) {
                Ok(evidence) => {
                    prop_assert!(turns[turn].text.contains(&evidence.quote));
                    prop_assert_eq!((evidence.turn, evidence.role, turns[turn].role), (turn, role, role));
                    prop_assert_eq!(verify(&turns, turn, role, &evidence.quote).unwrap(), evidence);
                }
                Err(QuoteError { nearest: Some(nearest), .. }) => {
                    prop_assert!(nearest.turn == turn || nearest.role == role);
                    prop_assert_eq!(verify(&turns, nearest.turn, nearest.role, &nearest.quote).unwrap(), nearest);
                }
                Err(_) => {}
            }
        }
    }

    #[test]
    fn quotes_are_accepted_however_they_are_spelled(
        text in speech(), first in any::<prop::sample::Index>(), count in FEWEST_WORDS..10, how in 0_u8..8
    ) {
        let turns = transcript(&[("agent", &text)]);
        let words: Vec<_> = FoldedText::of(&text).words().map(|(_, bytes)| bytes).collect();
        prop_assume!(!words.is_empty());
        let first = first.index(words.len());
        let said = text.get(words[first].start..words[(first + count - 1).min(words.len() - 1)].end).unwrap();
        prop_assume!(count_words(said) >= FEWEST_WORDS);
        let found = verify(&turns, 0, Role::Agent, &respelled(said, how));
        prop_assert_eq!(FoldedText::of(&found.unwrap().quote).words().count(), FoldedText::of(said).words().count());
    }

    #[test]
    fn a_word_more_or_a_word_less_is_refused(text in speech(), how in 0_u8..8) {
        let turns = transcript(&[("agent", &text)]);
        let words: Vec<_> = FoldedText::of(&text).words().map(|(_, bytes)| bytes).collect();
        prop_assume!(words.len() > FEWEST_WORDS);
        let with = format!("{} unsaid {}", text.get(..words[1].end).unwrap(), text.get(words[2].start..).unwrap());
        prop_assert!(verify(&turns, 0, Role::Agent, &respelled(&with, how)).is_err());
    }
}
