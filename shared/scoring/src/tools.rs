//! What can be told of a machine agent's tool from its name and its result.

use domain::ToolEvent;

/// Whether the tool, by its name, looks something up and changes nothing.
#[must_use]
pub fn only_reads(event: &ToolEvent) -> bool {
    let reads = [
        "get",
        "search",
        "find",
        "lookup",
        "look",
        "list",
        "check",
        "read",
        "fetch",
        "query",
        "verify",
        "quote",
        "track",
        "show",
        "view",
        "retrieve",
        "calculate",
        "validate",
        "identify",
    ];
    let mut spaced = String::new();
    for character in event.name.chars() {
        if character.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(character.to_lowercase());
    }
    let mut words = spaced.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    let last = words.clone().next_back().unwrap_or_default();
    words.next().is_some_and(|verb| reads.contains(&verb)) || ["lookup", "search", "check"].contains(&last)
}

/// Whether the tool failed: as its platform says, or as its result does.
#[must_use]
pub fn has_failed(event: &ToolEvent) -> bool {
    let result = event.result.as_deref().unwrap_or_default().to_lowercase();
    let words: Vec<&str> =
        result.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let fails = |word: &str| ["fail", "failed", "failure", "error", "declined", "denied", "rejected"].contains(&word);
    let is_none = |word: Option<&&str>| word.is_some_and(|word| ["null", "none", "false", "0", "no"].contains(word));
    let says_so = words.iter().enumerate().any(|(at, word)| fails(word) && !is_none(words.get(at + 1)));
    event.is_error == Some(true) || says_so
}
