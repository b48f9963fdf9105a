//! Values that only the words around them show to be personal data: what follows "my date of birth is", or answers the
//! question for it.
//!
//! A cue opens a slot. What fits the slot is redacted: in the same turn after the cue, or, near its beginning, in the
//! turns that follow, whoever says it, because the other side answers and the agent reads back. A slot closes after a
//! few turns, or when something else is spoken of.
//!
//! **Invariant:** a placeholder fills a slot like the value it stands for. The work is linear in the length of the
//! transcript.

use domain::Turn;

use super::Lexed;
use super::cues::{Cue, CueAt};
use super::lexer::TurnSpan;
use super::passwords::PasswordPlace;
use super::pii_kind::PiiKind;
use super::said_values::SaidValues;
use super::slot_memory::{CuePlace, Distance, Memory, OpenSlot};
use super::slot_values::{Value, ValueReader, whole};
use super::tokens::{TokenKind, TurnTokens};
use super::word_set::WordSet;

/// So many digits of a card may be said.
const LAST_DIGITS: usize = 4;
/// At most so many words stand between a value and its name.
const WORDS_TO_NAME: usize = 4;

/// The values in the slots of a transcript. What was redacted before is known, and what is redacted here is added to
/// it.
pub(super) fn find(transcript: &[Turn], lexed: &Lexed, known: &mut SaidValues) -> Vec<(TurnSpan, PiiKind)> {
    let mut memory = Memory::of(&lexed.cues);
    let mut found = Vec::new();
    for (index, ((said, turn), cues)) in transcript.iter().zip(&lexed.tokens).zip(&lexed.cues).enumerate() {
        memory.forget(index);
        let mut reader = Reader {
            index,
            turn,
            values: ValueReader { turn, text: &said.text, role: said.role, has_address: false, password_place: None },
            is_bare: turn.is_bare(),
            is_question: asks(turn),
            memory: &mut memory,
            known,
            current: None,
            before: None,
            next_cue: None,
            named: Vec::new(),
            content: 0,
            is_about_others: false,
        };
        reader.read(cues, &mut found);
    }
    found
}

/// Reads a turn.
struct Reader<'r> {
    index: usize,
    turn: &'r TurnTokens,
    values: ValueReader<'r>,
    is_bare: bool,
    is_question: bool,
    memory: &'r mut Memory,
    known: &'r mut SaidValues,
    /// What the last cue of the turn is about.
    current: Option<Cue>,
    /// The last cue of the turn, and the next one.
    before: Option<CueAt>,
    next_cue: Option<CueAt>,
    /// The slots that the turn names.
    named: Vec<Cue>,
    /// Words that say something since the last cue or the beginning of the turn.
    content: usize,
    /// Whether the turn speaks of the numbers of other things.
    is_about_others: bool,
}

impl Reader<'_> {
    fn read(&mut self, cues: &[CueAt], found: &mut Vec<(TurnSpan, PiiKind)>) {
        let turn = self.turn;
        let mut cues = cues.iter().peekable();
        let mut at = 0;
        while at < turn.tokens.len() {
            while cues.next_if(|cue| cue.first < at).is_some() {}
            self.next_cue = cues.peek().map(|cue| **cue);
            if let Some(value) = self.value(at) {
                let spans = value.parts.iter().filter_map(|part| turn.bytes(part.clone()));
                found.extend(spans.map(|bytes| (TurnSpan { turn: self.index, bytes }, value.kind)));
                at = self.take(at, &value);
            } else if let Some(cue) = cues.next_if(|cue| cue.first == at) {
                self.enter(*cue);
                at = cue.end;
            } else if let Some(TokenKind::Redacted(kind)) = turn.kind(at) {
                self.memory.fill(kind, self.index, false);
                self.content = 0;
                if kind == PiiKind::Card && self.current.is_none() {
                    self.current = Some(Cue::Card);
                }
                at += 1;
            } else if let Some(end) = turn.end_of_run(at) {
                at = end;
            } else {
                self.content += usize::from(turn.is_content(at));
                if self.current == Some(Cue::Stay) && turn.ends_sentence(at) {
                    self.current = None;
                }
                at += 1;
            }
        }
        let is_about_others = self.named.is_empty() && self.is_about_others;
        self.memory.end_turn(&self.named, self.index, self.is_question, is_about_others);
    }

    /// Notes a value, and returns where reading goes on.
    fn take(&mut self, at: usize, value: &Value) -> usize {
        self.memory.fill(value.kind, self.index, value.is_piece);
        self.known.add_number(value.kind, &value.digits);
        self.values.has_address |= value.kind == PiiKind::Address;
        if value.kind == PiiKind::Password {
            let words = self.turn.tokens.get(at..value.end).unwrap_or_default();
            self.known.add_password(words.iter().map(|token| token.spelling.clone()));
        }
        self.content = 0;
        value.end
    }

    /// Takes a cue up.
    fn enter(&mut self, cue: CueAt) {
        let place = CuePlace {
            turn: self.turn,
            index: self.index,
            role: self.values.role,
            before: self.before,
            is_question: self.is_question,
        };
        self.before = Some(cue);
        let Some(meaning) = self.memory.meaning(cue, &place) else { return };
        self.current = Some(meaning.now);
        self.is_about_others |= meaning.now == Cue::Stay;
        self.content = 0;
        let opens = meaning.opens.filter(|cue| !matches!(cue, Cue::Stay | Cue::Phone | Cue::Call));
        self.named.extend(opens.filter(|cue| !self.named.contains(cue)));
        if meaning.now == Cue::Password {
            self.values.password_place = Some(PasswordPlace::after_name(self.turn, cue.end));
        }
    }

    /// The value that begins there, if it fits what was said last or a slot that is open.
    fn value(&self, at: usize) -> Option<Value> {
        match self.current {
            // The last four digits of a card may stay; more of them are the card.
            Some(Cue::Stay | Cue::Phone | Cue::Call) => {
                return self.repeated(at).filter(|value| value.digits.len() > LAST_DIGITS);
            }
            Some(cue) => {
                let distance = Distance::own(self.content, self.is_bare);
                if let Some(value) = self.values.value_of(cue, at, distance) {
                    return Some(value);
                }
            }
            None => {
                if let Some(value) = self.before_cue(at) {
                    return Some(value);
                }
            }
        }
        for slot in self.memory.open() {
            let distance = self.distance(slot);
            if let Some(value) = self.values.value_of(slot.cue, at, distance) {
                return Some(value);
            }
        }
        self.repeated(at)
    }

    /// A value whose name follows: "march fifth is my birthday", "I have it as your address".
    fn before_cue(&self, at: usize) -> Option<Value> {
        static LINKS: WordSet = WordSet::of("as is was for be");
        let next = self.next_cue.filter(|next| {
            matches!(
                next.cue,
                Cue::BirthDate
                    | Cue::Address
                    | Cue::Ssn
                    | Cue::Pin
                    | Cue::Cvv
                    | Cue::Card
                    | Cue::SomeCard
                    | Cue::Account
                    | Cue::Expiry
            )
        })?;
        let distance = Distance::own(0, false);
        let value = self.values.value_of(next.cue, at, distance)?;
        let mut between = value.end..next.first;
        (between.len() <= WORDS_TO_NAME && between.any(|at| self.turn.is_word_of(at, &LINKS))).then_some(value)
    }

    fn distance(&self, slot: &OpenSlot) -> Distance {
        // After another cue, the turn no longer answers.
        let content = if self.current.is_some() { usize::MAX } else { self.content };
        Distance::to(*slot, content, self.is_bare, self.index)
    }

    /// What was redacted before, or a piece of it.
    fn repeated(&self, at: usize) -> Option<Value> {
        if let Some(end) = self.known.password_end(self.turn, at) {
            return Some(whole(at..end, PiiKind::Password));
        }
        let groups = self.turn.number_at(at)?;
        let digits: Vec<u8> = groups.iter().flat_map(|group| group.digits.iter().copied()).collect();
        let kind = self.known.kind_of(&digits)?;
        Some(Value { is_piece: true, digits, ..whole(at..groups.last()?.tokens.end, kind) })
    }
}

/// Whether the turn asks for something.
fn asks(turn: &TurnTokens) -> bool {
    static ASKING: WordSet = WordSet::of(
        "what what's which may can could tell confirm verify give need provide read enter say when where please \
    ahead ready whenever spell take key",
    );
    (0..turn.tokens.len()).any(|at| turn.is_symbol(at, &['?']) || turn.is_word_of(at, &ASKING))
}
