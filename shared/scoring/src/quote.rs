//! Short verbatim quotes that show a word.
//!
//! **Invariant:** a quote is a substring of one turn's text and contains the word that it shows.

use domain::{Evidence, Turn};

use crate::dialogue::Dialogue;
use crate::tokenizer::Punctuation;

/// A quote has at most this many words, at most this many of them before the word that it shows.
const QUOTE_WORDS: usize = 18;
const QUOTE_LEAD: usize = 10;
/// A quote has at most this many bytes, because words may have any length.
const QUOTE_BYTES: usize = 120;

impl Dialogue<'_> {
    /// The short quote that shows a word with the words around it, within its sentence and its turn. Where the sentence
    /// is too long, it begins and ends at commas if there are any.
    pub(crate) fn quote(&self, word: usize) -> Option<Evidence> {
        let about = self.words.get(word)?;
        let Turn { role, text, .. } = self.transcript.get(about.turn)?;
        let punctuation = |index: usize| self.word(index).punctuation;
        let same_turn = |index: &usize| self.word(*index).turn == about.turn;
        let before = (0..word).rev().take_while(|index| same_turn(index) && !punctuation(*index).ends_sentence());
        let lead = before.clone().take(QUOTE_LEAD + 1).count();
        let after_comma = || before.take(QUOTE_LEAD).filter(|index| punctuation(*index) == Punctuation::Pause).last();
        let first =
            if lead <= QUOTE_LEAD { word - lead } else { after_comma().map_or(word - QUOTE_LEAD, |comma| comma + 1) };
        let rest = (first..self.words.len()).take(QUOTE_WORDS).take_while(same_turn).skip_while(|index| *index < word);
        let end = rest.clone().find(|index| punctuation(*index).ends_sentence());
        let is_cut = rest.clone().last().is_some_and(|last| same_turn(&(last + 1).min(self.words.len() - 1)));
        let comma = || rest.clone().filter(|index| is_cut && punctuation(*index) == Punctuation::Pause).last();
        let last = end.or_else(comma).or(rest.last())?;
        let quote = text.get(self.word(first).bytes.start..self.word(last).bytes.end)?;
        let cut = (0..=quote.len().min(QUOTE_BYTES)).rfind(|end| quote.is_char_boundary(*end))?;
        Some(Evidence { turn: about.turn, role: *role, quote: quote.get(..cut)?.trim_end().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_calls::untimed;

    fn quotes(turns: &[(&str, &str)]) -> Vec<String> {
        let call = untimed(turns);
        let dialogue = Dialogue::of(&call);
        (0..dialogue.words.len()).filter_map(|word| dialogue.quote(word)).map(|shown| shown.quote).collect()
    }

    #[test]
    fn quotes_keep_to_their_sentence_and_turn() {
        assert_eq!(
            quotes(&[("agent", "Sure. One moment, please!"), ("agent", "Done.")]),
            ["Sure", "One moment, please", "One moment, please", "One moment, please", "Done"]
        );
    }

    #[test]
    fn quotes_of_long_sentences_are_short_and_show_their_word() {
        let numbers: Vec<String> = (0..60).map(|number| format!("word{number}")).collect();
        let sentence = numbers.join(" ");
        for (quote, word) in quotes(&[("agent", &sentence)]).iter().zip(&numbers) {
            assert!(quote.split(' ').any(|shown| shown == word), "{word}: {quote}");
            assert!(quote.split(' ').count() <= QUOTE_WORDS && quote.len() <= QUOTE_BYTES, "{quote}");
        }
        assert!(quotes(&[("agent", &"ü".repeat(500))])[0].len() <= QUOTE_BYTES);
    }
}
