//! Rules for the texts of the rubric.

use std::collections::HashSet;

use super::*;

#[track_caller]
fn assert_sentence(text: &str) {
    assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{text}");
    assert!(!text.contains(". ") && !text.contains("  ") && !text.contains('\n'), "{text}");
}

#[test]
fn the_rubric_lists_every_criterion_in_order_and_weighs_a_hundred_percent() {
    assert!(RUBRIC.iter().map(|entry| entry.criterion).eq(Criterion::ALL.iter().copied()));
    assert_eq!(RUBRIC.iter().map(|entry| u32::from(entry.weight)).sum::<u32>(), 100);
    assert!(RUBRIC.iter().all(|entry| entry.weight > 0));
}

#[test]
fn every_text_is_a_sentence_of_its_own() {
    let anchors = RUBRIC.iter().flat_map(|entry| entry.anchors);
    let others = RUBRIC.iter().flat_map(|entry| [Some(entry.description), entry.not_applicable]).flatten();
    let texts: Vec<&str> = anchors.chain(others).chain(RUBRIC_RULES).collect();
    for text in &texts {
        assert_sentence(text);
    }
    assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
}

#[test]
fn anchors_describe_behaviour_and_do_not_rate_it() {
    let ratings = ["excellent", "good", "great", "poor", "bad", "adequate", "average", "acceptable", "appropriate"];
    for anchor in RUBRIC.iter().flat_map(|entry| entry.anchors) {
        let mut words = anchor.split(|character: char| !character.is_alphanumeric());
        assert!(words.all(|word| !ratings.contains(&word.to_lowercase().as_str())), "{anchor}");
        assert!((8..=45).contains(&anchor.split(' ').count()), "{anchor}");
    }
}

#[test]
fn anchors_are_at_even_steps_of_the_whole_scale() {
    assert!(ANCHOR_SCORES.windows(2).all(|pair| (pair[1] - pair[0] - 2.5).abs() < f64::EPSILON));
    assert!(ANCHOR_SCORES[0].abs() < f64::EPSILON && (ANCHOR_SCORES[4] - 10.0).abs() < f64::EPSILON);
}
