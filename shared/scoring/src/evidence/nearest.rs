//! Finds the text of the transcript that is nearest to a rejected quote, so that a model can correct it.
//!
//! **Invariant:** the text that is found would be accepted as a quote. The same quote always gets the same text; of
//! equally near ones the turn that the quote names comes first, then the turns around it. The work is linear in the
//! transcript, because only the first words of a quote are compared.

use std::cmp::Reverse;
use std::ops::Range;

use domain::{Evidence, Role, Turn};

use super::folding::FoldedText;
use super::{FEWEST_WORDS, find};

/// At most this many words of a quote are compared: a longer quote is recognised by its beginning.
const COMPARED_WORDS: usize = 32;
/// What a word that both have adds to the score of an alignment, and what a word that only one of them has takes from
/// it.
const MATCH_SCORE: usize = 2;
const GAP_PENALTY: usize = 1;
/// An alignment needs at least two words next to each other; that of a single word needs that word.
const MINIMUM_SCORE: usize = 2 * MATCH_SCORE;

/// A local alignment of a quote with a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alignment {
    /// Its score.
    score: usize,
    /// The positions of the turn's words, from the first that both have to the last.
    words: Range<usize>,
    /// The position in the quote of the first word that both have.
    quote_offset: usize,
}

/// The nearest text: of the turn that was named, whoever speaks in it, or of any turn of that role.
pub(super) fn to(transcript: &[Turn], turn: usize, role: Role, quote: &str) -> Option<Evidence> {
    let quote = FoldedText::of(quote);
    let quoted: Vec<&str> = quote.words().map(|(word, _)| word).take(COMPARED_WORDS).collect();
    let minimum = MINIMUM_SCORE.min(quoted.len() * MATCH_SCORE).max(MATCH_SCORE);
    let candidates = transcript.iter().enumerate().filter(|(index, said)| *index == turn || said.role == role);
    let alignments = candidates.filter_map(|(index, said)| {
        let folded = FoldedText::of(&said.text);
        let spoken: Vec<&str> = folded.words().map(|(word, _)| word).collect();
        let alignment = best_alignment(&quoted, &spoken).filter(|found| found.score >= minimum)?;
        Some((index, alignment))
    });
    let rank =
        |(index, alignment): &(usize, Alignment)| (alignment.score, Reverse(index.abs_diff(turn)), Reverse(*index));
    let (index, alignment) = alignments.max_by_key(rank)?;
    let said = transcript.get(index)?;
    let range = quotable_span(&FoldedText::of(&said.text), &alignment, quoted.len())?;
    find(transcript, index, said.role, said.text.get(range)?).ok()
}

/// The bytes of the turn around the aligned words: as many words as the quote has, and not fewer than a quote needs.
fn quotable_span(folded: &FoldedText, alignment: &Alignment, quoted: usize) -> Option<Range<usize>> {
    let words: Vec<Range<usize>> = folded.words().map(|(_, bytes)| bytes).collect();
    let first = alignment.words.start.saturating_sub(alignment.quote_offset);
    let end = (first + quoted.max(FEWEST_WORDS)).max(alignment.words.end).min(words.len());
    let first = first.min(end.saturating_sub(FEWEST_WORDS));
    Some(words.get(first)?.start..words.get(end.checked_sub(1)?)?.end)
}

/// The local alignment of both with the best score (Smith and Waterman's), the first one among equals.
fn best_alignment(quoted: &[&str], spoken: &[&str]) -> Option<Alignment> {
    // For each word of the quote, the best alignment that ends with it and the word of the turn just read: its score,
    // and where it begins in both.
    let mut row = vec![(0, 0, 0); quoted.len()];
    let mut best: Option<Alignment> = None;
    for (at, word) in spoken.iter().enumerate() {
        let (mut diagonal, mut left) = ((0, at, 0), (0, at, 0));
        for (column, (cell, expected)) in row.iter_mut().zip(quoted).enumerate() {
            let above = *cell;
            let start = if diagonal.0 == 0 { (0, at, column) } else { diagonal };
            let own = if word == expected { (start.0 + MATCH_SCORE, start.1, start.2) } else { penalised(start) };
            *cell = [penalised(left), penalised(above)]
                .into_iter()
                .fold(own, |best, next| if next.0 > best.0 { next } else { best });
            (diagonal, left) = (above, *cell);
            if cell.0 > best.as_ref().map_or(0, |best| best.score) {
                best = Some(Alignment { score: cell.0, words: cell.1..at + 1, quote_offset: cell.2 });
            }
        }
    }
    best
}

const fn penalised((score, spoken, quoted): (usize, usize, usize)) -> (usize, usize, usize) {
    (score.saturating_sub(GAP_PENALTY), spoken, quoted)
}
