//! Where texts that are too long are cut.

use super::*;

fn cut(text: &str, longest: usize) -> String {
    let CheckedText { text, misquotes } = CheckedText::of(text, longest, &transcript(), Unclaimed::Refused);
    assert_eq!(misquotes, [], "{text}");
    text
}

#[test]
fn long_texts_end_at_a_sentence_or_a_word() {
    assert_eq!(cut("One. Two three. Four five six.", 20), "One. Two three.");
    assert_eq!(cut("one two three four five six", 14), "one two three…");
    assert_eq!(cut("one two three four five six", 13), "one two…");
    assert_eq!(cut("ü".repeat(50).as_str(), 10), format!("{}…", "ü".repeat(9)));
    assert_eq!(cut("一二三。四五六七", 5), "一二三。");
    assert_eq!(cut("one two", 0), "");
}

#[test]
fn a_quotation_is_cut_off_with_its_claim_or_not_at_all() {
    let quotation = "“Let me check” (agent, turn 2)";
    let text = format!("He said {quotation} then {quotation} more");
    for longest in 0..text.chars().count() + 2 {
        let stored = cut(&text, longest);
        assert!(stored.chars().count() <= longest, "{longest}: {stored}");
        assert!(!stored.replace(quotation, "").contains(['“', '”', '(', ')', '2']), "{longest}: {stored}");
    }
    assert_eq!(cut(&text, usize::MAX), text);
    assert_eq!(cut(&text, 40), "He said “Let me check” (agent, turn 2)…");
    assert_eq!(cut(&text, 38), "He said…");
    assert_eq!(cut(&format!("{quotation} more"), quotation.chars().count()), "");
    assert_eq!(cut(&format!("他{quotation}"), quotation.chars().count()), "他…");
}

#[test]
fn the_transcripts_spelling_may_make_a_text_too_long() {
    let said = "“fair … enough” (customer, turn 5)";
    let stored = cut(&format!("So {said} it was"), said.chars().count() + 3);
    assert_eq!(stored, "So…");
}

#[test]
fn what_is_removed_makes_room_for_what_follows() {
    let text = "He was “sorry for it all” (agent, turn 2). She went home. She came again.";
    let CheckedText { text, misquotes } = CheckedText::of(text, 37, &transcript(), Unclaimed::Refused);
    assert_eq!((text.as_str(), misquotes.len()), ("She went home. She came again.", 1));
}

#[test]
fn very_long_passages_are_refused() {
    let long = "word ".repeat(50_000);
    for text in [format!("“{long}”"), format!("“{long}” (agent, turn 2)")] {
        let CheckedText { text, misquotes } = CheckedText::of(&text, usize::MAX, &transcript(), Unclaimed::Refused);
        assert_eq!((text.as_str(), misquotes.len()), ("", 1));
    }
    let CheckedText { text, .. } = CheckedText::of(&format!("“{long}”"), 100, &transcript(), Unclaimed::Refused);
    assert!(!text.contains(['“', '”']) && text.chars().count() <= 100);
}
