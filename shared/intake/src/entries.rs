//! Reads the lists of a platform's payload in which an entry is a turn, a tool, or something else that the format knows.
//!
//! **Invariant:** a list in which something is not understood, and in which neither the agent nor the customer says anything, is
//! an error that names the first such entry (`CallBuilder::require_understood`). It must not become a call in which nobody
//! speaks.

use domain::Role;
use serde_json::Value;

use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};
use crate::speaker_labels::fallback_role;
use crate::turn_times::TurnTimes;

/// What platforms and relays call the agent in a list of turns.
const AGENT_NAMES: [&str; 4] = ["agent", "ai", "assistant", "bot"];
/// What they call the customer.
const CUSTOMER_NAMES: [&str; 4] = ["caller", "customer", "human", "user"];

/// What was made of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Understood: a turn of a speaker whose role is known, or no speech, such as a tool or a turn without words.
    Understood,
    /// Not understood, or words of a speaker whose role is not known.
    Unknown,
}

/// Who speaks in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// Somebody of that role.
    Known(Role),
    /// Somebody whose name says nothing: the role is `other`.
    Unknown,
    /// Nobody: an instruction to the model, a tool.
    Nobody,
}

/// The names of the keys that a format's entries have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EntryKeys {
    /// The key of the speaker.
    pub(crate) role: &'static str,
    /// The key of the words.
    pub(crate) text: &'static str,
}

impl Speaker {
    /// The speaker of a name that is not the format's own: one of the names that other platforms have, or somebody unknown.
    pub(crate) fn of(name: &str) -> Self {
        let is_one_of = |names: [&str; 4]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_one_of(AGENT_NAMES) {
            Self::Known(Role::Agent)
        } else if is_one_of(CUSTOMER_NAMES) {
            Self::Known(Role::Customer)
        } else {
            fallback_role(name).map_or(Self::Nobody, |_| Self::Unknown)
        }
    }
}

/// Reads the entries of the first of these lists that has any. Fails when something in it is not understood and neither the agent
/// nor the customer says anything, and when there is no list but something else in its place.
pub(crate) fn read_first(
    lists: &[Field<'_, '_>],
    keys: EntryKeys,
    builder: &mut CallBuilder,
    mut read: impl FnMut(&Field<'_, '_>, &mut CallBuilder) -> Entry,
) -> Result<(), FieldError> {
    let Some(list) = lists.iter().find(|list| list.elements().next().is_some()) else {
        return lists.iter().try_for_each(|list| list.optional(Field::array).map(drop));
    };
    let mut first_unknown = None;
    for entry in present(list) {
        if read(&entry, builder) == Entry::Unknown {
            first_unknown.get_or_insert_with(|| problem(&entry, keys));
        }
    }
    builder.require_understood(first_unknown)
}

/// What is wrong with the first entry of a list that is not known, which lacks something.
pub(crate) fn first_unknown(
    list: &Field<'_, '_>,
    lacks: &str,
    is_known: impl Fn(&Field<'_, '_>) -> bool,
) -> Option<FieldError> {
    present(list).find(|entry| !is_known(entry)).map(|entry| entry.error(lacks))
}

/// The entries of a list. A `null` among them is nothing that could be lost.
fn present<'v, 'p>(list: &'p Field<'v, 'p>) -> impl Iterator<Item = Field<'v, 'p>> {
    list.elements().filter(Field::is_present)
}

/// Adds the words of an entry as a turn of that speaker.
pub(crate) fn add_turn(builder: &mut CallBuilder, speaker: Speaker, text: &Field<'_, '_>, times: TurnTimes) -> Entry {
    let role = match speaker {
        Speaker::Known(role) => role,
        Speaker::Unknown => Role::Other,
        Speaker::Nobody => return Entry::Understood,
    };
    let words = text.message_text();
    match text.value() {
        Some(Value::String(_)) if words.trim().is_empty() => return Entry::Understood,
        Some(Value::String(_)) => {}
        Some(Value::Array(_)) if !words.is_empty() => {}
        _ => return Entry::Unknown,
    }
    builder.add_turn(role, &words, times);
    if speaker == Speaker::Unknown { Entry::Unknown } else { Entry::Understood }
}

/// What is wrong with an entry that is not understood.
fn problem(entry: &Field<'_, '_>, keys: EntryKeys) -> FieldError {
    if let Err(error) = entry.object() {
        return error;
    }
    let (role, text) = (entry.get(keys.role), entry.get(keys.text));
    match (role.value(), text.value()) {
        (None, None) => entry.error(format_args!("has neither {} nor {}", keys.role, keys.text)),
        (_, None) => text.error("is missing"),
        (None, _) => role.error("is missing"),
        (Some(Value::String(_)), Some(Value::String(_))) => role.error("is no known speaker"),
        (Some(Value::String(_)), Some(other)) => text.wrong_type("a string", other),
        (Some(other), _) => role.wrong_type("a string", other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEYS: EntryKeys = EntryKeys { role: "who", text: "said" };

    /// What reading a list gives in which `a` is an agent and `system` is nobody.
    fn read(list: &Value) -> Result<(), String> {
        let document = json!({ "list": list });
        let root = Field::root(&document);
        let mut builder = CallBuilder::new(crate::envelope::Envelope::default(), "test");
        let add = |entry: &Field<'_, '_>, builder: &mut CallBuilder| {
            let name = entry.get("who").non_blank().unwrap_or_default();
            let speaker = if name == "a" { Speaker::Known(Role::Agent) } else { Speaker::of(name) };
            add_turn(builder, speaker, &entry.get("said"), TurnTimes::default())
        };
        let lists = [root.get("none"), root.get("list")];
        read_first(&lists, KEYS, &mut builder, add).map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_of_which_nothing_is_understood_names_its_first_entry() {
        for (list, error) in [
            (json!([{"speaker": "a", "text": "Hi."}]), "list[0]: has neither who nor said"),
            (json!([{"who": "system", "text": "Sell."}, {"who": "a", "text": "Hi."}]), "list[1].said: is missing"),
            (json!([null, {"said": "Hi."}]), "list[1].who: is missing"),
            (json!([{"who": "Zed", "said": "Hi."}]), "list[0].who: is no known speaker"),
            (json!([{"who": 1, "said": "Hi."}]), "list[0].who: must be a string, not a number"),
            (json!([{"who": "a", "said": {"text": "Hi."}}]), "list[0].said: must be a string, not an object"),
            (json!(["Hi."]), "list[0]: must be an object, not a string"),
            (json!({"0": {"who": "a", "said": "Hi."}}), "list: must be an array, not an object"),
        ] {
            assert_eq!(read(&list), Err(error.to_owned()), "{list}");
        }
    }

    #[test]
    fn a_list_with_one_turn_or_without_any_words_is_read() {
        for list in [
            json!([{"who": "a", "said": "Hi."}, {"who": "Zed", "said": "Ho."}, "noise"]),
            json!([{"who": "a", "said": " "}, {"who": "system", "said": "Sell."}, {"who": "tool"}, null]),
            json!([]),
            json!(null),
        ] {
            assert_eq!(read(&list), Ok(()), "{list}");
        }
    }

    #[test]
    fn words_of_neither_side_do_not_make_up_for_an_entry_that_is_not_understood() {
        let mut builder = CallBuilder::new(crate::envelope::Envelope::default(), "test");
        let list = json!([null, "noise"]);
        let noise = || first_unknown(&Field::root(&list), "is noise", |_| false);
        builder.add_turn(Role::Other, "Please hold.", TurnTimes::default());
        assert_eq!(builder.require_understood(noise()).unwrap_err().to_string(), "[1]: is noise");
        builder.add_turn(Role::Customer, "Hello?", TurnTimes::default());
        assert_eq!(builder.require_understood(noise()), Ok(()));
    }

    #[test]
    fn a_common_name_of_a_speaker_is_known_and_any_other_is_not() {
        assert_eq!(
            (Speaker::of("Human"), Speaker::of("AI")),
            (Speaker::Known(Role::Customer), Speaker::Known(Role::Agent))
        );
        assert_eq!((Speaker::of("Zed"), Speaker::of("tool_result")), (Speaker::Unknown, Speaker::Nobody));
    }
}
