//! Parses a transcript that is one string, each turn of which begins with a speaker label: `Agent: …`, `Customer: …`.
//!
//! A label stands before the first colon of a line; upper and lower case are the same. A line without a known label continues
//! the turn before it ("the code: 42"), and blank lines are skipped.

use domain::{Role, Turn};

/// The labels that producers commonly write.
const LABELS: &[(&str, Role)] = &[
    ("agent", Role::Agent),
    ("advisor", Role::Agent),
    ("ai", Role::Agent),
    ("assistant", Role::Agent),
    ("bot", Role::Agent),
    ("operator", Role::Agent),
    ("rep", Role::Agent),
    ("representative", Role::Agent),
    ("customer", Role::Customer),
    ("caller", Role::Customer),
    ("client", Role::Customer),
    ("user", Role::Customer),
    ("other", Role::Other),
    ("ivr", Role::Other),
    ("system", Role::Other),
];

/// The roles and labels of text that nobody speaks: instructions to the model, calls of tools and their results.
pub(crate) const NON_SPEECH_ROLES: [&str; 4] = ["system", "developer", "tool", "function"];

/// A line of speech before the first label, whose speaker is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} comes before any speaker's label, such as \"Agent:\" or \"Customer:\"")]
pub(crate) struct UnlabelledLineError {
    line: usize,
}

/// A label and the role of its speaker; `None` when it marks text that nobody speaks.
pub(crate) type SpeakerLabel<'l> = (&'l str, Option<Role>);

/// The turns of a labelled text, none if it is blank; fails when it does not begin with a label. `labels` are those of the
/// producer, which take precedence over the common ones. Text that nobody speaks is skipped.
pub(crate) fn parse(text: &str, labels: &[SpeakerLabel<'_>]) -> Result<Vec<Turn>, UnlabelledLineError> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut is_skipped = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some((role, speech)) = split_label(line, labels) {
            is_skipped = role.is_none();
            turns.extend(role.map(|role| Turn { role, text: speech.to_owned(), start_ms: None, end_ms: None }));
        } else if !line.is_empty() && !is_skipped {
            let turn = turns.last_mut().ok_or(UnlabelledLineError { line: index + 1 })?;
            if !turn.text.is_empty() {
                turn.text.push(' ');
            }
            turn.text.push_str(line);
        }
    }
    Ok(turns)
}

fn split_label<'l>(line: &'l str, labels: &[SpeakerLabel<'_>]) -> Option<(Option<Role>, &'l str)> {
    let (label, speech) = line.split_once(':')?;
    let label = label.trim_end();
    let common = LABELS.iter().map(|(name, role)| (*name, Some(*role)));
    let (_, role) = labels.iter().copied().chain(common).find(|(name, _)| name.eq_ignore_ascii_case(label))?;
    Some((role, speech.trim_start()))
}

/// The role of a speaker whose name a format does not know: `Other`, or `None` when nobody speaks (`tool_result`).
pub(crate) fn fallback_role(name: &str) -> Option<Role> {
    let first_word = name.split(['_', '-']).next().unwrap_or_default();
    let is_speech = !NON_SPEECH_ROLES.iter().any(|role| role.eq_ignore_ascii_case(first_word));
    is_speech.then_some(Role::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(Role, String)> {
        parse(text, &[]).unwrap().into_iter().map(|turn| (turn.role, turn.text)).collect()
    }

    #[test]
    fn labels_are_known_in_any_case_and_by_any_common_word() {
        let text = "Agent: Hello.\ncustomer:Hi\nREP : one\n  User: two\nAI: three\nOther: beep\r\nCaller:\n";
        let expected = [
            (Role::Agent, "Hello."),
            (Role::Customer, "Hi"),
            (Role::Agent, "one"),
            (Role::Customer, "two"),
            (Role::Agent, "three"),
            (Role::Other, "beep"),
            (Role::Customer, ""),
        ];
        assert_eq!(parsed(text), expected.map(|(role, text)| (role, text.to_owned())));
    }

    #[test]
    fn lines_without_a_label_continue_the_turn() {
        let text = "\nAgent:\n  The code: 42\n\nat 10:30.\nCustomer: ok";
        let expected = [(Role::Agent, "The code: 42 at 10:30.".to_owned()), (Role::Customer, "ok".to_owned())];
        assert_eq!(parsed(text), expected);
    }

    #[test]
    fn speech_before_the_first_label_names_its_line() {
        assert_eq!(parse("\nhello\nAgent: hi", &[]), Err(UnlabelledLineError { line: 2 }));
        assert_eq!(parse("no labels here: none", &[]), Err(UnlabelledLineError { line: 1 }));
    }

    #[test]
    fn an_unknown_role_is_other_unless_nobody_speaks_in_it() {
        for name in ["system", "Developer", "tool", "tool_call_result", "function-call"] {
            assert_eq!(fallback_role(name), None, "{name}");
        }
        for name in ["", "guest", "toolmaker", "transfer_target"] {
            assert_eq!(fallback_role(name), Some(Role::Other), "{name}");
        }
    }

    #[test]
    fn blank_text_has_no_turns() {
        assert_eq!(parse(" \n\t\r\n", &[]), Ok(Vec::new()));
    }

    #[test]
    fn a_producer_may_have_labels_of_its_own() {
        let turns = parse(
            "Mia from Sales: Hi.\nVisitor: Hello.",
            &[("Mia from Sales", Some(Role::Agent)), ("visitor", Some(Role::Customer))],
        );
        assert_eq!(turns.unwrap().iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Agent, Role::Customer]);
    }

    #[test]
    fn text_that_nobody_speaks_is_skipped_with_its_further_lines() {
        let turns = parse("Tool: a\nb\nUser: c\ntool: d\ne\nUser: f\ng", &[("tool", None)]).unwrap();
        assert_eq!(turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["c", "f g"]);
    }
}
