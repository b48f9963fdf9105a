//! The description of each signal: a sentence that says what was observed.
//!
//! **Invariant:** each text is one sentence that stays grammatical whatever is put in for `{quote}` (a quote with its
//! turn), `{times}` (once, twice, 3 times) and `{count}` (a number above one).

use domain::Role::{self, Agent, Customer};

use super::signals::Signal;

/// The role that shows a signal, and the sentence that says what was observed, in the order of [`Signal::ALL`].
const DESCRIPTIONS: &[(Signal, Role, &str)] = &[
    (Signal::Greets, Agent, "The agent greets the customer with {quote}."),
    (Signal::IntroducesSelf, Agent, "The agent says who is speaking: {quote}."),
    (Signal::OffersHelp, Agent, "The agent offers help right away with {quote}."),
    (Signal::OffersFurtherHelp, Agent, "The agent asks whether anything is left to do: {quote}."),
    (Signal::SaysGoodbye, Agent, "The agent closes the call politely with {quote}."),
    (Signal::NoGreeting, Agent, "The agent begins without a greeting or an introduction: {quote}."),
    (Signal::NoGoodbye, Agent, "The agent ends without thanks or a goodbye; the last words are {quote}."),
    (Signal::Courteous, Agent, "The agent stays courteous, as in {quote}."),
    (Signal::Reassures, Agent, "The agent reassures the customer with {quote}."),
    (Signal::AddsPersonalNote, Agent, "The agent adds a personal note with {quote}."),
    (Signal::Signposts, Agent, "The agent explains the order of things or the reason for them, as in {quote}."),
    (Signal::Rude, Agent, "The agent is rude {times}, as in {quote}."),
    (Signal::DismissesCustomer, Agent, "The agent turns the customer away {times}, as in {quote}."),
    (Signal::BlamesCustomer, Agent, "The agent puts the blame on the customer with {quote}."),
    (Signal::UsesFillerWords, Agent, "The agent uses filler words {times}, as in {quote}."),
    (Signal::UsesSlang, Agent, "The agent slips into casual language {times}, as in {quote}."),
    (Signal::Hedges, Agent, "The agent sounds unsure {times}, as in {quote}."),
    (Signal::LongWinded, Agent, "One answer of the agent runs to {count} words, beginning with {quote}."),
    (Signal::Monologue, Agent, "The agent speaks for {count} seconds without the customer, from {quote} on."),
    (Signal::FastPace, Agent, "The agent speaks {count} words a minute, which is hard to follow in {quote}."),
    (Signal::SlowPace, Agent, "The agent speaks only {count} words a minute, as in {quote}."),
    (Signal::Acknowledges, Agent, "The agent shows that the customer was heard, as in {quote}."),
    (Signal::EchoesCustomer, Agent, "The agent takes up what the customer said, as in {quote}."),
    (Signal::Interrupts, Agent, "The agent interrupts the customer {times}, first with {quote}."),
    (Signal::DominatesTalkTime, Agent, "The agent does {count} percent of the talking, much of it in {quote}."),
    (Signal::AsksToRepeat, Agent, "The agent asks the customer to say it again {times}, as in {quote}."),
    (Signal::AgentRepeats, Agent, "The agent says the same thing again {times}, as in {quote}."),
    (Signal::CustomerRepeats, Customer, "The customer has to repeat something {times}, as in {quote}."),
    (Signal::CustomerCorrects, Customer, "The customer has to put something right {times}, as in {quote}."),
    (Signal::CustomerConfused, Customer, "The customer does not follow: {quote}."),
    (Signal::AsksQuestions, Agent, "The agent asks for what is needed, as in {quote}."),
    (Signal::AsksNoQuestions, Agent, "The agent asks the customer nothing about the matter and begins with {quote}."),
    (Signal::AsksBeforeProposing, Agent, "The agent asks before proposing anything: {quote}."),
    (Signal::ProposesBeforeAsking, Agent, "The agent proposes something before asking what is needed: {quote}."),
    (Signal::ReadsBack, Agent, "The agent checks what was understood with {quote}."),
    (Signal::Proposes, Agent, "The agent puts forward a way to go, as in {quote}."),
    (Signal::TakesOwnership, Agent, "The agent takes the matter in hand with {quote}."),
    (Signal::CompletesRequest, Agent, "The agent gets something done for the customer: {quote}."),
    (Signal::Refuses, Agent, "The agent has to say no {times}, as in {quote}."),
    (Signal::OffersAlternative, Agent, "The agent pairs a no with another way, as in {quote}."),
    (Signal::RefusesWithoutAlternative, Agent, "The agent says no without another way {times}, as in {quote}."),
    (Signal::RefersElsewhere, Agent, "The agent sends the customer elsewhere with {quote}."),
    (Signal::Apologises, Agent, "The agent apologises {times}, as in {quote}."),
    (Signal::LacksKnowledge, Agent, "The agent has no answer {times}, as in {quote}."),
    (Signal::RepliesToQuestions, Agent, "The agent answers what the customer asks, as in {quote}."),
    (Signal::LeavesQuestionsOpen, Agent, "A question of the customer stays open: {quote}."),
    (Signal::SlowToReply, Agent, "The customer waits {count} seconds before the agent goes on with {quote}."),
    (Signal::CustomerAsksForStatus, Customer, "The customer has to ask whether anything is happening: {quote}."),
    (Signal::AddressesDistress, Agent, "The agent responds to how the customer feels with {quote}."),
    (
        Signal::IgnoresDistress,
        Agent,
        "The customer shows displeasure that the agent does not address: \
                                            {quote}.",
    ),
    (Signal::AddressesObjection, Agent, "The agent answers an objection with substance: {quote}."),
    (Signal::IgnoresObjection, Agent, "An objection of the customer is not met: {quote}."),
    (Signal::CustomerAccepts, Customer, "The customer agrees to what is offered with {quote}."),
    (Signal::CustomerRejects, Customer, "The customer turns things down {times}, as in {quote}."),
    (Signal::CustomerUsesNegations, Customer, "The customer answers with a negative {times}, as in {quote}."),
    (Signal::CustomerThanks, Customer, "The customer expresses thanks with {quote}."),
    (Signal::CustomerNeedsNothingElse, Customer, "The customer says that nothing is left to do: {quote}."),
    (Signal::CustomerGivesUp, Customer, "The customer gives up or asks for somebody else: {quote}."),
    (Signal::PositiveEnding, Customer, "The customer sounds content towards the end, as in {quote}."),
    (Signal::NegativeEnding, Customer, "The customer sounds unhappy towards the end, as in {quote}."),
    (Signal::PositiveSentiment, Customer, "On balance the customer sounds pleased, most of all in {quote}."),
    (Signal::NegativeSentiment, Customer, "On balance the customer sounds displeased, most of all in {quote}."),
    (Signal::EndsWithRefusal, Agent, "Towards the end the agent still says no or sorry, as in {quote}."),
    (Signal::Resolved, Agent, "The last word on the matter is that it is done: {quote}."),
    (Signal::Unresolved, Agent, "The agent leaves the customer with a no: {quote}."),
    (Signal::AgentStillAsking, Agent, "The agent is still asking late in the call, as in {quote}."),
    (Signal::AsksManyQuestions, Agent, "The agent asks one question after the other, as in {quote}."),
    (Signal::RepliesWithQuestion, Agent, "The agent meets a question of the customer with another question: {quote}."),
    (Signal::CustomerStillAsking, Customer, "The customer is still asking at the end: {quote}."),
    (Signal::CustomerDeclines, Customer, "The customer answers the agent with a no {times}, as in {quote}."),
    (Signal::CustomerHesitant, Customer, "The customer sounds hesitant {times}, as in {quote}."),
    (Signal::CustomerDelighted, Customer, "The customer is delighted later in the call, as in {quote}."),
    (Signal::SustainedPositiveSentiment, Customer, "The customer sounds pleased {times}, as in {quote}."),
    (Signal::EndsAbruptly, Agent, "The call breaks off without thanks or a goodbye of either side: {quote}."),
    (Signal::CustomerLeftWithoutResult, Customer, "The customer has to conclude that nothing comes of it: {quote}."),
    (Signal::Empathises, Agent, "The agent finds words for how things are for the customer: {quote}."),
    (Signal::UsesJargon, Agent, "The agent uses terms of the trade {times}, as in {quote}."),
    (Signal::RepliesVaguely, Agent, "The agent answers a question vaguely: {quote}."),
    (Signal::RepliesSpecifically, Agent, "The agent answers with times, amounts or numbers, as in {quote}."),
    (Signal::InformationOverload, Agent, "The agent puts {count} things into one breath, beginning with {quote}."),
    (Signal::Summarises, Agent, "The agent sums up what was agreed: {quote}."),
    (Signal::PressuresCustomer, Agent, "The agent meets a doubt with praise or pressure: {quote}."),
    (Signal::UsesExclamations, Agent, "The agent speaks with spirit, as in {quote}."),
    (Signal::UsesPositiveWords, Agent, "The agent finds friendly words, as in {quote}."),
    (Signal::ExplainsAtLength, Agent, "The agent explains at some length, as in {quote}."),
    (Signal::UsesNegations, Agent, "The agent puts things in the negative {times}, as in {quote}."),
    (Signal::RepliesNo, Agent, "The agent answers a question of the customer with a no: {quote}."),
    (Signal::RepeatsFurtherHelpOffer, Agent, "The agent asks once more whether anything is left: {quote}."),
    (Signal::CustomerUsesExclamations, Customer, "The customer speaks with spirit, as in {quote}."),
    (Signal::CustomerConfirms, Customer, "The customer goes along with what the agent says, as in {quote}."),
    (Signal::CustomerInterested, Customer, "The customer shows interest with {quote}."),
    (Signal::CustomerSaysGoodbye, Customer, "The customer takes leave politely with {quote}."),
    (Signal::CustomerChangesMind, Customer, "The customer has to change what was asked for {times}, as in {quote}."),
    (Signal::CustomerWantsAlternative, Customer, "The customer asks for something else {times}, as in {quote}."),
    (Signal::CustomerTerse, Customer, "The customer says only one word {times}, as in {quote}."),
];

/// The role that shows the signal.
#[expect(
    clippy::indexing_slicing,
    reason = "there is a row for each signal, in their order; a test holds the table to that"
)]
pub(super) const fn shown_by(signal: Signal) -> Role {
    DESCRIPTIONS[signal as usize].1
}

/// Whether the signal is the customer's sentiment, which says how the call went and not why.
pub(super) const fn is_sentiment(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::CustomerThanks
            | Signal::CustomerUsesNegations
            | Signal::PositiveEnding
            | Signal::CustomerDelighted
            | Signal::SustainedPositiveSentiment
            | Signal::CustomerDeclines
            | Signal::NegativeEnding
            | Signal::PositiveSentiment
            | Signal::NegativeSentiment
            | Signal::CustomerUsesExclamations
            | Signal::CustomerConfirms
            | Signal::CustomerInterested
            | Signal::CustomerSaysGoodbye
            | Signal::CustomerTerse
    )
}

/// The sentence that says what was observed.
#[expect(
    clippy::indexing_slicing,
    reason = "there is a row for each signal, in their order; a test holds the table to that"
)]
pub(super) const fn description(signal: Signal) -> &'static str {
    DESCRIPTIONS[signal as usize].2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_its_description() {
        assert!(DESCRIPTIONS.iter().map(|(signal, ..)| *signal).eq(Signal::ALL.iter().copied()));
    }

    #[test]
    fn every_text_is_one_sentence_with_one_quote() {
        for (.., text) in DESCRIPTIONS {
            assert_eq!(text.matches("{quote}").count(), 1, "{text}");
            assert!(text.ends_with('.') && text.starts_with(|first: char| first.is_uppercase()), "{text}");
            assert!(!text.contains(". ") && !text.contains("  "), "{text}");
        }
    }
}
