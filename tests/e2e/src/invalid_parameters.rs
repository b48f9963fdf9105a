//! Invalid parameters: the response is a 400 that names the parameter, through API Gateway as well.

use crate::organisation::Organisation;

#[tokio::test]
async fn an_invalid_parameter_is_a_400_that_names_it() {
    let organisation = Organisation::new();
    for (rest, name) in [
        ("?page=2", "page"),
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
        ("?limit=ten", "limit"),
        ("?limit=5&limit=5", "limit"),
        ("?offset=-1", "offset"),
        ("?min_score=11", "min_score"),
        ("?max_score=-0.1", "max_score"),
        ("?min_score=8&max_score=7", "min_score"),
        ("?sort=agent", "sort"),
        ("?order=up", "order"),
        ("?agent_id=a%2Fb", "agent_id"),
        ("?from=yesterday", "from"),
        ("?to=2026-02-30", "to"),
        ("?cursor=abc", "cursor"),
        ("/stats?from=2026-11-22T00:00:00Z", "from"),
        ("/stats?from=2026-11-23&to=2026-11-22", "from"),
        ("/stats?limit=5", "limit"),
        ("/call%20456", "call_id"),
        ("/call-1?verbose=1", "verbose"),
    ] {
        let response = organisation.get(rest).await;
        let message = response.error(400, "invalid_parameter")["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{name}: ")), "{rest}: {message}");
    }
}

/// An HTTP client would percent-encode them, but nothing forces a client to.
#[test]
fn characters_that_no_query_may_contain_are_a_400_that_names_the_parameter() {
    let organisation = Organisation::new();
    for character in ['"', '<', '>', '`', '{', '|', '}', '^', '\\'] {
        for path in ["", "/stats"] {
            let response = organisation.get_unencoded(&format!("{path}?agent_id=a{character}b"), "");
            assert!(response.starts_with("HTTP/1.1 400 ") && response.contains("\"agent_id: "), "{path} {response}");
        }
        let response = organisation.get_unencoded(&format!("/call-1?a{character}b=1"), "");
        assert!(response.starts_with("HTTP/1.1 400 ") && response.contains(": unknown parameter"), "{response}");
    }
}

#[test]
fn a_chain_of_proxies_in_the_headers_changes_nothing() {
    let organisation = Organisation::new();
    for path in ["?limit=5", "/stats"] {
        let response = organisation.get_unencoded(path, "x-forwarded-proto: http, https\r\n");
        assert!(response.starts_with("HTTP/1.1 200 "), "{path} {response}");
    }
}
