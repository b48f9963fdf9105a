//! The embedded scorer as its callers see it: what holds for every call, and which of two calls it scores higher.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot build its call or lacks a criterion should stop"
)]

use domain::{Assessment, Call, CallId, Criterion, Feedback, OrgId, ProducerVerdict, Role, Score, Turn};
use proptest::prelude::*;
use scoring::embedded::assess;
use scoring::{embedded_feedback, skip_reason};

const GOOD: &[(Role, &str)] = &[
    (Role::Agent, "Good morning, thank you for calling, my name is Sara. How can I help you today?"),
    (Role::Customer, "Hi, I was charged twice this month and I am really frustrated."),
    (
        Role::Agent,
        "I am sorry to hear that, I can see why being charged twice is frustrating. Let me check that for you.",
    ),
    (Role::Agent, "Can you give me the account number, please?"),
    (Role::Customer, "Sure, it is 48213."),
    (Role::Agent, "Thank you. Just to confirm, you were charged twice in October, is that right?"),
    (Role::Customer, "Yes, exactly."),
    (Role::Agent, "I found the second charge and it has been refunded. The reference number is 7731."),
    (Role::Customer, "Oh wonderful, thank you so much!"),
    (Role::Agent, "You're welcome. Is there anything else I can help you with?"),
    (Role::Customer, "No, that's all. Thanks for your help!"),
    (Role::Agent, "Thank you for your patience, have a great day!"),
];

const POOR: &[(Role, &str)] = &[
    (Role::Agent, "yeah what now"),
    (Role::Customer, "hi i was charged twice this month and i am really frustrated"),
    (Role::Agent, "you should have checked that"),
    (Role::Customer, "i did i was charged twice can you refund the second charge"),
    (Role::Agent, "i dont know thats not my department"),
    (Role::Customer, "i said i was charged twice this month i want the second charge refunded"),
    (Role::Agent, "calm down theres nothing i can do call back later"),
    (Role::Customer, "this is ridiculous i want to speak to a manager"),
    (Role::Agent, "whatever"),
    (Role::Customer, "forget it"),
];

fn call(turns: &[(Role, &str)]) -> Call {
    of_turns(turns.iter().map(|(role, text)| turn(*role, text, None)).collect())
}

fn turn(role: Role, text: &str, times: Option<(u64, u64)>) -> Turn {
    Turn { role, text: text.to_owned(), start_ms: times.map(|t| t.0), end_ms: times.map(|t| t.1) }
}

fn of_turns(transcript: Vec<Turn>) -> Call {
    Call::new(OrgId::parse("acme").unwrap(), CallId::parse("call_1").unwrap(), transcript)
}

/// The call with one of its turns said differently.
fn with(turns: &[(Role, &str)], index: usize, text: &str) -> Call {
    let mut changed = call(turns);
    text.clone_into(&mut changed.transcript[index].text);
    changed
}

fn score(assessment: &Assessment, criterion: Criterion) -> Option<f64> {
    assessment.criteria[criterion as usize].score.map(Score::value)
}

fn sentences(text: &str) -> usize {
    text.matches(". ").count() + 1
}

#[track_caller]
fn assert_sound(call: &Call, assessment: &Assessment) {
    assert!(assessment.criteria.iter().map(|assessed| assessed.criterion).eq(Criterion::ALL.iter().copied()));
    let scores = || assessment.criteria.iter().filter_map(|assessed| assessed.score);
    assert!(scores().min().is_none_or(|low| low <= assessment.score), "{assessment:?}");
    assert!(scores().max().is_none_or(|high| assessment.score <= high), "{assessment:?}");
    for assessed in &assessment.criteria {
        assert!(!assessed.reason.is_empty());
        for evidence in &assessed.evidence {
            let shown = &call.transcript[evidence.turn];
            assert!(shown.text.contains(&evidence.quote) && !evidence.quote.is_empty(), "{evidence:?}");
            assert_eq!(shown.role, evidence.role);
        }
    }
    for suggestion in &assessment.suggestions {
        assert!(suggestion.turn.is_some_and(|turn| turn < call.transcript.len()), "{suggestion:?}");
    }
    let conversation = &assessment.conversation;
    let shares = [conversation.agent_talk_ratio, conversation.silence_ratio];
    assert!(shares.iter().flatten().all(|share| (0.0..=1.0).contains(share)), "{conversation:?}");
    let lengths = [conversation.duration_seconds, conversation.longest_monologue_seconds];
    assert!(lengths.iter().flatten().all(|length| *length >= 0.0), "{conversation:?}");
}

fn any_role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Agent), Just(Role::Customer), Just(Role::Other)]
}

fn any_time() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![Just(None), (0_u64..600_000).prop_map(Some), any::<u64>().prop_map(Some)]
}

/// Anything at all, and things people say.
fn any_text() -> impl Strategy<Value = String> {
    let said = GOOD.iter().chain(POOR).map(|(_, text)| (*text).to_owned()).collect::<Vec<_>>();
    prop_oneof![any::<String>(), prop::sample::select(said), "[a-zA-Z ,.?!'\\[\\]<>]{0,80}"]
}

fn any_call() -> impl Strategy<Value = Call> {
    let any_turn = (any_role(), any_text(), any_time(), any_time());
    let any_turn = any_turn.prop_map(|(role, text, start_ms, end_ms)| Turn { role, text, start_ms, end_ms });
    (prop::collection::vec(any_turn, 0..25), prop::option::of(any::<f64>())).prop_map(|(turns, duration)| {
        let mut call = of_turns(turns);
        call.stated_duration_seconds = duration;
        call
    })
}

proptest! {
    #[test]
    fn every_call_gets_a_sound_assessment_with_verbatim_evidence(call in any_call()) {
        assert_sound(&call, &assess(&call));
    }

    #[test]
    fn the_same_call_gets_the_same_bytes(call in any_call()) {
        let bytes = || serde_json::to_vec(&assess(&call)).unwrap();
        prop_assert_eq!(bytes(), bytes());
    }

    #[test]
    fn eligible_calls_are_scored_on_what_can_be_told_of_them(call in any_call()) {
        let scored = assess(&call).criteria.iter().filter(|assessed| assessed.score.is_some()).count();
        if skip_reason(&call, 0.0).is_none() {
            prop_assert!(scored >= 1);
        }
    }
}

#[test]
fn a_good_call_and_a_poor_one_are_far_apart() {
    let (good, poor) = (assess(&call(GOOD)), assess(&call(POOR)));
    assert!(good.score.value() >= 6.0, "{}", good.score);
    assert!(poor.score.value() <= 3.0, "{}", poor.score);
    for criterion in [Criterion::GoalAchievement, Criterion::CustomerSatisfaction] {
        assert!(score(&good, criterion) >= score(&poor, criterion).map(|poor| poor + 2.0), "{criterion}");
    }
}

#[test]
fn rudeness_costs_professionalism() {
    let rude = assess(&with(GOOD, 7, "I found the second charge and it has been refunded. Are you deaf? Hurry up."));
    let good = assess(&call(GOOD));
    let points = |assessment| score(assessment, Criterion::ProfessionalismAndTone).unwrap();
    assert!(points(&rude) < points(&good));
}

#[test]
fn ignored_distress_costs_empathy() {
    let cold = assess(&with(GOOD, 2, "Account number."));
    assert!(score(&cold, Criterion::EmpathyAndRapport) < score(&assess(&call(GOOD)), Criterion::EmpathyAndRapport));
}

#[test]
fn a_bitter_end_costs_satisfaction() {
    let mut bitter = call(GOOD);
    "No, this is terrible, I will never call again.".clone_into(&mut bitter.transcript[8].text);
    "No, forget it, this was a waste of time.".clone_into(&mut bitter.transcript[10].text);
    let points = |call: &Call| score(&assess(call), Criterion::CustomerSatisfaction).unwrap();
    assert!(points(&bitter) <= points(&call(GOOD)) - 2.0);
}

#[test]
fn objection_handling_is_scored_only_where_one_is_raised() {
    let reason = |turns| assess(&call(turns)).criteria[Criterion::ObjectionHandling as usize].reason.clone();
    assert!(reason(GOOD).contains("raises no objection"), "{}", reason(GOOD));
    let raised =
        [GOOD[0], (Role::Customer, "That is too expensive for me."), (Role::Agent, "How about the smaller plan?")];
    assert!(!reason(&raised).contains("raises no objection"), "{}", reason(&raised));
}

#[test]
fn transcribers_habits_hardly_matter() {
    let plain = |text: &str| text.to_lowercase().replace([',', '.', '?', '!'], "");
    let mut spoken = call(&[]);
    for (role, text) in GOOD {
        let text = plain(text);
        let (first, second) = text.split_at(text.find(' ').unwrap_or(0));
        spoken.transcript.extend([
            turn(*role, first, None),
            turn(Role::Other, "[noise]", None),
            turn(*role, second, None),
        ]);
    }
    let difference = assess(&spoken).score.value() - assess(&call(GOOD)).score.value();
    assert!(difference.abs() <= 2.0, "{difference}");
}

#[test]
fn feedback_is_short_and_says_how_sure_the_score_is() {
    for turns in [GOOD, POOR, &GOOD[..8], &POOR[..6]] {
        let assessment = assess(&call(turns));
        assert!(sentences(&assessment.feedback) <= 5, "{}", assessment.feedback);
        assert!(sentences(&assessment.improvement_suggestions) <= 5, "{}", assessment.improvement_suggestions);
        let certainty = assessment.certainty;
        let (low, high) = (certainty.score_low.unwrap(), certainty.score_high.unwrap());
        assert!(low <= assessment.score && assessment.score <= high, "{certainty:?}");
        assert!(assessment.feedback.contains(&format!("between {low} and {high}")), "{}", assessment.feedback);
    }
}

#[test]
fn no_sentence_stands_under_two_criteria() {
    for turns in [GOOD, POOR] {
        let assessment = assess(&call(turns));
        let quoted: Vec<&str> = assessment
            .criteria
            .iter()
            .filter(|one| !one.evidence.is_empty() && !one.reason.starts_with("No single moment"))
            .flat_map(|one| one.reason.split_inclusive("). "))
            .collect();
        for (index, one) in quoted.iter().enumerate() {
            assert!(!quoted[index + 1..].contains(one), "{one}");
        }
    }
}

#[test]
fn a_call_of_which_little_is_known_gets_a_score_in_the_middle_and_a_wide_interval() {
    let little = [(Role::Agent, "Hello?"), (Role::Customer, "Is that the library?"), (Role::Agent, "It is.")];
    let assessment = assess(&call(&little));
    assert!((4.0..=6.0).contains(&assessment.score.value()), "{assessment:?}");
    assert!(assessment.certainty.width() > assess(&call(GOOD)).certainty.width(), "{:?}", assessment.certainty);
}

#[test]
fn a_call_without_one_side_has_nothing_to_score() {
    let silent = assess(&call(&[(Role::Agent, "Hello?"), (Role::Customer, "[noise]")]));
    assert_eq!(silent.score, Score::MIN);
    assert!(silent.criteria.iter().all(|assessed| assessed.score.is_none()));
    assert!(silent.feedback.contains("customer says nothing"), "{}", silent.feedback);
}

#[test]
fn long_calls_are_scored_like_short_ones() {
    let long = of_turns(call(GOOD).transcript.into_iter().cycle().take(10_000).collect());
    let assessment = assess(&long);
    assert_sound(&long, &assessment);
    assert!((assessment.score.value() - assess(&call(GOOD)).score.value()).abs() <= 2.0, "{}", assessment.score);
}

#[test]
fn feedback_carries_where_it_comes_from() {
    let call = call(GOOD);
    let feedback = embedded_feedback(&call, Some(3));
    let provenance = serde_json::to_value(&feedback.provenance).unwrap();
    let expected = serde_json::json!({
        "scorer": "embedded", "scorer_version": scoring::SCORER_VERSION, "rubric_version": scoring::RUBRIC_VERSION,
        "protocol": null, "model": null, "prompt_sha256": null, "input_tokens": null,
        "cached_input_tokens": null, "output_tokens": null, "reasoning_tokens": null,
        "attempts": null, "samples": null, "score_spread": null, "truncated_turns": null,
        "elapsed_ms": 3, "producer": "native", "roles_guessed": false, "platform_measures": []
    });
    assert_eq!(provenance, expected);
    assert_eq!(feedback, Feedback::of(&call, assess(&call), feedback.provenance.clone()));
}

#[test]
fn feedback_says_what_was_guessed_and_what_the_platform_measured_and_concluded() {
    let mut call = call(GOOD);
    call.roles_guessed = true;
    call.platform_measures.silence_ratio = Some(0.25);
    call.producer_verdict = Some(ProducerVerdict { success: Some("true".to_owned()), ..ProducerVerdict::default() });
    let feedback = embedded_feedback(&call, None);
    assert!(feedback.provenance.roles_guessed);
    assert_eq!(feedback.provenance.platform_measures, ["silence_ratio"]);
    assert_eq!(feedback.assessment.conversation.silence_ratio, Some(0.25));
    assert_eq!(feedback.producer_verdict, call.producer_verdict);
}
