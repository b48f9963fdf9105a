//! Parses a transcript that is one string, each turn of which begins with a speaker label: `Agent: …`, `Customer: …`.
//!
//! A label stands before the first colon of a line; upper and lower case are the same, and a number, a name in brackets or the time
//! may stand beside it (`label_text`). A label that nobody knows, such as a name, has the role `other`, and if the agent or the
//! customer says nothing in the whole text, the text is refused: that speaker may be the one who is missing. A line without a label
//! continues the turn before it ("the code: 42"), and blank lines are skipped.
//!
//! **Invariant:** what somebody says is never added to a turn of somebody else.

use domain::{Role, Turn};

use crate::json_text::BYTE_ORDER_MARK;
use crate::label_text::{LabelledLine, could_be_speaker, one_turn_per_line, speaker_number, without_number};

/// The labels that producers commonly write.
const LABELS: &[(&str, Role)] = &[
    ("agent", Role::Agent),
    ("advisor", Role::Agent),
    ("adviser", Role::Agent),
    ("ai", Role::Agent),
    ("ai agent", Role::Agent),
    ("ai assistant", Role::Agent),
    ("assistant", Role::Agent),
    ("associate", Role::Agent),
    ("bot", Role::Agent),
    ("chatbot", Role::Agent),
    ("client services", Role::Agent),
    ("csr", Role::Agent),
    ("customer care", Role::Agent),
    ("customer service", Role::Agent),
    ("customer service agent", Role::Agent),
    ("customer service rep", Role::Agent),
    ("customer service representative", Role::Agent),
    ("customer support", Role::Agent),
    ("live agent", Role::Agent),
    ("operator", Role::Agent),
    ("receptionist", Role::Agent),
    ("rep", Role::Agent),
    ("representative", Role::Agent),
    ("robot", Role::Agent),
    ("sales rep", Role::Agent),
    ("support agent", Role::Agent),
    ("virtual agent", Role::Agent),
    ("virtual assistant", Role::Agent),
    ("voice agent", Role::Agent),
    ("voicebot", Role::Agent),
    ("customer", Role::Customer),
    ("callee", Role::Customer),
    ("caller", Role::Customer),
    ("client", Role::Customer),
    ("consumer", Role::Customer),
    ("end user", Role::Customer),
    ("human", Role::Customer),
    ("member", Role::Customer),
    ("patient", Role::Customer),
    ("prospect", Role::Customer),
    ("user", Role::Customer),
    ("visitor", Role::Customer),
    ("other", Role::Other),
    ("interpreter", Role::Other),
    ("ivr", Role::Other),
    ("narrator", Role::Other),
    ("supervisor", Role::Other),
    ("system", Role::Other),
    ("third party", Role::Other),
    ("voicemail", Role::Other),
];

/// The roles and labels of text that nobody speaks: instructions to the model, calls of tools and their results.
pub(crate) const NON_SPEECH_ROLES: [&str; 4] = ["system", "developer", "tool", "function"];

/// Why the turns of a labelled text cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LabelError {
    /// A line of speech before the first label, whose speaker is unknown.
    #[error("line {line} comes before any speaker's label, such as \"Agent:\" or \"Customer:\"")]
    Unlabelled {
        /// Its number, from 1.
        line: usize,
    },
    /// The agent or the customer says nothing, and the speaker of a line is not known, who may be either.
    #[error("line {line}: unknown speaker {label:?}; name the role of each speaker in speaker_map")]
    UnknownSpeaker {
        /// The number of the first such line, from 1.
        line: usize,
        /// Its label.
        label: String,
    },
}

/// A label and the role of its speaker; `None` when it marks text that nobody speaks.
pub(crate) type SpeakerLabel<'l> = (&'l str, Option<Role>);

/// The turns of a labelled text, none if it is blank; fails when it does not begin with a label, and when a speaker is not known who
/// may be the agent or the customer. `labels` are those of the producer, which take precedence over the common ones. Text that nobody
/// speaks is skipped.
pub(crate) fn parse(text: &str, labels: &[SpeakerLabel<'_>]) -> Result<Vec<Turn>, LabelError> {
    let text = one_turn_per_line(text, |label| Speaker::of(label, labels) != Speaker::Unknown);
    let mut turns: Vec<Turn> = Vec::new();
    let (mut is_skipped, mut unknown) = (false, None);
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches(BYTE_ORDER_MARK).trim();
        if let Some((speaker, LabelledLine { start_ms, label, speech, .. })) = split_label(line, labels) {
            is_skipped = speaker == Speaker::Nobody;
            let role = if let Speaker::Known(role) = speaker { role } else { Role::Other };
            if speaker == Speaker::Unknown {
                unknown.get_or_insert_with(|| (index + 1, label.into_owned()));
            }
            if !is_skipped {
                turns.push(Turn { role, text: speech.to_owned(), start_ms, end_ms: None });
            }
        } else if !line.is_empty() && !is_skipped {
            let turn = turns.last_mut().ok_or(LabelError::Unlabelled { line: index + 1 })?;
            if !turn.text.is_empty() {
                turn.text.push(' ');
            }
            turn.text.push_str(line);
        }
    }
    let speaks = |role| turns.iter().any(|turn: &Turn| turn.role == role && !turn.text.trim().is_empty());
    match unknown {
        Some((line, label)) if !speaks(Role::Agent) || !speaks(Role::Customer) => {
            Err(LabelError::UnknownSpeaker { line, label })
        }
        _ => Ok(turns),
    }
}

/// Who speaks, by a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    /// Somebody with that role.
    Known(Role),
    /// Nobody: the label marks another kind of text.
    Nobody,
    /// Somebody whose label is not known.
    Unknown,
}

impl Speaker {
    /// The speaker that a label stands for.
    fn of(label: &str, labels: &[SpeakerLabel<'_>]) -> Self {
        let common = LABELS.iter().map(|(name, role)| (*name, Some(*role)));
        match labels.iter().copied().chain(common).find(|(name, _)| is_same_label(name, label)) {
            Some((_, Some(role))) => Self::Known(role),
            Some((_, None)) => Self::Nobody,
            None => Self::Unknown,
        }
    }
}

/// The speaker and the parts of a line; `None` for a line without a label.
fn split_label<'l>(line: &'l str, labels: &[SpeakerLabel<'_>]) -> Option<(Speaker, LabelledLine<'l>)> {
    let labelled = LabelledLine::split(line)?;
    let label = &*labelled.label;
    let names = [Some(label), speaker_number(label), Some(without_number(label))];
    let speakers = names.into_iter().flatten().map(|name| Speaker::of(name, labels));
    let known = speakers.into_iter().find(|speaker| *speaker != Speaker::Unknown);
    let could_be = labelled.is_before_words && could_be_speaker(label);
    let speaker = known.or(could_be.then_some(Speaker::Unknown))?;
    Some((speaker, labelled))
}

/// Whether two labels differ only in upper and lower case and in how their words are joined.
fn is_same_label(one: &str, other: &str) -> bool {
    let folded = |c: char| if c == '_' { ' ' } else { c.to_ascii_lowercase() };
    one.len() == other.len() && one.chars().map(folded).eq(other.chars().map(folded))
}

/// The role of a speaker whose name a format does not know: that of the common label, else `Other`, or `None` when nobody speaks
/// (`tool_result`).
pub(crate) fn fallback_role(name: &str) -> Option<Role> {
    let first_word = name.split(['_', '-']).next().unwrap_or_default();
    let is_speech = !NON_SPEECH_ROLES.iter().any(|role| role.eq_ignore_ascii_case(first_word));
    let common = LABELS.iter().find(|(label, _)| label.eq_ignore_ascii_case(name));
    is_speech.then_some(common.map_or(Role::Other, |(_, role)| *role))
}

/// Whether a name in a speaker map means the speaker of a label: it is written differently, or is the number in it
/// (`2` for `Speaker 2` and `SPEAKER_02`).
pub(crate) fn is_name_of(name: &str, label: &str) -> bool {
    is_same_label(name, label) || speaker_number(label).is_some_and(|number| is_same_label(name, number))
}

/// The role that a common label is the name of, with or without a number: `Agent`, `CUSTOMER 2`.
pub(crate) fn common_role(label: &str) -> Option<Role> {
    [label, without_number(label)].into_iter().find_map(|name| match Speaker::of(name, &[]) {
        Speaker::Known(role) => Some(role),
        Speaker::Nobody | Speaker::Unknown => None,
    })
}

#[cfg(test)]
mod tests;
