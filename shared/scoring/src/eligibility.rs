//! Which calls are not scored, and how that is said to people. The rules hold for every scorer.

use domain::{Call, Role, SkipReason};

use crate::words::says_something;

/// Why the call is not scored, if so: it is shorter than the minimum, or one side says nothing. A call of unknown length is
/// not a short one, and what is not speech (`[noise]`, `<unk>`, an empty text) says nothing.
#[must_use]
pub fn skip_reason(call: &Call, minimum_seconds: f64) -> Option<SkipReason> {
    let speaks = |role| call.transcript.iter().any(|turn| turn.role == role && says_something(&turn.text));
    if call.duration_seconds().is_some_and(|seconds| seconds < minimum_seconds) {
        Some(SkipReason::CallTooShort)
    } else if !speaks(Role::Agent) {
        Some(SkipReason::NoAgentSpeech)
    } else if !speaks(Role::Customer) {
        Some(SkipReason::NoCustomerSpeech)
    } else {
        None
    }
}

/// The reason as a sentence for people.
#[must_use]
pub fn skip_message(reason: SkipReason, call: &Call, minimum_seconds: f64) -> String {
    match reason {
        SkipReason::CallTooShort => match call.duration_seconds() {
            Some(seconds) => {
                format!("The call took {seconds} s; calls shorter than {minimum_seconds} s are not scored.")
            }
            None => format!("The call is shorter than {minimum_seconds} s; such calls are not scored."),
        },
        SkipReason::NoAgentSpeech => {
            "The transcript holds no words of the agent, so there is nothing to score.".to_owned()
        }
        SkipReason::NoCustomerSpeech => {
            "The transcript holds no words of the customer, so there is no conversation to score.".to_owned()
        }
        SkipReason::UnsupportedLanguage => match &call.language {
            Some(language) => {
                format!("The call is in the language {language:?}; the embedded scorer knows English only.")
            }
            None => {
                "The call is in a language that the embedded scorer does not know; it knows English only.".to_owned()
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::untimed;

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
        assert_eq!(skip_reason(&untimed(&[]), MINIMUM), Some(SkipReason::NoAgentSpeech));
        assert_eq!(skip_reason(&both_speak(), MINIMUM), None);
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
        assert!(message(SkipReason::UnsupportedLanguage).contains("pt-BR"));
    }
}
