//! The feedback of a call. These types are the document that is stored, served and printed. Their field names are part of the API
//! and of the table, so they derive serde's traits, unlike the rest of the domain.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    AgentId, Call, CallId, Category, Certainty, Criterion, FeedbackId, ProducerVerdict, Provenance, Review,
    ReviewReason, Role, Score, StartTime, Synopsis, Timestamp, Violation,
};

/// A quote from the transcript on which a score is based.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The index, from 0, of the turn in the transcript as it was sent.
    pub turn: usize,
    /// Who said it.
    pub role: Role,
    /// What was said, verbatim.
    pub quote: String,
}

/// The assessment of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionAssessment {
    /// Which criterion.
    pub criterion: Criterion,
    /// Its score; `None` when the criterion does not apply to this call.
    pub score: Option<Score>,
    /// Why it has that score, or why it does not apply.
    pub reason: String,
    /// What the score is based on.
    pub evidence: Vec<Evidence>,
}

/// Something the agent could do better.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The criterion it would improve.
    pub criterion: Criterion,
    /// What to do or say instead.
    pub text: String,
    /// The turn it is about, when there is one.
    pub turn: Option<usize>,
}

/// The score of each category: the weighted mean of its criteria that apply, `None` when none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryScores {
    /// See [`Category::CommunicationQuality`].
    pub communication_quality: Option<Score>,
    /// See [`Category::Effectiveness`].
    pub effectiveness: Option<Score>,
    /// See [`Category::CustomerExperience`].
    pub customer_experience: Option<Score>,
}

impl CategoryScores {
    /// The score of one category.
    #[must_use]
    pub const fn get(&self, category: Category) -> Option<Score> {
        match category {
            Category::CommunicationQuality => self.communication_quality,
            Category::Effectiveness => self.effectiveness,
            Category::CustomerExperience => self.customer_experience,
        }
    }
}

/// Measures of the conversation; `None` where the transcript does not have what is needed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Length of the call in seconds.
    pub duration_seconds: Option<f64>,
    /// The agent's share, 0 to 1, of the time both sides speak (of the words, when there are no times).
    pub agent_talk_ratio: Option<f64>,
    /// How often the agent takes the floor while the customer speaks; a backchannel takes none.
    pub interruptions_by_agent: Option<u32>,
    /// How often the customer takes the floor while the agent speaks.
    #[serde(default)]
    pub interruptions_by_customer: Option<u32>,
    /// The longest stretch in seconds that one side speaks while the other says nothing or only listens.
    pub longest_monologue_seconds: Option<f64>,
    /// The median of the milliseconds between the end of a customer's turn and the agent's reply, announced waits aside.
    pub median_response_ms: Option<u64>,
    /// The mean of the milliseconds of silence that the agent leaves after the customer has spoken, where there is silence.
    #[serde(default)]
    pub patience_ms: Option<u64>,
    /// The share, 0 to 1, of the call in which nobody speaks, holds included.
    pub silence_ratio: Option<f64>,
    /// The agent's words per minute of the agent's speech.
    pub agent_words_per_minute: Option<u32>,
    /// How many questions the agent asks.
    pub agent_questions: Option<u32>,
    /// How often both sides speak, one after the other: what one says until the other speaks is one turn.
    #[serde(default)]
    pub turns: Option<u32>,
}

/// What a scorer makes of a call. The embedded scorer's assessment depends on the call alone: the same call gives the same
/// assessment, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The total: the weighted mean of the criteria that apply, or the cap of the worst violation if that is lower.
    pub score: Score,
    /// The weighted mean of the criteria that apply, where a violation capped the total; `None` where none did.
    #[serde(default)]
    pub score_before_cap: Option<Score>,
    /// How sure the total is.
    #[serde(flatten)]
    pub certainty: Certainty,
    /// Whether a person should look at the call, and why.
    #[serde(flatten)]
    pub review: Review,
    /// What the call was about and how it ended.
    #[serde(flatten)]
    pub synopsis: Synopsis,
    /// What the agent must never do and did, the worst first.
    #[serde(default)]
    pub violations: Vec<Violation>,
    /// What went well and what did not, as prose.
    pub feedback: String,
    /// What to do better, as prose.
    pub improvement_suggestions: String,
    /// The score of each category.
    pub categories: CategoryScores,
    /// All twelve criteria, in the order of the rubric.
    pub criteria: Vec<CriterionAssessment>,
    /// What to do better, one by one.
    pub suggestions: Vec<Suggestion>,
    /// What was measured.
    pub conversation: Conversation,
}

/// A call's feedback, complete but for the time it is stored at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// Derived from organisation and call, see [`FeedbackId::derive`].
    pub id: FeedbackId,
    /// The call.
    pub call_id: CallId,
    /// Who took the call, when known.
    pub agent_id: Option<AgentId>,
    /// The scorer's assessment.
    #[serde(flatten)]
    pub assessment: Assessment,
    /// How the assessment was made.
    pub provenance: Provenance,
    /// What the platform that ran the call concluded, if it did. The scorer does not see it; a plain contradiction is a reason for a
    /// review.
    #[serde(default)]
    pub producer_verdict: Option<ProducerVerdict>,
    /// The producer's own data, as it is after redaction.
    pub metadata: Map<String, Value>,
    /// When the call began, when known.
    pub started_at: Option<StartTime>,
}

impl Feedback {
    /// The feedback of a call with this assessment. Whether the call's roles were guessed, and which measures are the platform's, is
    /// added to the provenance. Reasons for a review that do not depend on the scorer are added to the review.
    #[must_use]
    pub fn of(call: &Call, mut assessment: Assessment, provenance: Provenance) -> Self {
        let reasons = reasons_for_any_scorer(call, &assessment);
        assessment.review.add(reasons);
        Self {
            id: FeedbackId::derive(&call.org_id, &call.call_id),
            call_id: call.call_id.clone(),
            agent_id: call.agent_id.clone(),
            assessment,
            provenance: Provenance {
                roles_guessed: call.roles_guessed,
                platform_measures: call.platform_measures.names(),
                ..provenance
            },
            producer_verdict: call.producer_verdict.clone(),
            metadata: call.metadata.clone(),
            started_at: call.started_at,
        }
    }
}

/// Why a person should look at a call, whichever scorer assessed it.
fn reasons_for_any_scorer(call: &Call, assessment: &Assessment) -> impl Iterator<Item = ReviewReason> + use<> {
    let verdict = call.producer_verdict.as_ref();
    let is_contradicted = verdict.is_some_and(|verdict| verdict.contradicts(assessment.score, &call.producer));
    [
        (ReviewReason::WideInterval, assessment.certainty.is_wide()),
        (ReviewReason::PlatformDisagrees, is_contradicted),
        (ReviewReason::RolesGuessed, call.roles_guessed),
    ]
    .into_iter()
    .filter_map(|(reason, applies)| applies.then_some(reason))
}

/// A feedback as it is stored. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredFeedback {
    /// The feedback.
    #[serde(flatten)]
    pub feedback: Feedback,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// What a list shows of a feedback.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedbackRow {
    /// See [`Feedback::id`].
    pub id: FeedbackId,
    /// The call.
    pub call_id: CallId,
    /// Who took the call, when known.
    #[serde(default)]
    pub agent_id: Option<AgentId>,
    /// The total.
    pub score: Score,
    /// How sure the total is.
    #[serde(flatten)]
    pub certainty: Certainty,
    /// Whether a person should look at the call, and why.
    #[serde(flatten)]
    pub review: Review,
    /// What the call was about and how it ended.
    #[serde(flatten)]
    pub synopsis: Synopsis,
    /// What went well and what did not, as prose.
    pub feedback: String,
    /// The score of each category.
    pub categories: CategoryScores,
    /// When the call began, when known.
    #[serde(default)]
    pub started_at: Option<StartTime>,
    /// When the feedback was stored.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use crate::OrgId;

    use super::*;

    #[test]
    fn feedback_stored_without_newer_fields_is_still_read() {
        let stored = serde_json::json!({
            "id": "fb_1", "call_id": "call_1", "agent_id": null, "score": 8.1, "feedback": "", "improvement_suggestions": "",
            "categories": {"communication_quality": null, "effectiveness": null, "customer_experience": null},
            "criteria": [], "suggestions": [], "conversation": {},
            "provenance": {"scorer": "embedded", "scorer_version": "1", "rubric_version": "1", "producer": "native"},
            "metadata": {}, "started_at": null, "created_at": "2026-11-22T10:00:31Z"
        });
        let read: StoredFeedback = serde_json::from_value(stored).unwrap();
        assert_eq!(read.feedback.producer_verdict, None);
        let assessment = read.feedback.assessment;
        assert_eq!((assessment.certainty, assessment.review), (Certainty::default(), Review::default()));
        assert_eq!((assessment.synopsis, assessment.score_before_cap), (Synopsis::default(), None));
        assert!(assessment.violations.is_empty());
    }

    #[test]
    fn whichever_scorer_assessed_a_call_the_same_reasons_are_added_to_its_own() {
        let assessment = |score, certainty| {
            let none = CategoryScores { communication_quality: None, effectiveness: None, customer_experience: None };
            let mut review = Review::default();
            review.add([ReviewReason::Threat]);
            Assessment {
                score,
                score_before_cap: None,
                certainty,
                review,
                synopsis: Synopsis::default(),
                violations: Vec::new(),
                feedback: String::new(),
                improvement_suggestions: String::new(),
                categories: none,
                criteria: Vec::new(),
                suggestions: Vec::new(),
                conversation: Conversation::default(),
            }
        };
        let mut call = Call::new(OrgId::parse("acme").unwrap(), CallId::parse("c1").unwrap(), Vec::new());
        let reasons = |call: &Call, certainty| {
            let provenance = Provenance::embedded("1", "1", None, "native");
            Feedback::of(call, assessment(Score::MAX, certainty), provenance).assessment.review.review_reasons
        };
        assert_eq!(reasons(&call, Certainty::default()), [ReviewReason::Threat]);
        let wide = Certainty::between(Score::MIN, Score::MAX);
        assert_eq!(reasons(&call, wide), [ReviewReason::WideInterval, ReviewReason::Threat]);
        call.producer_verdict =
            Some(ProducerVerdict { success: Some("failure".to_owned()), ..ProducerVerdict::default() });
        call.roles_guessed = true;
        let expected = [ReviewReason::PlatformDisagrees, ReviewReason::RolesGuessed, ReviewReason::Threat];
        assert_eq!(reasons(&call, Certainty::default()), expected);
    }
}
