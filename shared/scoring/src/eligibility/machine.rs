//! Whether one side of a call is a machine: an answering machine, a network's announcement or a menu.
//!
//! **Invariant:** a side is a machine only if *everything* it says may come from one and something can come from nothing else.
//! An answer, a question, a greeting after the announcement, or a sentence that no machine is known to say makes it a person, and
//! the call is scored: a call too much is scored rather than a conversation skipped.

use domain::{Role, SkipReason};

use super::cues::{Cue, Found, cues, plain, squeezed};
use crate::dialogue::Dialogue;
use crate::tokenizer::has_speech;
use crate::utterance::Utterance;

/// At most this much said before the last announcement may be unknown: a name, a number, a prank.
const MOST_FRAGMENTS: usize = 3;
/// A fragment has at most this many words and bytes.
const FRAGMENT_WORDS: usize = 9;
const FRAGMENT_BYTES: usize = 60;
/// What only goes with an announcement is at most this many words.
const NOTICE_WORDS: usize = 60;
/// An announcement has at most this many words, so that a long turn is not searched for all phrases.
const LONGEST_ANNOUNCEMENT: usize = 400;
/// So many words in a row after the last cue of an announcement are more than its ending.
const LONGEST_TAIL: usize = 40;
/// So many requests for a key are a menu.
const MENU_KEYS: usize = 2;
/// Greetings. They begin an announcement; after one, somebody has picked up.
const GREETINGS: [&str; 5] = ["hello", "hi", "hey", "hallo", "hola"];

/// Why the call is not scored, if one side is a machine.
pub(super) fn machine(dialogue: &Dialogue) -> Option<SkipReason> {
    let found = [Role::Agent, Role::Customer].map(|role| machine_of_side(dialogue, role));
    [SkipReason::Voicemail, SkipReason::NotAnswered, SkipReason::IvrOnly]
        .into_iter()
        .find(|reason| found.contains(&Some(*reason)))
}

/// How often a side gives each cue that only machines give.
#[derive(Debug, Default)]
struct Tally {
    prompts: usize,
    leaves: usize,
    tones: usize,
    absences: usize,
    unreachable: usize,
    menus: usize,
    keys: usize,
    notices: usize,
    names: usize,
    oneself: usize,
}

impl Tally {
    const fn add(&mut self, cue: Cue) {
        let count = match cue {
            Cue::Prompt => &mut self.prompts,
            Cue::Leave => &mut self.leaves,
            Cue::Tone => &mut self.tones,
            Cue::Absence => &mut self.absences,
            Cue::Unreachable => &mut self.unreachable,
            Cue::Menu => &mut self.menus,
            Cue::Key => &mut self.keys,
            Cue::Notice => &mut self.notices,
            Cue::Name => &mut self.names,
            Cue::Oneself => &mut self.oneself,
            Cue::Person | Cue::Report => return,
        };
        *count += 1;
    }

    fn reason(&self) -> Option<SkipReason> {
        let hints = [self.leaves, self.tones, self.absences + self.unreachable];
        let asks = self.leaves + self.tones > 0;
        if self.prompts > 0 || asks && hints.iter().filter(|count| **count > 0).count() > 1 {
            Some(SkipReason::Voicemail)
        } else if self.unreachable > 0 && self.oneself == 0 {
            Some(SkipReason::NotAnswered)
        } else if self.names + self.oneself == 0
            && (self.menus > 0 || self.keys >= MENU_KEYS || self.keys > 0 && self.notices > 0)
        {
            Some(SkipReason::IvrOnly)
        } else {
            None
        }
    }
}

/// What an utterance shows of its speaker.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    /// An announcement.
    Announcement,
    /// What goes with one.
    Notice,
    /// Too little to tell.
    Fragment,
    /// A person.
    Person,
}

fn machine_of_side(dialogue: &Dialogue, role: Role) -> Option<SkipReason> {
    let mut tally = Tally::default();
    let (mut fragments, mut since_announcement, mut announced) = (0, 0, false);
    for said in dialogue.said_by(role) {
        match read(dialogue, said, &mut tally) {
            Shown::Announcement => (announced, since_announcement) = (true, 0),
            Shown::Notice if announced && greets(dialogue, said) => return None,
            Shown::Notice => {}
            Shown::Fragment => (fragments, since_announcement) = (fragments + 1, since_announcement + 1),
            Shown::Person => return None,
        }
        if fragments > MOST_FRAGMENTS {
            return None;
        }
    }
    tally.reason().filter(|_| since_announcement == 0)
}

fn read(dialogue: &Dialogue, said: &Utterance, tally: &mut Tally) -> Shown {
    if said.words.len() > LONGEST_ANNOUNCEMENT {
        return Shown::Person;
    }
    let words: Vec<String> = said.words.clone().map(|word| plain(dialogue.spelling(word))).collect();
    let text = text(dialogue, said);
    let found = cues(&words, &squeezed(&text));
    let covers =
        |cues: &[Cue], word: usize| found.iter().any(|one| cues.contains(&one.cue) && one.words.contains(&word));
    let end_of = |announcing: &[Cue]| found.iter().filter(|one| announcing.contains(&one.cue)).map(Found::end).max();
    let (last, prompt) = (end_of(&ANNOUNCING), end_of(&[Cue::Prompt]));
    let is_greeting = |word: &String| GREETINGS.contains(&word.as_str());
    let mut is_person = false;
    for one in &found {
        let is_covered = covers(&SURE, one.start());
        match one.cue {
            // A greeting may hold anything up to its request.
            Cue::Person => is_person |= !is_covered && prompt.is_none_or(|end| one.start() >= end),
            Cue::Report => is_person |= !is_covered,
            Cue::Name | Cue::Oneself if is_covered || covers(&[Cue::Notice], one.start()) => {}
            cue => tally.add(cue),
        }
    }
    let tail = words.iter().skip(last.unwrap_or(words.len()));
    is_person |= tail.clone().any(is_greeting) || tail.count() > LONGEST_TAIL;
    // In a text with full stops and no question mark, what has the form of a question is none.
    let may_ask = text.contains('?') || !text.contains('.');
    let asks = |word: &usize| {
        let word = word - said.words.start;
        let is_within = if text.contains('?') { prompt } else { last }.is_some_and(|end| word < end);
        !is_within && !covers(&SURE, word) && !covers(&[Cue::Notice], word) && !words.get(word).is_some_and(is_greeting)
    };
    is_person |= may_ask && said.questions.iter().any(asks);
    if is_person {
        Shown::Person
    } else if last.is_some() {
        Shown::Announcement
    } else if !found.is_empty() && words.len() <= NOTICE_WORDS {
        Shown::Notice
    } else if words.len() <= FRAGMENT_WORDS && text.len() <= FRAGMENT_BYTES {
        Shown::Fragment
    } else {
        Shown::Person
    }
}

/// What only machines say, and what comes with it. Words in it show no person: "I can't get to my phone".
const SURE: [Cue; 7] = [Cue::Prompt, Cue::Leave, Cue::Tone, Cue::Absence, Cue::Unreachable, Cue::Menu, Cue::Key];
/// What makes an utterance an announcement.
const ANNOUNCING: [Cue; 6] = [Cue::Prompt, Cue::Leave, Cue::Tone, Cue::Unreachable, Cue::Menu, Cue::Key];

/// Whether somebody is greeted in an utterance.
fn greets(dialogue: &Dialogue, said: &Utterance) -> bool {
    said.words.clone().any(|word| GREETINGS.contains(&dialogue.spelling(word)))
}

/// The turns of an utterance.
fn text(dialogue: &Dialogue, said: &Utterance) -> String {
    let mut turns: Vec<usize> = said.words.clone().map(|word| dialogue.word(word).turn).collect();
    turns.dedup();
    let texts = turns.iter().filter_map(|turn| dialogue.transcript.get(*turn));
    let texts: Vec<&str> =
        texts.filter(|turn| turn.role == said.role && has_speech(&turn.text)).map(|turn| turn.text.as_str()).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests;
