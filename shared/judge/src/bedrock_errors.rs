//! What an HTTP error response of Amazon Bedrock means.
//!
//! **Invariant:** pure. The text of the response is searched and never kept.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::http_errors::{Asked, CHECK_EFFORT, CHECK_REQUEST, by_status, is_code};
use crate::{ErrorResponse, JsonMode, JudgeErrorKind};

/// AWS's header with the type of an error.
const ERROR_TYPE: &str = "x-amzn-errortype";

const TOO_LONG_TEXTS: &[&str] = &["too long", "maximum context length", "context window", "too many input tokens"];
/// What a refusal calls the mark on what is to be cached.
const CACHE_TEXTS: &[&str] = &["prompt caching", "cachepoint", "cache point", "cache_control"];
/// What a refusal calls the fields that ask for JSON, in Converse or in what it makes of it for a model.
const JSON_MODE_TEXTS: &[&str] = &[
    "outputconfig",
    "output_config",
    "textformat",
    "structured output",
    "toolconfig",
    "tool_choice",
    "toolchoice",
    "tool use",
];

const CHECK_CREDENTIALS: &str = "the AWS credentials are invalid or have expired, or the clock is wrong";
const CHECK_ACCESS: &str = "the role needs bedrock:InvokeModel for the model (LLM_MODEL) and for every region of its inference \
                            profile, and the account needs access to the model, see the Bedrock console";
const CHECK_PROFILE: &str =
    "the model is only available through an inference profile: set LLM_MODEL to that, such as us.<model>";
const CHECK_MODEL: &str = "there is no such model or inference profile in this region: check LLM_MODEL and AWS_REGION";

/// What the response means for the call. Bedrock names each error in a header, and some in the body.
pub(crate) fn classify(
    status: StatusCode,
    retry_after: Option<Duration>,
    headers: &HeaderMap,
    body: &[u8],
    asked: Asked,
) -> JudgeErrorKind {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let name = error_name(headers, &value);
    let response = ErrorResponse { status: status.as_u16(), codes: name.iter().map(ToString::to_string).collect() };
    let text = lower_text(&value, body);
    // The name of this error differs from model to model.
    if status.is_client_error() && CACHE_TEXTS.iter().any(|part| text.contains(part)) {
        return JudgeErrorKind::CacheRejected { response };
    }
    match name.as_deref().unwrap_or_default() {
        "ThrottlingException" | "ServiceQuotaExceededException" | "TooManyRequestsException" => {
            JudgeErrorKind::RateLimited { response, retry_after }
        }
        // The third is a 424: the model itself failed.
        "ModelNotReadyException"
        | "ServiceUnavailableException"
        | "ModelErrorException"
        | "InternalServerException" => JudgeErrorKind::Unavailable { response, retry_after },
        "ModelTimeoutException" => JudgeErrorKind::TimedOut,
        "AccessDeniedException" => JudgeErrorKind::Unauthorized { advice: CHECK_ACCESS, response },
        "ResourceNotFoundException" => JudgeErrorKind::Rejected { advice: CHECK_MODEL, response },
        "ValidationException" => invalid_request(&text, asked, response),
        _ if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            JudgeErrorKind::Unauthorized { advice: CHECK_CREDENTIALS, response }
        }
        "ExpiredTokenException" | "UnrecognizedClientException" | "IncompleteSignatureException" => {
            JudgeErrorKind::Unauthorized { advice: CHECK_CREDENTIALS, response }
        }
        _ => by_status(status, retry_after, response),
    }
}

/// What is wrong with a request is only in the text of the error.
fn invalid_request(text: &str, asked: Asked, response: ErrorResponse) -> JudgeErrorKind {
    let says = |known: &[&str]| known.iter().any(|part| text.contains(part));
    if says(&["on-demand throughput"]) {
        JudgeErrorKind::Rejected { advice: CHECK_PROFILE, response }
    } else if says(&["model identifier"]) {
        JudgeErrorKind::Rejected { advice: CHECK_MODEL, response }
    } else if says(TOO_LONG_TEXTS) {
        JudgeErrorKind::TooLong
    } else if asked.has_effort && says(&["effort"]) {
        JudgeErrorKind::Rejected { advice: CHECK_EFFORT, response }
    } else if asked.mode != JsonMode::None && says(JSON_MODE_TEXTS) {
        JudgeErrorKind::JsonModeRejected { mode: asked.mode, response }
    } else {
        JudgeErrorKind::Rejected { advice: CHECK_REQUEST, response }
    }
}

/// The name of the error, without what may stand around it: `com.amazon.coral.service#Name`, `Name:http://…`.
fn error_name(headers: &HeaderMap, body: &Value) -> Option<String> {
    let header = headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    let whole = header.or_else(|| ["__type", "code"].iter().find_map(|name| body.get(name)?.as_str()))?;
    let name = whole.split(':').next()?.rsplit('#').next()?;
    is_code(name).then(|| name.to_owned())
}

fn lower_text(value: &Value, body: &[u8]) -> String {
    let message = ["message", "Message"].iter().find_map(|name| value.get(name)?.as_str());
    message.map_or_else(|| String::from_utf8_lossy(body).to_lowercase(), str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::*;

    const ASKED: Asked = Asked { mode: JsonMode::JsonSchema, has_effort: false };

    fn classified(status: u16, name: &str, text: &str, asked: Asked) -> JudgeErrorKind {
        let headers = [(ERROR_TYPE.parse().unwrap(), HeaderValue::from_str(name).unwrap())].into_iter().collect();
        let body = json!({"message": text}).to_string();
        classify(StatusCode::from_u16(status).unwrap(), None, &headers, body.as_bytes(), asked)
    }

    /// Errors as Bedrock documents or sends them: the status, the name, the text, the code of what they mean and what to do.
    const DOCUMENTED: &[(u16, &str, &str, &str, &str)] = &[
        (429, "ThrottlingException", "Too many requests, please wait before trying again.", "model_rate_limited", ""),
        (429, "ModelNotReadyException", "The model is not ready to serve inference requests.", "model_unavailable", ""),
        (503, "ServiceUnavailableException", "The service isn't currently available.", "model_unavailable", ""),
        (500, "InternalServerException", "An internal server error occurred.", "model_unavailable", ""),
        (424, "ModelErrorException", "An error while processing the model.", "model_unavailable", ""),
        (408, "ModelTimeoutException", "Processing time exceeded the model timeout length.", "model_timeout", ""),
        (400, "ServiceQuotaExceededException", "Your request exceeds the service quota.", "model_rate_limited", ""),
        (
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
            "model_unauthorized",
            "bedrock:InvokeModel",
        ),
        (
            403,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            "model_unauthorized",
            "expired",
        ),
        (
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            "model_unauthorized",
            "credentials",
        ),
        (
            403,
            "InvalidSignatureException:http://internal.amazon.com/coral/com.amazon.coral.service/",
            "The request signature we calculated does not match the signature you provided.",
            "model_unauthorized",
            "clock",
        ),
        (
            404,
            "ResourceNotFoundException",
            "Could not resolve the foundation model",
            "model_request_rejected",
            "AWS_REGION",
        ),
        (
            400,
            "ValidationException",
            "Invocation of model ID x with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
            "model_request_rejected",
            "inference profile",
        ),
        (
            400,
            "ValidationException",
            "The provided model identifier is invalid.",
            "model_request_rejected",
            "AWS_REGION",
        ),
        (400, "ValidationException", "Input is too long for requested model.", "call_too_long", ""),
        (
            400,
            "ValidationException",
            "The model returned the following errors: output_config.format: Extra inputs are not permitted",
            "model_json_mode_rejected",
            "LLM_JSON_MODE",
        ),
        (
            400,
            "ValidationException",
            "This model doesn't support tool use.",
            "model_json_mode_rejected",
            "LLM_JSON_MODE",
        ),
        (
            403,
            "AccessDeniedException",
            "You invoked an unsupported model or your request did not allow prompt caching.",
            "model_request_rejected",
            "does not cache prompts",
        ),
        (
            400,
            "ValidationException",
            "Malformed input request: #/system/1: extraneous key [cachePoint] is not permitted",
            "model_request_rejected",
            "does not cache prompts",
        ),
        (400, "ValidationException", "temperature: must be 1", "model_request_rejected", "LLM_MODEL"),
    ];

    #[test]
    fn errors_mean_what_bedrock_documents_and_say_what_to_do() {
        for (status, name, text, code, advice) in DOCUMENTED {
            let kind = classified(*status, name, text, ASKED);
            assert_eq!(kind.code(), *code, "{name} {text}");
            assert!(kind.to_string().contains(advice), "{kind}");
        }
    }

    #[test]
    fn an_effort_that_the_model_does_not_know_leads_to_its_setting() {
        let text = "The model returned the following errors: output_config.effort: not supported";
        let kind = classified(400, "ValidationException", text, Asked { has_effort: true, ..ASKED });
        assert!(kind.to_string().contains("LLM_REASONING_EFFORT"), "{kind}");
    }

    #[test]
    fn the_name_is_found_in_the_body_as_well_and_without_one_the_status_tells() {
        let body = br#"{"__type": "com.amazon.coral.service#ThrottlingException", "message": "slow down"}"#;
        let kind = classify(StatusCode::BAD_REQUEST, None, &HeaderMap::new(), body, ASKED);
        assert!(kind.to_string().ends_with("(HTTP 400 ThrottlingException)"), "{kind}");
        for (status, code) in [(502, "model_unavailable"), (403, "model_unauthorized"), (400, "model_request_rejected")]
        {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(classify(status, None, &HeaderMap::new(), b"<html>", ASKED).code(), code);
        }
    }

    #[test]
    fn no_text_of_bedrock_is_kept() {
        let kind = classified(400, "ValidationException", "her card is 4111", ASKED);
        assert!(kind.to_string().ends_with("(HTTP 400 ValidationException)"), "{kind}");
        assert!(!format!("{kind:?}").contains("4111"), "{kind:?}");
        let kind = classified(400, "what she said", "no", ASKED);
        assert!(!format!("{kind:?}").contains("said"), "{kind:?}");
    }
}
