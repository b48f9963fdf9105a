//! The query of the statistics: which days, which agent.

use api::{ApiError, Parameters};
use domain::{AgentId, Day};
use lambda_http::Request;
use store::StatsQuery;

const KNOWN: &[&str] = &["from", "to", "agent_id"];
/// The trend of a request that does not say from when.
const DEFAULT_TREND_DAYS: i64 = 30;
/// Ten years: one entry of the trend per day stays far below the 6 MB a function may answer with.
const MAXIMUM_TREND_DAYS: i64 = 3_660;

/// Reads the query; fails, naming the parameter, for anything but what the API documents.
pub(crate) fn parse(request: &Request, today: Day) -> Result<StatsQuery, ApiError> {
    let parameters = Parameters::parse(request, KNOWN)?;
    let from = parameters.read("from", Day::parse)?;
    let to = parameters.read("to", Day::parse)?;
    let agent_id = parameters.read("agent_id", |text| AgentId::parse(text))?;
    // From a day in the future to today is no range: the trend is that one day.
    let last = to.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
    let first = from.unwrap_or_else(|| last.plus_days(1 - DEFAULT_TREND_DAYS));
    if first > last {
        return Err(ApiError::invalid_parameter("from", "must not be after to"));
    }
    let days = first.days_until(last) + 1;
    if days > MAXIMUM_TREND_DAYS {
        let problem = format!("must be at most {MAXIMUM_TREND_DAYS} days before to (is {days} days)");
        return Err(ApiError::invalid_parameter("from", problem));
    }
    Ok(StatsQuery { agent_id, from, to, trend: first..=last })
}
