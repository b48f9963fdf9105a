//! Words that carry a sentence and not its subject: sharing one of them does not mean speaking of the same thing.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Shorter words never count as a subject, so only longer ones are listed. The words that numbers are dictated in are shared by
/// any two of them.
const STOP_WORDS: &str = "able about after again alright also another anything are because been before being came cant come could couldnt \
    didnt does doesnt doing done dont else even ever everything find from gets getting give going gonna good goodbye \
    great hadnt have havent having hello help here into isnt just kind know lets like little look looking made make \
    many maybe mean more most much need never nice okay only other over please pretty really right said same seen \
    shall should show some something sorry sort still such sure take tell than thank thanks that thatll thats their \
    them then there theres these they theyre thing things think this those time today tried until very want wanna \
    wanted wasnt well were what whats when where which while will with without wont work would wouldnt yeah youll \
    your youre yours youve \
    zero four five seven eight nine double triple hundred thousand";

static STOP_WORD_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| STOP_WORDS.split(' ').collect());

/// Subjects have at least this many bytes.
const SHORTEST_SUBJECT: usize = 4;

/// Whether a folded word says nothing of what is spoken about. Numbers always do.
pub(crate) fn is_stop_word(folded: &str) -> bool {
    let is_number = folded.bytes().all(|byte| byte.is_ascii_digit());
    !is_number && (folded.len() < SHORTEST_SUBJECT || STOP_WORD_SET.contains(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_told_from_the_words_around_them() {
        let text = "i would really like to book a hotel for 3 nights please";
        let subjects: Vec<_> = text.split(' ').filter(|word| !is_stop_word(word)).collect();
        assert_eq!(subjects, ["book", "hotel", "3", "nights"]);
        assert!("four eight one seven zero".split(' ').all(is_stop_word));
    }
}
