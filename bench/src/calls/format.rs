//! Reads the text format of rated calls. It is strict: what it does not know is an error.

use std::collections::BTreeMap;

use domain::{CallId, Criterion, Role, Score, ToolEvent};
use serde::de::IgnoredAny;

use super::format_error::CallFormatError;
use super::rated::{Mention, NotClaim, Rating, WrittenCall, WrittenTurn};
use super::vocabulary::{self, Act, AgentKind, Flag, Sign};

/// Ratings with less say too little of a call.
const LEAST_TURNS: usize = 6;
const LEAST_CRITERIA: usize = 6;
const MOST_TOPICS: usize = 3;

/// A call that is being read, with the line that it begins in.
struct Draft<'t> {
    line: usize,
    id: CallId,
    fields: BTreeMap<&'static str, &'t str>,
    mentions: Vec<Mention>,
    not_claims: Vec<NotClaim>,
    turns: Vec<WrittenTurn>,
    tool_events: Vec<ToolEvent>,
}

/// The fields that a call has once.
const FIELDS: [&str; 8] = ["industry", "kind", "score", "outcome", "topics", "criteria", "why", "flags"];

/// The calls of a text, each with the line that it begins in. Fails with the number of the line that is wrong, from 1, or of the
/// first line of the call that is.
pub(super) fn parse(text: &str) -> Result<Vec<(usize, WrittenCall)>, (usize, CallFormatError)> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let at = |error| (index + 1, error);
        if let Some(id) = line.strip_prefix("=== ") {
            let id = CallId::parse(id.trim()).map_err(CallFormatError::Id).map_err(at)?;
            drafts.push(Draft::new(index + 1, id));
        } else {
            let draft = drafts.last_mut().ok_or_else(|| at(CallFormatError::Line))?;
            draft.add(line).map_err(at)?;
        }
    }
    drafts
        .into_iter()
        .map(|draft| (draft.line, draft))
        .map(|(line, draft)| draft.finish().map(|call| (line, call)).map_err(|error| (line, error)))
        .collect()
}

impl<'t> Draft<'t> {
    const fn new(line: usize, id: CallId) -> Self {
        Self {
            line,
            id,
            fields: BTreeMap::new(),
            mentions: Vec::new(),
            not_claims: Vec::new(),
            turns: Vec::new(),
            tool_events: Vec::new(),
        }
    }

    /// Adds a line to the call.
    fn add(&mut self, line: &'t str) -> Result<(), CallFormatError> {
        let (head, rest) = line.split_once(':').ok_or(CallFormatError::Line)?;
        let (speaker, notes) = head.split_once('(').map_or((head, None), |(speaker, notes)| (speaker, Some(notes)));
        let role = match speaker.trim_end() {
            "A" => Role::Agent,
            "C" => Role::Customer,
            "O" => Role::Other,
            "T" if notes.is_none() => {
                self.tool_events.push(tool_event(rest, self.turns.len())?);
                return Ok(());
            }
            _ => return self.add_field(head, rest.trim()),
        };
        self.turns.push(turn(role, notes, rest)?);
        Ok(())
    }

    fn add_field(&mut self, name: &str, value: &'t str) -> Result<(), CallFormatError> {
        if !self.turns.is_empty() {
            return Err(CallFormatError::Late(name.to_owned()));
        }
        match name {
            "mention" => self.mentions.push(mention(value)?),
            "notclaim" => self.not_claims.push(not_claim(value)?),
            _ => {
                let known = FIELDS.into_iter().find(|field| *field == name);
                let field = known.ok_or_else(|| CallFormatError::UnknownField(name.to_owned()))?;
                if self.fields.insert(field, value).is_some() {
                    return Err(CallFormatError::Twice(name.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// The call, when nothing is missing.
    fn finish(self) -> Result<WrittenCall, CallFormatError> {
        let field = |name| self.fields.get(name).copied().ok_or(CallFormatError::Missing(name));
        let agent = value("kind", field("kind")?, AgentKind::parse)?;
        let rating = Rating {
            industry: value("industry", field("industry")?, not_empty)?,
            agent,
            score: value("score", field("score")?, half_points)?,
            outcome: value("outcome", field("outcome")?, vocabulary::outcome)?,
            topics: value("topics", field("topics")?, topics)?,
            criteria: criteria(field("criteria")?)?,
            why: value("why", field("why")?, not_empty)?,
            flags: flags(field("flags")?)?,
            mentions: self.mentions,
            not_claims: self.not_claims,
        };
        at_least("turns", self.turns.len(), LEAST_TURNS)?;
        at_least("criteria", rating.criteria.len(), LEAST_CRITERIA)?;
        at_least("mentions", rating.mentions.len(), 1)?;
        at_least("claims that must not be made", rating.not_claims.len(), 1)?;
        let mentioned = rating.mentions.iter().flat_map(|mention| &mention.turns);
        if let Some(missing) = mentioned.copied().find(|turn| *turn >= self.turns.len()) {
            return Err(CallFormatError::NoSuchTurn(missing));
        }
        if agent == AgentKind::Human && !self.tool_events.is_empty() {
            return Err(CallFormatError::ToolOfPerson);
        }
        Ok(WrittenCall { id: self.id, turns: self.turns, tool_events: self.tool_events, rating })
    }
}

const fn at_least(what: &'static str, count: usize, least: usize) -> Result<(), CallFormatError> {
    if count < least { Err(CallFormatError::TooFew { what, least }) } else { Ok(()) }
}

/// What `read` makes of the text; fails with the field and the text when it makes nothing of it.
fn value<T>(field: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, CallFormatError> {
    read(text).ok_or_else(|| CallFormatError::Value { field, value: text.to_owned() })
}

fn not_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn score(text: &str) -> Option<Score> {
    Score::try_from(text.parse::<f64>().ok()?).ok()
}

fn half_points(text: &str) -> Option<Score> {
    score(text).filter(|score| score.tenths().is_multiple_of(5))
}

fn topics(text: &str) -> Option<Vec<String>> {
    let topics: Vec<String> = text.split(';').map(|topic| topic.trim().to_owned()).collect();
    (topics.len() <= MOST_TOPICS && topics.iter().all(|topic| !topic.is_empty())).then_some(topics)
}

pub(super) fn criteria(text: &str) -> Result<BTreeMap<Criterion, Score>, CallFormatError> {
    let mut criteria = BTreeMap::new();
    for pair in text.split_whitespace() {
        let read = |pair: &str| {
            let (name, number) = pair.split_once('=')?;
            Some((vocabulary::criterion(name)?, score(number)?))
        };
        let (criterion, score) = value("criteria", pair, read)?;
        if criteria.insert(criterion, score).is_some() {
            return Err(CallFormatError::Twice(criterion.to_string()));
        }
    }
    Ok(criteria)
}

fn flags(text: &str) -> Result<Vec<Flag>, CallFormatError> {
    if text == "none" {
        return Ok(Vec::new());
    }
    text.split(',').map(|flag| value("flags", flag.trim(), Flag::parse)).collect()
}

/// `+|- TURNS | text`.
fn mention(text: &str) -> Result<Mention, CallFormatError> {
    value("mention", text, |text| {
        let (head, thing) = text.split_once('|')?;
        let (sign, turns) = head.trim().split_at_checked(1)?;
        let turns = turns.split(',').map(|turn| turn.trim().parse().ok()).collect::<Option<_>>()?;
        Some(Mention { sign: Sign::parse(sign)?, turns, text: not_empty(thing.trim())? })
    })
}

/// `CRITERION +|- | text`.
fn not_claim(text: &str) -> Result<NotClaim, CallFormatError> {
    value("notclaim", text, |text| {
        let (head, claim) = text.split_once('|')?;
        let (name, sign) = head.trim().split_once(' ')?;
        let (criterion, sign) = (vocabulary::criterion(name)?, Sign::parse(sign.trim())?);
        Some(NotClaim { criterion, sign, text: not_empty(claim.trim())? })
    })
}

/// `{acts} text`, with the notes that stood in parentheses before the colon, the last parenthesis included.
fn turn(role: Role, notes: Option<&str>, rest: &str) -> Result<WrittenTurn, CallFormatError> {
    let (mut pause_seconds, mut cuts_in) = (0, false);
    if let Some(notes) = notes {
        let notes = notes.strip_suffix(')').ok_or(CallFormatError::Line)?;
        for note in notes.split(',').map(str::trim) {
            match note {
                "cuts in" => cuts_in = true,
                _ => {
                    pause_seconds =
                        value("pause", note, |note| note.strip_prefix('+')?.strip_suffix('s')?.parse().ok())?;
                }
            }
        }
    }
    let rest = rest.trim();
    let (acts, text) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).unwrap_or(("", rest));
    let read = |word: &str| Act::parse(word).filter(|act| act.is_of(role));
    let acts = acts.split(',').map(str::trim).filter(|act| !act.is_empty());
    let acts = acts.map(|word| read(word).ok_or_else(|| CallFormatError::UnknownAct(word.to_owned())));
    let (acts, text) = (acts.collect::<Result<_, _>>()?, text.trim().to_owned());
    if text.is_empty() {
        Err(CallFormatError::EmptyTurn)
    } else {
        Ok(WrittenTurn { role, text, acts, pause_seconds, cuts_in })
    }
}

/// `name | JSON arguments | JSON result | ok or error`, after that many turns.
fn tool_event(text: &str, turns: usize) -> Result<ToolEvent, CallFormatError> {
    let json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok().then(|| text.to_owned());
    let read = || {
        let mut parts = text.split(" | ").map(str::trim);
        let name = not_empty(parts.next()?)?;
        let (arguments, result) = (json(parts.next()?)?, json(parts.next()?)?);
        let is_error = match parts.next()? {
            "ok" => false,
            "error" => true,
            _ => return None,
        };
        let event = ToolEvent {
            after_turn: turns.checked_sub(1),
            name,
            arguments: Some(arguments),
            result: Some(result),
            is_error: Some(is_error),
        };
        parts.next().is_none().then_some(event)
    };
    read().ok_or(CallFormatError::ToolEvent)
}

#[cfg(test)]
mod tests;
