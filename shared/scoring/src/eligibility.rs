//! Eligibility: which calls are not scored, and the message that says why. The rules are the same for every scorer.

mod cues;
mod machine;

use domain::{Call, Role, SkipReason};

use crate::dialogue::Dialogue;
use crate::language_tag::DeclaredLanguage;
use crate::tokenizer::has_speech;

/// The reason why a call is not scored, if there is one: the platform states that there was no conversation, the call is
/// shorter than the minimum, a side says nothing, or one side is a machine. A call of unknown length is not too short, and
/// annotations (`[noise]`, `<unk>`) and empty texts are not speech.
#[must_use]
pub fn skip_reason(call: &Call, minimum_seconds: f64) -> Option<SkipReason> {
    let speaks = |role| call.transcript.iter().any(|turn| turn.role == role && has_speech(&turn.text));
    if call.stated_skip.is_some() {
        // A machine's greeting may read like a customer's words: the platform heard it.
        call.stated_skip
    } else if call.duration_seconds().is_some_and(|seconds| seconds < minimum_seconds) {
        Some(SkipReason::CallTooShort)
    } else {
        match (speaks(Role::Agent), speaks(Role::Customer)) {
            (true, true) => machine::machine(&Dialogue::of(call)),
            (true, false) => Some(SkipReason::NoCustomerSpeech),
            (false, true) => Some(SkipReason::NoAgentSpeech),
            (false, false) => Some(SkipReason::NoSpeech),
        }
    }
}

/// The reason as a sentence.
#[must_use]
pub fn skip_message(reason: SkipReason, call: &Call, minimum_seconds: f64) -> String {
    let is_stated = call.stated_skip == Some(reason);
    match reason {
        SkipReason::CallTooShort => match call.duration_seconds() {
            Some(seconds) => {
                format!("The call took {seconds} s; calls shorter than {minimum_seconds} s are not scored.")
            }
            None => format!("The call is shorter than {minimum_seconds} s; such calls are not scored."),
        },
        SkipReason::NoSpeech => "There are no words of either side, so there is nothing to score.".to_owned(),
        SkipReason::NoAgentSpeech => {
            "The transcript holds no words of the agent, so there is nothing to score.".to_owned()
        }
        SkipReason::NoCustomerSpeech => {
            "The transcript holds no words of the customer, so there is no conversation to score.".to_owned()
        }
        SkipReason::Voicemail if is_stated => {
            "The platform states that an answering machine took the call, so there is no conversation to score."
                .to_owned()
        }
        SkipReason::Voicemail => {
            "One side of the call is an answering machine, so there is no conversation to score.".to_owned()
        }
        SkipReason::IvrOnly if is_stated => {
            "The platform states that the call reached a menu, so there is no conversation to score.".to_owned()
        }
        SkipReason::IvrOnly => {
            "One side of the call is menus and announcements only, so there is no conversation to score.".to_owned()
        }
        SkipReason::NotAnswered if is_stated => {
            "The platform states that nobody took the call, so there is no conversation to score.".to_owned()
        }
        SkipReason::NotAnswered => {
            "An announcement says that nobody can be reached, so there is no conversation to score.".to_owned()
        }
        SkipReason::UnsupportedLanguage => match &call.language {
            Some(language) if DeclaredLanguage::of(Some(language)) == DeclaredLanguage::Other => {
                format!("The call is in the language {language:?}; the embedded scorer knows English only.")
            }
            _ => "The call is in a language that the embedded scorer does not know; it knows English only.".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_calls::untimed;

    const MINIMUM: f64 = 30.0;

    fn both_speak() -> Call {
        untimed(&[("agent", "hello"), ("customer", "hi")])
    }

    #[test]
    fn calls_below_the_minimum_are_too_short() {
        let mut call = both_speak();
        for (seconds, reason) in [
            (Some(29.9), Some(SkipReason::CallTooShort)),
            (Some(30.0), None),
            (Some(0.0), Some(SkipReason::CallTooShort)),
            (None, None),
        ] {
            call.stated_duration_seconds = seconds;
            assert_eq!(skip_reason(&call, MINIMUM), reason, "{seconds:?}");
        }
    }

    #[test]
    fn noise_is_not_speech() {
        let silent_customer =
            [("agent", "hello"), ("customer", "[noise]"), ("customer", ""), ("customer", "<unk> ...")];
        assert_eq!(skip_reason(&untimed(&silent_customer), MINIMUM), Some(SkipReason::NoCustomerSpeech));
        let silent_agent = [("customer", "hello"), ("agent", "[music]"), ("other", "please hold the line")];
        assert_eq!(skip_reason(&untimed(&silent_agent), MINIMUM), Some(SkipReason::NoAgentSpeech));
        assert_eq!(skip_reason(&untimed(&[]), MINIMUM), Some(SkipReason::NoSpeech));
        assert_eq!(skip_reason(&both_speak(), MINIMUM), None);
    }

    #[test]
    fn answering_machines_are_not_scored() {
        let greeting = "you have reached the mailbox of";
        let left = untimed(&[
            ("customer", greeting),
            ("customer", "dana reed please leave a message after the tone"),
            ("agent", "hello this is tom from lakeside dental please call us back"),
        ]);
        assert_eq!(skip_reason(&left, MINIMUM), Some(SkipReason::Voicemail));
        let received =
            untimed(&[("agent", "Please leave your message after the tone."), ("customer", "hi it is dana i am late")]);
        assert_eq!(skip_reason(&received, MINIMUM), Some(SkipReason::Voicemail));
        let picked_up = untimed(&[
            ("customer", "please leave a message after the tone"),
            ("agent", "hello this is tom"),
            ("customer", "oh hi tom i am here"),
        ]);
        assert_eq!(skip_reason(&picked_up, MINIMUM), None);
        let receptionist = untimed(&[("customer", "is he in"), ("agent", "no would you like to leave a message")]);
        assert_eq!(skip_reason(&receptionist, MINIMUM), None);
    }

    #[test]
    fn what_the_platform_states_comes_before_what_the_words_say() {
        let mut call = both_speak();
        for reason in SkipReason::STATED_BY_PLATFORMS {
            call.stated_skip = Some(reason);
            call.stated_duration_seconds = Some(3.0);
            assert_eq!(skip_reason(&call, MINIMUM), Some(reason));
            assert!(skip_message(reason, &call, MINIMUM).starts_with("The platform states"), "{reason}");
        }
    }

    #[test]
    fn menus_alone_are_no_agent() {
        let menu = ("agent", "thank you for calling for sales press one for support press two");
        let waiting = ("agent", "your call is important to us please remain on the line");
        let alone = untimed(&[menu, ("customer", "support"), waiting, ("customer", "oh come on")]);
        assert_eq!(skip_reason(&alone, MINIMUM), Some(SkipReason::IvrOnly));
        let picked_up_by_agent =
            untimed(&[menu, ("customer", "support"), waiting, ("customer", "hi"), ("agent", "hi this is jo")]);
        assert_eq!(skip_reason(&picked_up_by_agent, MINIMUM), None);
    }

    #[test]
    fn messages_name_what_was_found() {
        let mut call = both_speak();
        call.stated_duration_seconds = Some(12.4);
        call.language = Some("pt-BR".to_owned());
        let message = |reason| skip_message(reason, &call, MINIMUM);
        assert_eq!(message(SkipReason::CallTooShort), "The call took 12.4 s; calls shorter than 30 s are not scored.");
        assert!(message(SkipReason::NoAgentSpeech).contains("agent"));
        assert!(message(SkipReason::NoCustomerSpeech).contains("customer"));
        assert!(message(SkipReason::Voicemail).contains("answering machine"));
        assert!(message(SkipReason::IvrOnly).contains("menus"));
        assert!(message(SkipReason::NotAnswered).starts_with("An announcement"));
        assert!(message(SkipReason::UnsupportedLanguage).contains("pt-BR"));
        call.language = Some("multi".to_owned());
        let undeclared = skip_message(SkipReason::UnsupportedLanguage, &call, MINIMUM);
        assert!(!undeclared.contains("multi") && undeclared.contains("knows English only"), "{undeclared}");
    }
}
