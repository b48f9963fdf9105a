//! What a text of rated calls may and may not hold.

use super::*;

const CALL: &str = r#"=== one
industry: banking
kind: ai
score: 2.5
outcome: partly
topics: wages; rent
criteria: tone=8 clarity=6 listening=3 goal=1 problem=1.5 information=2
why: It was not looked at.
flags: vulnerable, claimed_not_done
mention: - 1,3 | never asked
notclaim: goal + | it was found
A: Good morning: Larch Bank.
C (cuts in, +2s): {complaint, cue} My wages are
T: lookup | {"account": "1"} | {"status": "pending"} | error
A: Oh.
O: Hello?
C: {again} My wages.

A (+40s): {again,vague} Right.
"#;

/// The error of the call with one text replaced by another, and the line it names.
fn error(from: &str, to: &str) -> (usize, String) {
    assert!(CALL.contains(from), "{from}");
    let (line, error) = parse(&CALL.replacen(from, to, 1)).unwrap_err();
    (line, error.to_string())
}

#[test]
fn everything_in_a_call_is_read() {
    let two = format!("{CALL}{}", CALL.replace("=== one", "=== two"));
    let calls = parse(&two).unwrap();
    assert_eq!(
        calls.iter().map(|(line, call)| (*line, call.id.as_str())).collect::<Vec<_>>(),
        [(1, "one"), (20, "two")]
    );
    let call = &calls[0].1;
    assert_eq!(call.rating.score.tenths(), 25);
    assert_eq!(call.rating.criteria[&Criterion::ProblemSolving].tenths(), 15);
    assert_eq!(call.rating.flags, [Flag::Vulnerable, Flag::ClaimedNotDone]);
    let mention = Mention { sign: Sign::Fault, turns: vec![1, 3], text: "never asked".to_owned() };
    assert_eq!(call.rating.mentions, [mention]);
    let claim = NotClaim { criterion: Criterion::GoalAchievement, sign: Sign::Merit, text: "it was found".to_owned() };
    assert_eq!(call.rating.not_claims, [claim]);
    assert_eq!(call.turns[0].text, "Good morning: Larch Bank.");
    let second = WrittenTurn {
        role: Role::Customer,
        text: "My wages are".to_owned(),
        acts: vec![Act::Complaint, Act::Cue],
        pause_seconds: 2,
        cuts_in: true,
    };
    assert_eq!(call.turns[1], second);
    assert_eq!(call.turns[5].acts, [Act::Again, Act::Vague]);
    let event = &call.tool_events[0];
    assert_eq!((event.after_turn, event.is_error), (Some(1), Some(true)));
    assert_eq!(event.result.as_deref(), Some(r#"{"status": "pending"}"#));
}

#[test]
fn what_is_not_known_is_an_error_in_its_line() {
    for (from, to, line, message) in [
        ("=== one\n", "", 1, "not a field, a turn or a tool event of a call"),
        ("=== one", "=== o ne", 1, "the identifier of a call must hold only"),
        ("why:", "because:", 8, r#"unknown field "because""#),
        ("kind: ai", "score: 2", 4, r#"the field "score" occurs twice"#),
        ("goal + |", "aim + |", 11, r#""notclaim" cannot be "aim + |"#),
        ("- 1,3 |", "1,3 |", 10, r#""mention" cannot be "1,3 |"#),
        ("{complaint, cue}", "{complaint, done}", 13, r#"unknown act "done" of this speaker"#),
        ("(+40s)", "(later)", 19, r#""pause" cannot be "later""#),
        ("A: Oh.", "A: {again}", 15, "a turn without words"),
        ("| error", "| failed", 14, "not a tool event"),
        (r#"{"account": "1"}"#, r#"{"account": 1"#, 14, "not a tool event"),
        ("A: Oh.", "why: Oh.", 15, r#"the field "why" comes after the first turn"#),
    ] {
        let (wrong, error) = error(from, to);
        assert!(wrong == line && error.starts_with(message), "{to:?} gave {error:?} in line {wrong}");
    }
}

#[test]
fn what_is_wrong_with_a_whole_call_is_an_error_in_its_first_line() {
    for (from, to, message) in [
        ("kind: ai\n", "", r#"the call has no field "kind""#),
        ("kind: ai", "kind: robot", r#""kind" cannot be "robot""#),
        ("kind: ai", "kind: human", "a person has no tools"),
        ("score: 2.5", "score: 2.3", r#""score" cannot be "2.3""#),
        ("score: 2.5", "score: 11", r#""score" cannot be "11""#),
        ("tone=8", "tone=12", r#""criteria" cannot be "tone=12""#),
        ("tone=8", "goal=8", r#"the field "goal_achievement" occurs twice"#),
        ("tone=8 ", "", "the call has fewer than 6 criteria"),
        ("vulnerable,", "vulnerable, odd,", r#""flags" cannot be "odd""#),
        ("wages; rent", "a; b; c; d", r#""topics" cannot be "a; b; c; d""#),
        ("- 1,3 |", "- 1,6 |", "a mention of turn 6, which is not there"),
        ("O: Hello?\n", "", "the call has fewer than 6 turns"),
    ] {
        assert_eq!(error(from, to), (1, message.to_owned()));
    }
}
