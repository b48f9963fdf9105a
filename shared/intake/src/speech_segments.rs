//! What speech recognition heard: words and whole sentences with the labels of those who said them, before anybody's
//! role is known. A label is the number or name that a service gives to a voice, or the channel of the recording.
//!
//! **Invariant:** a turn is of one speaker: a segment in which the speaker changes from one word to the next gives
//! several. A recording in which nobody is told apart is an error, and no call of one speaker.

use std::collections::HashMap;

use crate::call_builder::CallBuilder;
use crate::field::{Field, FieldError};
use crate::label_text::SENTENCE_ENDS;
use crate::speaker_labels::common_role;
use crate::speaker_roles::{SpeakerRoles, is_no_label};
use crate::turn_times::{TurnTimes, sorted_by_start};

/// The longest silence within what is taken for one turn on a channel, in milliseconds.
const MAX_PAUSE_MS: u64 = 1_000;

/// Consecutive words of one speaker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Segment {
    /// The label of the channel.
    pub(crate) channel: Option<String>,
    /// The label of the speaker.
    pub(crate) speaker: Option<String>,
    /// The words as they were said.
    pub(crate) text: String,
    /// When they were said.
    pub(crate) times: TurnTimes,
    /// Whether no blank stands between them and what was said before: punctuation, and any word of some languages.
    pub(crate) is_attached: bool,
    /// The single words, as far as they are known: their speakers may be others.
    pub(crate) words: Vec<Segment>,
}

/// Adds the segments as turns in the order of time. `several_channels` says that the service states more than one
/// channel, each of which is a speaker. Fails with `missing` as the message when no segment has a label.
pub(crate) fn add_turns(
    mut segments: Vec<Segment>,
    several_channels: bool,
    place: &Field<'_, '_>,
    missing: &str,
    builder: &mut CallBuilder,
) -> Result<(), FieldError> {
    let by_channel = is_channel_the_speaker(&segments, several_channels, builder);
    for segment in &mut segments {
        if by_channel {
            segment.speaker = segment.channel.take();
            segment.words.clear();
        }
    }
    let parts = segments.into_iter().flat_map(Segment::by_speaker).collect::<Vec<_>>();
    // The segments of one channel are often listed after those of the other.
    add(sorted_by_start(parts.into_iter(), |part| part.times.start_ms), place, missing, builder)
}

/// Adds a list of single words as turns: consecutive ones of one speaker are joined. Otherwise as [`add_turns`]. A
/// sentence that somebody says on one channel is not cut where the other channel speaks as well.
pub(crate) fn add_words(
    mut words: Vec<Segment>,
    several_channels: bool,
    place: &Field<'_, '_>,
    missing: &str,
    builder: &mut CallBuilder,
) -> Result<(), FieldError> {
    if is_channel_the_speaker(&words, several_channels, builder) {
        for word in &mut words {
            word.speaker = word.channel.take();
        }
        let sentences = sorted_by_start(sentences_of_channels(words).into_iter(), |sentence| sentence.times.start_ms);
        let joined = joined_if(sentences.into_iter(), |before, sentence| !sentence.is_after_pause(before));
        return add(joined, place, missing, builder);
    }
    let sorted = sorted_by_start(words.into_iter(), |word| word.times.start_ms);
    add(joined(sorted.into_iter()), place, missing, builder)
}

fn add(
    mut segments: Vec<Segment>,
    place: &Field<'_, '_>,
    missing: &str,
    builder: &mut CallBuilder,
) -> Result<(), FieldError> {
    for segment in &mut segments {
        segment.speaker.take_if(|label| is_no_label(label) && !builder.is_mapped(label));
    }
    let spoken = || segments.iter().filter(|segment| !segment.text.trim().is_empty());
    if spoken().next().is_some() && spoken().all(|segment| segment.speaker.is_none()) {
        return Err(place.error(missing));
    }
    let mut roles = SpeakerRoles::of(spoken().filter_map(|segment| segment.speaker.as_deref()));
    for segment in &segments {
        let role = roles.role_of(segment.speaker.as_deref(), builder);
        builder.add_turn(role, segment.text.trim(), segment.times);
    }
    roles.require_known_sides(place, builder)
}

/// Whether the channels tell the speakers apart, and not the labels of the voices: there are several channels, or no
/// other labels. A speaker map that names voices and no channel decides otherwise.
fn is_channel_the_speaker(segments: &[Segment], several_channels: bool, builder: &CallBuilder) -> bool {
    let channels = || segments.iter().filter_map(|segment| segment.channel.as_deref());
    let mut speakers = segments.iter().flat_map(|segment| segment.words.iter().chain([segment]));
    let mut speakers = speakers.by_ref().filter_map(|segment| segment.speaker.as_deref()).peekable();
    let Some(first) = channels().next() else { return false };
    let has_several = several_channels || channels().any(|channel| channel != first);
    if speakers.peek().is_none() {
        return has_several || channels().any(|channel| builder.is_mapped(channel));
    }
    has_several
        && (channels().any(|channel| builder.is_mapped(channel)) || !speakers.any(|speaker| builder.is_mapped(speaker)))
}

impl Segment {
    /// The parts of a segment that one speaker says each. Its own text and times are kept where its words have one
    /// speaker, and its speaker where that is a role and those of the words are labels from before it was known.
    fn by_speaker(mut self) -> Vec<Self> {
        let mut words = std::mem::take(&mut self.words);
        let is_role = |segment: &Self| segment.speaker.as_deref().and_then(common_role).is_some();
        if is_role(&self) && !words.iter().any(is_role) {
            words.clear();
        }
        // A word whose speaker could not be told is of the one before it.
        let mut before = self.speaker.clone();
        let of_speaker = |word: Self| {
            before = word.speaker.or_else(|| before.take());
            Self { speaker: before.clone(), ..word }
        };
        let mut parts = joined(words.into_iter().filter(|word| !word.text.trim().is_empty()).map(of_speaker));
        match parts.as_mut_slice() {
            [] => vec![self],
            [only] if !self.text.trim().is_empty() => vec![Self { speaker: only.speaker.take(), ..self }],
            [only] => {
                only.times.start_ms = self.times.start_ms.or(only.times.start_ms);
                only.times.end_ms = self.times.end_ms.or(only.times.end_ms);
                parts
            }
            [first, .., last] => {
                first.times.start_ms = first.times.start_ms.or(self.times.start_ms);
                last.times.end_ms = last.times.end_ms.or(self.times.end_ms);
                parts
            }
        }
    }

    /// Whether there is a pause between the segment before and this one.
    fn is_after_pause(&self, before: &Self) -> bool {
        let (Some(end), Some(start)) = (before.times.end_ms, self.times.start_ms) else { return false };
        start > end.saturating_add(MAX_PAUSE_MS)
    }

    /// Adds words of the same speaker.
    fn push(&mut self, word: &Self) {
        if !word.is_attached {
            self.text.push(' ');
        }
        self.text.push_str(&word.text);
        self.times.start_ms = self.times.start_ms.or(word.times.start_ms);
        self.times.end_ms = word.times.end_ms.or(self.times.end_ms);
    }
}

/// The segments; consecutive ones of one speaker are joined.
fn joined(words: impl Iterator<Item = Segment>) -> Vec<Segment> {
    joined_if(words, |_, _| true)
}

/// The segments; consecutive ones of one speaker are joined where `goes_on` says so of the one before and the next.
fn joined_if(words: impl Iterator<Item = Segment>, goes_on: impl Fn(&Segment, &Segment) -> bool) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for word in words {
        match segments.last_mut() {
            Some(segment) if segment.speaker == word.speaker && goes_on(segment, &word) => segment.push(&word),
            _ => segments.push(word),
        }
    }
    segments
}

/// The words of each speaker, joined until a sentence or a pause ends.
fn sentences_of_channels(words: Vec<Segment>) -> Vec<Segment> {
    let (mut by_channel, mut positions) = (Vec::<Vec<Segment>>::new(), HashMap::new());
    for word in words {
        let position = *positions.entry(word.speaker.clone()).or_insert(by_channel.len());
        match by_channel.get_mut(position) {
            Some(spoken) => spoken.push(word),
            None => by_channel.push(vec![word]),
        }
    }
    let mut sentences: Vec<Segment> = Vec::new();
    for spoken in by_channel {
        let mut is_new = true;
        for word in sorted_by_start(spoken.into_iter(), |word| word.times.start_ms) {
            let ends_sentence = word.text.ends_with(SENTENCE_ENDS);
            match sentences.last_mut().filter(|sentence| !is_new && !word.is_after_pause(sentence)) {
                Some(sentence) => sentence.push(&word),
                None => sentences.push(word),
            }
            is_new = ends_sentence;
        }
    }
    sentences
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use serde_json::json;

    use super::*;
    use crate::envelope::Envelope;

    fn word(label: &str, text: &str, start_ms: impl Into<Option<u64>>) -> Segment {
        let start_ms = start_ms.into();
        let times = TurnTimes { start_ms, end_ms: start_ms.map(|start| start + 100) };
        let is_attached = text.starts_with(['.', '?', ',']);
        Segment { channel: Some(label.to_owned()), text: text.to_owned(), times, is_attached, ..Segment::default() }
    }

    fn builder(map: &[(&str, Role)]) -> CallBuilder {
        let speaker_map = map.iter().map(|(name, role)| ((*name).to_owned(), *role)).collect();
        CallBuilder::new(Envelope { speaker_map, ..Envelope::default() }, "test")
    }

    fn turns(builder: &CallBuilder) -> Vec<(Role, &str, Option<u64>, Option<u64>)> {
        builder.turns.iter().map(|turn| (turn.role, turn.text.as_str(), turn.start_ms, turn.end_ms)).collect()
    }

    #[test]
    fn a_sentence_on_one_channel_is_not_cut_by_a_word_on_the_other() {
        let words = vec![
            word("0", "May", 0),
            word("0", "I", 200),
            word("0", "help", 400),
            word("0", "you", 600),
            word("0", "?", None),
            word("0", "Sure", 5_000),
            word("1", "Hm", 300),
            word("1", ".", None),
            word("1", "Yes", 2_000),
            word("1", ",", None),
            word("1", "please", 2_200),
            word("1", ".", None),
            word("1", "Now", 2_500),
        ];
        let document = json!({});
        let mut builder = builder(&[]);
        add_words(words, false, &Field::root(&document), "none", &mut builder).unwrap();
        let (agent, customer) = (Role::Agent, Role::Customer);
        assert_eq!(
            turns(&builder),
            [
                (agent, "May I help you?", Some(0), Some(700)),
                (customer, "Hm.", Some(300), Some(400)),
                (customer, "Yes, please. Now", Some(2_000), Some(2_600)),
                (agent, "Sure", Some(5_000), Some(5_100)),
            ]
        );
    }

    #[test]
    fn several_channels_are_the_speakers_unless_the_speaker_map_names_voices_only() {
        let voice = |channel: &str, speaker: &str, start_ms| Segment {
            speaker: Some(speaker.to_owned()),
            ..word(channel, "Hello there.", start_ms)
        };
        let segments = || vec![voice("0", "1", 0), voice("1", "2", 1_000), voice("1", "3", 2_000)];
        let (agent, customer, other) = (Role::Agent, Role::Customer, Role::Other);
        let roles = |map: &[(&str, Role)]| {
            let document = json!({});
            let mut builder = builder(map);
            add_turns(segments(), false, &Field::root(&document), "none", &mut builder).unwrap();
            builder.turns.iter().map(|turn| turn.role).collect::<Vec<_>>()
        };
        assert_eq!(roles(&[]), [agent, customer, customer]);
        assert_eq!(roles(&[("0", customer), ("1", agent)]), [customer, agent, agent]);
        assert_eq!(roles(&[("2", agent), ("3", customer)]), [other, agent, customer]);
    }

    #[test]
    fn words_without_a_speaker_are_their_segments() {
        let said = |speaker: Option<&str>, text: &str, start_ms: Option<u64>| Segment {
            speaker: speaker.map(str::to_owned),
            channel: None,
            ..word("", text, start_ms)
        };
        let segment = Segment {
            words: vec![
                said(None, "Forty", None),
                said(Some("A"), "please", Some(900)),
                said(Some("B"), "Gladly", Some(1_500)),
            ],
            ..said(Some("A"), "Forty please gladly", Some(500))
        };
        let document = json!({});
        let mut builder = builder(&[]);
        add_turns(vec![segment], false, &Field::root(&document), "none", &mut builder).unwrap();
        assert_eq!(
            turns(&builder),
            [
                (Role::Agent, "Forty please", Some(900), Some(1_000)),
                (Role::Customer, "Gladly", Some(1_500), Some(1_600))
            ]
        );
    }

    #[test]
    fn many_channels_take_little_time() {
        let words = (0..20_000).map(|channel| word(&format!("ch_{channel}"), "Hi", channel)).collect();
        let document = json!({});
        let mut builder = builder(&[]);
        add_words(words, false, &Field::root(&document), "none", &mut builder).unwrap();
        assert_eq!(builder.turns.len(), 20_000);
    }
}
