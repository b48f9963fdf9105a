//! Signals that one side shows by itself, by phrases or other cues in its utterances.

use domain::Role;
use domain::Role::{Agent, Customer};

use super::observations::{Observation, Observations, as_much_in};
use super::prevalence::prevalence;
use super::signals::Signal;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::tokenizer::Punctuation;
use crate::utterance::{PhraseMatch, Utterance};

/// The opening is this many first utterances of a side, the closing this many last ones.
pub(super) const EDGE_UTTERANCES: usize = 2;
/// An utterance opens with a phrase if it is among this many first words.
const OPENING_WORDS: usize = 2;
/// An utterance of at least this many words without a question is a long statement.
const LONG_STATEMENT_WORDS: usize = 15;

/// How the cues in the utterances of a side become one level.
#[derive(Debug, Clone, Copy)]
enum Aggregation {
    /// Their number in the first utterances.
    InOpening,
    /// Their number in the last utterances.
    InClosing,
    /// Their number in all utterances.
    Anywhere,
    /// Their prevalence, which is higher for steady and for late cues: see [`prevalence`].
    Prevalence,
}
use Aggregation::{Anywhere, InClosing, InOpening, Prevalence};

/// What in an utterance shows a signal.
#[derive(Debug, Clone, Copy)]
enum Cue {
    /// A phrase with this tag anywhere in it.
    Contains(PhraseTag),
    /// A phrase with this tag among its first words.
    OpensWith(PhraseTag),
    /// An exclamation mark.
    Exclamation,
    /// More positive than negative sentiment.
    PositiveSentiment,
    /// Many words without a question.
    LongStatement,
    /// A single word.
    SingleWord,
}
use Cue::{Contains, Exclamation, LongStatement, OpensWith, PositiveSentiment, SingleWord};

/// Each signal with the side that shows it, its cue, the aggregation, and the number of cues that shows it fully.
const PHRASE_SIGNALS: &[(Signal, Role, Cue, Aggregation, f64)] = &[
    (Signal::Greets, Agent, Contains(PhraseTag::Greeting), InOpening, 1.0),
    (Signal::IntroducesSelf, Agent, Contains(PhraseTag::Introduction), InOpening, 1.0),
    (Signal::OffersHelp, Agent, Contains(PhraseTag::HelpOffer), InOpening, 1.0),
    (Signal::OffersFurtherHelp, Agent, Contains(PhraseTag::FurtherHelpOffer), Anywhere, 1.0),
    (Signal::SaysGoodbye, Agent, Contains(PhraseTag::Farewell), InClosing, 1.0),
    (Signal::Courteous, Agent, Contains(PhraseTag::Courtesy), Prevalence, 4.0),
    (Signal::Reassures, Agent, Contains(PhraseTag::Reassurance), Prevalence, 2.0),
    (Signal::AddsPersonalNote, Agent, Contains(PhraseTag::Warmth), Prevalence, 2.0),
    (Signal::Signposts, Agent, Contains(PhraseTag::Signpost), Anywhere, 2.5),
    (Signal::Rude, Agent, Contains(PhraseTag::Rudeness), Anywhere, 1.0),
    (Signal::DismissesCustomer, Agent, Contains(PhraseTag::Dismissal), Anywhere, 1.0),
    (Signal::BlamesCustomer, Agent, Contains(PhraseTag::Blame), Anywhere, 1.5),
    (Signal::UsesFillerWords, Agent, Contains(PhraseTag::FillerWord), Anywhere, 8.0),
    (Signal::UsesSlang, Agent, Contains(PhraseTag::Slang), Anywhere, 4.0),
    (Signal::Hedges, Agent, Contains(PhraseTag::Hedge), Prevalence, 2.5),
    (Signal::AsksToRepeat, Agent, Contains(PhraseTag::RepeatRequest), Anywhere, 2.0),
    (Signal::ReadsBack, Agent, Contains(PhraseTag::ReadBack), Anywhere, 2.0),
    (Signal::Proposes, Agent, Contains(PhraseTag::Proposal), Anywhere, 4.0),
    (Signal::TakesOwnership, Agent, Contains(PhraseTag::Ownership), Anywhere, 3.0),
    (Signal::CompletesRequest, Agent, Contains(PhraseTag::Completion), Prevalence, 3.0),
    (Signal::Refuses, Agent, Contains(PhraseTag::Refusal), Prevalence, 4.0),
    (Signal::RefersElsewhere, Agent, Contains(PhraseTag::Referral), Anywhere, 1.5),
    (Signal::LacksKnowledge, Agent, Contains(PhraseTag::LackOfKnowledge), Prevalence, 2.0),
    (Signal::CustomerConfused, Customer, Contains(PhraseTag::Confusion), Anywhere, 2.0),
    (Signal::CustomerAsksForStatus, Customer, Contains(PhraseTag::StatusRequest), Anywhere, 1.5),
    (Signal::CustomerAccepts, Customer, Contains(PhraseTag::Acceptance), Prevalence, 3.0),
    (Signal::CustomerRejects, Customer, Contains(PhraseTag::Rejection), Prevalence, 3.0),
    (Signal::CustomerThanks, Customer, Contains(PhraseTag::Thanks), Prevalence, 3.0),
    (Signal::CustomerNeedsNothingElse, Customer, Contains(PhraseTag::NothingElse), InClosing, 1.0),
    (Signal::CustomerGivesUp, Customer, Contains(PhraseTag::GivingUp), InClosing, 1.0),
    (Signal::Empathises, Agent, Contains(PhraseTag::Empathy), Anywhere, 2.0),
    (Signal::UsesJargon, Agent, Contains(PhraseTag::Jargon), Anywhere, 2.0),
    (Signal::UsesExclamations, Agent, Exclamation, Prevalence, 3.0),
    (Signal::UsesPositiveWords, Agent, PositiveSentiment, Prevalence, 5.0),
    (Signal::ExplainsAtLength, Agent, LongStatement, Prevalence, 4.0),
    (Signal::UsesNegations, Agent, Contains(PhraseTag::Negation), Prevalence, 4.0),
    (Signal::CustomerUsesExclamations, Customer, Exclamation, Prevalence, 3.0),
    (Signal::CustomerConfirms, Customer, OpensWith(PhraseTag::Acknowledgement), Prevalence, 5.0),
    (Signal::CustomerInterested, Customer, OpensWith(PhraseTag::Interest), Prevalence, 3.0),
    (Signal::CustomerSaysGoodbye, Customer, Contains(PhraseTag::Farewell), Prevalence, 2.0),
    (Signal::CustomerChangesMind, Customer, Contains(PhraseTag::RequestChange), Prevalence, 2.0),
    (Signal::CustomerWantsAlternative, Customer, Contains(PhraseTag::AlternativeRequest), Prevalence, 3.0),
    (Signal::CustomerTerse, Customer, SingleWord, Prevalence, 3.0),
];

/// Observes the signals that one side shows by itself.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    for (signal, role, cue, aggregation, full) in PHRASE_SIGNALS {
        let said: Vec<Vec<usize>> = dialogue.said_by(*role).map(|one| cue.words(one, dialogue)).collect();
        let edge = EDGE_UTTERANCES.min(said.len());
        let observation = match aggregation {
            InOpening => Observation::of_words(said.get(..edge).unwrap_or_default().concat(), *full),
            InClosing => Observation::of_words(said.get(said.len() - edge..).unwrap_or_default().concat(), *full),
            Anywhere => Observation::of_words(said.concat(), as_much_in(said.len(), *full)),
            Prevalence => prevalence(&said, *full),
        };
        observations.set(*signal, observation);
    }
}

impl Cue {
    /// The words of an utterance that show it.
    fn words(self, said: &Utterance, dialogue: &Dialogue) -> Vec<usize> {
        let words_of =
            |wanted| said.phrases.iter().filter(move |phrase| phrase.tags.has(wanted)).map(|phrase| phrase.word);
        let exclaimed = |word: &usize| dialogue.word(*word).punctuation == Punctuation::ExclamationMark;
        let closing = [PhraseTag::Farewell, PhraseTag::Thanks, PhraseTag::Negation];
        let closes = |phrase: &PhraseMatch| closing.iter().any(|tag| phrase.tags.has(*tag));
        let whole = |shows: bool| shows.then_some(said.words.start).into_iter().collect();
        match self {
            Contains(phrase) => words_of(phrase).collect(),
            OpensWith(phrase) => words_of(phrase).take_while(|word| *word < said.words.start + OPENING_WORDS).collect(),
            Exclamation => said.words.clone().find(exclaimed).into_iter().collect(),
            PositiveSentiment if said.sentiment() > 0.0 => said.first_positive().into_iter().collect(),
            LongStatement if said.words.len() >= LONG_STATEMENT_WORDS && said.questions.is_empty() => {
                longest_sentence(said, dialogue)
            }
            PositiveSentiment | LongStatement => Vec::new(),
            SingleWord => whole(said.words.len() == 1 && said.phrases.iter().all(|phrase| !closes(phrase))),
        }
    }
}

/// The first word of the longest sentence: a sentence before it may be no more than a "thanks".
fn longest_sentence(said: &Utterance, dialogue: &Dialogue) -> Vec<usize> {
    let ends = said.words.clone().filter(|word| dialogue.word(*word).punctuation.ends_sentence()).map(|word| word + 1);
    let borders: Vec<usize> = [said.words.start].into_iter().chain(ends).chain([said.words.end]).collect();
    let longest = borders.array_windows().rev().max_by_key(|[start, end]| end - start);
    longest.map(|[start, _]| *start).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::observations::test_support;
    use crate::test_calls::untimed;

    fn level(turns: &[(&str, &str)], signal: Signal) -> f64 {
        test_support::level(observe, turns, signal)
    }

    #[test]
    fn phrases_count_for_their_side_and_in_their_part_of_the_call() {
        let hello = ("agent", "good morning");
        let talk = [("customer", "a room"), ("agent", "here it is")];
        let late = [&talk[..], &talk, &talk, &[("customer", "a room"), hello]].concat();
        assert!(level(&[hello, talk[0]], Signal::Greets) > 0.0);
        assert!(level(&late, Signal::Greets) == 0.0);
        assert!(level(&[("customer", "good morning"), talk[1]], Signal::Greets) == 0.0);
        assert!(level(&[hello, ("customer", "forget it")], Signal::CustomerGivesUp) > 0.0);
        assert!(level(&[&[("customer", "forget it")], &late[..], &talk].concat(), Signal::CustomerGivesUp) == 0.0);
    }

    #[test]
    fn the_same_count_is_less_in_a_longer_call() {
        let short = [("agent", "shut up"), ("customer", "a room")];
        let long = [&short[..], &[("agent", "here it is"), ("customer", "a room")].repeat(40)].concat();
        assert!(level(&short, Signal::Rude) > level(&long, Signal::Rude) && level(&long, Signal::Rude) > 0.0);
    }

    #[test]
    fn a_long_statement_is_shown_at_its_longest_sentence() {
        let call = untimed(&[(
            "agent",
            "Thanks. The branch opens at nine and you only have to bring the card with the letter. Fine.",
        )]);
        let mut observations = Observations::nothing();
        observe(&mut observations, &Dialogue::of(&call));
        assert_eq!(observations.get(Signal::ExplainsAtLength).words, [1]);
    }

    #[test]
    fn cues_are_more_than_phrases() {
        for (turn, signal) in [
            (("agent", "There it is!"), Signal::UsesExclamations),
            (("agent", "that is a nice colour"), Signal::UsesPositiveWords),
            (
                ("agent", "the branch opens at nine and you only have to bring the card with the letter"),
                Signal::ExplainsAtLength,
            ),
            (("customer", "okay i will do that"), Signal::CustomerConfirms),
            (("customer", "Monday."), Signal::CustomerTerse),
        ] {
            assert!(level(&[turn], signal) > 0.0, "{signal:?}");
        }
        assert!(level(&[("customer", "bye")], Signal::CustomerTerse) == 0.0);
    }
}
