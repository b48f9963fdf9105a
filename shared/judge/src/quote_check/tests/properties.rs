//! Whatever a model writes, only what is proven is quoted.

use proptest::prelude::*;

use super::*;

/// What of a stored text is quoted without a claim that holds, read without the code under test.
fn unproven(text: &str, transcript: &[Turn]) -> Vec<String> {
    let mut unproven = Vec::new();
    let mut pieces = text.split('“');
    let mut outside = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once("” (").and_then(|(passage, rest)| Some((passage, rest.split_once(')')?))) {
            Some((passage, (claim, rest))) if is_said(passage, claim, transcript) => outside.extend(["Q", rest]),
            _ => unproven.push(piece.to_owned()),
        }
    }
    if outside.contains(|character| "\"“”„‟«»‹›「」『』｢｣《》〈〉❝❞❛❜〝〞〟`‘‚‛″＂".contains(character))
    {
        unproven.push(outside.clone());
    }
    // Apostrophes that enclose words.
    let words: Vec<&str> = outside.split(' ').collect();
    let opening = words.iter().position(|word| word.starts_with(['\'', '’']) && word.chars().count() > 1);
    let closing = words.iter().rposition(|word| word.ends_with(['\'', '’']) && word.chars().count() > 1);
    if opening.zip(closing).is_some_and(|(opening, closing)| opening < closing) {
        unproven.push(outside);
    }
    unproven
}

fn is_said(passage: &str, claim: &str, transcript: &[Turn]) -> bool {
    let Some((role, turn)) = claim.split_once(", turn ") else { return false };
    let Some(said) = turn.parse::<usize>().ok().and_then(|turn| transcript.get(turn)) else { return false };
    let spoken: String =
        said.text.chars().filter(|character| !"\u{7}\u{ad}\u{200b}\u{202e}\u{2066}“”".contains(*character)).collect();
    let spoken = spoken.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_whole = |(at, _): (usize, &str)| {
        let (before, rest) = spoken.split_at(at);
        let after = rest.strip_prefix(passage).unwrap();
        // In the Chinese turn each character is a word.
        let is_word = |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() && one < '\u{4e00}');
        !is_word(before.chars().next_back()) && !is_word(after.chars().next())
    };
    said.role.to_string() == role && !passage.is_empty() && spoken.match_indices(passage).any(is_whole)
}

fn mark() -> impl Strategy<Value = String> {
    prop::sample::select(
        "\"“”„‟«»‹›「」『』｢｣《》〈〉❝❞❛❜〝〞〟`‘’‚‛'″＂".chars().map(String::from).collect::<Vec<_>>(),
    )
}

fn words() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "so ",
        "my bill",
        "Let me check",
        "let me check,",
        "I don't know",
        "you lied",
        "You are an idiot",
        "that is fair",
        "fair ... enough",
        "a",
        ".",
        "…",
        "! ",
        ". Then ",
        "?",
        "。",
        "我会查",
        " ",
        "\n",
        "he said \"no way\" to me",
        "this call is recorded",
        "I did not do it",
        "(",
        ")",
        "t",
    ])
    .prop_map(str::to_owned)
}

fn claim() -> impl Strategy<Value = String> {
    let form = prop::sample::select(vec![
        " (R, turn N)",
        "(R, turn N)",
        ", [R N]",
        " (turn N, R)",
        "（R，turn N）",
        ". (R, turn N)",
        " (R, turn N",
    ]);
    let role = prop::sample::select(vec!["agent", "customer", "other", "Agent", "nobody"]);
    let turn = prop_oneof![(0_usize..12).prop_map(|turn| turn.to_string()), Just("99999999999999999999".to_owned())];
    (form, role, turn).prop_map(|(form, role, turn)| form.replace('R', role).replace('N', &turn))
}

/// A quotation as the model is told to write it, right or wrong.
fn quotation() -> impl Strategy<Value = String> {
    (words(), claim()).prop_map(|(words, claim)| format!("“{words}”{claim}"))
}

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![4 => mark(), 4 => words(), 2 => claim(), 2 => quotation(), 1 => any::<String>()];
    prop::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_written_only_what_was_said_is_quoted(
        text in text(), longest in prop_oneof![0_usize..300, Just(usize::MAX)], is_refused in any::<bool>()
    ) {
        let unclaimed = if is_refused { Unclaimed::Refused } else { Unclaimed::Recommended };
        let checked = CheckedText::of(&text, longest, &transcript(), unclaimed);
        prop_assert!(checked.text.chars().count() <= longest, "{:?}", checked.text);
        prop_assert_eq!(unproven(&checked.text, &transcript()), Vec::<String>::new(), "{:?} became {:?}", text, checked.text);
    }

    #[test]
    fn a_checked_text_stays_as_it_is(
        text in text(), longest in prop_oneof![0_usize..300, Just(usize::MAX)], is_refused in any::<bool>()
    ) {
        let unclaimed = if is_refused { Unclaimed::Refused } else { Unclaimed::Recommended };
        let checked = CheckedText::of(&text, longest, &transcript(), unclaimed);
        for unclaimed in [Unclaimed::Refused, Unclaimed::Recommended] {
            let again = CheckedText::of(&checked.text, longest, &transcript(), unclaimed);
            prop_assert_eq!(&again.text, &checked.text, "{:?}", text);
            prop_assert_eq!(again.misquotes, vec![], "{:?}", text);
        }
    }

    #[test]
    fn quotations_that_are_true_survive_any_text_without_marks_around_them(
        before in "[A-Za-z ,.!?]{0,40}", after in "[A-Za-z ,.!?]{0,40}", turn in 0_usize..12
    ) {
        let text = format!("{before} “let me check” (agent, turn {turn}) {after}");
        let CheckedText { text, misquotes } = CheckedText::of(&text, 500, &transcript(), Unclaimed::Refused);
        let proven = ["“Let me check” (agent, turn 2)", "“Let me check” (agent, turn 10)"];
        prop_assert!(misquotes.is_empty() && proven.iter().any(|quotation| text.contains(quotation)), "{text}");
    }
}
