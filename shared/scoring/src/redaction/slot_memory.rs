//! What a call has spoken of so far: which slots are open, and what a cue means where it stands.

use domain::Role;

use super::cues::{Cue, CueAt};
use super::pii_kind::PiiKind;
use super::tokens::TurnTokens;
use super::word_set::WordSet;

/// A slot that nothing has filled closes after so many turns, and one that is filled after so many.
const TURNS_OPEN: usize = 5;
const TURNS_FILLED: usize = 4;
/// A short answer comes within so many turns.
const TURNS_TO_ANSWER: usize = 2;
/// At most so many slots are open, the latest ones.
const MOST_SLOTS: usize = 8;
/// Talk of a bank or a card reaches so many turns back and ahead.
const TURNS_BACK: usize = 10;
const TURNS_AHEAD: usize = 4;
/// A phrase and another are about one thing if at most so many tokens stand between them.
const NEAR_TOKENS: usize = 5;
/// A turn with at most so many tokens asks for what it names.
const SHORT_QUESTION: usize = 8;

/// The words of phrases for a card's security code that say that they are about a card.
static CARD_WORDS: WordSet = WordSet::of("cvv cvc cvv2 cvc2 c security card verification back front signature");

/// Something that was named and may be said in the next turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenSlot {
    pub(super) cue: Cue,
    /// The turn in which it was named or last filled.
    turn: usize,
    /// Whether a whole value has filled it.
    is_filled: bool,
    /// Whether a piece of a value has been said.
    is_started: bool,
    /// Whether somebody asked for it.
    was_asked: bool,
}

/// How a value stands to its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distance {
    /// How many words that say something stand between the cue, or the beginning of the turn, and the value.
    content: usize,
    /// Whether hardly anything else is said in the turn.
    pub(super) is_bare: bool,
    /// The slot that an earlier turn opened; `None` where the cue is in the same turn.
    slot: Option<OpenSlot>,
    /// How many turns ago it was named or filled.
    turns: usize,
}

impl Distance {
    /// That of a value after its name in the same turn.
    pub(super) const fn own(content: usize, is_bare: bool) -> Self {
        Self { content, is_bare, slot: None, turns: 0 }
    }

    /// That of a value in the turn of that index to a slot of an earlier one.
    pub(super) const fn to(slot: OpenSlot, content: usize, is_bare: bool, index: usize) -> Self {
        Self { content, is_bare, slot: Some(slot), turns: index - slot.turn }
    }

    /// Whether at most so many words stand between.
    pub(super) const fn is_within(&self, words: usize) -> bool {
        self.content <= words
    }

    /// Whether the cue is in the same turn.
    pub(super) const fn is_own(&self) -> bool {
        self.slot.is_none()
    }

    /// See [`OpenSlot::is_filled`].
    pub(super) fn is_filled(&self) -> bool {
        self.slot.is_some_and(|slot| slot.is_filled)
    }

    /// See [`OpenSlot::is_started`].
    pub(super) fn is_started(&self) -> bool {
        self.slot.is_some_and(|slot| slot.is_started)
    }

    /// Whether somebody asked for it, and nobody has answered.
    pub(super) fn is_awaited(&self) -> bool {
        self.slot.is_some_and(|slot| slot.was_asked && !slot.is_filled)
    }

    /// Whether somebody asked for it just before.
    pub(super) fn is_prompt(&self) -> bool {
        self.is_awaited() && self.turns <= TURNS_TO_ANSWER
    }

    /// Whether the value answers: somebody asked for it just before, or it goes on, and nothing else is said.
    pub(super) fn answers(&self) -> bool {
        self.is_bare && (self.is_prompt() || self.is_started())
    }
}

/// What a cue means: for the rest of its turn, and for the turns that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) now: Cue,
    pub(super) opens: Option<Cue>,
}

impl Meaning {
    const STAY: Self = Self { now: Cue::Stay, opens: None };

    const fn slot(cue: Cue) -> Self {
        Self { now: cue, opens: Some(cue) }
    }
}

/// Where a cue stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct CuePlace<'t> {
    pub(super) turn: &'t TurnTokens,
    pub(super) index: usize,
    pub(super) role: Role,
    /// The cue before it in the turn.
    pub(super) before: Option<CueAt>,
    pub(super) is_question: bool,
}

/// What was spoken of.
#[derive(Debug)]
pub(super) struct Memory {
    /// The turns that speak of a bank, a card, a code that was sent, in order.
    banking: Vec<usize>,
    cards: Vec<usize>,
    codes: Vec<usize>,
    /// The last turn with the number of a card.
    last_card: Option<usize>,
    /// The last turn in which the customer asks for an address.
    address_asked_by_customer: Option<usize>,
    open: Vec<OpenSlot>,
    /// The cues of what the current turn has filled, and whether the value was whole.
    filled: Vec<(Cue, bool)>,
}

impl Memory {
    /// The memory at the beginning of a call with these cues.
    pub(super) fn of(cues_by_turn: &[Vec<CueAt>]) -> Self {
        let turns_with = |is: fn(Cue) -> bool| {
            let has = |(index, cues): (usize, &Vec<CueAt>)| cues.iter().any(|at| is(at.cue)).then_some(index);
            cues_by_turn.iter().enumerate().filter_map(has).collect()
        };
        Self {
            banking: turns_with(|cue| matches!(cue, Cue::Banking | Cue::Account | Cue::Iban)),
            cards: turns_with(|cue| matches!(cue, Cue::Card | Cue::SomeCard | Cue::Cvv)),
            codes: turns_with(|cue| matches!(cue, Cue::CodeSent | Cue::Code)),
            last_card: None,
            address_asked_by_customer: None,
            open: Vec::new(),
            filled: Vec::new(),
        }
    }

    /// The open slots: what was asked for last comes first, and what is filled comes last.
    pub(super) fn open(&self) -> impl Iterator<Item = &OpenSlot> {
        let unfilled = self.open.iter().filter(|slot| !slot.is_filled);
        unfilled.chain(self.open.iter().filter(|slot| slot.is_filled))
    }

    /// Closes what was named too long before that turn.
    pub(super) fn forget(&mut self, turn: usize) {
        self.open.retain(|slot| turn - slot.turn <= if slot.is_filled { TURNS_FILLED } else { TURNS_OPEN });
        self.filled.clear();
    }

    /// Notes that a value, or a piece of one, was said in that turn.
    pub(super) fn fill(&mut self, kind: PiiKind, turn: usize, is_piece: bool) {
        let Some(cue) = cue_of(kind) else { return };
        if matches!(kind, PiiKind::Card | PiiKind::Cvv) {
            // Digits and dates that follow belong to the card.
            self.last_card = Some(turn);
        }
        let is_same = |slot: &&mut OpenSlot| {
            slot.cue == cue
                || cue == Cue::Address && slot.cue == Cue::LivesAt
                || cue == Cue::Card && slot.cue == Cue::SomeCard
        };
        for slot in self.open.iter_mut().filter(is_same) {
            slot.turn = turn;
            slot.is_filled |= !is_piece;
            slot.is_started |= is_piece;
        }
        if !self.filled.contains(&(cue, !is_piece)) {
            self.filled.push((cue, !is_piece));
        }
    }

    /// Opens the slots that a turn has named, and those that it has filled. A turn that speaks of something else only
    /// closes what was filled before.
    pub(super) fn end_turn(&mut self, named: &[Cue], turn: usize, was_asked: bool, is_about_others: bool) {
        if is_about_others {
            self.open.retain(|slot| !slot.is_filled && !was_asked);
        }
        let filled = std::mem::take(&mut self.filled);
        let others = filled
            .iter()
            .map(|(cue, _)| *cue)
            .filter(|cue| !self.open.iter().any(|slot| slot.cue == *cue) && !named.contains(cue));
        let others: Vec<Cue> = others.collect();
        // The first that is named is answered first, so it comes before the others.
        for cue in named.iter().rev().chain(&others) {
            let is_filled = filled.contains(&(*cue, true));
            let is_started = filled.contains(&(*cue, false));
            self.open.retain(|slot| slot.cue != *cue);
            self.open.insert(0, OpenSlot { cue: *cue, turn, is_filled, is_started, was_asked });
        }
        self.open.truncate(MOST_SLOTS);
    }

    /// What a cue means where it stands; `None` if it means nothing.
    pub(super) fn meaning(&mut self, cue: CueAt, place: &CuePlace<'_>) -> Option<Meaning> {
        let index = place.index;
        let near = place.before.filter(|before| cue.first - before.end <= NEAR_TOKENS).map(|before| before.cue);
        Some(match cue.cue {
            Cue::SomeCode if matches!(near, Some(Cue::Stay)) => Meaning::STAY,
            Cue::SomeCode if is_near(&self.codes, index) => Meaning::slot(Cue::Code),
            Cue::SomeCode | Cue::Stay => Meaning::STAY,
            Cue::SomeAccount if is_near(&self.banking, index) => Meaning::slot(Cue::Account),
            // "Your account" may stand in any sentence.
            Cue::SomeAccount if cue.end - cue.first > 1 || place.turn.is_number_start(cue.end) => Meaning::STAY,
            Cue::SomeAccount | Cue::CodeSent | Cue::Banking | Cue::Call => return None,
            Cue::Ssn if near == Some(Cue::LastFour) => Meaning::slot(Cue::LastFour),
            Cue::LastFour if near != Some(Cue::Ssn) => Meaning::STAY,
            Cue::Card | Cue::SomeCard if near == Some(Cue::LastFour) => Meaning::STAY,
            // So has every letter a long number.
            Cue::Card
                if place.turn.spelling(cue.first) == "long"
                    && cue.end - cue.first == 2
                    && !self.is_about_card(index) =>
            {
                return None;
            }
            Cue::Expiry if near == Some(Cue::Stay) => Meaning::STAY,
            Cue::Expiry
                if place.turn.is_any_of(cue.first, &["expires", "expire", "expiring"])
                    && !self.is_about_card(index) =>
            {
                Meaning::STAY
            }
            // "Three digits" may be those of anything.
            Cue::Cvv
                if !(cue.first..cue.end).any(|at| place.turn.is_word_of(at, &CARD_WORDS))
                    && !self.is_about_card(index) =>
            {
                Meaning::STAY
            }
            Cue::Address | Cue::SomeAddress | Cue::LivesAt | Cue::Postcode => return self.meaning_of_place(cue, place),
            other => Meaning::slot(other),
        })
    }

    /// Whether a card is spoken of near that turn.
    fn is_about_card(&self, index: usize) -> bool {
        is_near(&self.cards, index) || self.last_card.is_some_and(|turn| index - turn <= TURNS_BACK)
    }

    /// What a cue means that is about where something is: where the customer lives, or where a shop is.
    fn meaning_of_place(&mut self, cue: CueAt, place: &CuePlace<'_>) -> Option<Meaning> {
        let turn = place.turn;
        let is_of = |list: &[&str]| (cue.first.saturating_sub(2)..cue.end).any(|at| turn.is_any_of(at, list));
        let is_own = is_of(&["my"]) || cue.cue == Cue::LivesAt && turn.spelling(cue.first) != "where";
        if place.role == Role::Customer && place.is_question && !is_own {
            self.address_asked_by_customer = Some(place.index);
            return Some(Meaning::STAY);
        }
        let answers_customer =
            place.role == Role::Agent && self.address_asked_by_customer.is_some_and(|asked| place.index - asked <= 2);
        let comes_from_us = cue.cue == Cue::LivesAt
            && is_of(&["we", "we're", "i", "i'm", "come", "home", "house", "moved", "moving"])
            && !place.is_question;
        let speaks_of_us = place.role == Role::Agent && (comes_from_us || is_of(&["our"]));
        if answers_customer || speaks_of_us {
            return Some(Meaning::STAY);
        }
        let is_of_customer = is_of(&[
            "your", "his", "her", "you", "have", "file", "account", "patient", "customer", "caller", "confirm",
            "verify", "still",
        ]) || cue
            .first
            .checked_sub(1)
            .is_some_and(|before| turn.is_any_of(before, &["is", "confirm", "verify", "have", "got", "that"]));
        Some(match cue.cue {
            Cue::SomeAddress => {
                let asks = place.role == Role::Agent && turn.tokens.len() <= SHORT_QUESTION;
                match place.role {
                    Role::Agent if asks => Meaning::slot(Cue::Address),
                    Role::Agent if place.is_question => Meaning { now: Cue::Stay, opens: Some(Cue::LivesAt) },
                    Role::Other => Meaning::slot(Cue::Address),
                    _ => return None,
                }
            }
            // "The address is" is how agents tell where a shop is.
            Cue::Address if place.role == Role::Agent && !is_of_customer => {
                let is_told = turn.is_any_of(cue.end, &["is", "for", "of"]) || is_of(&["their"]);
                Meaning { now: Cue::Stay, opens: (!is_told).then_some(Cue::Address) }
            }
            Cue::Postcode if place.role == Role::Agent && !is_of(&["your", "his", "her", "their"]) => {
                Meaning { now: Cue::Stay, opens: Some(Cue::Postcode) }
            }
            other => Meaning::slot(other),
        })
    }
}

/// Whether one of the turns, which are in order, is near that one.
fn is_near(turns: &[usize], index: usize) -> bool {
    let first = index.saturating_sub(TURNS_BACK);
    turns.get(turns.partition_point(|turn| *turn < first)).is_some_and(|turn| *turn <= index + TURNS_AHEAD)
}

/// The slot that such a value fills.
const fn cue_of(kind: PiiKind) -> Option<Cue> {
    Some(match kind {
        PiiKind::Card => Cue::Card,
        PiiKind::Cvv => Cue::Cvv,
        PiiKind::Expiry => Cue::Expiry,
        PiiKind::Pin => Cue::Pin,
        PiiKind::Code => Cue::Code,
        PiiKind::Password => Cue::Password,
        PiiKind::Account => Cue::Account,
        PiiKind::Iban => Cue::Iban,
        PiiKind::Ssn => Cue::Ssn,
        PiiKind::NationalId => Cue::NationalId,
        PiiKind::BirthDate => Cue::BirthDate,
        PiiKind::Address => Cue::Address,
        PiiKind::Email | PiiKind::Phone => return None,
    })
}
