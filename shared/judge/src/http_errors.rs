//! What an HTTP error response of a model's server means.
//!
//! **Invariant:** pure. The text of the response is searched and never kept: servers quote the request, and with it the
//! transcript.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::{ErrorResponse, JsonMode, JudgeErrorKind, Settings};

/// A code is a short name; what is longer, or has other characters, is a text.
const LONGEST_CODE: usize = 64;

/// `OpenAI`'s and Azure's codes and Anthropic's type for an account without money, whatever the status.
const SPENT_CODES: &[&str] = &[
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
    "billing_error",
];
/// Anthropic responds with 400 `invalid_request_error` when an account is at its limit; only the text says so.
const SPENT_TEXTS: &[&str] = &["credit balance", "usage limit", "spend limit", "spending limit"];

const REFUSED_CODES: &[&str] = &["content_filter", "content_policy_violation"];

const TOO_LONG_CODES: &[&str] =
    &["context_length_exceeded", "exceed_context_size_error", "request_too_large", "string_above_max_length"];
/// Anthropic, vLLM and older servers of llama.cpp have no code for this.
const TOO_LONG_TEXTS: &[&str] = &["prompt is too long", "maximum context length", "context window", "context size"];

/// The fields that ask for JSON: an error that names one of them is about nothing else.
const JSON_MODE_FIELDS: &[&str] = &["response_format", "output_config", "output_format", "json_schema", "json_object"];

/// Anthropic's mark on what is to be cached, which not every server of its protocol knows.
const CACHE_FIELDS: &[&str] = &["cache_control"];

/// The fields that say how much to think; the second is one of Anthropic's `output_config`.
const EFFORT_FIELDS: &[&str] = &["reasoning_effort", "effort"];

const CHECK_KEY: &str = "check LLM_API_KEY or its secret";
pub(crate) const CHECK_REQUEST: &str = "check LLM_BASE_URL, LLM_MODEL and the other settings";
pub(crate) const CHECK_EFFORT: &str = "the model does not know this LLM_REASONING_EFFORT; choose another one or none";

/// Groq's code for an answer of the model that broke the schema.
const BROKEN_SCHEMA_CODE: &str = "json_validate_failed";

/// What was asked for that a server may not know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) mode: JsonMode,
    pub(crate) has_effort: bool,
}

impl From<&Settings> for Asked {
    fn from(settings: &Settings) -> Self {
        Self { mode: settings.json_mode, has_effort: settings.effort.is_some() }
    }
}

/// What the response means for the call.
pub(crate) fn classify(
    status: StatusCode,
    retry_after: Option<Duration>,
    body: &[u8],
    Asked { mode, has_effort }: Asked,
) -> JudgeErrorKind {
    let ErrorBody { codes, text } = ErrorBody::read(body);
    let has = |known: &[&str]| codes.iter().any(|code| known.contains(&code.as_str()));
    let says = |known: &[&str]| known.iter().any(|part| text.contains(part));
    let response = ErrorResponse { status: status.as_u16(), codes: codes.clone() };
    let is_client_error = status.is_client_error();
    if status == StatusCode::PAYMENT_REQUIRED || has(SPENT_CODES) || (is_client_error && says(SPENT_TEXTS)) {
        JudgeErrorKind::SpendLimit { response }
    } else if has(REFUSED_CODES) {
        JudgeErrorKind::Refused
    } else if status == StatusCode::PAYLOAD_TOO_LARGE
        || has(TOO_LONG_CODES)
        || (is_client_error && says(TOO_LONG_TEXTS))
    {
        JudgeErrorKind::TooLong
    } else if has(&[BROKEN_SCHEMA_CODE]) {
        JudgeErrorKind::Garbled { what: "an answer that broke the schema" }
    } else if may_name_a_field(status) && says(CACHE_FIELDS) {
        JudgeErrorKind::CacheRejected { response }
    } else if has_effort && may_name_a_field(status) && says(EFFORT_FIELDS) {
        JudgeErrorKind::Rejected { advice: CHECK_EFFORT, response }
    } else if mode != JsonMode::None && may_name_a_field(status) && says(JSON_MODE_FIELDS) {
        JudgeErrorKind::JsonModeRejected { mode, response }
    } else {
        by_status(status, retry_after, response)
    }
}

/// llama-cpp-python responds with 500 to a field it does not know, most others with 400 or 422.
fn may_name_a_field(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::NOT_IMPLEMENTED
    )
}

pub(crate) fn by_status(status: StatusCode, retry_after: Option<Duration>, response: ErrorResponse) -> JudgeErrorKind {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            JudgeErrorKind::Unauthorized { advice: CHECK_KEY, response }
        }
        StatusCode::TOO_MANY_REQUESTS => JudgeErrorKind::RateLimited { response, retry_after },
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT => JudgeErrorKind::Unavailable { response, retry_after },
        _ if status.is_server_error() => JudgeErrorKind::Unavailable { response, retry_after },
        _ => JudgeErrorKind::Rejected { advice: CHECK_REQUEST, response },
    }
}

struct ErrorBody {
    codes: Vec<String>,
    /// Everything the error says, in lower case.
    text: String,
}

impl ErrorBody {
    /// Reads `{"error": {type, code, param, message}}`; of anything else only the text.
    fn read(body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = value.get("error").unwrap_or(&value);
        let texts = ["type", "code", "param"].iter().filter_map(|name| error.get(name)?.as_str());
        let mut codes: Vec<String> = texts.filter(|text| is_code(text)).map(ToOwned::to_owned).collect();
        codes.dedup();
        let message = error.get("message").and_then(Value::as_str).map(str::to_lowercase);
        let text = message.unwrap_or_else(|| String::from_utf8_lossy(body).to_lowercase());
        Self { text: [&codes.join(" "), text.as_str()].join(" "), codes }
    }
}

pub(crate) fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte);
    !text.is_empty() && text.len() <= LONGEST_CODE && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Asked = Asked { mode: JsonMode::JsonSchema, has_effort: false };

    fn code(status: u16, body: &str) -> &'static str {
        classify(StatusCode::from_u16(status).unwrap(), None, body.as_bytes(), ASKED).code()
    }

    /// Statuses and bodies as providers document or send them, with the code of what they mean.
    const DOCUMENTED: &[(u16, &str, &str)] = &[
        (
            429,
            r#"{"error": {"message": "Rate limit reached", "type": "tokens", "code": "rate_limit_exceeded"}}"#,
            "model_rate_limited",
        ),
        (
            429,
            r#"{"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}"#,
            "model_spend_limit",
        ),
        (
            429,
            r#"{"error": {"message": "…", "type": "insufficient_quota", "code": "project_spend_limit_exceeded"}}"#,
            "model_spend_limit",
        ),
        (
            400,
            r#"{"type": "error", "error": {"type": "invalid_request_error", "message": "You have reached your specified API usage limits."}}"#,
            "model_spend_limit",
        ),
        (
            400,
            r#"{"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low to access the Anthropic API."}}"#,
            "model_spend_limit",
        ),
        (402, r#"{"type": "error", "error": {"type": "billing_error", "message": "…"}}"#, "model_spend_limit"),
        (429, r#"{"type": "error", "error": {"type": "rate_limit_error", "message": "…"}}"#, "model_rate_limited"),
        (
            529,
            r#"{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}"#,
            "model_unavailable",
        ),
        (
            500,
            r#"{"type": "error", "error": {"type": "api_error", "message": "Internal server error"}}"#,
            "model_unavailable",
        ),
        (502, "<html>Bad gateway</html>", "model_unavailable"),
        (503, "", "model_unavailable"),
        (504, "\u{0}", "model_unavailable"),
        (408, "", "model_unavailable"),
        (
            401,
            r#"{"error": {"message": "Incorrect API key provided: sk-ab***yz", "code": "invalid_api_key"}}"#,
            "model_unauthorized",
        ),
        (403, r#"{"error": {"message": "…", "code": "unsupported_country_region_territory"}}"#, "model_unauthorized"),
        (
            404,
            r#"{"error": {"message": "The model does not exist", "code": "model_not_found"}}"#,
            "model_request_rejected",
        ),
        (
            400,
            r#"{"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens", "code": "unsupported_parameter"}}"#,
            "model_request_rejected",
        ),
        (307, "", "model_request_rejected"),
        (400, r#"{"error": {"message": "Too many tokens", "code": "context_length_exceeded"}}"#, "call_too_long"),
        (
            400,
            r#"{"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}"#,
            "call_too_long",
        ),
        (413, r#"{"type": "error", "error": {"type": "request_too_large", "message": "…"}}"#, "call_too_long"),
        (
            400,
            r#"{"error": {"message": "The response was filtered", "param": "prompt", "code": "content_filter"}}"#,
            "model_refused",
        ),
        (
            400,
            r#"{"error": {"message": "Failed to generate JSON", "code": "json_validate_failed", "failed_generation": "{"}}"#,
            "model_unavailable",
        ),
    ];

    #[test]
    fn errors_mean_what_their_providers_document() {
        for (status, body, expected) in DOCUMENTED {
            assert_eq!(code(*status, body), *expected, "{status} {body}");
        }
    }

    #[test]
    fn a_server_that_does_not_know_the_json_mode_leads_to_the_setting() {
        for (status, body) in [
            (
                500,
                r#"{"error": {"message": "1 validation error: {'loc': ('body', 'response_format', 'type')}", "type": "internal_server_error"}}"#,
            ),
            (400, r#"{"error": {"message": "Invalid parameter", "param": "response_format", "code": null}}"#),
            (
                400,
                r#"{"type": "error", "error": {"type": "invalid_request_error", "message": "output_config.format: not supported by this model"}}"#,
            ),
            (422, r#"{"detail": [{"loc": ["body", "response_format", "type"], "msg": "unexpected value"}]}"#),
        ] {
            assert_eq!(code(status, body), "model_json_mode_rejected", "{status} {body}");
            let without = classify(
                StatusCode::from_u16(status).unwrap(),
                None,
                body.as_bytes(),
                Asked { mode: JsonMode::None, ..ASKED },
            );
            assert_ne!(without.code(), "model_json_mode_rejected", "{status} {body}");
        }
        let error = classify(
            StatusCode::BAD_REQUEST,
            None,
            br#"{"error": "response_format"}"#,
            Asked { mode: JsonMode::JsonObject, ..ASKED },
        );
        assert!(error.to_string().contains("LLM_JSON_MODE=json_object"), "{error}");
    }

    #[test]
    fn a_model_that_does_not_know_the_effort_leads_to_its_setting() {
        for body in [
            &br#"{"error": {"message": "Unsupported parameter", "param": "reasoning_effort", "code": "unsupported_parameter"}}"#[..],
            br#"{"error": {"type": "invalid_request_error", "message": "output_config.effort: not supported by this model"}}"#,
        ] {
            let asked = |has_effort| classify(StatusCode::BAD_REQUEST, None, body, Asked { has_effort, ..ASKED });
            assert!(asked(true).to_string().contains("LLM_REASONING_EFFORT"), "{}", asked(true));
            assert!(!asked(false).to_string().contains("LLM_REASONING_EFFORT"), "{}", asked(false));
        }
    }

    #[test]
    fn no_text_of_a_server_is_kept() {
        let body = r#"{"error": {"message": "my card is 4111", "type": "a sentence that was said", "code": "ok_code", "param": "x"}}"#;
        let error = classify(StatusCode::BAD_REQUEST, None, body.as_bytes(), ASKED);
        assert!(error.to_string().ends_with("(HTTP 400 ok_code x)"), "{error}");
        assert!(!format!("{error:?}").contains("4111") && !format!("{error:?}").contains("sentence"));
        assert!(!is_code(&"x".repeat(LONGEST_CODE + 1)));
    }
}
