//! "I'll" and "ill": two words, which a transcript without apostrophes spells alike. What stands around the word tells
//! them apart.

/// "I'll" as the lexicon spells it.
pub(crate) const I_WILL: &str = "i'll";
/// "ill" as the lexicon spells it; it may be either word.
pub(crate) const ILL: &str = "ill";

/// After these, somebody or something is ill.
const BEFORE_ILL: &str = "am are be became become been being critically fallen falling falls feel feeling feels fell felt get gets \
    getting gone got gravely had has he her hes his im is its look looked looking looks mentally my our quite really \
    seriously severely she shes suddenly taken terminally the their theyre too very was we were weve who whos \
    youre your";
/// Before these as well.
const AFTER_ILL: &str =
    " advised and at effect effects feeling health in or people since so today tomorrow treatment will with";

/// Whether a word that is spelled "ill" is "I'll", by the words of its sentence before and after it: "I'll" is followed
/// by what the speaker will do.
pub(crate) fn is_i_will(before: Option<&str>, after: Option<&str>) -> bool {
    let lists = |words: &str, word: &str| words.split(' ').any(|known| known == word);
    after.is_some_and(|word| !lists(AFTER_ILL, word)) && before.is_none_or(|word| !lists(BEFORE_ILL, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i_will_is_told_from_being_ill() {
        for (sentence, expected) in [
            ("ill ring the depot", true),
            ("okay ill take the blue one", true),
            ("and ill write it down", true),
            ("i think ill wait", true),
            ("my mother is ill", false),
            ("he fell ill on the train", false),
            ("she has been very ill lately", false),
            ("i felt ill", false),
            ("the heat caused ill health", false),
            ("ill", false),
        ] {
            let words: Vec<&str> = sentence.split(' ').collect();
            let at = words.iter().position(|word| *word == ILL).unwrap();
            let before = at.checked_sub(1).map(|before| words[before]);
            assert_eq!(is_i_will(before, words.get(at + 1).copied()), expected, "{sentence}");
        }
    }
}
