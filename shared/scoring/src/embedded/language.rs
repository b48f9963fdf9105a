//! Whether the embedded scorer supports the language of a call: English, in all its varieties.
//!
//! **Invariant:** a language that the producer declares is believed. Otherwise a call is refused only where there is
//! enough text and the detector is sure.

use domain::{Call, Role};
use whatlang::{Lang, Script};

use crate::math::to_f64;

/// Texts with fewer letters than this are accepted. Of 1,800 English dialogues cut to this length none is taken for
/// another language.
const FEWEST_LATIN_LETTERS: usize = 200;
/// Texts in other scripts are accepted with fewer letters than this: a letter of them says more, and none of them
/// writes English.
const FEWEST_OTHER_LETTERS: usize = 50;
/// At most this many characters are looked at.
const MOST_CHARACTERS: usize = 400;

/// Function words of English that do not exist in related languages, or are rare there.
const FUNCTION_WORDS: [&str; 24] = [
    "the", "you", "and", "is", "it", "to", "of", "that", "my", "can", "for", "this", "your", "with", "have", "what",
    "are", "would", "i'm", "it's", "there", "they", "please", "thank",
];
/// A text with at least this share of function words is English; calls in English have about a quarter.
const ENGLISH_SHARE: f64 = 0.12;

/// Whether the scorer supports the language of the call: the declared one, or else the detected one.
#[must_use]
pub fn supports(call: &Call) -> bool {
    call.language.as_deref().map_or_else(|| !is_foreign(call), is_english)
}

fn is_english(tag: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

fn is_foreign(call: &Call) -> bool {
    let mut text = String::new();
    let mut room = MOST_CHARACTERS;
    for turn in call.transcript.iter().filter(|turn| turn.role != Role::Other) {
        text.extend(turn.text.chars().take(room).flat_map(char::to_lowercase));
        text.push(' ');
        room = room.saturating_sub(turn.text.chars().count() + 1);
        if room == 0 {
            break;
        }
    }
    if has_english_function_words(&text) {
        return false;
    }
    let length = text.chars().filter(|character| character.is_alphabetic()).count();
    whatlang::detect(&text).is_some_and(|found| {
        let enough = if found.script() == Script::Latin { FEWEST_LATIN_LETTERS } else { FEWEST_OTHER_LETTERS };
        found.lang() != Lang::Eng && found.is_reliable() && length >= enough
    })
}

/// Whether enough of the words are English function words that the detector need not run, which takes longer than
/// scoring a short call.
fn has_english_function_words(text: &str) -> bool {
    let words = || {
        text.split(|character: char| !character.is_alphanumeric() && character != '\'').filter(|word| !word.is_empty())
    };
    let english = words().filter(|word| FUNCTION_WORDS.contains(word)).count();
    to_f64(english) >= ENGLISH_SHARE * to_f64(words().count()).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_calls::untimed;

    const GERMAN: &str = "guten tag hier ist die stadtbank mein name ist anna wie kann ich ihnen helfen ja hallo ich habe \
        meine karte verloren und brauche eine neue können sie mir bitte sagen wie lange das dauert gerne das sind etwa fünf \
        tage und wir schicken sie ihnen nach hause";
    const ENGLISH: &str = "good morning this is the city bank my name is anna how can i help you hello i lost my card and i \
        need a new one can you tell me how long that takes of course it takes about five days and we will send it to your \
        home address";

    fn declared(language: Option<&str>, text: &str) -> Call {
        let mut call = untimed(&[("agent", text), ("customer", "ok")]);
        call.language = language.map(str::to_owned);
        call
    }

    #[test]
    fn a_declared_language_is_believed() {
        for tag in ["en", "en-GB", "EN_us", "en-Latn-US"] {
            assert!(supports(&declared(Some(tag), GERMAN)), "{tag}");
        }
        for tag in ["de", "pt-BR", "enm", "", "english", "x-en"] {
            assert!(!supports(&declared(Some(tag), ENGLISH)), "{tag}");
        }
    }

    #[test]
    fn undeclared_languages_are_detected() {
        let spanish = "buenos días gracias por llamar al banco en qué puedo ayudarle hola he perdido mi tarjeta y necesito \
            una nueva cuánto tiempo tarda normalmente tarda cinco días laborables y la enviamos a su casa por correo muy bien \
            muchas gracias que tenga un buen día";
        let russian = "здравствуйте это банк чем могу помочь я потерял карту и мне нужна новая сколько это займёт";
        let japanese = "こんにちは銀行でございますどうされましたか、カードをなくしてしまいました。新しいカードはいつ届きますか、\
            五日ほどかかりますのでしばらくお待ちください";
        for text in [GERMAN, spanish, russian, japanese] {
            assert!(!supports(&declared(None, text)), "{text}");
        }
        assert!(supports(&declared(None, ENGLISH)));
        assert!(supports(&declared(None, &ENGLISH.to_uppercase())));
    }

    #[test]
    fn short_texts_are_accepted() {
        assert!(supports(&declared(None, &GERMAN.chars().take(60).collect::<String>())));
        assert!(supports(&declared(None, "4111 1111 [noise] <unk>")));
    }
}
