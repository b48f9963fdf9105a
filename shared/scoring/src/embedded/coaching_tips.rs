//! Coaching tips: what to do or say instead where a signal shows that something should change.
//!
//! **Invariant:** each text is one sentence with words to say, and stays grammatical whatever is put in for `{quote}`
//! (a quote with its turn).

use super::signals::Signal;

/// The signals of what should change, each with its coaching tip.
const COACHING_TIPS: &[(Signal, &str)] = &[
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
        Signal::DismissesCustomer,
        "Instead of {quote}, say what is possible, for example “Let me see what I can do about that for you”.",
    ),
    (
        Signal::BlamesCustomer,
        "Instead of {quote}, speak of the matter and not of the person, for example “Let us look at what happened \
         and set it right”.",
    ),
    (
        Signal::UsesFillerWords,
        "Pause in silence where fillers such as {quote} come up, for example after “Let me check that”.",
    ),
    (Signal::UsesSlang, "Put {quote} in neutral words, for example “Yes, I am going to do that for you now”."),
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
    (Signal::FastPace, "Slow down in passages such as {quote} and check, for example “Am I going too fast for you?”."),
    (
        Signal::SlowPace,
        "Keep the pace up in passages such as {quote}, and say what takes time, for example “This needs a moment \
         to load”.",
    ),
    (
        Signal::Interrupts,
        "Let the customer finish before {quote}, then show that you listened, for example “Thank you, I have noted \
         that”.",
    ),
    (
        Signal::DominatesTalkTime,
        "Leave the customer more room after passages such as {quote}, for example with “What matters most to you \
         here?”.",
    ),
    (
        Signal::AsksToRepeat,
        "Rather than {quote}, say what you did understand, for example “I have the first part, what came after \
         it?”.",
    ),
    (
        Signal::AgentRepeats,
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
        Signal::AsksNoQuestions,
        "Instead of going straight to {quote}, ask what the customer needs, for example “What would you like to \
         achieve today?”.",
    ),
    (
        Signal::ProposesBeforeAsking,
        "Ask before proposing {quote}, for example “What is most important to you in this?”.",
    ),
    (
        Signal::RefusesWithoutAlternative,
        "Follow {quote} at once with what is possible, for example “What I can do for you instead is this”, and \
         name it.",
    ),
    (
        Signal::RefersElsewhere,
        "Instead of {quote}, keep the matter in your hands, for example “I will arrange that for you and let you \
         know”.",
    ),
    (
        Signal::Apologises,
        "After an apology such as {quote}, turn to the remedy, for example “Here is what I am doing about it \
         right now”.",
    ),
    (
        Signal::LacksKnowledge,
        "Instead of leaving it at {quote}, find out, for example “Let me find that out for you, it takes a minute”.",
    ),
    (
        Signal::LeavesQuestionsOpen,
        "Answer {quote} before anything else, or say when the answer will come, for example “I will have that for \
         you in a minute”.",
    ),
    (
        Signal::SlowToReply,
        "Fill the wait before {quote} with a word on what you are doing, for example “I am looking that up, it \
         takes a few seconds”.",
    ),
    (
        Signal::CustomerAsksForStatus,
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
        Signal::CustomerGivesUp,
        "Do not let the call end on {quote}; offer one concrete next step, for example “Give me two more minutes \
         and I will sort this out with you”.",
    ),
    (
        Signal::NegativeEnding,
        "Take up {quote} before closing and ask what is still missing, for example “What can I do to make this \
         right for you?”.",
    ),
    (
        Signal::NegativeSentiment,
        "Name what you hear in {quote} and say what you will do about it, for example “That is not how it should \
         be, and I will take care of it”.",
    ),
    (
        Signal::EndsWithRefusal,
        "Do not leave the customer with {quote}; add what happens next, for example “Here is what I can do, and by \
         when”.",
    ),
    (
        Signal::Unresolved,
        "After {quote}, say who will solve it and by when, for example “I will find a way and call you back by \
         tomorrow”.",
    ),
    (
        Signal::AgentStillAsking,
        "Ask what you need at the start rather than as late as {quote}, for example “Before I begin, may I ask you \
         three things?”.",
    ),
    (
        Signal::AsksManyQuestions,
        "Say why you ask when questions follow each other as in {quote}, for example “I have two more questions, \
         then I can book it”.",
    ),
    (
        Signal::RepliesWithQuestion,
        "Answer the customer's question first and ask {quote} after that, for example “Yes, that is possible”, \
         followed by your question.",
    ),
    (
        Signal::CustomerStillAsking,
        "Do not end the call on {quote}; answer it, and check, for example “Does that answer your question?”.",
    ),
    (
        Signal::CustomerDeclines,
        "When the customer says {quote}, find out what was expected before going on, for example “What would suit \
         you better?”.",
    ),
    (
        Signal::CustomerHesitant,
        "Take up the doubt in {quote}, for example “You do not sound sure yet, what would help you decide?”.",
    ),
    (
        Signal::CustomerLeftWithoutResult,
        "Do not leave it at {quote}; name a way that is open, for example “Here is what we can still do today”.",
    ),
    (
        Signal::UsesJargon,
        "Say {quote} in everyday words, for example “In short, your seat is safe and there is nothing to pay”.",
    ),
    (
        Signal::RepliesVaguely,
        "Put a time or a fact in place of {quote}, for example “I will call you by four, whether it is ready or not”.",
    ),
    (
        Signal::InformationOverload,
        "Take what begins with {quote} apart, one thing at a time, for example “There are two ways, the quicker one is this”.",
    ),
    (
        Signal::PressuresCustomer,
        "Instead of {quote}, take the doubt up and answer it with a fact, for example “You are not tied in, it ends with a \
         month's notice”.",
    ),
];

/// The coaching tip for a signal; `None` for what should stay as it is.
pub(super) fn coaching_tip(signal: Signal) -> Option<&'static str> {
    COACHING_TIPS.iter().find(|(own, _)| *own == signal).map(|(_, tip)| *tip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_coaching_tip_is_one_sentence_with_one_quote_and_words_to_say() {
        for (signal, text) in COACHING_TIPS {
            assert_eq!(text.matches("{quote}").count(), 1, "{signal:?}: {text}");
            assert!(text.ends_with('.') && text.starts_with(|first: char| first.is_uppercase()), "{signal:?}: {text}");
            assert!(!text.contains(". ") && !text.contains("  ") && !text.contains("{times}"), "{signal:?}: {text}");
            let (before, words) = text.split_once('“').unwrap();
            assert!(before.contains("for example") && words.contains('”'), "{signal:?}: {text}");
        }
    }

    #[test]
    fn no_signal_has_two_coaching_tips() {
        let firsts = COACHING_TIPS.iter().map(|(signal, text)| (coaching_tip(*signal), *text));
        assert!(firsts.into_iter().all(|(first, text)| first == Some(text)));
    }
}
