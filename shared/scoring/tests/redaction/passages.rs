//! Passages of calls with marks around personal data: the one parser of the files, and what a redaction makes of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use domain::{Call, CallId, OrgId, Role, Turn};

/// The kinds of personal data as the files name them, with their placeholders.
pub(crate) const KINDS: [(&str, &str); 14] = [
    ("card", "[CARD]"),
    ("cvv", "[CVV]"),
    ("expiry", "[EXPIRY]"),
    ("pin", "[PIN]"),
    ("code", "[CODE]"),
    ("password", "[PASSWORD]"),
    ("account", "[ACCOUNT]"),
    ("iban", "[IBAN]"),
    ("ssn", "[SSN]"),
    ("id", "[NATIONAL_ID]"),
    ("birth", "[BIRTH_DATE]"),
    ("address", "[ADDRESS]"),
    ("phone", "[PHONE]"),
    ("email", "[EMAIL]"),
];
/// A find that takes more words beside what is marked is wrong.
const MOST_WORDS_BESIDE: usize = 3;

/// A part of a turn's text that must go, or that looks alike and must stay.
struct Mark {
    bytes: Range<usize>,
    kind: String,
    must_go: bool,
}

struct MarkedTurn {
    role: Role,
    text: String,
    marks: Vec<Mark>,
}

/// A passage with the line that it begins on.
struct Passage {
    line: usize,
    turns: Vec<MarkedTurn>,
}

/// How many of how many.
#[derive(Default, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) hits: usize,
    pub(crate) all: usize,
}

impl Share {
    fn add(&mut self, is_hit: bool) {
        self.hits += usize::from(is_hit);
        self.all += 1;
    }

    /// The share from 0 to 1; of nothing, it is 1.
    #[expect(clippy::cast_precision_loss, reason = "a few hundred passages")]
    pub(crate) fn value(self) -> f64 {
        if self.all == 0 { 1.0 } else { self.hits as f64 / self.all as f64 }
    }
}

/// What became of the marks of a file.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) passages: usize,
    /// By kind: of what must go, what is gone.
    pub(crate) recall: BTreeMap<String, Share>,
    /// By kind: of what was redacted as that, what had to go.
    pub(crate) precision: BTreeMap<String, Share>,
    /// By kind: of what looks alike, what stayed.
    pub(crate) kept: BTreeMap<String, Share>,
    /// What is wrong, one line each.
    pub(crate) mistakes: Vec<String>,
}

/// Redacts each passage of a file and counts.
pub(crate) fn measure(file: &str, redact: impl Fn(Call) -> Call) -> Tally {
    let mut tally = Tally::default();
    for passage in passages(file) {
        tally.passages += 1;
        let turn = |turn: &MarkedTurn| Turn { role: turn.role, text: turn.text.clone(), start_ms: None, end_ms: None };
        let transcript = passage.turns.iter().map(turn).collect();
        let call = Call::new(OrgId::parse("acme").unwrap(), CallId::parse("passage").unwrap(), transcript);
        for (said, redacted) in passage.turns.iter().zip(redact(call).transcript) {
            tally.add(passage.line, said, &redacted.text);
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, line: usize, said: &MarkedTurn, redacted: &str) {
        let finds =
            finds(&said.text, redacted).unwrap_or_else(|| panic!("line {line}: {redacted:?} is not {:?}", said.text));
        for mark in &said.marks {
            let shown = said.text[mark.bytes.clone()].char_indices().filter(|(_, shown)| shown.is_alphanumeric());
            let is_covered = |offset: usize| finds.iter().any(|(_, find)| find.contains(&(mark.bytes.start + offset)));
            let mut shown = shown.map(|(offset, _)| is_covered(offset));
            let (is_right, shares) = if mark.must_go {
                (shown.all(|gone| gone), &mut self.recall)
            } else {
                (!shown.any(|gone| gone), &mut self.kept)
            };
            shares.entry(mark.kind.clone()).or_default().add(is_right);
            if !is_right {
                let what = if mark.must_go { "is left" } else { "is gone" };
                self.mistakes.push(format!(
                    "line {line}: {} {:?} {what}: {redacted}",
                    mark.kind,
                    &said.text[mark.bytes.clone()]
                ));
            }
        }
        for (kind, find) in finds {
            let overlaps = |mark: &&Mark| mark.bytes.start < find.end && find.start < mark.bytes.end;
            let marks: Vec<&Mark> = said.marks.iter().filter(overlaps).collect();
            let beside = said.text[find.clone()].split_whitespace().filter(|word| {
                let at = word.as_ptr() as usize - said.text.as_ptr() as usize;
                !marks.iter().any(|mark| mark.bytes.start < at + word.len() && at < mark.bytes.end)
            });
            let is_right = marks.iter().any(|mark| mark.must_go)
                && marks.iter().all(|mark| mark.must_go)
                && beside.count() <= MOST_WORDS_BESIDE;
            self.precision.entry(kind.to_owned()).or_default().add(is_right);
            if !is_right {
                self.mistakes.push(format!("line {line}: {kind} {:?} had to stay: {redacted}", &said.text[find]));
            }
        }
    }

    /// A share over all kinds.
    pub(crate) fn whole(shares: &BTreeMap<String, Share>) -> Share {
        shares
            .values()
            .fold(Share::default(), |sum, share| Share { hits: sum.hits + share.hits, all: sum.all + share.all })
    }

    /// The table by kind, in Markdown.
    pub(crate) fn report(&self) -> String {
        let mut table = "| kind | must go | gone | redacted as it | rightly |\n|---|---|---|---|---|\n".to_owned();
        let mut line = |name: &str, recall: Share, precision: Share| {
            writeln!(table, "| {name} | {} | {} | {} | {} |", recall.all, recall.hits, precision.all, precision.hits)
                .unwrap();
        };
        let of = |shares: &BTreeMap<String, Share>, kind: &str| shares.get(kind).copied().unwrap_or_default();
        for (kind, _) in KINDS {
            line(kind, of(&self.recall, kind), of(&self.precision, kind));
        }
        let (recall, precision) = (Self::whole(&self.recall), Self::whole(&self.precision));
        line("all", recall, precision);
        let kept = Self::whole(&self.kept);
        writeln!(
            table,
            "\n{} passages; recall {:.1} %, precision {:.1} %; {} of {} look-alikes stayed",
            self.passages,
            100.0 * recall.value(),
            100.0 * precision.value(),
            kept.hits,
            kept.all
        )
        .unwrap();
        table
    }
}

/// The passages of a file; its comment says how they are written.
fn passages(file: &str) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut is_open = false;
    for (number, line) in file.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        let (role, said) = line.split_once(": ").unwrap_or_else(|| panic!("line {}: no role", number + 1));
        let role = Role::parse(role).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        if !std::mem::replace(&mut is_open, true) {
            passages.push(Passage { line: number + 1, turns: Vec::new() });
        }
        passages.last_mut().unwrap().turns.push(marked(role, said));
    }
    passages
}

fn marked(role: Role, said: &str) -> MarkedTurn {
    let mut turn = MarkedTurn { role, text: String::new(), marks: Vec::new() };
    let mut rest = said;
    while let Some((before, after)) = rest.split_once('{') {
        // The braces of JSON are followed by a quotation mark.
        let marked = after.split_once('}').and_then(|(mark, next)| Some((mark.split_once(':')?, next)));
        let is_kind = |kind: &str| kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let Some(((kind, text), next)) = marked.filter(|((kind, _), _)| is_kind(kind)) else {
            turn.text.push_str(before);
            turn.text.push('{');
            rest = after;
            continue;
        };
        turn.text.push_str(before);
        let bytes = turn.text.len()..turn.text.len() + text.len();
        turn.text.push_str(text);
        let must_go = !kind.starts_with('-');
        let kind = kind.trim_start_matches('-').to_owned();
        assert!(!must_go || KINDS.iter().any(|(known, _)| *known == kind), "{said}: unknown kind");
        turn.marks.push(Mark { bytes, kind, must_go });
        rest = next;
    }
    turn.text.push_str(rest);
    turn
}

/// What was redacted of a text, as what; `None` if the one text is not the other with placeholders in it.
fn finds(original: &str, redacted: &str) -> Option<Vec<(&'static str, Range<usize>)>> {
    let next =
        KINDS.iter().filter_map(|(kind, placeholder)| Some((redacted.find(placeholder)?, *kind, placeholder.len())));
    let Some((at, kind, length)) = next.min() else { return (original == redacted).then(Vec::new) };
    let rest = original.strip_prefix(&redacted[..at])?;
    let after = &redacted[at + length..];
    // The shortest find that the rest fits.
    let ends = rest.char_indices().skip(1).map(|(end, _)| end).chain([rest.len()]);
    ends.filter(|end| *end > 0).find_map(|end| {
        let found = finds(&rest[end..], after)?;
        let later = found.into_iter().map(|(kind, find)| (kind, at + end + find.start..at + end + find.end));
        Some([(kind, at..at + end)].into_iter().chain(later).collect())
    })
}
