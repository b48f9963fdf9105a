//! Questions that are asked again after they were answered: the agent asks for the date of birth, gets it, and asks for it again.
//!
//! **Invariant:** precision before reach. Only what forms have by name is looked for, an answer has a number or letters in it, and
//! whoever says that something was not understood or not found may ask again.

use std::collections::HashMap;

use domain::Role;

use super::observations::{Observation, Observations};
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::{PhraseTag, longest_phrase};
use crate::tokenizer::WordSpans;
use crate::utterance::Utterance;

/// A question reaches over this many words to what it asks for: "may I have your date of birth".
const QUESTION_REACH: usize = 8;
/// A turn of at most this many words that names a field asks for it.
const BRIEF: usize = 4;
/// So many spelled letters and numbers are an answer.
const FEWEST_SPELLED: usize = 2;
/// Fields that a call has several of, so that asking twice is asking for two things.
const AMBIGUOUS: [&str; 9] =
    ["number", "name", "first name", "last name", "full name", "email", "address", "reference", "first line"];

/// Observes what is asked again.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    observations.set(Signal::AsksAnsweredAgain, Observation::of_words(asked_again(dialogue), 2.0));
}

/// The first words of fields that are asked for again after the customer has given them.
fn asked_again(dialogue: &Dialogue) -> Vec<usize> {
    let mut answered: HashMap<String, usize> = HashMap::new();
    let mut again = Vec::new();
    for said in dialogue.said_by(Role::Agent) {
        let may_ask =
            said.has(PhraseTag::RepeatRequest) || said.has(PhraseTag::Refusal) || said.has(PhraseTag::LackOfKnowledge);
        for (word, field) in fields_asked_for(dialogue, said) {
            let turn = dialogue.word(word).turn;
            match answered.get(&field) {
                Some(before) if turn > *before => again.extend((!may_ask).then_some(word)),
                _ if is_answered(dialogue, turn) => {
                    answered.insert(field, turn);
                }
                _ => {}
            }
        }
    }
    again
}

/// The fields that the utterance asks for: their first words, and how they are spelled.
fn fields_asked_for<'d>(dialogue: &'d Dialogue, said: &'d Utterance) -> impl Iterator<Item = (usize, String)> + 'd {
    let named = said.phrases.iter().filter(|phrase| phrase.tags.has(PhraseTag::FormField)).map(|phrase| phrase.word);
    let asked = named.filter(|word| is_asked_for(dialogue, said, *word));
    asked.map(|word| (word, field(dialogue, said, word))).filter(|(_, field)| !AMBIGUOUS.contains(&field.as_str()))
}

fn field(dialogue: &Dialogue, said: &Utterance, word: usize) -> String {
    let spelled = |word: usize| dialogue.spelling(word);
    let length = longest_phrase((word..said.words.end).map(spelled)).map_or(1, |(length, _)| length);
    (word..said.words.end).take(length).map(spelled).collect::<Vec<_>>().join(" ")
}

/// Whether the field at that word is asked for, by a question or as in "please tell me your" and "I need your".
fn is_asked_for(dialogue: &Dialogue, said: &Utterance, word: usize) -> bool {
    let same_sentence = |from: usize| (from..word).all(|between| !dialogue.word(between).punctuation.ends_sentence());
    let asks = |question: &usize| *question <= word && word - *question <= QUESTION_REACH && same_sentence(*question);
    let before = (said.words.start..word).rev().take(QUESTION_REACH).take_while(|at| same_sentence(*at));
    let wants = |at: usize| matches!(dialogue.spelling(at), "tell" | "say" | "need" | "give" | "enter");
    let turn = dialogue.word(word).turn;
    let is_brief = said.words.clone().filter(|other| dialogue.word(*other).turn == turn).count() <= BRIEF;
    is_brief || said.questions.iter().any(asks) || before.into_iter().any(wants)
}

/// Whether the customer replies to that turn with a number, with spelled letters, or with what was redacted.
fn is_answered(dialogue: &Dialogue, turn: usize) -> bool {
    let reply = dialogue.transcript.iter().skip(turn + 1).find(|reply| reply.role != Role::Agent);
    reply.filter(|reply| reply.role == Role::Customer && !reply.text.contains('?')).is_some_and(|reply| {
        let words = || WordSpans::of(&reply.text).filter_map(|word| reply.text.get(word));
        let has_digits =
            reply.text.contains('[') || words().any(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        has_digits || words().filter(|word| is_spelled(word)).count() >= FEWEST_SPELLED
    })
}

/// Whether the word is a single letter or a part of a number.
fn is_spelled(word: &str) -> bool {
    let numbers = [
        "oh",
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "double",
        "triple",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "twelfth",
        "twentieth",
        "thirtieth",
    ];
    let is_letter = word.len() == 1 && !matches!(word, "I" | "i" | "a" | "A");
    is_letter || numbers.iter().any(|number| number.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support::turns_of;

    fn found(turns: &[(&str, &str)]) -> Vec<usize> {
        turns_of(observe, turns, Signal::AsksAnsweredAgain)
    }

    #[test]
    fn asking_again_for_what_was_given_is_found_in_any_transcript() {
        let ferry = [
            ("agent", "Thanks. What is your date of birth?"),
            ("customer", "The ninth of March, eighty-one."),
            ("agent", "I can help with that. May I have your date of birth?"),
        ];
        assert_eq!(found(&ferry), [2]);
        let raw = [
            ("agent", "please say your membership and your postcode"),
            ("customer", "b s four two q t"),
            ("agent", "thank you and for the rowing club i need your postcode"),
            ("customer", "i just said it b s four two q t"),
            ("agent", "postcode please"),
        ];
        assert_eq!(found(&raw), [2, 4]);
        let digits = [
            ("agent", "Order number?"),
            ("customer", "77012."),
            ("agent", "Great, a blue canoe."),
            ("customer", "That one."),
            ("agent", "And could you give me the order number?"),
        ];
        assert_eq!(found(&digits), [4]);
    }

    #[test]
    fn asking_for_two_things_or_for_what_was_not_given_or_not_understood_is_not() {
        let asks = ("agent", "What is your postcode?");
        for (reply, next) in [
            ("Which one, the old house?", "What is your postcode there?"),
            ("I would rather not say.", "Without it I cannot look. What is your postcode?"),
            ("B S four.", "Sorry, I didn't catch that. What is your postcode?"),
            ("B S four.", "I can't find that one. What is your postcode?"),
            ("B S four.", "And your date of birth?"),
            ("B S four.", "Your postcode is in our area, so we deliver on Monday."),
        ] {
            assert_eq!(found(&[asks, ("customer", reply), ("agent", next)]), Vec::<usize>::new(), "{reply} {next}");
        }
        let names = [("agent", "Your name?"), ("customer", "J, O, Y."), ("agent", "And your dog's name?")];
        assert_eq!(found(&names), Vec::<usize>::new());
    }
}
