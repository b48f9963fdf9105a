//! `token revoke` from its arguments to its request, against a stub of the table.
#![expect(clippy::unwrap_used, reason = "clippy exempts the tests, but not the functions they share")]

use std::process::{Command, Output};

use test_support::{StubServer, response};

fn revoke(table: &StubServer, id: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_call-feedback"));
    command.args(["token", "revoke", id, "--token-table", "tokens"]).env_clear();
    command.env("AWS_ENDPOINT_URL", format!("http://{}", table.address()));
    command.envs([("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "s")]);
    command.output().unwrap()
}

#[test]
fn a_token_is_revoked_by_its_id_or_as_a_whole_and_its_secret_goes_nowhere() {
    let (id, secret) = ("ab".repeat(8), "cd".repeat(32));
    for given in [id.clone(), format!("cf_{id}_{secret}"), format!(" cf_{id}_{secret}\n")] {
        let table = StubServer::start(|_| Some(response(200, "content-type: application/x-amz-json-1.0\r\n", "{}")));
        let output = revoke(&table, &given);
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!((output.status.code(), told), (Some(0), format!("token {id} is revoked\n")), "{given:?}");
        let requests = table.rest();
        assert!(requests.iter().any(|request| request.body.contains(&id)), "{requests:?}");
        assert!(!requests.iter().any(|request| format!("{request:?}").contains("cdcd")), "{requests:?}");
    }
}
