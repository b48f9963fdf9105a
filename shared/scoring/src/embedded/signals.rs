//! The signals: the kinds of observations that the embedded scorer looks for in a call.

macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// A kind of observation, good or bad; which of the two it is, the scorecard says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Signal {
            $($(#[$doc])* $name),*
        }

        impl Signal {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in explanations and evaluations.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

signals! {
    // Opening and closing.
    Greets, IntroducesSelf, OffersHelp, OffersFurtherHelp, SaysGoodbye, NoGreeting, NoGoodbye,
    // How the agent speaks.
    Courteous, Reassures, AddsPersonalNote, Signposts, Rude, DismissesCustomer, BlamesCustomer, UsesFillerWords,
    UsesSlang, Hedges, LongWinded, Monologue, FastPace, SlowPace,
    // How the agent listens.
    Acknowledges, EchoesCustomer, Interrupts, DominatesTalkTime, AsksToRepeat, AgentRepeats, CustomerRepeats,
    CustomerCorrects, CustomerConfused,
    // What the agent does for the customer.
    AsksQuestions, AsksNoQuestions, AsksBeforeProposing, ProposesBeforeAsking, ReadsBack, Proposes, TakesOwnership,
    CompletesRequest, Refuses, OffersAlternative, RefusesWithoutAlternative, RefersElsewhere, Apologises,
    LacksKnowledge, RepliesToQuestions, LeavesQuestionsOpen, SlowToReply, CustomerAsksForStatus,
    // How the agent addresses feelings and doubts.
    AddressesDistress, IgnoresDistress, AddressesObjection, IgnoresObjection,
    // How the customer reacts.
    CustomerAccepts, CustomerRejects, CustomerUsesNegations, CustomerThanks, CustomerNeedsNothingElse,
    CustomerGivesUp, PositiveEnding, NegativeEnding, PositiveSentiment, NegativeSentiment,
    // Where the call is heading.
    EndsWithRefusal, Resolved, Unresolved, AgentStillAsking, AsksManyQuestions, RepliesWithQuestion,
    CustomerStillAsking, CustomerDeclines, CustomerHesitant, CustomerDelighted, SustainedPositiveSentiment,
    EndsAbruptly,
    // What is said, and how.
    CustomerLeftWithoutResult, Empathises, UsesJargon, RepliesVaguely, RepliesSpecifically, InformationOverload,
    Summarises, PressuresCustomer,
    // Habits that run through the call; each of them is weak.
    UsesExclamations, UsesPositiveWords, ExplainsAtLength, UsesNegations, RepliesNo, RepeatsFurtherHelpOffer,
    CustomerUsesExclamations, CustomerConfirms, CustomerInterested, CustomerSaysGoodbye, CustomerChangesMind,
    CustomerWantsAlternative, CustomerTerse,
    // What an utterance of the agent does (acts.rs).
    GetsDone, Commits, StaysVague, Explains, AsksWhatMatters, ConfirmsUnderstanding, Discloses, Protects, RefusesWithGround,
    RefusesFlatly, FindsAnotherWay, BrushesAside, Evades, AcknowledgesCircumstance, OwnsFault, Presses, Misleads, Threatens, Insults,
    SaysAgain, PassesOver, SendsElsewhere, Pitches,
    // What an utterance of the customer does (acts.rs).
    CustomerRelieved, CustomerPleased, CustomerAgrees, CustomerUnderstands, CustomerObjects, CustomerComplains, CustomerSaysAgain,
    CustomerPutsRight, CustomerSarcastic, CustomerResigned, CustomerAngry, CustomerThreatensToLeave,
    // What the record of the call contradicts.
    ClaimsWithoutTool, AsksAnsweredAgain,
}
