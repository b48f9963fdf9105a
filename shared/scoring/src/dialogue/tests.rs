//! What words become: phrases, thanks that are meant, questions.

use proptest::prelude::*;

use domain::Evidence;

use super::*;
use crate::test_calls::untimed;

fn sentiment(text: &str) -> f64 {
    let call = untimed(&[("customer", text)]);
    Dialogue::of(&call).utterances.iter().map(Utterance::sentiment).sum()
}

fn questions(text: &str) -> usize {
    let call = untimed(&[("agent", text)]);
    Dialogue::of(&call).utterances.iter().map(|said| said.questions.len()).sum()
}

#[test]
fn turns_of_one_speaker_are_one_utterance_and_phrases_cross_them() {
    let call = untimed(&[
        ("agent", "how can i"),
        ("customer", "[noise]"),
        ("agent", ""),
        ("other", "please hold"),
        ("agent", "help you"),
        ("customer", "mm hmm"),
        ("agent", "today"),
        ("customer", "my card is lost"),
    ]);
    let dialogue = Dialogue::of(&call);
    let roles: Vec<_> = dialogue.utterances.iter().map(|said| said.role).collect();
    assert_eq!(roles, [Role::Agent, Role::Customer]);
    let offer = dialogue.utterances[0].first(PhraseTag::HelpOffer).unwrap();
    assert_eq!(dialogue.quote(offer).unwrap(), Evidence { turn: 0, role: Role::Agent, quote: "how can i".to_owned() });
}

#[test]
fn negations_and_exclamations_change_the_sentiment() {
    assert!(sentiment("that is not very good") < 0.0);
    assert!(sentiment("no, that is very good") > 0.0);
    assert!(sentiment("that is good!") > sentiment("that is good"));
    assert!(sentiment("that is terrible!") < sentiment("that is terrible"));
    for demand in ["I want my money back!", "Give it to me now!", "Then look in your email!", "bye!"] {
        assert!(sentiment(demand) <= 0.0, "{demand}");
    }
}

#[test]
fn agreeing_words_and_thanks_are_no_delight() {
    let delights = |text| Dialogue::of(&untimed(&[("customer", text)])).utterances[0].has(PhraseTag::Delight);
    for polite in ["Perfect.", "Brilliant!", "Excellent, thanks.", "thank you so much", "Lovely, thanks a lot."] {
        assert!(!delights(polite), "{polite}");
    }
    for happy in ["You saved my life.", "I'm thrilled!", "you have been so patient with me"] {
        assert!(delights(happy), "{happy}");
    }
}

#[test]
fn offers_of_further_help_are_no_questions_about_the_matter() {
    for offer in [
        "Is there anything else I can help you with today?",
        "Was there something else?",
        "do you have any other questions for me",
        "Okay, can I help you with anything else?",
        "Do you need any further assistance?",
        "anything else",
    ] {
        let call = untimed(&[("agent", offer)]);
        let said = &Dialogue::of(&call).utterances[0];
        let offers: Vec<usize> = said
            .phrases
            .iter()
            .filter(|phrase| phrase.tags.has(PhraseTag::FurtherHelpOffer))
            .map(|phrase| phrase.word)
            .collect();
        assert!(said.questions.iter().all(|question| offers.contains(question)), "{offer}: {said:?}");
    }
}

#[test]
fn being_ill_is_no_promise() {
    let promises = |text| Dialogue::of(&untimed(&[("agent", text)])).utterances[0].has(PhraseTag::Ownership);
    for ill in
        ["my colleague is ill", "He fell ill. Call the ward.", "The ill are seen first.", "she was ill on Monday"]
    {
        assert!(!promises(ill), "{ill}");
    }
    for promise in ["I'll ring the depot", "ill ring the depot", "okay ill check", "She is ill. Ill tell the ward."] {
        assert!(promises(promise), "{promise}");
    }
}

#[test]
fn what_there_is_none_of_may_be_good_news() {
    let refuses = |text| {
        let call = untimed(&[("agent", text)]);
        let said = &Dialogue::of(&call).utterances[0];
        said.has(PhraseTag::Refusal) || said.has(PhraseTag::Negation)
    };
    for good in ["there will be no interest", "There's no penalty.", "You pay no fees.", "it comes with no obligation"]
    {
        assert!(!refuses(good), "{good}");
    }
    for no in ["there is no refund", "There will be no bus.", "No, it is closed.", "we have no record of it"] {
        assert!(refuses(no), "{no}");
    }
}

#[test]
fn titles_do_not_break_a_quote() {
    let call = untimed(&[("agent", "Good morning, Mrs. Hale, and thank you for holding.")]);
    let quote = Dialogue::of(&call).quote(2).unwrap().quote;
    assert_eq!(quote, "Good morning, Mrs. Hale, and thank you for holding");
}

#[test]
fn filler_words_within_a_phrase_do_not_break_it() {
    let call = untimed(&[("agent", "i have um uh booked a table")]);
    assert!(Dialogue::of(&call).utterances[0].has(PhraseTag::Completion));
}

#[test]
fn phrases_end_with_their_sentence() {
    let call = untimed(&[("customer", "I know. No. Problem.")]);
    assert!(!Dialogue::of(&call).utterances[0].has(PhraseTag::Reassurance));
}

#[test]
fn negations_take_back_what_is_claimed() {
    let claims = |text| {
        let call = untimed(&[("agent", text)]);
        Dialogue::of(&call).utterances[0].has(PhraseTag::Completion)
    };
    assert!(claims("your table is booked") && !claims("your table could not be booked"));
    assert!(claims("it costs you nothing i've booked it"), "a negation ends where something else is said");
}

#[test]
fn a_condition_is_no_completion() {
    let call = untimed(&[("agent", "i will call you once it is booked")]);
    assert!(!Dialogue::of(&call).utterances[0].has(PhraseTag::Completion));
}

#[test]
fn thanks_beside_a_complaint_are_a_habit() {
    let is_thanked = |last: &str| {
        let call = untimed(&[("customer", "a table"), ("agent", "here it is"), ("customer", last)]);
        Dialogue::of(&call).utterances[2].has(PhraseTag::Thanks)
    };
    assert!(is_thanked("thank you") && is_thanked("that is all thank you"));
    for unhappy in ["thanks this is ridiculous", "thanks but it is late", "okay thanks i still have no table"] {
        assert!(!is_thanked(unhappy), "{unhappy}");
    }
}

#[test]
fn filler_words_separate_nothing_and_open_nothing() {
    let call = untimed(&[("agent", "Um, no, the, uh, tea and the milk, or water.")]);
    let dialogue = Dialogue::of(&call);
    let said = &dialogue.utterances[0];
    assert_eq!((dialogue.items(said), dialogue.opening(said)), (4, 1));
}

#[test]
fn sentences_begin_where_one_ended() {
    let call = untimed(&[("agent", "Yes, I will. So that is Monday.")]);
    let dialogue = Dialogue::of(&call);
    assert!(dialogue.has_sentence_with(&dialogue.utterances[0], "so"));
    assert!(!dialogue.has_sentence_with(&dialogue.utterances[0], "monday"));
}

#[test]
fn questions_are_found_by_question_mark_and_by_form() {
    for (text, count) in [
        ("which card would you like to replace", 1),
        ("Which card? And which account?", 2),
        ("can you give me your name and how can i reach you", 2),
        ("Seriously?", 1),
        ("i will send it to you", 0),
        ("", 0),
    ] {
        assert_eq!(questions(text), count, "{text}");
    }
}

proptest! {
    #[test]
    fn utterances_alternate_and_keep_the_words_in_order(texts in prop::collection::vec((any::<bool>(), "[a-z \\[\\]?!,.]{0,20}"), 0..20)) {
        let turns: Vec<_> = texts.iter().map(|(agent, text)| (if *agent { "agent" } else { "customer" }, text.as_str())).collect();
        let call = untimed(&turns);
        let dialogue = Dialogue::of(&call);
        prop_assert!(dialogue.utterances.windows(2).all(|pair| pair[0].role != pair[1].role));
        prop_assert!(dialogue.utterances.windows(2).all(|pair| pair[0].words.end <= pair[1].words.start));
        prop_assert!(dialogue.words.windows(2).all(|pair| (pair[0].turn, pair[0].bytes.end) <= (pair[1].turn, pair[1].bytes.start)));
    }
}
