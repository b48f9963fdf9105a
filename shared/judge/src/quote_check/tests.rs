//! Which quotations stay, which lose their marks and which take their sentence with them.

use domain::Role;

use super::*;

mod lengths;
mod properties;

fn transcript() -> Vec<Turn> {
    let turn = |(role, text): (Role, &str)| Turn { role, text: text.to_owned(), start_ms: None, end_ms: None };
    [
        (Role::Agent, "Good morning, how can I help you today?"),
        (Role::Customer, "I don’t know why my bill is so high."),
        (Role::Agent, "Let me check."),
        (Role::Customer, "You are an idiot! He said “no way” to me."),
        (Role::Agent, "no I did not do it"),
        (
            Role::Customer,
            "that\u{7} is \u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b} fa\u{ad}\u{ad}\u{ad}\u{ad}ir   ...   \u{202e}\u{2066}enough",
        ),
        (Role::Agent, "Anything else?"),
        (Role::Other, "This call is recorded."),
        (Role::Customer, "לא עשיתי את זה"),
        (Role::Agent, "好的，我会查一下。"),
        (Role::Agent, "Let me check."),
    ]
    .map(turn)
    .into()
}

fn checked_as(text: &str, unclaimed: Unclaimed) -> (String, Vec<(String, MisquoteKind)>) {
    let CheckedText { text, misquotes } = CheckedText::of(text, 500, &transcript(), unclaimed);
    (text, misquotes.into_iter().map(|one| (one.passage, one.kind)).collect())
}

/// A text about the call, and what of it is wrong.
fn checked(text: &str) -> (String, Vec<(String, MisquoteKind)>) {
    checked_as(text, Unclaimed::Refused)
}

fn assert_stays(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        for unclaimed in [Unclaimed::Refused, Unclaimed::Recommended] {
            assert_eq!(checked_as(text, unclaimed), ((*expected).to_owned(), vec![]), "{text}");
        }
    }
}

/// Passages, and what is wrong with them.
type Misquotes<'a> = &'a [(&'a str, MisquoteKind)];

fn assert_goes(cases: &[(&str, &str, Misquotes<'_>)]) {
    for (text, expected, misquotes) in cases {
        let misquotes = misquotes.iter().map(|(passage, kind)| ((*passage).to_owned(), *kind)).collect();
        assert_eq!(checked(text), ((*expected).to_owned(), misquotes), "{text}");
    }
}

const fn said_by_customer(turn: usize) -> MisquoteKind {
    MisquoteKind::SaidByAnother { turn, role: Role::Customer }
}

#[test]
fn what_the_named_role_said_stays_in_the_transcripts_spelling() {
    assert_stays(&[
        ("He said “HOW CAN I HELP” (agent, turn 0) at once.", "He said “how can I help” (agent, turn 0) at once."),
        ("“I did not do it” (agent, turn 4)", "“I did not do it” (agent, turn 4)"),
        ("It was “do it” (agent, turn 4).", "It was “do it” (agent, turn 4)."),
        ("So “fair … enough” (customer, turn 5).", "So “fair ... enough” (customer, turn 5)."),
        ("She heard “this call is recorded” (other, turn 7).", "She heard “This call is recorded” (other, turn 7)."),
    ]);
}

#[test]
fn claims_are_read_leniently_and_written_in_one_way() {
    for claim in [
        " (agent, turn 6)",
        "(agent, turn 6)",
        " [agent 6]",
        " (Agent, Turn 6)",
        " (turn 6, agent)",
        " (AGENT: turn #6)",
        "\n(the agent in turn6)",
        " （agent，turn 6）",
        "** (agent, turn 6)",
        "\u{200f} (agent, turn 6)",
        " - [6/agent]",
    ] {
        assert_stays(&[(&format!("“anything else”{claim} was it"), "“Anything else” (agent, turn 6) was it")]);
    }
    for no_claim in [
        "(turn 6)",
        "(agent)",
        "(agent, customer, turn 6)",
        "(agent, turns 6-7)",
        "(agent, turn 6 or 7)",
        "(agent, turn 6",
        "agent, turn 6",
        "(the agent in turn 6 of the call, when nearly all was said)",
        "and then (agent, turn 6)",
        "()",
    ] {
        let unclaimed = [("how can I help".to_owned(), MisquoteKind::Unclaimed)];
        assert_eq!(checked(&format!("“how can I help” {no_claim}")), (String::new(), unclaimed.into()), "{no_claim}");
    }
}

#[test]
fn a_wrong_turn_becomes_the_nearest_in_which_the_role_says_it() {
    assert_stays(&[
        ("“let me check” (agent, turn 0)", "“Let me check” (agent, turn 2)"),
        ("“let me check” (agent, turn 6)", "“Let me check” (agent, turn 2)"),
        ("“let me check” (agent, turn 7)", "“Let me check” (agent, turn 10)"),
        ("“let me check” (agent, turn 99999999999999999999)", "“Let me check” (agent, turn 10)"),
        ("“my bill” (customer, turn 6)", "“my bill” (customer, turn 1)"),
    ]);
}

#[test]
fn what_the_named_role_never_said_takes_its_sentence_with_it() {
    let insult = ("You are an idiot", said_by_customer(3));
    assert_goes(&[
        ("It went well. He said “You are an idiot” (agent, turn 3). She left.", "It went well. She left.", &[insult]),
        ("“You are an idiot” (agent, turn 3) is what he said.", "", &[insult]),
        (
            "He said “I am so sorry” (agent, turn 2), though late! It helped.",
            "It helped.",
            &[("I am so sorry", MisquoteKind::NotSaid)],
        ),
        ("Good. He was “sorry” (agent, turn 2).", "Good.", &[("sorry", MisquoteKind::NotSaid)]),
        ("Good. He said “…” (agent, turn 2).", "Good.", &[("…", MisquoteKind::NotSaid)]),
        (
            "A passage over turns: “so high. Let me check” (customer, turn 1).",
            "",
            &[("so high. Let me check", MisquoteKind::NotSaid)],
        ),
        ("Good. “heck” (agent, turn 2).", "Good.", &[("heck", MisquoteKind::NotSaid)]),
        (
            "A word: “Let” (customer, turn 2).",
            "",
            &[("Let", MisquoteKind::SaidByAnother { turn: 2, role: Role::Agent })],
        ),
    ]);
    let recommended = checked_as("Say so. Not “you are an idiot” (agent, turn 3).", Unclaimed::Recommended);
    assert_eq!(recommended, ("Say so.".to_owned(), vec![("you are an idiot".to_owned(), said_by_customer(3))]));
}

#[test]
fn an_unclaimed_quotation_takes_its_sentence_with_it_unless_words_are_recommended() {
    for (text, without, misquote) in [
        ("Good. He said “let me check” twice.", "Good. He said let me check twice.", MisquoteKind::Unclaimed),
        ("Good. 'I will sue you' was it.", "Good. I will sue you was it.", MisquoteKind::NotSaid),
        ("Good. He said「我会查」。", "Good. He said我会查。", MisquoteKind::Unclaimed),
        ("Good. He said《你错了》。", "Good. He said你错了。", MisquoteKind::NotSaid),
    ] {
        let (stored, misquotes) = checked(text);
        let kinds: Vec<_> = misquotes.into_iter().map(|(_, kind)| kind).collect();
        assert_eq!((stored.as_str(), kinds), ("Good.", vec![misquote]), "{text}");
        assert_eq!(checked_as(text, Unclaimed::Recommended), (without.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn a_word_or_two_lose_their_marks_without_an_error() {
    assert_stays(&[
        ("An 'open question' helps.", "An open question helps."),
        ("The 'step-by-step explanation' helps.", "The step-by-step explanation helps."),
        ("`code`, 「嘘」 and \"\"", "code, 嘘 and"),
        ("❝you lied❞, 《再见》, 〝gone〟, ＂so＂, ‚this‘ and “that\"", "you lied, 再见, gone, so, this and that"),
    ]);
}

#[test]
fn marks_that_close_nothing_go_and_apostrophes_stay() {
    assert_stays(&[
        ("A stray \" mark and “ this", "A stray mark and this"),
        ("A 5\" pipe, then “Anything else?” (agent, turn 6).", "A 5 pipe, then “Anything else?” (agent, turn 6)."),
        ("So ” it “Anything else?” (agent, turn 6) is.", "So it “Anything else?” (agent, turn 6) is."),
        ("The agent's and the customers' words, rock’n’roll.", "The agent's and the customers' words, rock’n’roll."),
        ("It was he (agent, turn 3).", "It was he (agent, turn 3)."),
        ("Said you are an idiot” (agent, turn 3).", "Said you are an idiot (agent, turn 3)."),
        ("a\u{0}\n\n b\t ", "a b"),
    ]);
}

#[test]
fn each_quotation_needs_a_claim_of_its_own() {
    assert_goes(&[
        (
            "Fine. “how can I help” and “let me check” (agent, turn 2). Good.",
            "Fine. Good.",
            &[("how can I help", MisquoteKind::Unclaimed)],
        ),
        ("“idiot” and “let me check” (agent, turn 2).", "idiot and “Let me check” (agent, turn 2).", &[]),
        ("“you are an idiot” “let me check” (agent, turn 2).", "", &[("you are an idiot", MisquoteKind::Unclaimed)]),
        (
            "“let me check” (agent, turn 2), “you are an idiot” (agent, turn 2) and “anything else” (agent, turn 6).",
            "",
            &[("you are an idiot", said_by_customer(3))],
        ),
    ]);
}

#[test]
fn marks_of_every_kind_enclose_quotations() {
    for (opening, closing) in [
        ("“", "”"),
        ("“", "\""),
        ("“", "“"),
        ("\"", "\""),
        ("\"", "”"),
        ("”", "”"),
        ("„", "“"),
        ("„", "”"),
        ("«", "»"),
        ("»", "«"),
        ("‹", "›"),
        ("「", "」"),
        ("『", "』"),
        ("｢", "｣"),
        ("《", "》"),
        ("〈", "〉"),
        ("❝", "❞"),
        ("❛", "❜"),
        ("〝", "〞"),
        ("`", "`"),
        ("‘", "’"),
        ("‚", "‘"),
        ("'", "'"),
        ("’", "’"),
        ("＂", "＂"),
        ("″", "″"),
        ("\"“", "”\""),
        ("'“", "”'"),
        ("“'", "'”"),
        ("“‘", "’”"),
        ("„«", "»“"),
        ("''", "''"),
    ] {
        let said = format!("Once {opening}I don't know why{closing} (customer, turn 1) was said.");
        assert_stays(&[(&said, "Once “I don’t know why” (customer, turn 1) was said.")]);
        let insult = format!("Well. Once {opening}you are an idiot{closing} (agent, turn 3) was said.");
        let (stored, misquotes) = checked(&insult);
        assert_eq!((stored.as_str(), misquotes.len()), ("Well.", 1), "{insult}");
        assert_eq!(misquotes[0].1, said_by_customer(3), "{insult}");
        let (stored, misquotes) = checked(&format!("Well. Once {opening}you are an idiot{closing} was said."));
        assert_eq!((stored.as_str(), misquotes.len()), ("Well.", 1), "{opening}{closing}");
    }
}

#[test]
fn marks_within_marks_prove_nothing() {
    assert_goes(&[
        (
            "«so “my bill” (customer, turn 1) and more» it went",
            "",
            &[("so “my bill” (customer, turn 1) and more", MisquoteKind::NotSaid)],
        ),
        ("“so 'you idiot'” it went", "", &[("so 'you idiot'", MisquoteKind::NotSaid)]),
    ]);
    let recommended = "Say «so “I see” and 'you are an idiot' (agent, turn 3) and more».";
    let (stored, misquotes) = checked_as(recommended, Unclaimed::Recommended);
    assert_eq!((stored.as_str(), misquotes), ("", vec![("you are an idiot".to_owned(), said_by_customer(3))]));
    let deep = "Say «a ‹b 「c 『d 《e 〈f ❝g ❛h 〝i `j 'k' l` m〟 n❜ o❞ p〉 q》 r』 s」 t› u».";
    let bare = "Say a b c d e f g h i j k l m n o p q r s t u.";
    assert_eq!(checked_as(deep, Unclaimed::Recommended), (bare.to_owned(), vec![]));
}

#[test]
fn quotation_marks_of_the_transcript_are_not_stored_within_others() {
    assert_stays(&[
        ("It was «he said “no way” to me» (customer, turn 3).", "It was “He said no way to me” (customer, turn 3)."),
        ("It was “no way” (customer, turn 3).", "It was “no way” (customer, turn 3)."),
    ]);
}

#[test]
fn punctuation_is_moved_behind_the_claim_where_it_belongs() {
    assert_stays(&[
        ("With “let me check,” (agent, turn 1) he began.", "With “Let me check” (agent, turn 2), he began."),
        ("With “how can I help”, (agent, turn 0) he began.", "With “how can I help” (agent, turn 0), he began."),
        ("So “I did not do it.” (agent, turn 4) She left.", "So “I did not do it” (agent, turn 4). She left."),
        ("So “I did not do it”. (agent, turn 4) She left.", "So “I did not do it” (agent, turn 4). She left."),
        ("So “I did not do it.” (agent, turn 4)", "So “I did not do it” (agent, turn 4)."),
        ("So “I did not do it.” (agent, turn 4).", "So “I did not do it” (agent, turn 4)."),
        ("So “I did not do it!” (agent, turn 4) was it.", "So “I did not do it” (agent, turn 4) was it."),
        ("So “...I did not do it,” (agent, turn 4)", "So “I did not do it” (agent, turn 4)"),
    ]);
}

#[test]
fn sentences_end_where_they_should() {
    for (text, expected) in [
        ("One? Two @! Three.", "One? Three."),
        ("One (or so.) Two @. Three.", "One (or so.) Three."),
        ("One… Two @… Three.", "One… Three."),
        ("At 6.5 of 3.p.m it @ was. Three.", "Three."),
        ("He, e.g. Mr. Hall, @ said. Three.", "Three."),
        ("1. One. 2. Two @. 3. Three.", "1. One. 3. Three."),
        ("- One\n- Two @\n- Three", "- One - Three"),
        ("一。二@。三", "一。三"),
        ("一！“你”二@？“你”三", "一！你三"),
        ("它说（一。）二@。三", "它说（一。）三"),
        ("טוב. לא @. כן", "טוב. כן"),
        ("A “Anything else?” (agent, turn 6) Then @. B", "A “Anything else?” (agent, turn 6) B"),
        ("A “Anything else?” (agent, turn 6) then @. B", "B"),
        ("A “Anything else?” (agent, turn 6), Tom @. B", "B"),
        ("A “anything else”? (agent, turn 6) Then @. B", "A “Anything else” (agent, turn 6)? B"),
        ("A @ Then “Anything else?” (agent, turn 6) “my bill” (customer, turn 1) it.", ""),
        ("One. @", "One."),
        ("@ One.", ""),
        ("@. One.", "One."),
    ] {
        let wrong = "“I lie to you” (agent, turn 2)";
        let (stored, misquotes) = checked(&text.replace('@', wrong));
        assert_eq!((stored.as_str(), misquotes.len()), (expected, 1), "{text}");
    }
    let question = checked("A “do you lie to me?” (agent, turn 2) Then B.");
    assert_eq!(question, ("Then B.".to_owned(), vec![("do you lie to me?".to_owned(), MisquoteKind::NotSaid)]));
}

#[test]
fn every_script_is_proven_alike() {
    assert_stays(&[
        ("הוא אמר “לא עשיתי את זה” (customer, turn 8).", "הוא אמר “לא עשיתי את זה” (customer, turn 8)."),
        ("他说「我会查」（agent，turn 9），然后挂了。", "他说“我会查” (agent, turn 9)，然后挂了。"),
        ("他说‘我会查’（agent，turn 9）然后挂了。", "他说“我会查” (agent, turn 9)然后挂了。"),
    ]);
    assert_goes(&[(
        "好。他说“לא עשיתי את זה” (agent, turn 8)。再见。",
        "好。再见。",
        &[("לא עשיתי את זה", said_by_customer(8))],
    )]);
}

#[test]
fn more_passages_than_are_looked_up_count_as_not_said() {
    let many = "A “let me check” (agent, turn 2). ".repeat(MOST_PASSAGES + 2);
    let CheckedText { text, misquotes } = CheckedText::of(&many, 2_000, &transcript(), Unclaimed::Refused);
    assert_eq!((text.matches('“').count(), misquotes.len()), (MOST_PASSAGES, 2));
    assert!(misquotes.iter().all(|one| one.kind == MisquoteKind::NotSaid));
}

#[test]
fn the_model_is_told_what_is_wrong() {
    let told = |text: &str| {
        let checked = CheckedText::of(text, 500, &transcript(), Unclaimed::Refused);
        checked.misquotes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        told("“you are an idiot” (agent, turn 2). “<I> am so sorry” (agent, turn 2). “let me check”."),
        [
            "quoted with a wrong claim, for the customer said it, in turn 3: \"you are an idiot\"",
            "in quotation marks, but not said on the call: \"\\u003cI> am so sorry\"",
            "quoted without a claim of who said it and where, as in “…” (agent, turn 6): \"let me check\"",
        ]
    );
}
