//! Signals that one side shows by itself: what is said, in which part of the call, and what runs through all of it.

use domain::Role;
use domain::Role::{Agent, Customer};

use super::observations::{Observation, Observations, as_much_in};
use super::signals::Signal;
use super::views::throughout;
use crate::dialogue::Dialogue;
use crate::lexicon::PhraseTag;
use crate::tokenizer::Punctuation;
use crate::utterance::{PhraseMatch, Utterance};

/// The opening is a side's first utterances, the ending its last ones: so many.
pub(super) const EDGE: usize = 2;
/// An utterance opens with what stands among so many first words.
const FIRST_WORDS: usize = 2;
/// An utterance of so many words that asks nothing tells something.
const TELLING_WORDS: usize = 15;

/// Where in the call a phrase counts.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// In the first utterances of its side.
    Opening,
    /// In the last utterances of its side.
    Ending,
    /// Wherever it is said.
    Anywhere,
    /// Wherever it is said, and the more the steadier and the later: see [`throughout`].
    Throughout,
}
use Part::{Anywhere, Ending, Opening, Throughout};

/// By what an utterance shows a signal.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// A phrase anywhere in it.
    Says(PhraseTag),
    /// A phrase among its first words.
    Opens(PhraseTag),
    /// An exclamation mark.
    Exclaims,
    /// Words of pleasure that outweigh those of displeasure.
    Pleases,
    /// Many words without a question.
    Tells,
    /// A single word.
    IsTerse,
}
use Sign::{Exclaims, IsTerse, Opens, Pleases, Says, Tells};

/// A signal, the side that shows it, by what, where, and how many of it are much.
const MARKED: &[(Signal, Role, Sign, Part, f64)] = &[
    (Signal::Greets, Agent, Says(PhraseTag::Greeting), Opening, 1.0),
    (Signal::Introduces, Agent, Says(PhraseTag::Introduction), Opening, 1.0),
    (Signal::OffersHelp, Agent, Says(PhraseTag::HelpOffer), Opening, 1.0),
    (Signal::OffersMore, Agent, Says(PhraseTag::FurtherHelpOffer), Anywhere, 1.0),
    (Signal::SaysGoodbye, Agent, Says(PhraseTag::Farewell), Ending, 1.0),
    (Signal::Courteous, Agent, Says(PhraseTag::Courtesy), Throughout, 4.0),
    (Signal::Reassures, Agent, Says(PhraseTag::Reassurance), Throughout, 2.0),
    (Signal::Warm, Agent, Says(PhraseTag::Warmth), Throughout, 2.0),
    (Signal::Signposts, Agent, Says(PhraseTag::Signpost), Anywhere, 2.5),
    (Signal::Rude, Agent, Says(PhraseTag::Rudeness), Anywhere, 1.0),
    (Signal::Dismisses, Agent, Says(PhraseTag::Dismissal), Anywhere, 1.0),
    (Signal::Blames, Agent, Says(PhraseTag::Blame), Anywhere, 1.5),
    (Signal::Hesitates, Agent, Says(PhraseTag::FillerWord), Anywhere, 8.0),
    (Signal::Slang, Agent, Says(PhraseTag::Slang), Anywhere, 4.0),
    (Signal::Hedges, Agent, Says(PhraseTag::Hedge), Throughout, 2.5),
    (Signal::AsksToRepeat, Agent, Says(PhraseTag::RepeatRequest), Anywhere, 2.0),
    (Signal::ReadsBack, Agent, Says(PhraseTag::ReadBack), Anywhere, 2.0),
    (Signal::Proposes, Agent, Says(PhraseTag::Proposal), Anywhere, 4.0),
    (Signal::TakesOwnership, Agent, Says(PhraseTag::Ownership), Anywhere, 3.0),
    (Signal::Delivers, Agent, Says(PhraseTag::Completion), Throughout, 3.0),
    (Signal::Refuses, Agent, Says(PhraseTag::Refusal), Throughout, 4.0),
    (Signal::PassesOn, Agent, Says(PhraseTag::Referral), Anywhere, 1.5),
    (Signal::DoesNotKnow, Agent, Says(PhraseTag::LackOfKnowledge), Throughout, 2.0),
    (Signal::CustomerConfused, Customer, Says(PhraseTag::Confusion), Anywhere, 2.0),
    (Signal::CustomerChases, Customer, Says(PhraseTag::StatusRequest), Anywhere, 1.5),
    (Signal::CustomerAccepts, Customer, Says(PhraseTag::Acceptance), Throughout, 3.0),
    (Signal::CustomerRejects, Customer, Says(PhraseTag::Rejection), Throughout, 3.0),
    (Signal::CustomerThanks, Customer, Says(PhraseTag::Thanks), Throughout, 3.0),
    (Signal::NothingLeft, Customer, Says(PhraseTag::NothingElse), Ending, 1.0),
    (Signal::GivesUp, Customer, Says(PhraseTag::GivingUp), Ending, 1.0),
    (Signal::Empathises, Agent, Says(PhraseTag::Empathy), Anywhere, 2.0),
    (Signal::Jargon, Agent, Says(PhraseTag::Jargon), Anywhere, 2.0),
    (Signal::Lively, Agent, Exclaims, Throughout, 3.0),
    (Signal::Cheerful, Agent, Pleases, Throughout, 5.0),
    (Signal::Informs, Agent, Tells, Throughout, 4.0),
    (Signal::Negates, Agent, Says(PhraseTag::Negation), Throughout, 4.0),
    (Signal::CustomerExclaims, Customer, Exclaims, Throughout, 3.0),
    (Signal::CustomerConfirms, Customer, Opens(PhraseTag::Acknowledgement), Throughout, 5.0),
    (Signal::CustomerInterested, Customer, Opens(PhraseTag::Interest), Throughout, 3.0),
    (Signal::CustomerSaysGoodbye, Customer, Says(PhraseTag::Farewell), Throughout, 2.0),
    (Signal::CustomerChangesMind, Customer, Says(PhraseTag::RequestChange), Throughout, 2.0),
    (Signal::CustomerWantsAnother, Customer, Says(PhraseTag::AlternativeRequest), Throughout, 3.0),
    (Signal::CustomerTerse, Customer, IsTerse, Throughout, 3.0),
];

/// Observes the signals that one side shows by itself.
pub(super) fn observe(observations: &mut Observations, dialogue: &Dialogue) {
    for (signal, role, sign, part, full) in MARKED {
        let said: Vec<Vec<usize>> = dialogue.said_by(*role).map(|one| sign.words(one, dialogue)).collect();
        let edge = EDGE.min(said.len());
        let observation = match part {
            Opening => Observation::of_words(said[..edge].concat(), *full),
            Ending => Observation::of_words(said[said.len() - edge..].concat(), *full),
            Anywhere => Observation::of_words(said.concat(), as_much_in(said.len(), *full)),
            Throughout => throughout(&said, *full),
        };
        observations.set(*signal, observation);
    }
}

impl Sign {
    /// The words of an utterance that show it.
    fn words(self, said: &Utterance, dialogue: &Dialogue) -> Vec<usize> {
        let words_of =
            |wanted| said.phrases.iter().filter(move |phrase| phrase.tags.has(wanted)).map(|phrase| phrase.word);
        let exclaimed = |word: &usize| dialogue.words[*word].punctuation == Punctuation::ExclamationMark;
        let closing = [PhraseTag::Farewell, PhraseTag::Thanks, PhraseTag::Negation];
        let closes = |phrase: &PhraseMatch| closing.iter().any(|tag| phrase.tags.has(*tag));
        let whole = |shows: bool| shows.then_some(said.words.start).into_iter().collect();
        match self {
            Says(phrase) => words_of(phrase).collect(),
            Opens(phrase) => words_of(phrase).take_while(|word| *word < said.words.start + FIRST_WORDS).collect(),
            Exclaims => said.words.clone().find(exclaimed).into_iter().collect(),
            Pleases if said.sentiment() > 0.0 => said.first_positive().into_iter().collect(),
            Tells if said.words.len() >= TELLING_WORDS && said.questions.is_empty() => longest_sentence(said, dialogue),
            Pleases | Tells => Vec::new(),
            IsTerse => whole(said.words.len() == 1 && said.phrases.iter().all(|phrase| !closes(phrase))),
        }
    }
}

/// The first word of what is told at most length: what goes before it may be no more than a "thanks".
fn longest_sentence(said: &Utterance, dialogue: &Dialogue) -> Vec<usize> {
    let ends = said.words.clone().filter(|word| dialogue.words[*word].punctuation.ends_sentence()).map(|word| word + 1);
    let borders: Vec<usize> = [said.words.start].into_iter().chain(ends).chain([said.words.end]).collect();
    let longest = borders.windows(2).rev().max_by_key(|sentence| sentence[1] - sentence[0]);
    longest.map(|sentence| sentence[0]).into_iter().collect()
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
        assert!(level(&[hello, ("customer", "forget it")], Signal::GivesUp) > 0.0);
        assert!(level(&[&[("customer", "forget it")], &late[..], &talk].concat(), Signal::GivesUp) == 0.0);
    }

    #[test]
    fn the_same_count_is_less_in_a_longer_call() {
        let short = [("agent", "shut up"), ("customer", "a room")];
        let long = [&short[..], &[("agent", "here it is"), ("customer", "a room")].repeat(40)].concat();
        assert!(level(&short, Signal::Rude) > level(&long, Signal::Rude) && level(&long, Signal::Rude) > 0.0);
    }

    #[test]
    fn what_is_told_at_length_is_shown_where_it_is_longest() {
        let call = untimed(&[(
            "agent",
            "Thanks. The branch opens at nine and you only have to bring the card with the letter. Fine.",
        )]);
        let mut observations = Observations::nothing();
        observe(&mut observations, &Dialogue::of(&call));
        assert_eq!(observations.get(Signal::Informs).words, [1]);
    }

    #[test]
    fn signs_are_more_than_phrases() {
        for (turn, signal) in [
            (("agent", "There it is!"), Signal::Lively),
            (("agent", "that is a nice colour"), Signal::Cheerful),
            (
                ("agent", "the branch opens at nine and you only have to bring the card with the letter"),
                Signal::Informs,
            ),
            (("customer", "okay i will do that"), Signal::CustomerConfirms),
            (("customer", "Monday."), Signal::CustomerTerse),
        ] {
            assert!(level(&[turn], signal) > 0.0, "{signal:?}");
        }
        assert!(level(&[("customer", "bye")], Signal::CustomerTerse) == 0.0);
    }
}
