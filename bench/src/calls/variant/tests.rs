//! What becomes of a call in its transcripts.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::calls::{KNOWN, read, read_written};

fn written() -> Vec<WrittenCall> {
    read_written(Path::new(KNOWN)).unwrap()
}

fn joined<'t>(turns: impl Iterator<Item = &'t Turn>) -> String {
    turns.map(|turn| turn.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_variant_has_its_share_of_the_calls() {
    let calls = read(Path::new(KNOWN)).unwrap();
    let mut counts: BTreeMap<(Punctuation, bool), usize> = BTreeMap::new();
    for call in &calls {
        *counts.entry((call.variant.punctuation, call.variant.has_times)).or_default() += 1;
    }
    // A sixth each, give or take a third of that.
    assert!(
        counts.len() == 6 && counts.values().all(|count| (calls.len() / 9..=calls.len() * 2 / 9).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn a_transcript_has_the_words_of_the_call_and_the_rating_follows_its_turns() {
    let mut split = 0;
    for written in written() {
        let full = written.spoken(Variant { punctuation: Punctuation::Full, has_times: false });
        assert!(full.call.transcript.iter().map(|turn| &turn.text).eq(written.turns.iter().map(|turn| &turn.text)));
        assert_eq!(full.rating, written.rating);
        let raw = written.spoken(Variant { punctuation: Punctuation::None, has_times: true });
        split += raw.call.transcript.len() - written.turns.len();
        assert_eq!(raw.acts.len(), raw.call.transcript.len());
        let all = |call: &Call| joined(call.transcript.iter());
        assert_eq!(all(&raw.call), Punctuation::None.of(&all(&full.call)), "{}", written.id);
        for (before, after) in written.rating.mentions.iter().zip(&raw.rating.mentions) {
            let said = |call: &Call, turns: &[usize]| joined(turns.iter().map(|turn| &call.transcript[*turn]));
            assert_eq!(said(&raw.call, &after.turns), Punctuation::None.of(&said(&full.call, &before.turns)));
        }
        for (before, after) in written.tool_events.iter().zip(&raw.call.tool_events) {
            let (before, after) = (before.after_turn.unwrap(), after.after_turn.unwrap());
            let so_far = |turns: &[Turn]| joined(turns.iter());
            assert_eq!(
                so_far(&raw.call.transcript[..=after]),
                Punctuation::None.of(&so_far(&full.call.transcript[..=before]))
            );
        }
    }
    assert!(split > 100, "{split}");
}

#[test]
fn turns_begin_in_order_after_the_noted_pause_and_only_who_cuts_in_overlaps() {
    for written in written() {
        let timed = written.spoken(Variant { punctuation: Punctuation::Full, has_times: true }).call;
        for (pair, turn) in timed.transcript.windows(2).zip(&written.turns[1..]) {
            let (end, start) = (pair[0].end_ms.unwrap(), pair[1].start_ms.unwrap());
            assert!(pair[0].start_ms < pair[1].start_ms && start <= pair[1].end_ms.unwrap());
            assert_eq!(start < end, turn.cuts_in, "{}: {}", written.id, turn.text);
            assert!(turn.pause_seconds == 0 || turn.cuts_in || start - end == u64::from(turn.pause_seconds) * 1000);
        }
    }
}

#[test]
fn people_speak_at_the_rate_of_people() {
    let timed =
        |written: &WrittenCall| written.spoken(Variant { punctuation: Punctuation::None, has_times: true }).call;
    for call in written().iter().map(timed) {
        for turn in call.transcript.iter().filter(|turn| turn.text.split(' ').count() > 20) {
            let words = turn.text.split(' ').count() as u64;
            let rate = words * 60_000 / (turn.end_ms.unwrap() - turn.start_ms.unwrap());
            assert!((140..=181).contains(&rate), "{rate}: {}", turn.text);
        }
    }
}
