//! Looks up what is claimed to have been said.
//!
//! **Invariant:** what is found is a part of the [`plain`] text of a turn of that role, and found again when it is looked up.

use std::cell::OnceCell;

use domain::{Evidence, Role, Turn};
use scoring::evidence::FoldedTranscript;

use super::claim::{Claim, is_punctuation};
use super::marks::{is_any_mark, plain};
use super::misquote::MisquoteKind;

/// What was said on the call.
pub(super) struct Speech<'t> {
    transcript: &'t [Turn],
    /// Made for the first passage; most texts have none.
    folded: OnceCell<FoldedTranscript>,
}

/// A passage that was said.
#[derive(Debug)]
pub(super) struct Found {
    /// Where, by whom, and in which spelling.
    pub(super) evidence: Evidence,
    /// The punctuation that the writer has put after it, before the closing mark.
    pub(super) punctuation: Option<char>,
}

impl<'t> Speech<'t> {
    pub(super) const fn of(transcript: &'t [Turn]) -> Self {
        Self { transcript, folded: OnceCell::new() }
    }

    /// The passage in the words of whom the claim names, in the turn nearest to the one that it names; fails when they never
    /// said it.
    pub(super) fn prove(&self, passage: &str, claim: &Claim) -> Result<Found, MisquoteKind> {
        if let Some(found) = self.locate(passage, claim.turn, |role| role == claim.role) {
            return Ok(found);
        }
        let other = self.locate(passage, claim.turn, |role| role != claim.role).map(|found| found.evidence);
        Err(other
            .map_or(MisquoteKind::NotSaid, |Evidence { turn, role, .. }| MisquoteKind::SaidByAnother { turn, role }))
    }

    /// Whether anybody said it.
    pub(super) fn has(&self, passage: &str) -> bool {
        self.locate(passage, 0, |_| true).is_some()
    }

    /// The passage as it is written, else without the punctuation and marks around it.
    fn locate(&self, passage: &str, turn: usize, is_speaker: impl Fn(Role) -> bool) -> Option<Found> {
        let written = plain(passage);
        if !written.contains(char::is_alphanumeric) {
            return None;
        }
        let folded = self
            .folded
            .get_or_init(|| FoldedTranscript::of(self.transcript.iter().map(|turn| (turn.role, plain(&turn.text)))));
        if let Some(evidence) = folded.locate_near(turn, &is_speaker, &written) {
            return Some(Found { evidence, punctuation: None });
        }
        let is_around = |character: char| is_punctuation(character) || is_any_mark(character) || character == ' ';
        let bare = written.trim_start_matches(is_around).trim_end_matches(is_around);
        let evidence = folded.locate_near(turn, &is_speaker, bare)?;
        let after = written.trim_start_matches(is_around).strip_prefix(bare).unwrap_or_default();
        Some(Found { evidence, punctuation: after.chars().find(|character| is_punctuation(*character)) })
    }
}
