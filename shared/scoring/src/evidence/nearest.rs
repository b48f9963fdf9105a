//! What was really said and comes nearest to a quote that was refused, so that a model can mend it.
//!
//! **Invariant:** what is offered would be accepted. The same quote always gets the same offer; the turn it named comes first
//! among equals, then the turns around it. The work is linear in the transcript: of a quote only the first words are compared.

use std::cmp::Reverse;
use std::ops::Range;

use domain::{Evidence, Role, Turn};

use super::folding::Folded;
use super::{FEWEST_WORDS, find};

/// So many words of a quote are compared. Longer ones begin like what they quote, or they quote nothing.
const COMPARED_WORDS: usize = 32;
/// What a word that is said in both gives, and what a word that is only in one of them costs.
const SAME: usize = 2;
const DIFFERENT: usize = 1;
/// Two words next to each other are the least that is alike; of a single word, that word.
const LEAST_ALIKE: usize = 2 * SAME;

/// A stretch of a turn that is like the quote.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Likeness {
    /// The best local alignment's score.
    score: usize,
    /// The turn's words, by their index, from the first that is in both to the last.
    words: Range<usize>,
    /// The index in the quote of the first word that is in both.
    lead: usize,
}

/// The nearest text: of the turn that was named, whoever speaks in it, or of any turn of that role.
pub(super) fn to(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Option<Evidence> {
    let quote = Folded::of(quote);
    let quoted: Vec<&str> = quote.words().map(|(word, _)| word).take(COMPARED_WORDS).collect();
    let least = LEAST_ALIKE.min(quoted.len() * SAME).max(SAME);
    let candidates = transcript.iter().enumerate().filter(|(index, said)| *index == turn || said.role == role);
    let alike = candidates.filter_map(|(index, said)| {
        let folded = Folded::of(&said.text);
        let spoken: Vec<&str> = folded.words().map(|(word, _)| word).collect();
        let likeness = likeness(&quoted, &spoken).filter(|found| found.score >= least)?;
        Some((index, likeness))
    });
    let rank = |(index, likeness): &(usize, Likeness)| (likeness.score, Reverse(index.abs_diff(turn)), Reverse(*index));
    let (index, likeness) = alike.max_by_key(rank)?;
    let said = &transcript[index];
    let range = stretch(&Folded::of(&said.text), &likeness, quoted.len())?;
    find(transcript, index, said.role, &said.text[range]).ok()
}

/// The bytes of the turn around the words that are alike: as many words as the quote has, and not fewer than a quote needs.
fn stretch(folded: &Folded, likeness: &Likeness, quoted: usize) -> Option<Range<usize>> {
    let words: Vec<Range<usize>> = folded.words().map(|(_, bytes)| bytes).collect();
    let first = likeness.words.start.saturating_sub(likeness.lead);
    let end = (first + quoted.max(FEWEST_WORDS)).max(likeness.words.end).min(words.len());
    let first = first.min(end.saturating_sub(FEWEST_WORDS));
    Some(words.get(first)?.start..words.get(end.checked_sub(1)?)?.end)
}

/// The local alignment of both with the best score (Smith and Waterman's), the first one among equals.
fn likeness(quoted: &[&str], spoken: &[&str]) -> Option<Likeness> {
    // For each word of the quote, the best alignment that ends with it and the word of the turn just read: its score, and
    // where it begins in both.
    let mut row = vec![(0, 0, 0); quoted.len()];
    let mut best: Option<Likeness> = None;
    for (at, word) in spoken.iter().enumerate() {
        let (mut diagonal, mut left) = ((0, at, 0), (0, at, 0));
        for (column, (cell, expected)) in row.iter_mut().zip(quoted).enumerate() {
            let above = *cell;
            let start = if diagonal.0 == 0 { (0, at, column) } else { diagonal };
            let own = if word == expected { (start.0 + SAME, start.1, start.2) } else { less(start) };
            *cell =
                [less(left), less(above)].into_iter().fold(own, |best, next| if next.0 > best.0 { next } else { best });
            (diagonal, left) = (above, *cell);
            if cell.0 > best.as_ref().map_or(0, |best| best.score) {
                best = Some(Likeness { score: cell.0, words: cell.1..at + 1, lead: cell.2 });
            }
        }
    }
    best
}

const fn less((score, spoken, quoted): (usize, usize, usize)) -> (usize, usize, usize) {
    (score.saturating_sub(DIFFERENT), spoken, quoted)
}
