//! The query of the statistics: which days, which agent.

use api::{ApiError, Parameters};
use domain::{AgentId, Day};
use lambda_http::Request;
use store::StatsQuery;

const PARAMETERS: &[&str] = &["from", "to", "agent_id"];
/// The length of the trend without `from`.
const DEFAULT_TREND_DAYS: i64 = 30;
/// Ten years: with one entry per day, the response is far smaller than the 6 MB that Lambda allows.
const MAXIMUM_TREND_DAYS: i64 = 3_660;

/// Reads the query. Fails, naming the parameter, for anything that the API does not document.
pub(crate) fn parse(request: &Request, today: Day) -> Result<StatsQuery, ApiError> {
    let parameters = Parameters::parse(request, PARAMETERS)?;
    let from = parameters.read("from", Day::parse)?;
    let to = parameters.read("to", Day::parse)?;
    let agent_id = parameters.read("agent_id", |text| AgentId::parse(text))?;
    // If `from` is in the future, the trend is that one day.
    let last = to.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
    let first = from.unwrap_or_else(|| last.plus_days(1 - DEFAULT_TREND_DAYS));
    if first > last {
        return Err(ApiError::invalid_parameter("from", "must not be after to"));
    }
    let days = first.days_until(last) + 1;
    if days > MAXIMUM_TREND_DAYS {
        let reason = format!("the range must be at most {MAXIMUM_TREND_DAYS} days long (is {days} days)");
        return Err(ApiError::invalid_parameter("from", reason));
    }
    Ok(StatsQuery { agent_id, from, to, trend: first..=last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Result<StatsQuery, String> {
        let request = lambda_http::request::from_str(&test_support::http_event(text)).unwrap();
        parse(&request, Day::parse("2026-11-23").unwrap()).map_err(|error| error.message)
    }

    fn trend(text: &str) -> (String, String) {
        let trend = query(text).unwrap().trend;
        (trend.start().to_string(), trend.end().to_string())
    }

    fn days(first: &str, last: &str) -> (String, String) {
        (first.to_owned(), last.to_owned())
    }

    #[test]
    fn the_trend_is_the_requested_range_or_the_last_thirty_days() {
        assert_eq!(trend(""), days("2026-10-25", "2026-11-23"));
        assert_eq!(trend("from=2026-11-01&to=2026-11-07"), days("2026-11-01", "2026-11-07"));
        assert_eq!(trend("from=2026-11-01"), days("2026-11-01", "2026-11-23"));
        assert_eq!(trend("to=2026-03-30"), days("2026-03-01", "2026-03-30"));
        assert_eq!(trend("from=2027-01-01"), days("2027-01-01", "2027-01-01"));
    }

    #[test]
    fn the_counters_are_limited_only_by_bounds_in_the_query() {
        let bounded = |text| query(text).map(|query| (query.from.is_some(), query.to.is_some())).unwrap();
        assert_eq!(bounded(""), (false, false));
        assert_eq!(bounded("to=2026-03-30"), (false, true));
        assert_eq!(query("agent_id=agent_7").unwrap().agent_id.unwrap().as_str(), "agent_7");
    }

    #[test]
    fn an_invalid_parameter_is_an_error_that_names_it() {
        for (text, expected) in [
            ("from=2026-11-22T00:00:00Z", "from: must be a date such as 2026-11-22"),
            ("from=1969-12-31", "from: must lie between the years 1970 and 9999"),
            ("from=2026-11-23&to=2026-11-22", "from: must not be after to"),
            ("from=2016-11-15&to=2026-11-23", "from: the range must be at most 3660 days long (is 3661 days)"),
            ("agent_id=", "agent_id: must not be empty"),
            ("limit=5", "limit: unknown parameter (known are from, to, agent_id)"),
        ] {
            assert_eq!(query(text).unwrap_err(), expected, "{text}");
        }
    }
}
