//! Builds small valid feedback for tests.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "the values are constants in the source of a test; if one is invalid the test must fail"
)]

use domain::{
    AgentId, Assessment, CallId, CategoryScores, Certainty, Conversation, Criterion, CriterionAssessment, Evidence,
    Feedback, FeedbackId, OrgId, ProducerVerdict, Provenance, Resolution, Review, ReviewReason, Role, Score, Severity,
    StartTime, StoredFeedback, Suggestion, Synopsis, Timestamp, Violation, ViolationKind,
};
use serde_json::{Map, Value};

/// Builds a [`StoredFeedback`]. The scores of categories and criteria are computed from the total and all differ, and some do not
/// apply, so that a test fails when code mixes them up.
#[derive(Debug, Clone)]
pub struct FeedbackBuilder {
    call_id: CallId,
    agent_id: Option<AgentId>,
    score: Score,
    feedback: String,
    metadata: Map<String, Value>,
    started_at: Option<StartTime>,
    created_at: Timestamp,
    every_field: bool,
}

impl FeedbackBuilder {
    /// Feedback of that call: score 7.5, no agent, created at 2026-11-22T10:00:31Z. Panics unless the text is a call's
    /// id.
    #[must_use]
    pub fn new(call_id: &str) -> Self {
        Self {
            call_id: CallId::parse(call_id).expect("a call id"),
            agent_id: None,
            score: Score::saturating(7.5),
            feedback: "The agent listened well.".to_owned(),
            metadata: Map::new(),
            started_at: None,
            created_at: Timestamp::parse("2026-11-22T10:00:31Z").expect("a time"),
            every_field: false,
        }
    }

    /// With that total, in tenths. Panics above 100.
    #[must_use]
    pub fn tenths(mut self, tenths: u8) -> Self {
        self.score = Score::from_tenths(tenths).expect("at most 100 tenths");
        self
    }

    /// Taken by that agent. Panics unless the text is an agent's id.
    #[must_use]
    pub fn agent(mut self, agent_id: &str) -> Self {
        self.agent_id = Some(AgentId::parse(agent_id).expect("an agent id"));
        self
    }

    /// Created at that time.
    #[must_use]
    pub const fn created_at(mut self, created_at: Timestamp) -> Self {
        self.created_at = created_at;
        self
    }

    /// Of a call that began at that time.
    #[must_use]
    pub const fn started_at(mut self, started_at: StartTime) -> Self {
        self.started_at = Some(started_at);
        self
    }

    /// With that prose.
    #[must_use]
    pub fn prose(mut self, feedback: impl Into<String>) -> Self {
        self.feedback = feedback.into();
        self
    }

    /// With that producer's data under that name.
    #[must_use]
    pub fn metadata(mut self, name: &str, value: Value) -> Self {
        self.metadata.insert(name.to_owned(), value);
        self
    }

    /// With an assessment that has every field that others leave empty, and with a verdict of the platform and a start.
    #[must_use]
    pub fn with_every_field(mut self) -> Self {
        self.every_field = true;
        self.started_at = Some(self.created_at.into());
        self
    }

    /// The feedback, of a call of that organisation.
    #[must_use]
    pub fn build(self, org: &OrgId) -> StoredFeedback {
        let assessment = self.assessment();
        StoredFeedback {
            feedback: Feedback {
                id: FeedbackId::derive(org, &self.call_id),
                call_id: self.call_id,
                agent_id: self.agent_id,
                assessment,
                provenance: Provenance::embedded("1", "1", Some(3), "native"),
                producer_verdict: self.every_field.then(|| ProducerVerdict {
                    success: Some("false".to_owned()),
                    sentiment: Some("Negative".to_owned()),
                    summary: Some("The customer cancelled.".to_owned()),
                }),
                metadata: self.metadata,
                started_at: self.started_at,
            },
            created_at: self.created_at,
        }
    }

    fn assessment(&self) -> Assessment {
        let mut assessment = self.plain_assessment();
        if self.every_field {
            assessment.score_before_cap = Some(self.shifted(5));
            assessment.certainty = Certainty::between(Score::MIN, self.score);
            assessment.review.add([ReviewReason::PlatformDisagrees, ReviewReason::Violation]);
            assessment.synopsis = Synopsis {
                summary: Some("The customer asked for a refund and was refused.".to_owned()),
                outcome: Some(Resolution::Unresolved),
                topics: vec!["refund".to_owned(), "late parcel".to_owned()],
            };
            assessment.violations = vec![Violation {
                kind: ViolationKind::Deception,
                severity: Severity::Serious,
                reason: "The agent denied a right that the customer has.".to_owned(),
                evidence: vec![Evidence { turn: 3, role: Role::Agent, quote: "No refunds, ever.".to_owned() }],
            }];
        }
        assessment
    }

    fn plain_assessment(&self) -> Assessment {
        Assessment {
            score: self.score,
            score_before_cap: None,
            certainty: Certainty::between(self.score, self.score),
            review: Review::default(),
            synopsis: Synopsis::default(),
            violations: Vec::new(),
            feedback: self.feedback.clone(),
            improvement_suggestions: "Ask one more question.".to_owned(),
            categories: CategoryScores {
                communication_quality: Some(self.shifted(1)),
                effectiveness: Some(self.shifted(2)),
                customer_experience: (!self.score.tenths().is_multiple_of(3)).then(|| self.shifted(3)),
            },
            criteria: Criterion::ALL.iter().map(|criterion| self.criterion(*criterion)).collect(),
            suggestions: vec![Suggestion {
                criterion: Criterion::InformationGathering,
                text: "Ask what the customer has tried already.".to_owned(),
                turn: Some(2),
            }],
            conversation: Conversation {
                duration_seconds: Some(184.2),
                agent_questions: Some(6),
                ..Conversation::default()
            },
        }
    }

    fn criterion(&self, criterion: Criterion) -> CriterionAssessment {
        let index = criterion as u8;
        let quote = Evidence { turn: usize::from(index), role: Role::Agent, quote: "I see, go on.".to_owned() };
        CriterionAssessment {
            criterion,
            score: (self.score.tenths() % 12 != index).then(|| self.shifted(index + 4)),
            reason: format!("This is how {criterion} went."),
            evidence: vec![quote],
        }
    }

    /// The score that many tenths above the total, wrapping from the best score to the worst.
    fn shifted(&self, tenths: u8) -> Score {
        Score::from_tenths((self.score.tenths() + tenths) % 101).expect("below 101")
    }
}
