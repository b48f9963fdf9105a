//! A transcript as one string, each turn introduced by its speaker: `Agent: …`, `Customer: …`.
//!
//! A label is the first word of a line, whatever its case, before a colon. A line without one continues the turn before
//! it, blank lines say nothing, and a word that is no known label is speech ("the code: 42").

use domain::{Role, Turn};

/// The labels that producers write.
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

/// What introduces a machine's text, as a role or a label: instructions, tools and what they return.
pub(crate) const MACHINES: [&str; 4] = ["system", "developer", "tool", "function"];

/// A line of speech of which nobody says whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} comes before any speaker's label, such as \"Agent:\" or \"Customer:\"")]
pub(crate) struct UnlabelledLine {
    line: usize,
}

/// A label that a producer uses, and whose it is: nobody's when it introduces a machine's text.
pub(crate) type Label<'l> = (&'l str, Option<Role>);

/// The turns of a labelled text, none of a blank one; fails when it does not begin with a label. `names` are labels that a
/// producer uses besides the usual ones, and before them; what nobody says is no turn.
pub(crate) fn turns(text: &str, names: &[Label<'_>]) -> Result<Vec<Turn>, UnlabelledLine> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut is_nobodys = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some((role, speech)) = labelled(line, names) {
            is_nobodys = role.is_none();
            turns.extend(role.map(|role| Turn { role, text: speech.to_owned(), start_ms: None, end_ms: None }));
        } else if !line.is_empty() && !is_nobodys {
            let turn = turns.last_mut().ok_or(UnlabelledLine { line: index + 1 })?;
            if !turn.text.is_empty() {
                turn.text.push(' ');
            }
            turn.text.push_str(line);
        }
    }
    Ok(turns)
}

fn labelled<'l>(line: &'l str, names: &[Label<'_>]) -> Option<(Option<Role>, &'l str)> {
    let (label, speech) = line.split_once(':')?;
    let label = label.trim_end();
    let usual = LABELS.iter().map(|(name, role)| (*name, Some(*role)));
    let (_, role) = names.iter().copied().chain(usual).find(|(name, _)| name.eq_ignore_ascii_case(label))?;
    Some((role, speech.trim_start()))
}

/// The side of a role that is none of a format's own: a bystander's, or nobody's when it is a machine's (`tool_result`).
pub(crate) fn bystander(role: &str) -> Option<Role> {
    let first_word = role.split(['_', '-']).next().unwrap_or_default();
    let is_machines = MACHINES.iter().any(|name| name.eq_ignore_ascii_case(first_word));
    (!is_machines).then_some(Role::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str) -> Vec<(Role, String)> {
        turns(text, &[]).unwrap().into_iter().map(|turn| (turn.role, turn.text)).collect()
    }

    #[test]
    fn labels_name_the_speaker_in_any_case_and_by_any_usual_word() {
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
        assert_eq!(spoken(text), expected.map(|(role, text)| (role, text.to_owned())));
    }

    #[test]
    fn lines_without_a_label_continue_the_turn() {
        let text = "\nAgent:\n  The code: 42\n\nat 10:30.\nCustomer: ok";
        let expected = [(Role::Agent, "The code: 42 at 10:30.".to_owned()), (Role::Customer, "ok".to_owned())];
        assert_eq!(spoken(text), expected);
    }

    #[test]
    fn speech_before_the_first_label_names_its_line() {
        assert_eq!(turns("\nhello\nAgent: hi", &[]), Err(UnlabelledLine { line: 2 }));
        assert_eq!(turns("no labels here: none", &[]), Err(UnlabelledLine { line: 1 }));
    }

    #[test]
    fn a_role_that_no_format_has_is_a_bystanders_unless_it_is_a_machines() {
        for machine in ["system", "Developer", "tool", "tool_call_result", "function-call"] {
            assert_eq!(bystander(machine), None, "{machine}");
        }
        for person in ["", "guest", "toolmaker", "transfer_target"] {
            assert_eq!(bystander(person), Some(Role::Other), "{person}");
        }
    }

    #[test]
    fn blank_text_has_no_turns() {
        assert_eq!(turns(" \n\t\r\n", &[]), Ok(Vec::new()));
    }

    #[test]
    fn a_producer_may_have_labels_of_its_own() {
        let turns = turns(
            "Mia from Sales: Hi.\nVisitor: Hello.",
            &[("Mia from Sales", Some(Role::Agent)), ("visitor", Some(Role::Customer))],
        );
        assert_eq!(turns.unwrap().iter().map(|turn| turn.role).collect::<Vec<_>>(), [Role::Agent, Role::Customer]);
    }

    #[test]
    fn what_nobody_says_is_no_turn_and_continues_none() {
        let turns = turns("Tool: a\nb\nUser: c\ntool: d\ne\nUser: f\ng", &[("tool", None)]).unwrap();
        assert_eq!(turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["c", "f g"]);
    }
}
