//! The words of a call file: what turns do, what occurs in a call, who the agent is, and the short names of criteria and
//! outcomes.

use domain::{Criterion, Resolution, Role};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in a call file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// What that word names, if anything.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == word)
            }
        }
    };
}

named! {
    /// What a turn does, as whoever wrote the call marked it. About half of the turns have none.
    Act {
        /// Agent: something the customer needs is done now, or found out and told.
        Done => "done",
        /// Agent: a definite commitment: what, by whom or when.
        Promised => "promised",
        /// Agent: a hollow or open-ended assurance.
        Vague => "vague",
        /// Agent: cause, rule or next steps in concrete words.
        Explained => "explained",
        /// Agent: a question about the matter that is needed.
        Asked => "asked",
        /// Agent: identification, script, stock courtesy.
        Formality => "formality",
        /// Agent: reads back, checks understanding.
        Confirmed => "confirmed",
        /// Agent: says what law or fairness wants said: costs, risks, conditions, recording, being a machine.
        Disclosed => "disclosed",
        /// Agent: sees a danger to the customer and acts on it.
        Protected => "protected",
        /// Agent: a no with its ground, for a good cause.
        RefusedRightly => "refused_rightly",
        /// Agent: a no without ground or way out.
        Refused => "refused",
        /// Agent: another way that fits.
        Alternative => "alternative",
        /// Agent: brushes a concern, question or feeling aside.
        Dismissed => "dismissed",
        /// Agent: does not answer what was asked.
        Evaded => "evaded",
        /// Agent: names this customer's feeling or circumstance fittingly.
        Acknowledged => "acknowledged",
        /// Agent: takes responsibility for a fault.
        Owned => "owned",
        /// Agent: presses the customer.
        Pressured => "pressured",
        /// Agent: says what is false or unfounded, hides what counts, gives harmful advice.
        Misled => "misled",
        /// Agent: threatens.
        Threatened => "threatened",
        /// Agent: is rude or mocks.
        Insulted => "insulted",
        /// Agent: blames the customer.
        Blamed => "blamed",
        /// Either side: says or asks again what was said.
        Again => "again",
        /// Agent: goes past something important that was just said.
        Missed => "missed",
        /// Agent: sends elsewhere, passes on cold.
        Referred => "referred",
        /// Agent: gives data to somebody who may not have it.
        BrokePrivacy => "broke_privacy",
        /// Agent: says that something is done, and it is not.
        Claimed => "claimed",
        /// Agent: pitches.
        Sold => "sold",
        /// Customer: is relieved.
        Relieved => "relieved",
        /// Customer: real approval, praise.
        Pleased => "pleased",
        /// Customer: thanks, as a formula.
        Thanked => "thanked",
        /// Customer: agrees, the result is fine.
        Accepted => "accepted",
        /// Customer: has understood.
        Understood => "understood",
        /// Customer: hesitates, questions what is said.
        Doubted => "doubted",
        /// Customer: says no, disagrees.
        Objected => "objected",
        /// Customer: complains.
        Complaint => "complaint",
        /// Customer: corrects the agent.
        Corrected => "corrected",
        /// Customer: is sarcastic.
        Sarcastic => "sarcastic",
        /// Customer: resigns, ends without a result.
        GaveUp => "gave_up",
        /// Customer: is angry.
        Angry => "angry",
        /// Customer: speaks of leaving, a lawyer, a regulator, a manager.
        ThreatenedToLeave => "threatened_to_leave",
        /// Customer: fear, grief, illness, need.
        Distressed => "distressed",
        /// Customer: mentions in passing something that the agent should react to.
        Cue => "cue",
        /// Customer: content because misled.
        MisledHappy => "misled_happy",
    }
}

impl Act {
    /// Whether a turn of that role can do this: what the agent does comes first in [`Act::ALL`], and anybody else may do what
    /// either side does.
    #[must_use]
    pub fn is_of(self, role: Role) -> bool {
        match role {
            Role::Agent => self < Self::Relieved,
            Role::Customer => self >= Self::Relieved || self == Self::Again,
            Role::Other => true,
        }
    }
}

named! {
    /// What occurs in a call, handled well or badly.
    Flag {
        /// Life, health or safety is at stake.
        Emergency => "emergency",
        /// Somebody threatens somebody.
        Threat => "threat",
        /// The customer speaks of a lawyer, a regulator or a court.
        LegalThreat => "legal_threat",
        /// Somebody is treated worse for what they are.
        Discrimination => "discrimination",
        /// Somebody speaks of hurting themselves.
        SelfHarm => "self_harm",
        /// The agent advises against the customer's own interest, or deceives.
        AgainstInterest => "against_interest",
        /// Data is given to somebody who may not have it.
        Privacy => "privacy",
        /// Something is said to be done and is not.
        ClaimedNotDone => "claimed_not_done",
        /// The customer is confused, bereaved, ill or a minor.
        Vulnerable => "vulnerable",
    }
}

named! {
    /// Who takes the call.
    AgentKind {
        /// A person.
        Human => "human",
        /// A machine.
        Machine => "ai",
    }
}

named! {
    /// Whether something speaks for the agent or against.
    Sign {
        /// A merit; of a claim: praise.
        Merit => "+",
        /// A fault; of a claim: blame.
        Fault => "-",
    }
}

pub(super) use named;

/// The criterion of that short name, such as `tone`.
#[must_use]
pub fn criterion(name: &str) -> Option<Criterion> {
    Some(match name {
        "tone" => Criterion::ProfessionalismAndTone,
        "clarity" => Criterion::ClarityAndPacing,
        "listening" => Criterion::ActiveListening,
        "language" => Criterion::LanguageUse,
        "goal" => Criterion::GoalAchievement,
        "problem" => Criterion::ProblemSolving,
        "information" => Criterion::InformationGathering,
        "structure" => Criterion::CallStructure,
        "empathy" => Criterion::EmpathyAndRapport,
        "response" => Criterion::Responsiveness,
        "objection" => Criterion::ObjectionHandling,
        "satisfaction" => Criterion::CustomerSatisfaction,
        _ => return None,
    })
}

/// The outcome of that name.
pub(super) fn outcome(name: &str) -> Option<Resolution> {
    Some(match name {
        "resolved" => Resolution::Resolved,
        "partly" => Resolution::Partly,
        "unresolved" => Resolution::Unresolved,
        "transferred" => Resolution::Transferred,
        "not_told" => Resolution::NotTold,
        _ => return None,
    })
}
