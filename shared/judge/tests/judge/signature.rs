//! A signature of AWS (version 4), computed by this file alone, from the request as it was received.

use sha2::{Digest, Sha256};
use test_support::ReceivedRequest;

const BLOCK: usize = 64;

/// The `Authorization` that a request must have which somebody with that secret key signed for Bedrock in that region.
pub(crate) fn authorization(request: &ReceivedRequest, id: &str, secret: &str, region: &str) -> String {
    let date = header(request, "x-amz-date").unwrap();
    let day = date.split('T').next().unwrap();
    let scope = format!("{day}/{region}/bedrock/aws4_request");
    let names: Vec<&str> = ["host", "x-amz-date", "x-amz-security-token"]
        .into_iter()
        .filter(|name| header(request, name).is_some())
        .collect();
    let lines: Vec<String> = names.iter().map(|name| format!("{name}:{}\n", header(request, name).unwrap())).collect();
    let path = request.head.split(' ').nth(1).unwrap();
    let canonical = format!(
        "POST\n{}\n\n{}\n{}\n{}",
        // The path was encoded to be sent, and is encoded once more to be signed.
        path.replace('%', "%25"),
        lines.concat(),
        names.join(";"),
        hex::encode(Sha256::digest(&request.body)),
    );
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let key = [day, region, "bedrock", "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part.as_bytes()));
    let signature = hex::encode(hmac(&key, to_sign.as_bytes()));
    format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={}, Signature={signature}", names.join(";"))
}

/// The value of a header.
pub(crate) fn header<'a>(request: &'a ReceivedRequest, name: &str) -> Option<&'a str> {
    let mut headers = request.head.lines().filter_map(|line| line.split_once(": "));
    headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// HMAC-SHA256 as RFC 2104 has it, for keys that are no longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    assert!(key.len() <= BLOCK);
    let padded =
        |byte: u8| -> Vec<u8> { (0..BLOCK).map(|index| key.get(index).copied().unwrap_or_default() ^ byte).collect() };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The test vector of RFC 4231, case 2.
#[test]
fn the_hmac_is_that_of_its_specification() {
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex::encode(hmac(b"Jefe", b"what do ya want for nothing?")), expected);
}
