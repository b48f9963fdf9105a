//! The query of a request, read strictly: a parameter that is unknown, repeated or malformed is an error that names it.

use std::collections::BTreeMap;
use std::fmt::Display;

use lambda_http::{Request, RequestExt};

use crate::ApiError;

/// The parameters of a query, each known and given once.
#[derive(Debug)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads the query; fails when a parameter is not one of `known` or is given twice.
    pub fn parse(request: &Request, known: &[&str]) -> Result<Self, ApiError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in request.query_string_parameters().iter() {
            if !known.contains(&name) {
                let reason = format!("unknown parameter (known are {})", known.join(", "));
                return Err(ApiError::invalid_parameter(&shortened(name), reason));
            }
            if parameters.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(ApiError::invalid_parameter(name, "must be given only once"));
            }
        }
        Ok(Self(parameters))
    }

    /// The parameter, parsed by `parse`; `None` if it is absent. Fails, naming the parameter, if `parse` fails.
    pub fn read<T, E: Display>(&self, name: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, ApiError> {
        let value = self.0.get(name);
        value.map(|value| parse(value).map_err(|reason| ApiError::invalid_parameter(name, reason))).transpose()
    }
}

/// An unknown parameter's name, cut to fit in a message.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Parameters, String> {
        let request = lambda_http::request::from_str(&test_support::http_event(query)).unwrap();
        Parameters::parse(&request, &["limit", "from"]).map_err(|error| error.message)
    }

    #[test]
    fn values_are_decoded_and_read() {
        let parameters = parse("limit=7&from=2026-11-22T10%3A00%3A00%2B02%3A00").unwrap();
        assert_eq!(parameters.read("limit", str::parse::<u8>).unwrap(), Some(7));
        let from = parameters.read("from", |text| Ok::<_, String>(text.to_owned())).unwrap();
        assert_eq!(from.as_deref(), Some("2026-11-22T10:00:00+02:00"));
        assert!(parse("").unwrap().read("limit", str::parse::<u8>).unwrap().is_none());
    }

    #[test]
    fn unknown_and_repeated_parameters_are_named() {
        assert_eq!(parse("limits=7").unwrap_err(), "limits: unknown parameter (known are limit, from)");
        assert_eq!(parse("limit=7&limit=7").unwrap_err(), "limit: must be given only once");
        assert_eq!(parse("=7").unwrap_err(), ": unknown parameter (known are limit, from)");
    }

    #[test]
    fn a_value_that_cannot_be_read_names_its_parameter() {
        let error = parse("limit=many").unwrap().read("limit", str::parse::<u8>).unwrap_err();
        assert_eq!(error.message, "limit: invalid digit found in string");
    }
}
