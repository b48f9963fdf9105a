//! The markup in captions: voice tags, which name a speaker, other tags, which say how to show the words, and entities.
//!
//! **Invariant:** a text without a known tag or entity is unchanged: `a < b` and annotations such as `<unk>` stay.

use std::borrow::Cow;

/// The tags that captions have beside voice tags. Times, such as `<00:01.500>`, begin with a digit.
const TAGS: [&str; 9] = ["b", "c", "font", "i", "lang", "rt", "ruby", "s", "u"];
/// The entities that stand for a character.
const ENTITIES: [(&str, &str); 9] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&nbsp;", " "),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&lrm;", ""),
    ("&rlm;", ""),
    // Last, so that "&amp;lt;" is "&lt;".
    ("&amp;", "&"),
];

/// Words, and the name in the voice tag around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Voice {
    /// The speaker, if a tag or a label names one.
    pub(crate) name: Option<String>,
    /// The words.
    pub(crate) text: String,
}

/// A tag, and the text behind it.
enum Tag<'t> {
    /// The start of a voice, and its name.
    Voice(&'t str),
    /// The end of a voice.
    VoiceEnd,
    /// Any other known tag.
    Style,
}

/// The text without tags and entities, its lines as they were.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let has_markup = text.contains(['<', '&', '{']);
    if has_markup {
        Cow::Owned(voices(text).into_iter().map(|voice| voice.text).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The words of a cue, in a part for each voice tag.
pub(crate) fn voices(text: &str) -> Vec<Voice> {
    let mut voices = Vec::new();
    let (mut name, mut words, mut rest) = (None, String::new(), text);
    let mut end_voice = |name: &mut Option<String>, words: &mut String| {
        let text = without_entities(std::mem::take(words).as_str());
        if !text.trim().is_empty() {
            voices.push(Voice { name: name.take(), text });
        }
        *name = None;
    };
    while let Some((before, from_mark)) = rest.find(['<', '{']).and_then(|mark| rest.split_at_checked(mark)) {
        words.push_str(before);
        let Some((tag, behind)) = tag(from_mark) else {
            let mut characters = from_mark.chars();
            words.extend(characters.next());
            rest = characters.as_str();
            continue;
        };
        rest = behind;
        match tag {
            Tag::Voice(speaker) => {
                end_voice(&mut name, &mut words);
                name = Some(without_entities(speaker.trim())).filter(|speaker| !speaker.is_empty());
            }
            Tag::VoiceEnd => end_voice(&mut name, &mut words),
            Tag::Style => {}
        }
    }
    words.push_str(rest);
    end_voice(&mut name, &mut words);
    voices
}

/// The tag that a text begins with, and what follows it; `None` when it is no known tag.
fn tag(text: &str) -> Option<(Tag<'_>, &str)> {
    if let Some(code) = text.strip_prefix("{\\") {
        return split_at_end(code, '}').map(|(_, behind)| (Tag::Style, behind));
    }
    let (inside, behind) = split_at_end(text.strip_prefix('<')?, '>')?;
    let is_end = inside.starts_with('/');
    let inside = inside.trim_start_matches('/');
    let (element, annotation) = inside.split_at_checked(inside.find(char::is_whitespace).unwrap_or(inside.len()))?;
    let name = element.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let tag = match name.as_str() {
        "v" if is_end => Tag::VoiceEnd,
        "v" => Tag::Voice(annotation),
        name if TAGS.contains(&name) => Tag::Style,
        // A time: the words behind it are spoken then.
        name if name.starts_with(|c: char| c.is_ascii_digit()) && name.contains(':') => Tag::Style,
        _ => return None,
    };
    Some((tag, behind))
}

/// The text before the end of a tag, and behind it; `None` where another tag begins before that.
fn split_at_end(text: &str, end: char) -> Option<(&str, &str)> {
    let (inside, rest) = text.split_at_checked(text.find(['<', '{', end])?)?;
    Some((inside, rest.strip_prefix(end)?))
}

/// The text with the characters that entities stand for.
fn without_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_entities_are_not_spoken_and_other_brackets_stay() {
        for (marked, spoken) in [
            ("<i>Yes</i>, <c.yellow.bg_blue>of</c> <00:00:01.500>course", "Yes, of course"),
            ("<font color=\"#ff0000\">Stop</font> {\\an8}here", "Stop here"),
            ("Q&amp;A &lt;3 &quot;fine&quot;&nbsp;&#39;t&#39; &amp;lt;", "Q&A <3 \"fine\" 't' &lt;"),
            ("a < b and c > d {x} <unk> 5<6", "a < b and c > d {x} <unk> 5<6"),
            ("", ""),
        ] {
            assert_eq!(plain(marked), spoken, "{marked}");
        }
    }

    #[test]
    fn every_voice_tag_begins_the_words_of_another_speaker() {
        let of =
            |text: &str| voices(text).into_iter().map(|v| (v.name.unwrap_or_default(), v.text)).collect::<Vec<_>>();
        let said = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            of("<v Dana Cole>Hi.</v>\n<v.loud Leo &amp; Co>Hello <b>there</b>"),
            [said("Dana Cole", "Hi."), said("Leo & Co", "Hello there")]
        );
        assert_eq!(
            of("Hm. <v A>Yes.</v> [beep] <v>No."),
            [said("", "Hm. "), said("A", "Yes."), said("", " [beep] "), said("", "No.")]
        );
    }

    #[test]
    fn many_marks_that_begin_no_tag_take_little_time() {
        let text = "<{\\".repeat(20_000);
        assert_eq!(plain(&text), text);
    }
}
