//! The tool events of a call that a model is shown, as JSON: what the agent's tools did, which nobody said on the call.
//!
//! **Invariant:** as in the transcript window, no arguments and no result can end their JSON string or their line, or hide in
//! it: callers may have put anything into them.

use std::cmp::Reverse;
use std::num::NonZeroUsize;

use domain::ToolEvent;
use scoring::tools;
use serde::Serialize;

use super::transcript_window::{BYTES_PER_TOKEN, escape};

/// Tools may take one part in so many of the input's limit; what was said matters more.
const SHARE: usize = 5;

/// The events of a call that a model is shown.
#[derive(Debug, Default)]
pub(crate) struct ToolWindow {
    /// The events as a JSON array, one a line; nothing when there are none.
    pub(crate) json: Option<String>,
    /// How many events were left out.
    pub(crate) omitted: usize,
}

#[derive(Serialize)]
struct ShownEvent<'a> {
    after_turn: Option<usize>,
    tool: &'a str,
    arguments: Option<&'a str>,
    result: Option<&'a str>,
    is_error: Option<bool>,
}

impl ToolWindow {
    /// The events that say most, as many as fit into their share, in their order: first those that failed, then those that changed
    /// something, then the others; of each kind the later ones first, since what counts is how it ended.
    pub(crate) fn of(events: &[ToolEvent], max_tokens: NonZeroUsize) -> Self {
        let mut left = (max_tokens.get() / SHARE).saturating_mul(BYTES_PER_TOKEN);
        let mut by_weight: Vec<(usize, &ToolEvent)> = events.iter().enumerate().collect();
        by_weight.sort_by_key(|(at, event)| (!tools::has_failed(event), tools::only_reads(event), Reverse(*at)));
        let mut shown = Vec::new();
        for (at, event) in by_weight {
            let line = line(event);
            if let Some(rest) = left.checked_sub(line.len() + 2) {
                left = rest;
                shown.push((at, line));
            }
        }
        shown.sort_unstable();
        let omitted = events.len() - shown.len();
        let lines: Vec<String> = shown.into_iter().map(|(_, line)| line).collect();
        let json = (!lines.is_empty()).then(|| format!("[\n{}\n]", lines.join(",\n")));
        Self { json, omitted }
    }

    /// How many of those tokens are left for the transcript.
    pub(crate) fn tokens_left_of(&self, max_tokens: NonZeroUsize) -> NonZeroUsize {
        let taken = self.json.as_ref().map_or(0, |json| json.len().div_ceil(BYTES_PER_TOKEN));
        NonZeroUsize::new(max_tokens.get().saturating_sub(taken)).unwrap_or(NonZeroUsize::MIN)
    }
}

fn line(event: &ToolEvent) -> String {
    let shown = ShownEvent {
        after_turn: event.after_turn,
        tool: &event.name,
        arguments: event.arguments.as_deref(),
        result: event.result.as_deref(),
        is_error: event.is_error,
    };
    // Writing numbers and text to a string cannot fail; if it ever did, an empty event would be shown rather than none.
    escape(&serde_json::to_string(&shown).unwrap_or_else(|_| "{}".to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn event(after_turn: Option<usize>, result: &str) -> ToolEvent {
        ToolEvent {
            after_turn,
            name: "book".to_owned(),
            arguments: Some("{\"day\":\"Thursday\"}".to_owned()),
            result: Some(result.to_owned()),
            is_error: None,
        }
    }

    fn tokens(tokens: usize) -> NonZeroUsize {
        NonZeroUsize::new(tokens).unwrap()
    }

    #[test]
    fn events_are_shown_with_the_turn_they_follow() {
        let tools = ToolWindow::of(&[event(None, "ok"), event(Some(3), "<|im_start|>")], tokens(1_000));
        let expected = "[\n{\"after_turn\":null,\"tool\":\"book\",\"arguments\":\"{\\\"day\\\":\\\"Thursday\\\"}\",\"result\":\"ok\",\"is_error\":null},\n\
             {\"after_turn\":3,\"tool\":\"book\",\"arguments\":\"{\\\"day\\\":\\\"Thursday\\\"}\",\"result\":\"\\u003c|im_start|>\",\"is_error\":null}\n]";
        assert_eq!((tools.json.as_deref(), tools.omitted), (Some(expected), 0));
        assert!(ToolWindow::of(&[], tokens(1)).json.is_none());
    }

    #[test]
    fn tools_take_no_more_than_their_share_and_the_transcript_gets_the_rest() {
        let events: Vec<ToolEvent> = (0..100).map(|turn| event(Some(turn), &"x".repeat(900))).collect();
        let tools = ToolWindow::of(&events, tokens(10_000));
        let bytes = tools.json.as_ref().unwrap().len();
        assert!(bytes <= 10_000 / SHARE * BYTES_PER_TOKEN + 4 && bytes > 4_000, "{bytes}");
        assert_eq!(tools.json.as_ref().unwrap().lines().count() - 2, 100 - tools.omitted);
        assert_eq!(tools.tokens_left_of(tokens(10_000)).get(), 10_000 - bytes.div_ceil(BYTES_PER_TOKEN));
        assert_eq!(ToolWindow::default().tokens_left_of(tokens(7)).get(), 7);
    }

    #[test]
    fn what_failed_and_what_changed_something_is_shown_before_what_only_reads() {
        let named = |turn: usize, name: &str, result: &str| ToolEvent {
            name: name.to_owned(),
            ..event(Some(turn), &format!("{result} {}", "x".repeat(300)))
        };
        let mut events: Vec<ToolEvent> = (0..30).map(|turn| named(turn, "get_account", "ok")).collect();
        events[3] = named(3, "cancel_booking", "failed: not found");
        events[7] = named(7, "book_table", "ok");
        let tools = ToolWindow::of(&events, tokens(5_000));
        let shown: Vec<Value> = serde_json::from_str(tools.json.as_ref().unwrap()).unwrap();
        let turns: Vec<u64> = shown.iter().map(|event| event["after_turn"].as_u64().unwrap()).collect();
        let later = turns.len() as u64 - 2;
        assert!(later > 3 && tools.omitted > 10, "{turns:?}");
        assert_eq!(turns, [3, 7].into_iter().chain(30 - later..30).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_tools_were_told_and_answered(said in any::<String>(), answered in any::<String>()) {
            let sent = ToolEvent { arguments: Some(said.clone()), ..event(Some(1), &answered) };
            let json = ToolWindow::of(&[sent], tokens(100_000)).json.unwrap();
            let shown: Vec<Value> = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(shown[0]["arguments"].as_str(), Some(said.as_str()));
            prop_assert_eq!(shown[0]["result"].as_str(), Some(answered.as_str()));
            prop_assert_eq!(json.lines().count(), 3);
            prop_assert!(!json.contains('<'));
        }
    }
}
