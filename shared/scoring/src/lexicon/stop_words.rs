//! Stop words: two utterances that share one of them need not be about the same thing.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Shorter words are never keywords, so only longer ones are listed. The words for digits are listed because any two
/// dictated numbers share some.
const STOP_WORDS: &str = "able about after again alright also another anything are because been before being came cant come could couldnt \
    didnt does doesnt doing done dont else even ever everything find from gets getting give going gonna good goodbye \
    great hadnt have havent having hello help here i'll into isnt just kind know lets like little look looking made make \
    many maybe mean more most much need never nice okay only other over please pretty really right said same seen \
    shall should show some something sorry sort still such sure take tell than thank thanks that thatll thats their \
    them then there theres these they theyre thing things think this those time today tried until very want wanna \
    wanted wasnt well were what whats when where which while will with without wont work would wouldnt yeah youll \
    your youre yours youve \
    zero four five seven eight nine double triple hundred thousand";

static STOP_WORD_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| STOP_WORDS.split(' ').collect());

/// Keywords have at least this many bytes.
const SHORTEST_KEYWORD: usize = 4;

/// Whether a folded word is no keyword. Numbers in digits always are.
pub(crate) fn is_stop_word(folded: &str) -> bool {
    let is_number = folded.bytes().all(|byte| byte.is_ascii_digit());
    !is_number && (folded.len() < SHORTEST_KEYWORD || STOP_WORD_SET.contains(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_told_from_stop_words() {
        let text = "i would really like to book a hotel for 3 nights please";
        let keywords: Vec<_> = text.split(' ').filter(|word| !is_stop_word(word)).collect();
        assert_eq!(keywords, ["book", "hotel", "3", "nights"]);
        assert!("four eight one seven zero".split(' ').all(is_stop_word));
    }
}
