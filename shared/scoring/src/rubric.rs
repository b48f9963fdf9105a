//! The rubric: the description of each criterion, its weight, and anchors that say what is heard in a call at five
//! points of the scale. Every scorer scores by it; the prompt and docs/RUBRIC.md are printed from it.
//!
//! **Invariant:** an anchor names what somebody says or does, so that it can be pointed to in a transcript, and differs
//! from its neighbours in that. It holds for people and for voice agents, for sales and for support.

mod markdown;
#[cfg(test)]
mod tests;

use domain::Criterion;

pub use markdown::rubric_markdown;

/// The version of this rubric. Scores of different versions are not comparable: raise it with any change below that
/// moves one.
pub const RUBRIC_VERSION: &str = "2";

/// The scores of the anchors.
pub const ANCHOR_SCORES: [f64; 5] = [0.0, 2.5, 5.0, 7.5, 10.0];

/// How the rubric is applied, one sentence each.
pub const RUBRIC_RULES: [&str; 12] = [
    "Judge by the words of the transcript and by what was measured, and by nothing that is only likely.",
    "Take the anchor whose behaviour is there; a call between two anchors gets a score between them.",
    "Where an anchor asks for something that the call gave no occasion for, judge by the rest of it.",
    "A criterion that does not apply has no score: it is neither a middle nor a good score.",
    "Errors of speech recognition, sounds such as [noise] and redactions such as [CARD] count for nobody and \
     against nobody.",
    "A voice agent is judged as a person is: by what it says and does, not by what it is.",
    "What neither side can help, such as a dropped line or a rule the agent has to keep, counts only by how the \
     agent deals with it.",
    "A refusal that is right (the law, a rule, safety or somebody else's rights ask for it) and is said with its ground \
     and with what is possible instead is the best that can be done: goal_achievement, problem_solving and objection_handling get 7.5 or more, \
     whatever the customer thinks of it.",
    "A sale, a change or a waiver that the customer did not want, did not understand or was pressed into is no \
     achievement: goal_achievement, problem_solving and objection_handling get 2.5 or less, even if the customer says yes.",
    "Thanks and approval of a customer who cannot know what was withheld, wrong or left undone show how the customer \
     feels and count for customer_satisfaction alone.",
    "In a call without a customer, such as one with an answering machine or a wrong number, what only a customer can \
     show is not there: customer_satisfaction and empathy_and_rapport get 5, and the agent is judged by how it notices and ends the call.",
    "Where the agent's tools are listed, what the agent says is done and no tool did or that failed counts as not done; \
     where none are listed, the agent is believed unless the call itself shows otherwise.",
];

/// One criterion of the rubric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RubricEntry {
    /// Which criterion; its category is [`Criterion::category`].
    pub criterion: Criterion,
    /// Its share of the total in percent, when all criteria apply.
    pub weight: u8,
    /// What is asked of the agent, in one sentence.
    pub description: &'static str,
    /// What is heard in a call of each of the [`ANCHOR_SCORES`], in one sentence each.
    pub anchors: [&'static str; ANCHOR_SCORES.len()],
    /// When the criterion does not apply; `None` when it always does.
    pub not_applicable: Option<&'static str>,
}

impl RubricEntry {
    /// The entry of a criterion.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "the rubric has an entry for each criterion, in their order; a test holds it to that"
    )]
    pub const fn of(criterion: Criterion) -> &'static Self {
        &RUBRIC[criterion as usize]
    }
}

/// The rubric, in the order of [`Criterion::ALL`].
pub const RUBRIC: [RubricEntry; Criterion::ALL.len()] = [
    RubricEntry {
        criterion: Criterion::ProfessionalismAndTone,
        weight: 8,
        description: "The agent is courteous, calm and businesslike from the first turn to the last, whatever the customer's \
         tone.",
        anchors: [
            "The agent insults, mocks, threatens or swears at the customer at least once.",
            "The agent insults nobody, but two or more turns are curt, sarcastic or blaming (“calm down”, “you \
             should have checked”, a bare “no” to a request) and none of them is taken back.",
            "The agent is civil and no more: at most one turn is curt or blaming, and please, thank you, an \
             apology or a polite form of address is heard at most once outside the greeting and the goodbye.",
            "No turn is curt or blaming and courtesies are heard at two or more points of the call, but one is \
             missing where it belongs: at the opening, at the close, with a request for details or after a wait.",
            "Courtesies come with the opening, every request for details, every wait and the close, and when the \
             customer is upset or rude the agent's next turn stays polite and on the matter.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::ClarityAndPacing,
        weight: 7,
        description: "The agent is easy to follow: short turns, one thing at a time, at a pace the customer can keep up with.",
        anchors: [
            "Three or more times the customer does not follow (“what do you mean”, “slow down”, a reply to \
             something else), and the agent goes on or says the same words again.",
            "The customer does not follow twice, or two or more of the agent's turns pile up three or more \
             questions, steps or options without a pause to answer.",
            "The customer does not follow at most once, but one explanation is out of order, uses a term that is \
             never explained, or piles up three or more things in one turn.",
            "The customer follows throughout and each turn carries one or two things, but the agent neither \
             announces what comes next nor asks whether an explanation was understood.",
            "Each turn carries one question, step or message, steps and waits are announced before they come \
             (“first”, “while this loads”), and every longer explanation ends with a check that it was understood.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::ActiveListening,
        weight: 9,
        description: "The agent lets the customer finish, takes up what was said and never makes the customer say it again.",
        anchors: [
            "The customer says the same fact or request three or more times, or most of the agent's replies are \
             about something other than what the customer just said.",
            "The customer has to repeat or correct something twice, or the agent twice asks for what was already \
             said or breaks into the customer's sentence.",
            "The replies fit, but what the customer said is met with bare signals (“okay”, “sure”) and never said \
             back, or the customer has to repeat or correct something once.",
            "The customer repeats and corrects nothing and the agent says back at least one detail, but one point \
             the customer mentioned is never taken up.",
            "The agent says the request and its details back in own words before acting on them, takes up every \
             point the customer mentions, and the customer repeats and corrects nothing.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::LanguageUse,
        weight: 5,
        description: "The agent uses plain, correct and positive words, without filler, slang or needless repetition.",
        anchors: [
            "Most of the agent's turns cannot be understood by their words: broken sentences, another language \
             than the customer's, internal codes, or markup and placeholders read aloud.",
            "In three or more turns the words get in the way: a term the customer has to ask about, slang, strings \
             of fillers, a wrong word that changes the meaning, or one sentence said over and over.",
            "One or two turns are like that, or several turns hedge (“I guess”, “kind of”) or say only what is not \
             possible where a plain statement of what is possible would do.",
            "The sentences are plain and correct throughout, with one filler, hedge, unexplained term or repeated \
             stock phrase in one or two turns that leaves the meaning clear.",
            "Every turn is plain and correct: a special term is explained where it is used, what is possible is \
             said with or before what is not, and no filler or stock phrase comes twice.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::GoalAchievement,
        weight: 14,
        description: "What the customer called for is done by the end of the call, and both sides know it.",
        anchors: [
            "Nothing that the call is for is done or agreed and no next step is named: the customer gives up, is \
             turned away, or the matter is never taken up.",
            "What the call is for is not done, and the next step leaves open who does what or when (“somebody will \
             look at it”, “try again later”), or the customer says that the result is wrong.",
            "A part of it is done, or all of it is handed on with who does what and by when, and something that \
             the customer asked for is still open when the call ends.",
            "The agent says that all of it is done or firmly agreed, but the customer does not confirm it, or a \
             detail that the customer needs (amount, date, reference, next step) is not said.",
            "All of it is done or firmly agreed within the call, the agent states the result with its details, and \
             the customer confirms it in words.",
        ],
        not_applicable: Some(
            "The call ends before anybody says what it is for, as with a wrong number or a line that drops.",
        ),
    },
    RubricEntry {
        criterion: Criterion::ProblemSolving,
        weight: 10,
        description: "The agent takes responsibility, works towards a solution and offers another way when the first one fails.",
        anchors: [
            "The agent takes no step and proposes nothing: the matter is denied, blamed on the customer or refused \
             without a reason.",
            "The agent passes the matter on or back (“not my department”, “look on the website”), or offers one \
             generic step and stops when it does not help.",
            "The agent takes one step or makes one proposal that fits the matter, but looks into neither the cause \
             nor the need, or offers no other way when the customer declines or it fails.",
            "The agent says “I will” or its like, does it in the call and has another way where the first one does \
             not fit, but does not ask whether the result works for the customer.",
            "The agent takes the matter on in the first person, names the cause or the need, proposes what fits \
             it, offers another way where one is wanted, and asks or hears that the result works for the customer.",
        ],
        not_applicable: Some(
            "The customer brings no problem, wish or need that has to be worked on, as when a call only passes on \
             or confirms something.",
        ),
    },
    RubricEntry {
        criterion: Criterion::InformationGathering,
        weight: 7,
        description: "The agent asks for what is needed before proposing anything, and confirms what was understood.",
        anchors: [
            "The agent asks nothing about the matter and proposes, refuses or decides without knowing what the \
             customer needs.",
            "The agent proposes or acts before asking, or asks only for formalities (name, account, date of \
             birth), and the customer has to correct an assumption or bring up what was needed.",
            "What is needed is asked for in the end, but a detail is asked for only after a proposal or twice \
             over, and nothing is read back.",
            "Everything needed is asked once and before a proposal, and an unclear answer is followed up, but the \
             facts are not read back for the customer to confirm.",
            "Everything needed is asked once and before a proposal, with at least one question about the \
             customer's situation or wishes, and the agent reads the main facts back and the customer confirms \
             them.",
        ],
        not_applicable: Some(
            "Nothing has to be asked: the customer gives everything unasked, or the call only passes on a message.",
        ),
    },
    RubricEntry {
        criterion: Criterion::CallStructure,
        weight: 6,
        description: "The call has a greeting, a recognisable course and a close that asks whether anything is left.",
        anchors: [
            "There is neither a greeting nor a goodbye, and the agent jumps between topics or returns to settled \
             ones.",
            "Only one of greeting and goodbye is heard, or both are and the agent twice or more returns to what \
             was already settled.",
            "Greeting and goodbye are heard and topics follow each other, but the agent neither says who is \
             speaking nor sums up nor asks whether anything is left.",
            "The agent greets with a name or a company, establishes what the call is for, takes one topic after \
             the other and says goodbye, but either does not sum up or does not ask whether anything is left.",
            "The agent greets with a name or a company, establishes what the call is for, takes one topic after \
             the other, sums up what was agreed, asks whether anything is left and says goodbye.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::EmpathyAndRapport,
        weight: 9,
        description: "The agent notices how the customer feels, says so, and treats the customer as a person.",
        anchors: [
            "The agent denies, ridicules or brushes aside a feeling that the customer voices (“calm down”, “that \
             is not my problem”).",
            "The customer voices worry, anger, disappointment or a personal circumstance, and the agent goes on \
             each time without a word about it.",
            "A feeling gets a formula that names nothing of it (“sorry for the inconvenience”), or the customer \
             voices none and the agent says nothing beyond the business.",
            "One feeling or circumstance is acknowledged in words that fit it (“charged twice, that is annoying”) \
             while another is passed over, or the customer voices none and the agent adds one friendly word of its \
             own.",
            "Every feeling or circumstance is acknowledged in words that fit it in the agent's next turn and \
             something is done about it; where none is voiced, the agent takes up personal remarks or wishes the \
             customer something that fits, twice or more.",
        ],
        not_applicable: None,
    },
    RubricEntry {
        criterion: Criterion::Responsiveness,
        weight: 9,
        description: "The agent answers what was asked, completely and without keeping the customer waiting.",
        anchors: [
            "Most of the customer's questions and requests get no answer, or an answer to something else, and the \
             agent does not come back to them.",
            "Two or more questions or requests stay unanswered, or the customer twice or more has to ask again or \
             whether anybody is still there.",
            "Each main question gets an answer, but one is partial, evasive or comes only when asked again, or one \
             wait comes without a word about why.",
            "Each question is answered when it is first asked and waits are announced, but one answer needs a \
             further question to be complete or comes after a detour.",
            "Each question and request is answered completely in the agent's next turn, or the agent says at once \
             how and when the answer will come and it does, and every wait is announced and ended with its result.",
        ],
        not_applicable: Some("The customer asks nothing and requests nothing in the whole call."),
    },
    RubricEntry {
        criterion: Criterion::ObjectionHandling,
        weight: 6,
        description: "When the customer doubts or refuses, the agent acknowledges it and answers with substance; without an \
         objection the criterion does not apply.",
        anchors: [
            "The agent ignores, talks over or argues down every doubt or refusal, or presses on after a final no.",
            "The agent says the same offer or statement again, or drops the matter at once, without a reason, a \
             fact or another way.",
            "The agent answers with a reason or a fact, but does not acknowledge the objection or ask what lies \
             behind it, or one of several objections stays unanswered.",
            "Each objection is acknowledged and answered with a fact, reason or other way that fits it, but the \
             agent does not find out whether that settles it.",
            "Each objection is acknowledged in words that fit it, its ground is asked for or named, the answer \
             fits that ground, and the customer says or is asked whether it is settled; a final no is accepted \
             politely.",
        ],
        not_applicable: Some(
            "The customer voices no doubt, refusal, disagreement or complaint about what is offered or said.",
        ),
    },
    RubricEntry {
        criterion: Criterion::CustomerSatisfaction,
        weight: 10,
        description: "The customer sounds satisfied, above all at the end of the call.",
        anchors: [
            "The customer ends in anger: insults, threatens to leave or to complain, asks for somebody else in \
             protest, or hangs up on the agent.",
            "The customer is still dissatisfied in the last turns (“forget it”, “that does not help me”, a \
             repeated complaint), without anger and without thanks beyond a formula.",
            "The customer's words show nothing either way (facts, yes and no, a formal “thanks, bye”), or a \
             complaint and a word of approval are both left standing at the end.",
            "The customer accepts the outcome or gives thanks in words beyond a formula (“okay, that works”, \
             “thank you for checking”), and no complaint is left at the end.",
            "Near the end the customer praises the agent or the outcome, or voices relief or delight (“that is \
             wonderful”, “you have been so helpful”), and no complaint is left.",
        ],
        not_applicable: None,
    },
];
