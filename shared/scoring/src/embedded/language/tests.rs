use super::*;
use crate::test_calls::untimed;

/// Texts with their languages; see the comment in the file.
const CASES: &str = include_str!("cases.txt");

fn call(language: Option<&str>, text: &str) -> Call {
    let mut call = untimed(&[("agent", text), ("customer", "ok")]);
    call.language = language.map(str::to_owned);
    call
}

/// The language and the turns of each case.
fn cases() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let case = |line: &'static str| {
        let (language, text) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
        (language, text.split("  ").collect())
    };
    lines.map(case).collect()
}

#[test]
fn english_is_scored_and_nothing_else_is() {
    let mut counts = (0_u32, 0_u32);
    let mut wrong = Vec::new();
    for (language, turns) in cases() {
        let roles = ["agent", "customer"].into_iter().cycle();
        let turns: Vec<_> = roles.zip(turns).collect();
        let is_english = language == "en";
        *if is_english { &mut counts.0 } else { &mut counts.1 } += 1;
        if supports(&untimed(&turns)) != is_english {
            wrong.push((language, turns));
        }
    }
    let (english, other) = counts;
    assert!(english >= 100 && other >= 100, "{english} and {other}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_english_call_that_begins_or_ends_in_another_language_is_decided_by_most_of_it() {
    let english = "good morning this is the city bank how can i help you i lost my card and i need a new one";
    let spanish = "hola he perdido mi tarjeta y necesito una nueva cuánto tiempo tarda normalmente";
    assert!(supports(&untimed(&[("agent", english), ("customer", spanish), ("agent", english)])));
    assert!(!supports(&untimed(&[("agent", "Hello?"), ("customer", spanish), ("agent", spanish)])));
    // An announcement is not the call.
    assert!(!supports(&untimed(&[("other", english), ("customer", spanish), ("agent", spanish)])));
}

#[test]
fn a_declared_language_is_believed() {
    let german = "guten tag hier ist die stadtbank mein name ist anna wie kann ich ihnen helfen";
    let english = "good morning this is the city bank my name is anna how can i help you";
    for tag in ["en", "en-GB", "eng", "English"] {
        assert!(supports(&call(Some(tag), german)), "{tag}");
    }
    for tag in ["de", "pt-BR", "enm", "German"] {
        assert!(!supports(&call(Some(tag), english)), "{tag}");
    }
    for tag in ["multi", "mul", "und", "auto", "", "x-en"] {
        assert!(supports(&call(Some(tag), english)), "{tag}");
        assert!(!supports(&call(Some(tag), german)), "{tag}");
    }
}

#[test]
fn short_texts_are_accepted() {
    assert!(supports(&call(None, "jeg vil gjerne ha pengene")));
    assert!(supports(&call(None, "4111 1111 [noise] <unk>")));
    assert!(supports(&call(None, "はい")));
}
