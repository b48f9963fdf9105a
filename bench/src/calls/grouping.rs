//! By what rated calls are told apart in a report.

use domain::Score;

use super::rated::RatedCall;
use super::vocabulary::named;

named! {
    /// By what the calls of a report are told apart.
    Grouping {
        /// Whether the agent is a person or a machine.
        Kind => "kind",
        /// The trade of the agent's side.
        Industry => "industry",
        /// How the call is punctuated.
        Punctuation => "punctuation",
        /// Whether turns have times.
        Times => "times",
        /// The reader's score.
        Score => "score",
    }
}

/// The highest scores of the kinds of call, from harmful to excellent.
const BANDS: [(u8, &str); 5] =
    [(15, "0.0-1.5"), (30, "2.0-3.0"), (65, "3.5-6.5"), (80, "7.0-8.0"), (Score::MAX.tenths(), "8.5-10.0")];

impl Grouping {
    /// The group of a call.
    #[must_use]
    pub fn of(self, rated: &RatedCall) -> &str {
        match self {
            Self::Kind => rated.rating.agent.name(),
            Self::Industry => &rated.rating.industry,
            Self::Punctuation => rated.variant.punctuation.name(),
            Self::Times if rated.variant.has_times => "with times",
            Self::Times => "without times",
            Self::Score => band(rated.rating.score),
        }
    }
}

fn band(score: Score) -> &'static str {
    BANDS.iter().find(|(highest, _)| score.tenths() <= *highest).map_or("", |(_, name)| name)
}
