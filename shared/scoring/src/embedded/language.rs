//! Which calls the embedded scorer understands. It knows English in all its varieties.
//!
//! **Invariant:** what a producer declares is believed, and nothing is taken for a foreign language on little text: a call is
//! refused only where the detector is sure.

use domain::{Call, Role};
use whatlang::{Lang, Script};

use crate::math::to_f64;

/// Fewer characters than this decide nothing. Of 1,800 English dialogues cut to this length none is taken for another language.
const ENOUGH_LATIN: usize = 200;
/// Other scripts need fewer: a character of them says more, and English is written in none of them.
const ENOUGH_OTHER: usize = 50;
/// More characters than this decide nothing new.
const MOST: usize = 400;

/// Words of English that are none in its neighbours, or rare ones.
const FUNCTION_WORDS: [&str; 24] = [
    "the", "you", "and", "is", "it", "to", "of", "that", "my", "can", "for", "this", "your", "with", "have", "what",
    "are", "would", "i'm", "it's", "there", "they", "please", "thank",
];
/// This share of them is plainly English; calls in English have about a quarter.
const PLAINLY: f64 = 0.12;

/// Whether the scorer knows the language of the call: the declared one, else the one that its words are in.
#[must_use]
pub fn supports(call: &Call) -> bool {
    call.language.as_deref().map_or_else(|| !is_foreign(call), is_english)
}

fn is_english(tag: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}

fn is_foreign(call: &Call) -> bool {
    let mut text = String::new();
    let mut room = MOST;
    for turn in call.transcript.iter().filter(|turn| turn.role != Role::Other) {
        text.extend(turn.text.chars().take(room).flat_map(char::to_lowercase));
        text.push(' ');
        room = room.saturating_sub(turn.text.chars().count() + 1);
        if room == 0 {
            break;
        }
    }
    if is_plainly_english(&text) {
        return false;
    }
    let length = text.chars().filter(|character| character.is_alphabetic()).count();
    whatlang::detect(&text).is_some_and(|found| {
        let enough = if found.script() == Script::Latin { ENOUGH_LATIN } else { ENOUGH_OTHER };
        found.lang() != Lang::Eng && found.is_reliable() && length >= enough
    })
}

/// Whether so many of the words are those that hold English sentences together that nothing needs to be detected, which takes
/// longer than scoring a short call.
fn is_plainly_english(text: &str) -> bool {
    let words = || {
        text.split(|character: char| !character.is_alphanumeric() && character != '\'').filter(|word| !word.is_empty())
    };
    let english = words().filter(|word| FUNCTION_WORDS.contains(word)).count();
    to_f64(english) >= PLAINLY * to_f64(words().count()).max(1.0)
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
    fn what_is_declared_is_believed() {
        for tag in ["en", "en-GB", "EN_us", "en-Latn-US"] {
            assert!(supports(&declared(Some(tag), GERMAN)), "{tag}");
        }
        for tag in ["de", "pt-BR", "enm", "", "english", "x-en"] {
            assert!(!supports(&declared(Some(tag), ENGLISH)), "{tag}");
        }
    }

    #[test]
    fn undeclared_languages_are_told_by_the_words() {
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
    fn little_text_decides_nothing() {
        assert!(supports(&declared(None, &GERMAN.chars().take(60).collect::<String>())));
        assert!(supports(&declared(None, "4111 1111 [noise] <unk>")));
    }
}
