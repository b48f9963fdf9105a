//! Markup in what a voice agent says: SSML, and the markers of speech platforms in its manner. It tells a machine how to speak
//! (`<break time="1s"/>`, `<expr type="expression" label="warm"/>`) and is not itself spoken; what stands between two tags is.
//!
//! **Invariant:** a text without a known tag is unchanged. `a < b`, annotations such as `<unk>` and cut-off tags stay.

/// The elements of SSML, and those that speech platforms add.
const ELEMENTS: [&str; 37] = [
    "audio",
    "break",
    "desc",
    "effect",
    "emotion",
    "emphasis",
    "expr",
    "expression",
    "flush",
    "laugh",
    "laughter",
    "lang",
    "lexicon",
    "lookup",
    "mark",
    "media",
    "p",
    "par",
    "pause",
    "phoneme",
    "pitch",
    "prosody",
    "rate",
    "s",
    "say-as",
    "seq",
    "sigh",
    "sound",
    "speak",
    "speed",
    "spell",
    "sub",
    "token",
    "voice",
    "volume",
    "w",
    "whisper",
];
/// The prefixes of the elements that platforms add to SSML.
const PREFIXES: [&str; 4] = ["amazon:", "google:", "ivona:", "mstts:"];

/// The text without the tags of known elements; blanks that would be left double, or at either end, go with them.
pub(crate) fn without_markup(text: &str) -> String {
    let mut spoken = String::with_capacity(text.len());
    let (mut rest, mut has_tag) = (text, false);
    while let Some((before, from_bracket)) = split_at_bracket(rest) {
        spoken.push_str(before);
        let Some(tag) = Tag::at_start_of(from_bracket) else {
            spoken.push('<');
            rest = from_bracket.strip_prefix('<').unwrap_or_default();
            continue;
        };
        has_tag = true;
        rest = tag.rest;
        if spoken.is_empty() || spoken.ends_with(char::is_whitespace) {
            rest = rest.trim_start();
        } else if tag.parts_words && rest.starts_with(char::is_alphanumeric) {
            spoken.push(' ');
        }
    }
    spoken.push_str(rest);
    if has_tag { spoken.trim().to_owned() } else { spoken }
}

/// The text before its first `<`, and the text from there on.
fn split_at_bracket(text: &str) -> Option<(&str, &str)> {
    text.split_at_checked(text.find('<')?)
}

/// A tag of a known element.
struct Tag<'t> {
    /// The text behind it.
    rest: &'t str,
    /// Whether the words on its two sides are different ones: it is empty (`<break/>`), or the end of a sentence.
    parts_words: bool,
}

impl<'t> Tag<'t> {
    /// The tag of a known element that the text begins with.
    fn at_start_of(text: &'t str) -> Option<Self> {
        let text = text.strip_prefix('<')?;
        let text = text.strip_prefix('/').unwrap_or(text);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_');
        let (name, attributes) = text.split_at_checked(text.find(|c| !is_name(c))?)?;
        let name = name.to_ascii_lowercase();
        let is_known = ELEMENTS.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        if !is_known || !attributes.starts_with(['>', '/', ' ', '\t', '\r', '\n']) {
            return None;
        }
        let (inside, rest) = attributes.split_at_checked(end_of_tag(attributes)?)?;
        Some(Self {
            rest: rest.strip_prefix('>')?,
            parts_words: inside.ends_with('/') || matches!(name.as_str(), "p" | "s"),
        })
    }
}

/// Where the `>` of a tag is that is not within a quoted value; `None` for a tag that does not end, or not before another begins.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (index, c) in attributes.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(index),
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_not_spoken_and_what_is_between_them_is() {
        for (marked, spoken) in [
            ("<break time=\"0.5s\"/> We are closed.", "We are closed."),
            ("<speak><s>One.</s><s>Two.</s></speak>", "One. Two."),
            ("Ready.<expr type=\"break\" label='a > b'/>Steady. <emotion value=\"calm\" /> Go.", "Ready. Steady. Go."),
            (
                "It is <expr type=\"spell\">K4</expr>, <PROSODY rate=\"slow\">all</PROSODY> right?",
                "It is K4, all right?",
            ),
            ("Wait<break/>, please <amazon:effect name=\"whispered\">here</amazon:effect>.", "Wait, please here."),
            ("<sound value=\"chuckle\"/>", ""),
        ] {
            assert_eq!(without_markup(marked), spoken, "{marked}");
        }
    }

    #[test]
    fn other_angle_brackets_stay_as_they_are() {
        for text in [
            " a < b and  c > d ",
            "<unk> hello <noise>",
            "I <3 it",
            "cut off <break time=\"1",
            "<break <b>",
            "<speaking>",
            "<",
            "",
            "<é/>",
        ] {
            assert_eq!(without_markup(text), text);
        }
    }

    #[test]
    fn many_tags_that_do_not_end_take_little_time() {
        let text = "<break ".repeat(100_000);
        assert_eq!(without_markup(&text), text);
        let quoted = "<break '".repeat(1_001);
        assert_eq!(without_markup(&quoted), quoted);
    }
}
