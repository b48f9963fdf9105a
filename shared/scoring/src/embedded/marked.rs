//! Signals that are phrases: who says what, in which part of the call.

use domain::Role;
use domain::Role::{Agent, Customer};

use super::signals::{Reading, Readings, Signal};
use crate::dialogue::Dialogue;
use crate::lexicon::Marker;
use crate::numbers::number;
use crate::utterance::Utterance;

/// The opening is a side's first utterances, the ending its last ones: so many.
pub(super) const EDGE: usize = 2;
/// A count that is much in this many utterances of a side is less in more of them.
const USUAL_UTTERANCES: f64 = 10.0;

/// Where in the call a phrase counts.
#[derive(Debug, Clone, Copy)]
enum Part {
    Opening,
    Ending,
    Anywhere,
}
use Part::{Anywhere, Ending, Opening};

/// A signal, the side that shows it, the phrases that are it, where, and how many of them are much.
const MARKED: &[(Signal, Role, Marker, Part, f64)] = &[
    (Signal::Greets, Agent, Marker::Greeting, Opening, 1.0),
    (Signal::Introduces, Agent, Marker::Introduction, Opening, 1.0),
    (Signal::OffersHelp, Agent, Marker::OfferOfHelp, Opening, 1.0),
    (Signal::OffersMore, Agent, Marker::FurtherHelp, Anywhere, 1.0),
    (Signal::SaysGoodbye, Agent, Marker::Farewell, Ending, 1.0),
    (Signal::Courteous, Agent, Marker::Courtesy, Anywhere, 4.0),
    (Signal::Reassures, Agent, Marker::Assurance, Anywhere, 2.0),
    (Signal::Warm, Agent, Marker::Warmth, Anywhere, 2.0),
    (Signal::Signposts, Agent, Marker::Signpost, Anywhere, 3.0),
    (Signal::Rude, Agent, Marker::Rudeness, Anywhere, 1.0),
    (Signal::Dismisses, Agent, Marker::Dismissal, Anywhere, 1.0),
    (Signal::Blames, Agent, Marker::Blame, Anywhere, 1.5),
    (Signal::Hesitates, Agent, Marker::Hesitation, Anywhere, 8.0),
    (Signal::Slang, Agent, Marker::Slang, Anywhere, 4.0),
    (Signal::Hedges, Agent, Marker::Hedge, Anywhere, 4.0),
    (Signal::AsksToRepeat, Agent, Marker::AskedToRepeat, Anywhere, 2.0),
    (Signal::ReadsBack, Agent, Marker::ReadBack, Anywhere, 2.0),
    (Signal::Proposes, Agent, Marker::Proposal, Anywhere, 4.0),
    (Signal::TakesOwnership, Agent, Marker::Ownership, Anywhere, 3.0),
    (Signal::Delivers, Agent, Marker::Done, Anywhere, 3.0),
    (Signal::Refuses, Agent, Marker::Refusal, Anywhere, 4.0),
    (Signal::PassesOn, Agent, Marker::PassedOn, Anywhere, 1.0),
    (Signal::DoesNotKnow, Agent, Marker::Ignorance, Anywhere, 2.0),
    (Signal::CustomerCorrects, Customer, Marker::Correction, Anywhere, 2.0),
    (Signal::CustomerConfused, Customer, Marker::Confusion, Anywhere, 2.0),
    (Signal::CustomerChases, Customer, Marker::Chasing, Anywhere, 1.5),
    (Signal::CustomerAccepts, Customer, Marker::Acceptance, Anywhere, 3.0),
    (Signal::CustomerRejects, Customer, Marker::Rejection, Anywhere, 3.0),
    (Signal::CustomerThanks, Customer, Marker::Thanks, Anywhere, 3.0),
    (Signal::NothingLeft, Customer, Marker::NothingElse, Ending, 1.0),
    (Signal::GivesUp, Customer, Marker::GivingUp, Ending, 1.0),
];

/// Reads the signals that are phrases.
pub(super) fn read(readings: &mut Readings, dialogue: &Dialogue) {
    for (signal, role, marker, part, full) in MARKED {
        let utterances: Vec<&Utterance> = dialogue.said_by(*role).collect();
        let edge = EDGE.min(utterances.len());
        let (within, full) = match part {
            Opening => (&utterances[..edge], *full),
            Ending => (&utterances[utterances.len() - edge..], *full),
            Anywhere => (&utterances[..], full * (number(utterances.len()) / USUAL_UTTERANCES).max(1.0)),
        };
        let marks = within.iter().flat_map(|utterance| &utterance.marks);
        let words = marks.filter(|mark| mark.markers.has(*marker)).map(|mark| mark.word).collect();
        readings.set(*signal, Reading::of_words(words, full));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::untimed;

    fn level(turns: &[(&str, &str)], signal: Signal) -> f64 {
        let call = untimed(turns);
        let mut readings = Readings::nothing();
        read(&mut readings, &Dialogue::of(&call));
        readings.get(signal).level
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
}
