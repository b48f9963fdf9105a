//! The files of phrases: their format, their examples, and which phrase wins.

use std::collections::BTreeSet;

use super::*;
use crate::dialogue::Dialogue;
use crate::test_calls::untimed;
use crate::tokenizer::{WordSpans, fold_into};

fn tags(text: &str) -> Option<(usize, PhraseTags)> {
    longest_phrase(text.split(' '))
}

/// All phrases of a file.
fn phrases(file: &PhraseFile) -> Vec<String> {
    let joined = |words| Iterator::collect::<Vec<&str>>(words).join(" ");
    file.groups.iter().flat_map(|group| group.phrases().map(joined).collect::<Vec<_>>()).collect()
}

fn files() -> impl Iterator<Item = (PhraseTag, &'static str, PhraseFile<'static>)> {
    tags::FILES.into_iter().map(|(tag, name, text)| (tag, name, PhraseFile::parse(name, text).unwrap()))
}

/// Whether the scorer finds a phrase of that kind in what is said.
fn finds(tag: PhraseTag, said: &str) -> bool {
    Dialogue::of(&untimed(&[("agent", said)])).utterances.iter().any(|utterance| utterance.has(tag))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test looks for a file that no tag names")]
fn every_file_is_of_the_format_and_belongs_to_a_tag() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/lexicon");
    let there: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let known: BTreeSet<String> = files().map(|(_, name, _)| name.to_owned()).collect();
    assert_eq!(there, known);
}

#[test]
fn examples_match_as_their_file_says() {
    let wrong = |tag, name: &'static str, file: PhraseFile<'static>| {
        let wrong = file.examples.into_iter().filter(move |example| finds(tag, example.said) != example.matches);
        wrong.map(move |example| format!("{name}:{}: {}", example.line, example.said))
    };
    let wrong: Vec<String> = files().flat_map(|(tag, name, file)| wrong(tag, name, file)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_has_examples_that_match_and_near_misses_that_do_not() {
    for (_, name, file) in files() {
        let matching = file.examples.iter().filter(|example| example.matches).count();
        assert!(matching >= 3 && file.examples.len() - matching >= 2, "{name}");
    }
}

#[test]
fn phrases_are_spelled_as_speech_is_folded_and_listed_once() {
    for (_, name, file) in files() {
        let mut known = BTreeSet::new();
        for phrase in phrases(&file) {
            let mut folded: Vec<String> = Vec::new();
            for range in WordSpans::of(&phrase) {
                let mut word = String::new();
                fold_into(&mut word, phrase.get(range).unwrap());
                folded.push(word);
            }
            assert_eq!(folded.join(" "), phrase, "{name}");
            assert!(known.insert(phrase.clone()), "{name}: {phrase:?} is listed twice");
        }
    }
}

#[test]
fn the_longest_phrase_wins() {
    let (length, found) = tags("no problem at all").unwrap();
    assert_eq!(length, 2);
    assert!(found.has(PhraseTag::Reassurance) && !found.has(PhraseTag::Negation) && !found.has(PhraseTag::Complaint));
    let (length, found) = tags("no i said blue").unwrap();
    assert_eq!(length, 3);
    assert!(found.has(PhraseTag::Correction));
    assert_eq!(tags("blue"), None);
}

#[test]
fn neutral_phrases_have_no_other_tag() {
    let (neutral, others): (Vec<_>, Vec<_>) = files().partition(|(tag, ..)| *tag == PhraseTag::Neutral);
    let neutral: BTreeSet<String> = neutral.iter().flat_map(|(.., file)| phrases(file)).collect();
    let both: Vec<String> =
        others.iter().flat_map(|(.., file)| phrases(file)).filter(|phrase| neutral.contains(phrase)).collect();
    assert!(!neutral.is_empty() && both.is_empty(), "{both:?}");
}

#[test]
fn phrases_that_only_look_like_something_are_neutral() {
    for (text, tag) in [
        ("no preference", PhraseTag::Negation),
        ("doesnt have to", PhraseTag::Refusal),
        ("you should have received", PhraseTag::Blame),
        ("i'll look into", PhraseTag::LifeEvent),
    ] {
        let (length, found) = tags(text).unwrap();
        assert!(length == text.split(' ').count() && !found.has(tag), "{text}");
    }
}

#[test]
fn a_phrase_may_have_several_tags() {
    let (_, found) = tags("thank you for calling").unwrap();
    assert!(found.has(PhraseTag::Thanks) && found.has(PhraseTag::Farewell));
}

#[test]
fn what_begins_as_a_question_is_one() {
    assert!(tags("how can i help you").unwrap().1.has(PhraseTag::QuestionPattern));
    assert!(!tags("happy to help").unwrap().1.has(PhraseTag::QuestionPattern));
}

#[test]
fn sentiment_orders_anger_displeasure_pleasure_and_delight() {
    let of = |word| tags(word).unwrap().1.sentiment();
    assert!(of("furious") < of("disappointed") && of("disappointed") < 0.0);
    assert!(0.0 < of("nice") && of("nice") < of("thrilled"));
}
