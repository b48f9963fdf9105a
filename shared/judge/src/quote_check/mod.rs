//! Checks what a model's texts put in quotation marks against the transcript.
//!
//! In a text about the call, each quotation is followed at once by who said it and in which turn: `“Anything else?” (agent,
//! turn 6)`. A quotation whose claim does not hold takes the sentence that it is in with it.
//!
//! **Invariant:** whatever stands in quotation marks has a claim, and was said by that role in that turn, in the spelling of the
//! transcript. **Invariant:** a text is no longer than its limit, and checking it again changes nothing. What is *not* here: the
//! quotes given as evidence, which `scoring::evidence` verifies.

mod claim;
mod marks;
mod misquote;
mod prose;
mod speech;

use claim::Claim;
use domain::{Evidence, Turn};
pub(crate) use misquote::{Misquote, MisquoteKind};
use prose::Prose;
use scoring::evidence::{FEWEST_WORDS, is_unspaced};
use speech::Speech;

/// More passages than these are not looked up: they count as not said.
const MOST_PASSAGES: usize = 20;

/// So much of a text is read, in characters, or twice its limit if that is more: what is removed makes room for what follows.
const LONGEST_READ: usize = 4_000;

/// A text that keeps changing for so many passes loses all marks that are not proven, apostrophes included.
const MOST_PASSES: usize = 8;

/// What may stand in quotation marks without a claim of who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclaimed {
    /// Nothing but a word or two, which lose their marks: the text tells of the call.
    Refused,
    /// Words that are recommended. Only the marks go.
    Recommended,
}

/// A text after the check, and what it quoted wrongly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CheckedText {
    /// The text without the sentences that quote wrongly and without quotation marks around anything but proven quotations.
    pub(crate) text: String,
    /// The passages that are not proven.
    pub(crate) misquotes: Vec<Misquote>,
}

impl CheckedText {
    /// The text, cut to that many characters, with each passage in quotation marks looked up in the transcript. Of a text that
    /// is much too long, the end is not read.
    pub(crate) fn of(text: &str, longest: usize, transcript: &[Turn], unclaimed: Unclaimed) -> Self {
        let mut check = Check { speech: Speech::of(transcript), unclaimed, misquotes: Vec::new() };
        let mut text = marks::visible(text, longest.saturating_mul(2).max(LONGEST_READ));
        // When marks are removed, others may form a pair that were none before. So the text is checked until nothing changes.
        for _ in 0..MOST_PASSES {
            let checked = check.pass(&text).cut(longest);
            if checked == text {
                return check.finish(&text);
            }
            text = checked;
        }
        let text = check.pass(&text).without_marks().cut(longest);
        check.finish(&text)
    }
}

/// The check of one text.
struct Check<'t> {
    speech: Speech<'t>,
    unclaimed: Unclaimed,
    misquotes: Vec<Misquote>,
}

impl Check<'_> {
    fn finish(self, text: &[char]) -> CheckedText {
        let text = text.iter().map(|character| if *character == '\n' { ' ' } else { *character }).collect();
        CheckedText { text, misquotes: self.misquotes }
    }

    /// Checks each passage, from the start to the end. What is within a passage that loses its marks is left to the next pass.
    fn pass(&mut self, text: &[char]) -> Prose {
        let mut prose = Prose::default();
        // After the last passage, at which character the next begins, and how many were looked up.
        let (mut outside, mut at, mut looked_up) = (0, 0, 0);
        while let Some(&character) = text.get(at) {
            let passage = marks::passage(text, at);
            if prose::ends_before(text, outside, at, passage.is_some()) {
                prose.end_sentence();
            }
            if let Some(passage) = passage {
                let claim = Claim::after(text, passage.end);
                at = claim.as_ref().map_or(passage.end, |claim| claim.end);
                outside = at;
                let may_end = prose::is_sentence(passage.inside) || claim.as_ref().is_some_and(Claim::ends_sentence);
                self.passage(&mut prose, passage.inside, claim, text.get(at..).unwrap_or_default(), &mut looked_up);
                if may_end && prose::begins_sentence(text.get(at..).unwrap_or_default()) {
                    prose.end_sentence();
                }
                continue;
            }
            if !marks::is_mark(character) {
                prose.push(character);
            }
            at += 1;
        }
        prose.end_sentence();
        prose
    }

    /// Appends what remains of a passage and its claim, after which stands the rest of the text.
    fn passage(
        &mut self,
        prose: &mut Prose,
        passage: &[char],
        claim: Option<Claim>,
        rest: &[char],
        looked_up: &mut usize,
    ) {
        if claim.is_none() && (self.unclaimed == Unclaimed::Recommended || count_words(passage) < FEWEST_WORDS) {
            for character in passage {
                prose.push(*character);
            }
            return;
        }
        let passage: String = passage.iter().collect();
        let is_looked_up = *looked_up < MOST_PASSAGES;
        *looked_up += 1;
        let proof = match &claim {
            _ if !is_looked_up => Err(MisquoteKind::NotSaid),
            Some(claim) => self.speech.prove(&passage, claim),
            None if self.speech.has(&passage) => Err(MisquoteKind::Unclaimed),
            None => Err(MisquoteKind::NotSaid),
        };
        match proof {
            Ok(found) => {
                let Evidence { turn, role, quote } = found.evidence;
                prose.push_quotation(&format!("“{quote}” ({role}, turn {turn})"));
                let punctuation = claim.and_then(|claim| claim.punctuation).or(found.punctuation);
                if let Some(punctuation) = punctuation.filter(|moved| prose::fits(*moved, rest)) {
                    prose.push(punctuation);
                }
            }
            Err(kind) => {
                self.misquotes.push(Misquote { passage, kind });
                prose.reject_sentence();
            }
        }
    }
}

/// The number of words. In scripts without spaces between words each character is one; what a hyphen joins is one, too.
fn count_words(passage: &[char]) -> usize {
    let words = passage.split(|character| character.is_whitespace());
    let count = |word: &[char]| {
        let unspaced = word.iter().filter(|character| is_unspaced(**character)).count();
        unspaced.max(usize::from(word.iter().any(|character| character.is_alphanumeric())))
    };
    words.map(count).sum()
}

#[cfg(test)]
mod tests;
