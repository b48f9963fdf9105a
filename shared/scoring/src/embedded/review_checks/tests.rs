//! The phrase files of the checks, and sentences of trades and troubles that the phrases were not chosen from.

use std::collections::BTreeSet;

use super::*;
use crate::test_calls::untimed;

fn found(role: &str, said: &str) -> Vec<ReviewReason> {
    review_reasons(&untimed(&[(role, said)]))
}

#[test]
fn a_sentence_without_end_is_checked_in_linear_time() {
    assert_eq!(found("customer", &"hello ".repeat(400_000)), []);
}

/// Asserts that each is found for that reason alone, and each of the others for none.
fn assert_checked(reason: ReviewReason, must: &[(&str, &str)], must_not: &[(&str, &str)]) {
    for (role, said) in must {
        assert_eq!(found(role, said), [reason], "{said}");
    }
    for (role, said) in must_not {
        assert_eq!(found(role, said), [], "{said}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test looks for a file that no check names")]
fn every_file_is_of_the_format_and_belongs_to_a_check() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/review_checks");
    let there: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, CHECKS.iter().map(|check| check.file.to_owned()).collect());
    for check in &CHECKS {
        let file = PhraseFile::parse(check.file, check.text).unwrap();
        let phrases: Vec<Vec<&str>> =
            file.groups.iter().flat_map(|group| group.phrases().map(Iterator::collect)).collect();
        let distinct: BTreeSet<&Vec<&str>> = phrases.iter().collect();
        assert_eq!(phrases.len(), distinct.len(), "{}: a phrase is listed twice", check.file);
    }
}

#[test]
fn examples_match_as_their_file_says() {
    for check in &CHECKS {
        let role = if check.speaker == Speaker::Agent { "agent" } else { "customer" };
        let examples = PhraseFile::parse(check.file, check.text).unwrap().examples;
        for example in &examples {
            let matches = found(role, example.said).contains(&check.reason);
            assert_eq!(matches, example.matches, "{}:{}: {}", check.file, example.line, example.said);
        }
        let matching = examples.iter().filter(|example| example.matches).count();
        assert!(matching >= 3 && examples.len() - matching >= 3, "{}", check.file);
    }
}

#[test]
fn emergencies_are_told_from_symptoms_of_things_and_from_what_is_only_supposed() {
    assert_checked(
        ReviewReason::Emergency,
        &[
            ("customer", "my colleague in the kiln room has passed out"),
            ("customer", "There's a burning smell from the stage lights, should we clear the hall?"),
            ("customer", "We are trapped inside the cable car, all nine of us."),
            ("customer", "um the baby is um struggling to breathe"),
            ("agent", "Stay low, get everyone out and wait by the gate."),
        ],
        &[
            ("customer", "If anyone has chest pain on the climb, do you stop?"),
            ("customer", "The car park barrier is not breathing life into the street."),
            ("customer", "I was so pleased with the smell of the candles."),
            ("customer", "There's no smell of gas, the meter man checked."),
            ("agent", "For a fire, press star; if you need help, ring 999."),
            ("agent", "Unplug the till, wait ten seconds and plug it in again."),
        ],
    );
}

#[test]
fn legal_threats_are_told_from_people_who_have_lawyers() {
    assert_checked(
        ReviewReason::LegalThreat,
        &[
            ("customer", "If the choir isn't refunded I'm writing to trading standards."),
            ("customer", "i will be taking this up with my lawyer"),
            ("customer", "Fine. See you in court, then."),
            ("customer", "My solicitor will want those scaffolding drawings."),
        ],
        &[
            ("customer", "My solicitor asked for the searches, can you send them?"),
            ("customer", "I'm not going to sue, I just want my skis."),
            ("customer", "Which court do we play badminton on?"),
            ("agent", "You may go to the ombudsman if you are not content."),
        ],
    );
}

#[test]
fn threats_are_told_from_consequences() {
    assert_checked(
        ReviewReason::Threat,
        &[
            ("agent", "One more bad review and I'll tell your boss what you did at the party."),
            ("customer", "i know where you work so be careful"),
            ("customer", "Is that a threat?"),
            ("agent", "And don't forget, we've got your address."),
            ("agent", "Sign tonight or I'll call your employer."),
        ],
        &[
            ("agent", "If the rent is late, a charge of ten pounds is added."),
            ("customer", "Could you tell your boss she was lovely?"),
            ("agent", "I won't tell your family about the surprise."),
            ("agent", "I have your address as Mill Lane?"),
        ],
    );
}

#[test]
fn discrimination_is_told_from_talk_of_origin_and_language() {
    assert_checked(
        ReviewReason::Discrimination,
        &[
            ("customer", "You turned my husband down because he's deaf."),
            ("customer", "I think that is discrimination, honestly."),
            ("agent", "You people never read the brochure."),
            ("agent", "Learn English and then ring about the mooring."),
            ("agent", "Oh, women drivers."),
        ],
        &[
            ("customer", "I'm calling because I'm late with the form."),
            ("customer", "Our guide was Polish and very good."),
            ("agent", "Would you people prefer the early boat?"),
            ("agent", "We can do the tour in English or in Welsh."),
            ("customer", "Tell your lot at the depot thank you."),
        ],
    );
}

#[test]
fn self_harm_is_told_from_figures_of_speech() {
    assert_checked(
        ReviewReason::SelfHarm,
        &[
            ("customer", "Since the farm went I've been thinking about ending my life."),
            ("customer", "My lodger says she'd be better off dead."),
            ("agent", "Are you thinking of killing yourself?"),
            ("customer", "some nights i just want to die"),
        ],
        &[
            ("customer", "This queue is killing me."),
            ("customer", "I could have killed him for losing the keys."),
            ("customer", "I'm not going to hurt myself over a parking space."),
            ("customer", "I hurt myself on your turnstile."),
            ("customer", "My hens were better off in the old coop."),
        ],
    );
}

#[test]
fn each_reason_is_given_once_and_only_for_the_side_that_says_it() {
    let turns = [
        ("customer", "I smell gas and there is smoke coming from the boiler."),
        ("agent", "Get everyone out."),
        ("customer", "And then I'm going to the ombudsman."),
    ];
    assert_eq!(review_reasons(&untimed(&turns)), [ReviewReason::Emergency, ReviewReason::LegalThreat]);
    assert_eq!(found("agent", "I smell gas."), []);
    assert_eq!(found("other", "I smell gas."), []);
}
