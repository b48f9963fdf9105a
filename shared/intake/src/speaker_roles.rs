//! The roles of speakers whom a service tells apart by labels: `A`, `SPEAKER_00`, `Agent`, `Dana Cole`.
//!
//! **Invariant:** what the sender's speaker map says counts first, then a label that is the name of a role. Only if no
//! label is, are labels without meaning guessed by their order, and the call says so. Somebody who has a name of their
//! own is nobody's side.

use std::collections::HashMap;

use domain::Role;

use crate::call_builder::{CallBuilder, truncated};
use crate::field::{Field, FieldError};
use crate::speaker_labels::common_role;

/// The words that services put before the number or letter of a voice or a channel.
const VOICE_WORDS: [&str; 9] = ["ch", "channel", "guest", "participant", "person", "speaker", "spk", "spkr", "voice"];
/// What services write for somebody whom they could not tell from the others.
const NO_LABELS: [&str; 6] = ["?", "none", "speaker_unknown", "unknown", "unknown speaker", "uu"];
/// The most letters that such a number may have: `S1`, `1A`.
const MAX_LETTERS: usize = 1;
/// How many characters of a label an error echoes.
const MAX_ECHOED_CHARS: usize = 32;

/// The labels of all speakers of a call.
pub(crate) struct SpeakerRoles {
    /// The role that each label is the name of, if it is one.
    stated: HashMap<String, Option<Role>>,
    /// Whether any of them is.
    is_any_stated: bool,
    /// The first label whose speaker's role cannot be known.
    unknown: Option<String>,
}

impl SpeakerRoles {
    /// Takes the labels of all speakers, repeated as often as they speak.
    pub(crate) fn of<'l>(labels: impl Iterator<Item = &'l str>) -> Self {
        let mut stated: HashMap<String, Option<Role>> = HashMap::new();
        for label in labels {
            if !stated.contains_key(label) {
                stated.insert(label.to_owned(), common_role(label));
            }
        }
        let is_any_stated = stated.values().any(Option::is_some);
        Self { stated, is_any_stated, unknown: None }
    }

    /// The role of a speaker. Call this in the order of time.
    pub(crate) fn role_of(&mut self, label: Option<&str>, builder: &mut CallBuilder) -> Role {
        let Some(label) = label else { return Role::Other };
        let stated = self.stated.get(label).copied().flatten();
        if let Some(role) = builder.mapped_role(label).or(stated) {
            return role;
        }
        if builder.has_speaker_map() || !self.is_any_stated && is_voice_label(label) {
            return builder.role_of(label);
        }
        self.unknown.get_or_insert_with(|| label.to_owned());
        Role::Other
    }

    /// Fails when the agent or the customer says nothing and there is a speaker whose role cannot be known, who may be
    /// either.
    pub(crate) fn require_known_sides(&self, place: &Field<'_, '_>, builder: &CallBuilder) -> Result<(), FieldError> {
        let Some(label) = &self.unknown else { return Ok(()) };
        let speaks = |role| builder.turns.iter().any(|turn| turn.role == role);
        if speaks(Role::Agent) && speaks(Role::Customer) {
            return Ok(());
        }
        let label = truncated(label, MAX_ECHOED_CHARS);
        let what = format_args!("unknown speaker {label:?}; name the role of each speaker in speaker_map");
        Err(place.error(what))
    }
}

/// Whether a label stands for nobody in particular.
pub(crate) fn is_no_label(label: &str) -> bool {
    NO_LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// Whether a label only tells a voice apart: a number, a letter, or both, with or without a word such as `Speaker`
/// before it.
pub(crate) fn is_voice_label(label: &str) -> bool {
    let is_voice_word = |word: &&str| VOICE_WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.next_if(is_voice_word);
    let is_number = |word: &str| {
        let letters = word.trim_matches(|c: char| c.is_numeric());
        let letters = VOICE_WORDS.iter().find(|known| known.eq_ignore_ascii_case(letters)).map_or(letters, |_| "");
        letters.chars().count() <= MAX_LETTERS
    };
    words.all(is_number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::envelope::Envelope;

    fn roles(labels: &[&str], map: &[(&str, Role)]) -> (Vec<Role>, bool, Result<(), String>) {
        let speaker_map = map.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect();
        let mut builder = CallBuilder::new(Envelope { speaker_map, ..Envelope::default() }, "test");
        let mut roles = SpeakerRoles::of(labels.iter().copied());
        for label in labels {
            let role = roles.role_of(Some(label), &mut builder);
            builder.add_turn(role, "Hello.", crate::turn_times::TurnTimes::default());
        }
        let document = json!({});
        let known = roles.require_known_sides(&Field::root(&document), &builder).map_err(|error| error.to_string());
        (builder.turns.iter().map(|turn| turn.role).collect(), builder.roles_guessed, known)
    }

    const SIDES: [Role; 2] = [Role::Agent, Role::Customer];

    #[test]
    fn labels_without_a_meaning_are_guessed_by_their_order() {
        for labels in [
            ["B", "A"],
            ["SPEAKER_01", "SPEAKER_00"],
            ["spk_0", "spk_1"],
            ["1", "0"],
            ["S2", "S1"],
            ["1A", "2A"],
            ["Speaker 1", "Speaker 2"],
            ["speaker1", "speaker2"],
            ["ch_0", "ch_1"],
            ["Guest-1", "Guest-2"],
            ["Speaker A", "Speaker B"],
        ] {
            assert_eq!(roles(&labels, &[]), (SIDES.to_vec(), true, Ok(())), "{labels:?}");
        }
    }

    #[test]
    fn names_of_roles_are_roles_and_not_guessed() {
        for labels in [["Agent", "Caller"], ["agent_1", "CUSTOMER"], ["Sales Rep", "Client 2"]] {
            assert_eq!(roles(&labels, &[]), (SIDES.to_vec(), false, Ok(())), "{labels:?}");
        }
        assert_eq!(roles(&["Caller", "Agent"], &[]).0, [Role::Customer, Role::Agent]);
    }

    #[test]
    fn somebody_with_a_name_is_never_the_other_side() {
        for (labels, unknown) in [
            (&["Dana Cole", "Leo"][..], "Dana Cole"),
            (&["Agent", "Leo"], "Leo"),
            (&["Caller", "A"], "A"),
            (&["A", "Leo"], "Leo"),
        ] {
            let (found, _, known) = roles(labels, &[]);
            let expected = format!("$: unknown speaker {unknown:?}; name the role of each speaker in speaker_map");
            assert_eq!((found.last(), known), (Some(&Role::Other), Err(expected)), "{labels:?}");
        }
        let (found, is_guessed, known) = roles(&["Agent", "Caller", "Leo"], &[]);
        assert_eq!((found, is_guessed, known), (vec![Role::Agent, Role::Customer, Role::Other], false, Ok(())));
    }

    #[test]
    fn the_speaker_map_counts_before_the_names_of_roles() {
        let map = [("Agent", Role::Customer), ("Leo", Role::Agent)];
        let found = roles(&["Agent", "Leo", "Z"], &map);
        assert_eq!(found, (vec![Role::Customer, Role::Agent, Role::Other], false, Ok(())));
    }
}
