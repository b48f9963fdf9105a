//! What the platform that ran a call sends besides the transcript: the tools its agent used, and its measures of the audio. Its
//! verdict on the call is in `verdict`.

use crate::Conversation;

/// A call of a tool by a machine agent, and its result. It is not a turn, because nobody said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolEvent {
    /// The index of the turn that it follows; `None` before the first one.
    pub after_turn: Option<usize>,
    /// The name of the tool, cut to [`ToolEvent::MAX_NAME_CHARS`].
    pub name: String,
    /// What the tool was called with, mostly JSON, cut to [`ToolEvent::MAX_TEXT_CHARS`]; `None` when the producer does not say.
    pub arguments: Option<String>,
    /// What the tool returned, cut like the arguments; `None` when the producer does not say.
    pub result: Option<String>,
    /// Whether it failed; `None` when the producer does not say.
    pub is_error: Option<bool>,
}

impl ToolEvent {
    /// The most characters of the name.
    pub const MAX_NAME_CHARS: usize = 100;
    /// The most characters of the arguments, and of the result.
    pub const MAX_TEXT_CHARS: usize = 1_000;
    /// The most events of one call that are kept.
    pub const MAX_EVENTS: usize = 100;
}

/// What a platform measured in the audio, which only it has; `None` for what it does not state.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PlatformMeasures {
    /// See [`Conversation::agent_talk_ratio`].
    pub agent_talk_ratio: Option<f64>,
    /// See [`Conversation::interruptions_by_agent`].
    pub interruptions_by_agent: Option<u32>,
    /// See [`Conversation::interruptions_by_customer`].
    pub interruptions_by_customer: Option<u32>,
    /// See [`Conversation::silence_ratio`].
    pub silence_ratio: Option<f64>,
    /// See [`Conversation::agent_words_per_minute`].
    pub agent_words_per_minute: Option<u32>,
}

impl PlatformMeasures {
    /// Replaces the measures of the transcript by those of the platform, as far as it has them.
    pub fn apply_to(&self, conversation: &mut Conversation) {
        conversation.agent_talk_ratio = self.agent_talk_ratio.or(conversation.agent_talk_ratio);
        conversation.interruptions_by_agent = self.interruptions_by_agent.or(conversation.interruptions_by_agent);
        conversation.interruptions_by_customer =
            self.interruptions_by_customer.or(conversation.interruptions_by_customer);
        conversation.silence_ratio = self.silence_ratio.or(conversation.silence_ratio);
        conversation.agent_words_per_minute = self.agent_words_per_minute.or(conversation.agent_words_per_minute);
    }

    /// The names, as in [`Conversation`], of what the platform measured.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let measured = [
            ("agent_talk_ratio", self.agent_talk_ratio.is_some()),
            ("interruptions_by_agent", self.interruptions_by_agent.is_some()),
            ("interruptions_by_customer", self.interruptions_by_customer.is_some()),
            ("silence_ratio", self.silence_ratio.is_some()),
            ("agent_words_per_minute", self.agent_words_per_minute.is_some()),
        ];
        measured.iter().filter(|(_, is_measured)| *is_measured).map(|(name, _)| (*name).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_platform_measured_is_replaced() {
        let ours = Conversation {
            agent_talk_ratio: Some(0.5),
            interruptions_by_agent: Some(3),
            agent_questions: Some(2),
            ..Conversation::default()
        };
        let mut conversation = ours.clone();
        PlatformMeasures::default().apply_to(&mut conversation);
        assert_eq!(conversation, ours);
        let measures = PlatformMeasures {
            interruptions_by_agent: Some(0),
            silence_ratio: Some(0.25),
            ..PlatformMeasures::default()
        };
        measures.apply_to(&mut conversation);
        let expected = Conversation { interruptions_by_agent: Some(0), silence_ratio: Some(0.25), ..ours };
        assert_eq!(conversation, expected);
        assert_eq!(measures.names(), ["interruptions_by_agent", "silence_ratio"]);
    }

    #[test]
    fn measures_are_named_as_the_conversation_names_them() {
        let all = PlatformMeasures {
            agent_talk_ratio: Some(0.0),
            interruptions_by_agent: Some(0),
            interruptions_by_customer: Some(0),
            silence_ratio: Some(0.0),
            agent_words_per_minute: Some(0),
        };
        let document = serde_json::to_value(Conversation::default()).unwrap();
        assert_eq!(all.names().len(), 5);
        assert!(all.names().iter().all(|name| document.get(name).is_some()), "{:?}", all.names());
    }
}
