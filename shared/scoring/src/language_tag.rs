//! What a producer's language tag says: English, another language, or nothing.
//!
//! Tags come as BCP 47 writes them (`en-GB`), as ISO 639-2 does (`eng`), as a name (`English`), or as a setting that stands for no
//! language (`multi`, `und`).

/// The first parts of tags that stand for several languages, or for one that is yet to be detected.
const NO_LANGUAGES: [&str; 18] = [
    "all",
    "any",
    "auto",
    "autodetect",
    "automatic",
    "default",
    "detect",
    "mis",
    "mixed",
    "mul",
    "multi",
    "multilingual",
    "none",
    "other",
    "und",
    "undetermined",
    "unknown",
    "x",
];
/// The names of languages, as far as producers write them out. Other words are no tag of a language.
const NAMES: [&str; 42] = [
    "afrikaans",
    "arabic",
    "bengali",
    "bulgarian",
    "catalan",
    "chinese",
    "croatian",
    "czech",
    "danish",
    "dutch",
    "estonian",
    "filipino",
    "finnish",
    "french",
    "german",
    "greek",
    "gujarati",
    "hebrew",
    "hindi",
    "hungarian",
    "indonesian",
    "italian",
    "japanese",
    "korean",
    "malay",
    "mandarin",
    "marathi",
    "norwegian",
    "persian",
    "polish",
    "portuguese",
    "romanian",
    "russian",
    "slovak",
    "spanish",
    "swahili",
    "swedish",
    "tagalog",
    "tamil",
    "turkish",
    "urdu",
    "vietnamese",
];

/// The language that a call is declared to be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeclaredLanguage {
    /// English, in any of its varieties.
    English,
    /// Another language.
    Other,
    /// None: there is no tag, or it names no language.
    Unstated,
}

impl DeclaredLanguage {
    /// What a tag declares, if there is one.
    pub(crate) fn of(tag: Option<&str>) -> Self {
        let first = tag.unwrap_or_default().trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        // The codes of languages have two or three letters.
        let is_code = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
        match &*first {
            "en" | "eng" | "english" => Self::English,
            nothing if NO_LANGUAGES.contains(&nothing) => Self::Unstated,
            language if is_code || NAMES.contains(&language) => Self::Other,
            _ => Self::Unstated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_however_producers_write_them() {
        for tag in ["en", "en-GB", "EN_us", "en-Latn-US", "eng", "eng-US", "English", "ENGLISH", "english-us", " en "] {
            assert_eq!(DeclaredLanguage::of(Some(tag)), DeclaredLanguage::English, "{tag}");
        }
        for tag in ["de", "pt-BR", "enm", "nob", "zh-Hans-CN", "German", "spanish", "es_419"] {
            assert_eq!(DeclaredLanguage::of(Some(tag)), DeclaredLanguage::Other, "{tag}");
        }
        for tag in
            ["", "multi", "mul", "und", "und-Latn", "mis", "auto", "auto-detect", "x-any", "Unknown", "nova2", "*"]
        {
            assert_eq!(DeclaredLanguage::of(Some(tag)), DeclaredLanguage::Unstated, "{tag}");
        }
        assert_eq!(DeclaredLanguage::of(None), DeclaredLanguage::Unstated);
    }
}
