//! What is said of each signal: a sentence that tells what was observed, and for what should change, one that advises.
//!
//! **Invariant:** each text is one sentence that stays grammatical whatever is put in for `{quote}` (a quote with its turn),
//! `{times}` (once, twice, 3 times) and `{count}` (a number above one).

use domain::Role::{self, Agent, Customer};

use super::signals::Signal;

/// Who shows a signal, and the sentence that tells what was observed, in the order of [`Signal::ALL`].
const OBSERVATIONS: &[(Signal, Role, &str)] = &[
    (Signal::Greets, Agent, "The agent greets the customer with {quote}."),
    (Signal::Introduces, Agent, "The agent says who is speaking: {quote}."),
    (Signal::OffersHelp, Agent, "The agent offers help right away with {quote}."),
    (Signal::OffersMore, Agent, "The agent asks whether anything is left to do: {quote}."),
    (Signal::SaysGoodbye, Agent, "The agent closes the call politely with {quote}."),
    (Signal::NoGreeting, Agent, "The agent begins without a greeting or an introduction: {quote}."),
    (Signal::NoGoodbye, Agent, "The agent ends without thanks or a goodbye; the last words are {quote}."),
    (Signal::Courteous, Agent, "The agent stays courteous, as in {quote}."),
    (Signal::Reassures, Agent, "The agent reassures the customer with {quote}."),
    (Signal::Warm, Agent, "The agent adds a personal note with {quote}."),
    (Signal::Signposts, Agent, "The agent explains the order of things or the reason for them, as in {quote}."),
    (Signal::Rude, Agent, "The agent is rude {times}, as in {quote}."),
    (Signal::Dismisses, Agent, "The agent turns the customer away {times}, as in {quote}."),
    (Signal::Blames, Agent, "The agent puts the blame on the customer with {quote}."),
    (Signal::Hesitates, Agent, "The agent uses filler words {times}, as in {quote}."),
    (Signal::Slang, Agent, "The agent slips into casual language {times}, as in {quote}."),
    (Signal::Hedges, Agent, "The agent sounds unsure {times}, as in {quote}."),
    (Signal::LongWinded, Agent, "One answer of the agent runs to {count} words, beginning with {quote}."),
    (Signal::Monologue, Agent, "The agent speaks for {count} seconds without the customer, from {quote} on."),
    (Signal::Hasty, Agent, "The agent speaks {count} words a minute, which is hard to follow in {quote}."),
    (Signal::Sluggish, Agent, "The agent speaks only {count} words a minute, as in {quote}."),
    (Signal::Acknowledges, Agent, "The agent shows that the customer was heard, as in {quote}."),
    (Signal::TakesUp, Agent, "The agent takes up what the customer said, as in {quote}."),
    (Signal::Interrupts, Agent, "The agent interrupts the customer {times}, first with {quote}."),
    (Signal::Dominates, Agent, "The agent does {count} percent of the talking, much of it in {quote}."),
    (Signal::AsksToRepeat, Agent, "The agent asks the customer to say it again {times}, as in {quote}."),
    (Signal::RepeatsItself, Agent, "The agent says the same thing again {times}, as in {quote}."),
    (Signal::CustomerRepeats, Customer, "The customer has to repeat something {times}, as in {quote}."),
    (Signal::CustomerCorrects, Customer, "The customer has to put something right {times}, as in {quote}."),
    (Signal::CustomerConfused, Customer, "The customer does not follow: {quote}."),
    (Signal::Asks, Agent, "The agent asks for what is needed, as in {quote}."),
    (Signal::AsksNothing, Agent, "The agent asks the customer no question and begins with {quote}."),
    (Signal::AsksFirst, Agent, "The agent asks before proposing anything: {quote}."),
    (Signal::ProposesFirst, Agent, "The agent proposes something before asking what is needed: {quote}."),
    (Signal::ReadsBack, Agent, "The agent checks what was understood with {quote}."),
    (Signal::Proposes, Agent, "The agent puts forward a way to go, as in {quote}."),
    (Signal::TakesOwnership, Agent, "The agent takes the matter in hand with {quote}."),
    (Signal::Delivers, Agent, "The agent gets something done for the customer: {quote}."),
    (Signal::Refuses, Agent, "The agent has to say no {times}, as in {quote}."),
    (Signal::OffersAlternative, Agent, "The agent pairs a no with another way, as in {quote}."),
    (Signal::RefusesFlatly, Agent, "The agent says no without another way {times}, as in {quote}."),
    (Signal::PassesOn, Agent, "The agent sends the customer elsewhere with {quote}."),
    (Signal::Apologises, Agent, "The agent apologises {times}, as in {quote}."),
    (Signal::DoesNotKnow, Agent, "The agent has no answer {times}, as in {quote}."),
    (Signal::Answers, Agent, "The agent answers what the customer asks, as in {quote}."),
    (Signal::LeavesOpen, Agent, "A question of the customer stays open: {quote}."),
    (Signal::SlowToAnswer, Agent, "The customer waits {count} seconds before the agent goes on with {quote}."),
    (Signal::CustomerChases, Customer, "The customer has to ask whether anything is happening: {quote}."),
    (Signal::MeetsDistress, Agent, "The agent responds to how the customer feels with {quote}."),
    (
        Signal::IgnoresDistress,
        Agent,
        "The customer shows displeasure that the agent does not address: \
                                            {quote}.",
    ),
    (Signal::MeetsObjection, Agent, "The agent answers an objection with substance: {quote}."),
    (Signal::IgnoresObjection, Agent, "An objection of the customer is not met: {quote}."),
    (Signal::CustomerAccepts, Customer, "The customer agrees to what is offered with {quote}."),
    (Signal::CustomerRejects, Customer, "The customer turns things down {times}, as in {quote}."),
    (Signal::CustomerNegates, Customer, "The customer answers with a negative {times}, as in {quote}."),
    (Signal::CustomerThanks, Customer, "The customer expresses thanks with {quote}."),
    (Signal::NothingLeft, Customer, "The customer says that nothing is left to do: {quote}."),
    (Signal::GivesUp, Customer, "The customer gives up or asks for somebody else: {quote}."),
    (Signal::EndsPleased, Customer, "The customer sounds content towards the end, as in {quote}."),
    (Signal::EndsDispleased, Customer, "The customer sounds unhappy towards the end, as in {quote}."),
    (Signal::SoundsPleased, Customer, "On balance the customer sounds pleased, most of all in {quote}."),
    (Signal::SoundsDispleased, Customer, "On balance the customer sounds displeased, most of all in {quote}."),
    (Signal::EndsRefused, Agent, "The call ends on a no or an apology that nothing makes good: {quote}."),
    (Signal::Resolved, Agent, "By the end the agent has it done: {quote}."),
    (Signal::Unresolved, Agent, "What the agent cannot do is left at that: {quote}."),
    (Signal::StillAsks, Agent, "The agent is still asking late in the call, as in {quote}."),
    (Signal::AsksMuch, Agent, "The agent asks one question after another, as in {quote}."),
    (Signal::Counters, Agent, "The agent meets a question of the customer with another question: {quote}."),
    (Signal::EndsAsking, Customer, "The customer is still asking at the end: {quote}."),
    (Signal::CustomerDeclines, Customer, "The customer answers the agent with a no {times}, as in {quote}."),
    (Signal::CustomerReserved, Customer, "The customer agrees with reserve only, as in {quote}."),
    (Signal::Enthused, Customer, "The customer is delighted in the course of the call, as in {quote}."),
    (Signal::StaysPleased, Customer, "The customer stays in good spirits, as in {quote}."),
];

/// What to do or say instead, for the signals of what should change.
const ADVICE: &[(Signal, &str)] = &[
    (
        Signal::NoGreeting,
        "Instead of beginning with {quote}, greet the customer first, for example “Good morning, thank you for \
         calling, how can I help you today?”.",
    ),
    (
        Signal::NoGoodbye,
        "After {quote}, close the call in so many words, for example “Thank you for calling today, and have a good \
         day”.",
    ),
    (
        Signal::Rude,
        "Replace {quote} with words that stay calm and respectful, for example “I want to get this right for you, \
         let us go through it together”.",
    ),
    (
        Signal::Dismisses,
        "Instead of {quote}, say what is possible, for example “Let me see what I can do about that for you”.",
    ),
    (
        Signal::Blames,
        "Instead of {quote}, speak of the matter and not of the person, for example “Let us look at what happened \
         and set it right”.",
    ),
    (
        Signal::Hesitates,
        "Pause in silence where fillers such as {quote} come up, for example after “Let me check that”.",
    ),
    (Signal::Slang, "Put {quote} in neutral words, for example “Yes, I am going to do that for you now”."),
    (
        Signal::Hedges,
        "Replace the doubt in {quote} with what is certain, for example “I will check that and tell you exactly”.",
    ),
    (
        Signal::LongWinded,
        "Break up the long answer that begins with {quote} and check in between, for example “Does that make sense \
         so far?”.",
    ),
    (
        Signal::Monologue,
        "Pause during the stretch that begins with {quote} and hand over, for example “Before I go on, is that \
         what you need?”.",
    ),
    (Signal::Hasty, "Slow down in passages such as {quote} and check, for example “Am I going too fast for you?”."),
    (
        Signal::Sluggish,
        "Keep the pace up in passages such as {quote}, and say what takes time, for example “This needs a moment \
         to load”.",
    ),
    (
        Signal::Interrupts,
        "Let the customer finish before {quote}, then show that you listened, for example “Thank you, I have noted \
         that”.",
    ),
    (
        Signal::Dominates,
        "Leave the customer more room after passages such as {quote}, for example with “What matters most to you \
         here?”.",
    ),
    (
        Signal::AsksToRepeat,
        "Rather than {quote}, say what you did understand, for example “I have the first part, what came after \
         it?”.",
    ),
    (
        Signal::RepeatsItself,
        "Rather than saying {quote} again, move the conversation on, for example “Let us look at it from another \
         side, what matters most to you?”.",
    ),
    (
        Signal::CustomerRepeats,
        "Confirm a request the first time so that {quote} need not be said again, for example “Let me make sure I \
         have that right”.",
    ),
    (
        Signal::CustomerCorrects,
        "Read details back before acting on them, which would have spared the customer {quote}, for example “So \
         that I get it right, you would like”, followed by the request.",
    ),
    (
        Signal::CustomerConfused,
        "When the customer does not follow, as in {quote}, explain it in other and shorter words, for example “In \
         short, it means this for you”.",
    ),
    (
        Signal::AsksNothing,
        "Instead of going straight to {quote}, ask what the customer needs, for example “What would you like to \
         achieve today?”.",
    ),
    (Signal::ProposesFirst, "Ask before proposing {quote}, for example “What is most important to you in this?”."),
    (
        Signal::RefusesFlatly,
        "Follow {quote} at once with what is possible, for example “What I can do for you instead is this”, and \
         name it.",
    ),
    (
        Signal::PassesOn,
        "Instead of {quote}, keep the matter in your hands, for example “I will arrange that for you and let you \
         know”.",
    ),
    (
        Signal::Apologises,
        "After an apology such as {quote}, turn to the remedy, for example “Here is what I am doing about it \
         right now”.",
    ),
    (
        Signal::DoesNotKnow,
        "Instead of leaving it at {quote}, find out, for example “Let me find that out for you, it takes a minute”.",
    ),
    (
        Signal::LeavesOpen,
        "Answer {quote} before anything else, or say when the answer will come, for example “I will have that for \
         you in a minute”.",
    ),
    (
        Signal::SlowToAnswer,
        "Fill the wait before {quote} with a word on what you are doing, for example “I am looking that up, it \
         takes a few seconds”.",
    ),
    (
        Signal::CustomerChases,
        "Tell the customer what is going on before {quote} has to be asked, for example “I am still with you, the \
         page is loading”.",
    ),
    (
        Signal::IgnoresDistress,
        "Respond to the feeling in {quote} before the facts, for example “I am sorry about that, I can see why it \
         bothers you”.",
    ),
    (
        Signal::IgnoresObjection,
        "Take up the objection in {quote} and ask what lies behind it, for example “I understand, what would make \
         it work for you?”.",
    ),
    (
        Signal::CustomerRejects,
        "After a refusal such as {quote}, ask what was missing before proposing again, for example “What should it \
         have that this one lacks?”.",
    ),
    (
        Signal::GivesUp,
        "Do not let the call end on {quote}; offer one concrete next step, for example “Give me two more minutes \
         and I will sort this out with you”.",
    ),
    (
        Signal::EndsDispleased,
        "Take up {quote} before closing and ask what is still missing, for example “What can I do to make this \
         right for you?”.",
    ),
    (
        Signal::SoundsDispleased,
        "Name what you hear in {quote} and say what you will do about it, for example “That is not how it should \
         be, and I will take care of it”.",
    ),
];

/// Who shows the signal.
pub(super) const fn shown_by(signal: Signal) -> Role {
    OBSERVATIONS[signal as usize].1
}

/// Whether the signal is the customer's mood, which says how the call went and not why.
pub(super) const fn is_mood(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::CustomerThanks
            | Signal::CustomerNegates
            | Signal::EndsPleased
            | Signal::EndsDispleased
            | Signal::SoundsPleased
            | Signal::SoundsDispleased
    )
}

/// The sentence that tells what was observed.
pub(super) const fn observation(signal: Signal) -> &'static str {
    OBSERVATIONS[signal as usize].2
}

/// The sentence that says what to do or say instead; `None` for what should stay as it is.
pub(super) fn advice(signal: Signal) -> Option<&'static str> {
    ADVICE.iter().find(|(advised, _)| *advised == signal).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_its_observation() {
        assert!(OBSERVATIONS.iter().map(|(signal, ..)| *signal).eq(Signal::ALL.iter().copied()));
    }

    #[test]
    fn every_text_is_one_sentence_with_one_quote() {
        let observations = OBSERVATIONS.iter().map(|(.., text)| *text);
        for text in observations.chain(ADVICE.iter().map(|(_, text)| *text)) {
            assert_eq!(text.matches("{quote}").count(), 1, "{text}");
            assert!(text.ends_with('.') && text.starts_with(|first: char| first.is_uppercase()), "{text}");
            assert!(!text.contains(". ") && !text.contains("  "), "{text}");
        }
    }

    #[test]
    fn advice_gives_words_to_say() {
        for (signal, advice) in ADVICE {
            let (before, words) = advice.split_once('“').unwrap();
            assert!(before.contains("for example") && words.contains('”'), "{signal:?}: {advice}");
        }
    }
}
