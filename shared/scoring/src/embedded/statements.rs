//! What can be said of a signal: a sentence about what was observed, and for faults what to do instead.
//!
//! A signal without a statement is weighed and never said: it is right often enough to move a score and not often enough to be held
//! against anybody. One that is not clear in a call is at most named as a weak sign, by its label.
//!
//! **Invariant:** a statement claims no more than its quote shows, and advice speaks of this call's own words: `{quote}` is what
//! was said, `{before}` what the other side said before it, `{times}` once, twice or 3 times, `{count}` a number.

use domain::Role::{self, Agent, Customer};

use super::signals::Signal;

/// The label of what is too grave to be named as a weak sign.
const GRAVE: &str = "";

/// What can be said of a signal.
pub(super) struct Statement {
    signal: Signal,
    /// Who shows it.
    pub(super) role: Role,
    /// What it is, in a few words, where it is weighed and not clear; empty where it is too grave to be named then.
    label: &'static str,
    /// The sentence that says what was observed.
    pub(super) said: &'static str,
    /// The sentence that says what to do instead; `None` for what should stay as it is.
    pub(super) advice: Option<&'static str>,
}

const fn said(signal: Signal, role: Role, label: &'static str, said: &'static str) -> Statement {
    Statement { signal, role, label, said, advice: None }
}

const fn advised(
    signal: Signal,
    role: Role,
    label: &'static str,
    said: &'static str,
    advice: &'static str,
) -> Statement {
    Statement { signal, role, label, said, advice: Some(advice) }
}

impl Statement {
    /// What the signal is, in a few words, where it is weighed and not clear; `None` where it is too grave to be named then.
    pub(super) fn weak_sign(&self) -> Option<&'static str> {
        (self.label != GRAVE).then_some(self.label)
    }
}

#[rustfmt::skip] // One line a statement, and its advice below it.
const STATEMENTS: &[Statement] = &[
    // Opening and closing.
    said(Signal::Greets, Agent, "an opening with a greeting", "The agent opens the call with {quote}."),
    said(Signal::IntroducesSelf, Agent, "a name at the start", "The agent says who is speaking: {quote}."),
    said(Signal::OffersFurtherHelp, Agent, "a question whether anything is left", "The agent asks whether anything is left to do: {quote}."),
    said(Signal::SaysGoodbye, Agent, "a goodbye", "The agent closes the call with {quote}."),
    // What was measured.
    advised(Signal::Interrupts, Agent, "speaking before the customer has ended", "The agent begins to speak before the customer has ended {times}, first with {quote}.",
        "Let the customer end before {quote}."),
    advised(Signal::Monologue, Agent, "a long speech", "The agent speaks for {count} seconds without the customer, from {quote} on.",
        "Stop in what begins with {quote} and ask whether the customer is with you."),
    advised(Signal::FastPace, Agent, "a fast pace", "The agent speaks {count} words a minute, as in {quote}.",
        "Speak more slowly where it goes as fast as in {quote}."),
    said(Signal::SlowPace, Agent, "a slow pace", "The agent speaks only {count} words a minute, as in {quote}."),
    advised(Signal::LongWinded, Agent, "a long answer", "One answer of the agent runs to {count} words, beginning with {quote}.",
        "Take what begins with {quote} apart and let the customer answer in between."),
    said(Signal::AsksToRepeat, Agent, "asking to say it again", "The agent asks the customer to say it again {times}, as in {quote}."),
    advised(Signal::AgentRepeats, Agent, "saying the same again", "The agent says nearly the same again {times}, as in {quote}.",
        "{quote} has been said before; answer what the customer said in between."),
    // What an utterance of the agent does.
    said(Signal::GetsDone, Agent, "something done or found out", "Something is done or found out for the customer: {quote}."),
    said(Signal::Commits, Agent, "a definite commitment", "The agent commits to something definite: {quote}."),
    said(Signal::Explains, Agent, "an explanation", "The agent explains the matter: {quote}."),
    said(Signal::AsksWhatMatters, Agent, "a question about the matter", "The agent asks about the matter: {quote}."),
    said(Signal::ConfirmsUnderstanding, Agent, "checking what was understood", "The agent checks what was understood: {quote}."),
    said(Signal::Discloses, Agent, "openness on costs, risks or conditions", "The agent says openly what the customer should know: {quote}."),
    said(Signal::Protects, Agent, "care for a risk", "The agent takes care of a risk to the customer: {quote}."),
    said(Signal::RefusesWithGround, Agent, "a no with its ground", "The agent says no and gives the ground: {quote}."),
    said(Signal::FindsAnotherWay, Agent, "another way", "The agent offers another way: {quote}."),
    said(Signal::AcknowledgesCircumstance, Agent, "notice of how things are for the customer", "The agent takes notice of how things are for the customer: {quote}."),
    said(Signal::OwnsFault, Agent, "responsibility for a fault", "The agent takes responsibility for a fault: {quote}."),
    advised(Signal::StaysVague, Agent, "an open end", "The agent leaves open what happens and when: {quote}.",
        "Put a day, a name or a next step in place of {quote}."),
    advised(Signal::RefusesFlatly, Agent, "a no without a way out", "The agent says no without a way out: {quote}.",
        "Say with {quote} why it is so, and what is possible instead."),
    advised(Signal::BrushesAside, Agent, "setting something aside", "The agent sets aside what the customer says: {quote}.",
        "Take up {before} before anything else; {quote} sets it aside."),
    advised(Signal::Evades, Agent, "a question not answered", "The agent does not answer what was asked: {quote}.",
        "Answer {before}, or say by when there will be an answer; {quote} leaves it open."),
    advised(Signal::Presses, Agent, GRAVE, "The agent presses for a decision: {quote}.",
        "Leave the decision with the customer where {quote} presses for it."),
    advised(Signal::Misleads, Agent, "something that should be checked", "The agent says something that should be checked: {quote}.",
        "Have {quote} checked; if it is not so, the customer has to be told."),
    advised(Signal::Threatens, Agent, GRAVE, "The agent holds consequences out to the customer: {quote}.",
        "Say what the customer can do, and leave out {quote}."),
    advised(Signal::Insults, Agent, GRAVE, "The agent speaks down to the customer: {quote}.",
        "Leave out {quote} and answer {before}."),
    advised(Signal::SaysAgain, Agent, "coming back to what was said", "The agent comes back to what was said before: {quote}.",
        "{before} had been said; go on from there instead of {quote}."),
    advised(Signal::PassesOver, Agent, "going past what the customer mentions", "The agent goes past what the customer mentions: {quote}.",
        "Come back to {before}; {quote} goes past it."),
    advised(Signal::SendsElsewhere, Agent, "sending elsewhere", "The agent sends the customer elsewhere: {quote}.",
        "Pass the matter on yourself, with what the customer has told you, instead of {quote}."),
    // What an utterance of the customer does.
    said(Signal::CustomerRelieved, Customer, "relief of the customer", "The customer is relieved: {quote}."),
    said(Signal::CustomerPleased, Customer, "approval of the customer", "The customer shows approval: {quote}."),
    said(Signal::CustomerAgrees, Customer, "agreement of the customer", "The customer agrees: {quote}."),
    said(Signal::CustomerObjects, Customer, "disagreement of the customer", "The customer disagrees or says no: {quote}."),
    said(Signal::CustomerComplains, Customer, "a complaint", "The customer complains: {quote}."),
    said(Signal::CustomerSaysAgain, Customer, "the customer having to say it again", "The customer has to say something again: {quote}."),
    said(Signal::CustomerPutsRight, Customer, "the customer putting something right", "The customer puts something right: {quote}."),
    advised(Signal::CustomerResigned, Customer, "the customer giving up", "The customer gives up: {quote}.",
        "Do not let the call end on {quote}; say what is still possible, or who will see to it and when."),
    said(Signal::CustomerAngry, Customer, "anger of the customer", "The customer shows anger: {quote}."),
    said(Signal::CustomerThreatensToLeave, Customer, "talk of leaving or complaining", "The customer speaks of leaving, complaining or going to law: {quote}."),
    // What the record of the call contradicts.
    advised(Signal::ClaimsWithoutTool, Agent, "a claim that no tool backs", "The agent says that it is done, and no tool has done it: {quote}.",
        "Say {quote} only after the tool has done it, and what happens instead when it fails."),
    advised(Signal::AsksAnsweredAgain, Agent, "asking for what was given", "The agent asks again {times} for what the customer has given, as in {quote}.",
        "Keep what was given on the first asking, and leave out {quote}."),
];

/// What can be said of the signal; `None` for what is only weighed.
pub(super) fn statement(signal: Signal) -> Option<&'static Statement> {
    STATEMENTS.iter().find(|statement| statement.signal == signal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_signal_has_two_statements() {
        for one in STATEMENTS {
            assert_eq!(STATEMENTS.iter().filter(|other| other.signal == one.signal).count(), 1, "{:?}", one.signal);
        }
    }

    #[test]
    fn every_text_is_one_sentence_about_a_quote_and_holds_no_words_of_its_own_to_say() {
        for text in STATEMENTS.iter().flat_map(|one| [Some(one.said), one.advice]).flatten() {
            assert_eq!(text.matches("{quote}").count(), 1, "{text}");
            assert!(
                text.ends_with('.') && text.starts_with(|first: char| first.is_uppercase() || first == '{'),
                "{text}"
            );
            assert!(!text.contains(". ") && !text.contains("  ") && !text.contains('“'), "{text}");
        }
    }
}
