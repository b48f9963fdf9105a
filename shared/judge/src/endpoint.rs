//! The address of the model's server.
//!
//! **Invariant:** a transcript and a key leave the machine over TLS only. Plain HTTP is for one's own servers: on this machine,
//! in a private network, or under a name that only a private network resolves.

use std::net::{IpAddr, Ipv6Addr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::Protocol;

/// All but the characters that a path has as they are. A model's id has colons, and the ARN of an inference profile slashes.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address that requests go to, from what a provider's documentation calls its base URL. That may end with a slash or not,
/// have `/v1` or not where every server of the protocol has it, or be complete already; a query is kept.
/// In Bedrock's protocol the path names the model.
pub(crate) fn endpoint(protocol: Protocol, base: &str, model: &str) -> Result<Url, String> {
    let mut url = Url::parse(base).map_err(|error| format!("which is not a URL: {error}"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    if host.is_empty() {
        return Err("which names no host".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if is_private(host) => {}
        _ => return Err("must begin with https:// (http:// only for this machine and private networks)".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or a password".to_owned());
    }
    if url.fragment().is_some() {
        return Err("must not hold a fragment (#)".to_owned());
    }
    let path = path(protocol, url.path().trim_end_matches('/'), model);
    url.set_path(&path);
    Ok(url)
}

fn path(protocol: Protocol, base: &str, model: &str) -> String {
    let (resource, has_version) = match protocol {
        // The version is part of what its providers call base URL, and not always `/v1`.
        Protocol::OpenAi => ("/chat/completions", !base.is_empty()),
        Protocol::Anthropic => ("/messages", base.ends_with("/v1")),
        Protocol::Bedrock => return format!("{base}/model/{}/converse", utf8_percent_encode(model, UNRESERVED)),
    };
    if base.ends_with(resource) {
        base.to_owned()
    } else if has_version {
        format!("{base}{resource}")
    } else {
        format!("{base}/v1{resource}")
    }
}

fn is_private(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || is_private_v6(address),
        // A name without a dot is looked up in the search domain or the hosts of a container network.
        Err(_) => !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end)),
    }
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_completed_as_their_providers_write_them() {
        for (base, complete) in [
            ("https://api.openai.com", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
            ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai/",
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            ),
            (
                "https://x.openai.azure.com/openai/deployments/judge?api-version=2024-10-21",
                "https://x.openai.azure.com/openai/deployments/judge/chat/completions?api-version=2024-10-21",
            ),
            ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/chat/completions"),
        ] {
            assert_eq!(endpoint(Protocol::OpenAi, base, "m").unwrap().as_str(), complete);
        }
        for (base, complete) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/messages"),
            ("https://gateway.example/anthropic", "https://gateway.example/anthropic/v1/messages"),
        ] {
            assert_eq!(endpoint(Protocol::Anthropic, base, "m").unwrap().as_str(), complete);
        }
    }

    #[test]
    fn bedrocks_addresses_name_the_model_with_everything_encoded_that_is_not_plain() {
        for (base, model, complete) in [
            (
                "https://bedrock-runtime.us-east-1.amazonaws.com",
                "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse",
            ),
            (
                "http://127.0.0.1:8000/",
                "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1",
                "http://127.0.0.1:8000/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fa1/converse",
            ),
            ("https://h.example", "../a b%é", "https://h.example/model/..%2Fa%20b%25%C3%A9/converse"),
        ] {
            assert_eq!(endpoint(Protocol::Bedrock, base, model).unwrap().as_str(), complete);
        }
    }

    #[test]
    fn plain_http_is_for_ones_own_servers() {
        for base in [
            "http://localhost:8000",
            "http://127.0.0.1:8000/v1",
            "http://[::1]:8000",
            "http://10.2.3.4",
            "http://192.168.1.5:11434",
            "http://172.16.0.9",
            "http://[fd00::1]",
            "http://ollama:11434",
            "http://models.internal",
        ] {
            assert!(endpoint(Protocol::OpenAi, base, "m").is_ok(), "{base}");
        }
        for base in ["http://api.openai.com", "http://8.8.8.8", "http://[2001:db8::1]", "http://evil.localhost.example"]
        {
            assert!(endpoint(Protocol::OpenAi, base, "m").unwrap_err().contains("https://"), "{base}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for base in
            ["", "api.openai.com", "ftp://x.example", "https://", "https://user:pass@x.example", "https://x.example/#f"]
        {
            assert!(endpoint(Protocol::OpenAi, base, "m").is_err(), "{base}");
        }
    }
}
