//! The signals: the kinds of observations that the embedded scorer looks for in a call.

macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Something observable in a call, good or bad; which of the two is for the criteria to say.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Signal {
            $($(#[$doc])* $name),*
        }

        impl Signal {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What it is called in explanations and evaluations.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

signals! {
    // The course of the call.
    Greets, Introduces, OffersHelp, OffersMore, SaysGoodbye, NoGreeting, NoGoodbye,
    // How the agent speaks.
    Courteous, Reassures, Warm, Signposts, Rude, Dismisses, Blames, Hesitates, Slang, Hedges, LongWinded, Monologue, Hasty,
    Sluggish,
    // How the agent listens.
    Acknowledges, TakesUp, Interrupts, Dominates, AsksToRepeat, RepeatsItself, CustomerRepeats, CustomerCorrects,
    CustomerConfused,
    // What the agent does for the customer.
    Asks, AsksNothing, AsksFirst, ProposesFirst, ReadsBack, Proposes, TakesOwnership, Delivers, Refuses, OffersAlternative, RefusesFlatly,
    PassesOn, Apologises, DoesNotKnow, Answers, LeavesOpen, SlowToAnswer, CustomerChases,
    // How the agent meets feelings and doubts.
    MeetsDistress, IgnoresDistress, MeetsObjection, IgnoresObjection,
    // How the customer takes it.
    CustomerAccepts, CustomerRejects, CustomerNegates, CustomerThanks, NothingLeft, GivesUp, EndsPleased, EndsDispleased, SoundsPleased,
    SoundsDispleased,
    // Where the call is heading.
    EndsRefused, Resolved, Unresolved, StillAsks, AsksMuch, Counters, EndsAsking, CustomerDeclines, CustomerReserved, Enthused, StaysPleased,
    EndsAbruptly,
    // What is told, and how.
    LeftWithout, Empathises, Jargon, Evades, Precise, Overloads, SumsUp, Insists,
    // Habits that run through the call, each of them weak.
    Lively, Cheerful, Informs, Negates, AnswersNo, OffersMoreAgain, CustomerExclaims, CustomerConfirms, CustomerInterested,
    CustomerSaysGoodbye, CustomerChangesMind, CustomerWantsAnother, CustomerTerse,
}
