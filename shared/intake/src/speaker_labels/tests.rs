use super::*;

fn parsed(text: &str) -> Vec<(Role, String)> {
    parse(text, &[]).unwrap().into_iter().map(|turn| (turn.role, turn.text)).collect()
}

fn turns<const N: usize>(turns: [(Role, &str); N]) -> Vec<(Role, String)> {
    turns.map(|(role, text)| (role, text.to_owned())).to_vec()
}

#[test]
fn labels_are_known_in_any_case_and_by_any_common_word() {
    let text = "Agent: Hello.\ncustomer:Hi\nREP : one\n  User: two\nAI: three\nOther: beep\r\nCaller:\n";
    let expected = [
        (Role::Agent, "Hello."),
        (Role::Customer, "Hi"),
        (Role::Agent, "one"),
        (Role::Customer, "two"),
        (Role::Agent, "three"),
        (Role::Other, "beep"),
        (Role::Customer, ""),
    ];
    assert_eq!(parsed(text), turns(expected));
}

#[test]
fn labels_that_platforms_write_are_known() {
    for (agent, customer) in [
        ("bot", "human"),
        ("ai", "human"),
        ("Assistant", "User"),
        ("AI Assistant", "Visitor"),
        ("virtual_agent", "end_user"),
        ("Customer Service", "Customer"),
        ("Representative", "Patient"),
        ("Robot", "Callee"),
    ] {
        let text = format!("{agent}: Hello.\n{customer}: Hi.");
        assert_eq!(parsed(&text), turns([(Role::Agent, "Hello."), (Role::Customer, "Hi.")]), "{text}");
    }
}

#[test]
fn lines_without_a_label_continue_the_turn() {
    let text = "\nAgent:\n  The code: 42\n\nat 10:30.\nCustomer: ok";
    assert_eq!(parsed(text), turns([(Role::Agent, "The code: 42 at 10:30."), (Role::Customer, "ok")]));
    for line in [
        "Total: 42 dollars",
        "Order number: 7",
        "Tracking ID: X7",
        "See https://example.org",
        "so I said: no",
        "Great :) bye",
        "It says, among others: no.",
        "https://example.org",
    ] {
        let text = format!("Agent: Hm.\n{line}\nCustomer: ok");
        assert_eq!(parsed(&text), turns([(Role::Agent, &format!("Hm. {line}")), (Role::Customer, "ok")]), "{line}");
    }
}

#[test]
fn a_line_of_an_unknown_speaker_is_never_added_to_the_turn_before_it() {
    for label in
        ["Dana Cole", "Dana", "dana", "Speaker 2", "SPEAKER_02", "Dr. O'Neil", "Mia from Sales", "Ana de la Cruz", "X"]
    {
        let text = format!("Customer: Hi.\n{label}: Hello, I can help.\nand more\nCustomer: Great.\nAgent: Bye.");
        let expected = [
            (Role::Customer, "Hi."),
            (Role::Other, "Hello, I can help. and more"),
            (Role::Customer, "Great."),
            (Role::Agent, "Bye."),
        ];
        assert_eq!(parsed(&text), turns(expected), "{label}");
    }
}

#[test]
fn an_unknown_speaker_is_an_error_where_a_side_says_nothing() {
    let unknown = |line, label: &str| Err(LabelError::UnknownSpeaker { line, label: label.to_owned() });
    assert_eq!(parse("Customer: Hi.\nDana Cole: Hello.\nDana Cole: Bye.", &[]), unknown(2, "Dana Cole"));
    assert_eq!(parse("Agent: Hi.\nJo: Hello.\nCustomer:", &[]), unknown(2, "Jo"));
    assert_eq!(parse("Speaker 0: Hi.\nSpeaker 1: Hello.", &[]), unknown(1, "Speaker 0"));
    assert!(parse("Agent: Hi.\nIVR: Press one.", &[]).is_ok());
}

#[test]
fn speech_before_the_first_label_names_its_line() {
    assert_eq!(parse("\nhello\nAgent: hi", &[]), Err(LabelError::Unlabelled { line: 2 }));
    assert_eq!(parse("no labels here: none", &[]), Err(LabelError::Unlabelled { line: 1 }));
}

#[test]
fn what_stands_beside_a_label_does_not_hide_it() {
    for (agent, customer) in [
        ("Agent 1:", "Customer 2:"),
        ("Agent (Dana):", "Customer (Mr. Cole):"),
        ("[Agent]:", "[Customer]:"),
        ("**Agent:**", "**Customer:**"),
        ("- Agent:", "- Customer:"),
        ("agent_1:", "CALLER #1:"),
        ("\u{feff}Agent:", "\u{feff}Customer:"),
        ("Agent：", "Customer："),
    ] {
        let text = format!("{agent} Hello.\n{customer} Hi.");
        assert_eq!(parsed(&text), turns([(Role::Agent, "Hello."), (Role::Customer, "Hi.")]), "{text}");
    }
}

#[test]
fn the_time_of_a_line_is_when_its_turn_starts() {
    for text in [
        "[00:05] Agent: Hi.\n[01:02] Customer: Hello.",
        "00:00:05 Agent: Hi.\n00:01:02 - Customer: Hello.",
        "(0:05.0) Agent: Hi.\n(1:02) Customer: Hello.",
        "Agent [0:05]: Hi.\nCustomer (1:02): Hello.",
        "[0:05 - 0:07] Agent: Hi.\n[1:02 - 1:03] Customer: Hello.",
    ] {
        let times: Vec<_> = parse(text, &[]).unwrap().iter().map(|turn| (turn.role, turn.start_ms)).collect();
        assert_eq!(times, [(Role::Agent, Some(5_000)), (Role::Customer, Some(62_000))], "{text}");
        assert_eq!(parsed(text), turns([(Role::Agent, "Hi."), (Role::Customer, "Hello.")]), "{text}");
    }
    assert_eq!(parse("Agent: At 10:30 it is.", &[]).unwrap()[0].start_ms, None);
}

#[test]
fn turns_on_one_line_are_told_apart() {
    let expected = turns([(Role::Agent, "How can I help?"), (Role::Customer, "It is late"), (Role::Agent, "Sorry.")]);
    for text in [
        "AI: How can I help? User: It is late AI: Sorry.",
        "ai: How can I help? user: It is late ai: Sorry.",
        r"AI: How can I help?\nUser: It is late\nAI: Sorry.",
        "AI: How can I help? User: It is late\nAI: Sorry.",
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
    for text in [
        "Customer: I told the agent: no way.",
        "Customer: It said user:name. OK",
        "Agent: Fill in. Client: A.\nUser: b",
    ] {
        assert_eq!(parsed(text).len(), text.lines().count(), "{text}");
    }
}

#[test]
fn an_unknown_role_is_other_unless_nobody_speaks_in_it() {
    for name in ["system", "Developer", "tool", "tool_call_result", "function-call"] {
        assert_eq!(fallback_role(name), None, "{name}");
    }
    for name in ["", "guest", "toolmaker", "transfer_target"] {
        assert_eq!(fallback_role(name), Some(Role::Other), "{name}");
    }
}

#[test]
fn blank_text_has_no_turns() {
    assert_eq!(parse(" \n\t\r\n", &[]), Ok(Vec::new()));
}

#[test]
fn a_producer_may_have_labels_of_its_own() {
    let labels = [("Mia from Sales", Some(Role::Agent)), ("guest", Some(Role::Customer)), ("Agent", Some(Role::Other))];
    let turns = parse("Mia from Sales: Hi.\nGuest: Hello.\nAgent: Beep.", &labels);
    let roles: Vec<_> = turns.unwrap().iter().map(|turn| turn.role).collect();
    assert_eq!(roles, [Role::Agent, Role::Customer, Role::Other]);
}

#[test]
fn text_that_nobody_speaks_is_skipped_with_its_further_lines() {
    let turns = parse("Tool: a\nb\nUser: c\ntool: d\ne\nUser: f\ng", &[("tool", None)]).unwrap();
    assert_eq!(turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["c", "f g"]);
}
