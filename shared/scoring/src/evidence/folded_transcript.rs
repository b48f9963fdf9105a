//! A transcript in which many passages are looked up: each turn is folded once.

use domain::{Evidence, Role};

use super::folding::FoldedText;

/// A transcript with all its turns folded.
#[derive(Debug)]
pub struct FoldedTranscript(Vec<FoldedTurn>);

#[derive(Debug)]
struct FoldedTurn {
    role: Role,
    text: String,
    folded: FoldedText,
}

impl FoldedTranscript {
    /// Folds what each turn says; the number of a turn is its position.
    pub fn of(turns: impl IntoIterator<Item = (Role, String)>) -> Self {
        let fold = |(role, text): (Role, String)| FoldedTurn { role, folded: FoldedText::of(&text), text };
        Self(turns.into_iter().map(fold).collect())
    }

    /// The text of the turn nearest to that one, among those whose speaker is asked for, that says this, however short it is. Of
    /// two equally near turns the earlier one counts.
    pub fn locate_near(&self, turn: usize, is_speaker: impl Fn(Role) -> bool, passage: &str) -> Option<Evidence> {
        let passage = FoldedText::of(passage);
        let mut turns: Vec<_> = self.0.iter().enumerate().filter(|(_, said)| is_speaker(said.role)).collect();
        turns.sort_by_key(|(number, _)| number.abs_diff(turn));
        turns.into_iter().find_map(|(turn, said)| {
            let quote = said.text.get(said.folded.find(&passage)?)?;
            Some(Evidence { turn, role: said.role, quote: quote.to_owned() })
        })
    }
}
