//! Characters that nobody sees, in what a model's server sends: they can hide words, turn the direction of a text, or
//! make two names look the same.
//!
//! **Invariant:** nothing that leaves this crate holds one, but for joiners within words and signs that need them, and
//! what a turn of the transcript itself holds where a quote given as evidence is taken from it.

use scoring::evidence::is_invisible;
use serde_json::Value;

/// Whether the character may stand after that one: it can be seen, or it is white space, or it joins what is around it.
pub(crate) fn may_follow(last: Option<char>, character: char) -> bool {
    let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
    !is_invisible(character) || is_joiner && last.is_some_and(is_joined)
}

/// Whether the character is of a script that is written with joiners, or a sign that is composed with them.
const fn is_joined(character: char) -> bool {
    matches!(
        character,
        '\u{600}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{2600}'..='\u{27bf}'
            | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{1f000}'..='\u{1faff}'
    )
}

/// The text without such characters.
pub(crate) fn seen(text: &str) -> String {
    let mut last = None;
    let seen = text.chars().filter(|character| {
        let is_kept = may_follow(last, *character);
        last = if is_kept { Some(*character) } else { last };
        is_kept
    });
    seen.collect()
}

/// The value, in which no text and no name of a field has such characters.
pub(crate) fn seen_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(seen(&text)),
        Value::Array(items) => items.into_iter().map(seen_value).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (seen(&name), seen_value(field))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_can_be_seen_or_joins_is_left() {
        for (text, expected) in [
            ("re\u{200b}fu\u{ad}nd", "refund"),
            ("\u{202e}dnufer\u{202c} \u{2066}a\u{2069}", "dnufer a"),
            ("a\u{0}b\u{7}\u{1b}[31mc\u{9b}\n\td", "ab[31mc\n\td"),
            ("caf\u{e9}\u{200c}s\u{200d}", "caf\u{e9}s"),
            (
                "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
                "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
            ),
            ("\u{915}\u{94d}\u{200d}\u{937}", "\u{915}\u{94d}\u{200d}\u{937}"),
            ("\u{1f469}\u{200d}\u{1f4bb} \u{200d}x", "\u{1f469}\u{200d}\u{1f4bb} x"),
            ("\u{e0041}\u{e0042}ok\u{fe0f}", "ok"),
        ] {
            assert_eq!(seen(text), expected, "{text:?}");
            assert_eq!(seen(&seen(text)), expected);
        }
    }

    #[test]
    fn texts_and_names_of_a_value_are_cleaned_at_any_depth() {
        let value = json!({"a\u{200b}": ["b\u{202e}", {"c": "\u{feff}d", "n": 1.5}], "e": null});
        assert_eq!(seen_value(value), json!({"a": ["b", {"c": "d", "n": 1.5}], "e": null}));
    }
}
