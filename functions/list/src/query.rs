//! The query of a list: which rows, in which order, which page.

use api::{ApiError, Parameters};
use domain::{AgentId, Day, Score, TimeError, Timestamp};
use lambda_http::Request;
use store::{Filter, ListQuery, Order, PageStart, Sort};

const PARAMETERS: &[&str] =
    &["limit", "offset", "min_score", "max_score", "sort", "order", "agent_id", "from", "to", "cursor"];
const DEFAULT_LIMIT: u8 = 50;
const MAXIMUM_LIMIT: u8 = 100;

/// Reads the query. Fails, naming the parameter, for anything that the API does not document.
pub(crate) fn parse(request: &Request) -> Result<ListQuery, ApiError> {
    let parameters = Parameters::parse(request, PARAMETERS)?;
    Ok(ListQuery {
        filter: filter(&parameters)?,
        sort: parameters.read("sort", sort)?.unwrap_or(Sort::CreatedAt),
        order: parameters.read("order", order)?.unwrap_or(Order::Descending),
        limit: parameters.read("limit", limit)?.unwrap_or(DEFAULT_LIMIT),
        start: start(&parameters)?,
    })
}

fn filter(parameters: &Parameters) -> Result<Filter, ApiError> {
    let filter = Filter {
        min_score: parameters.read("min_score", |text| score(text, f64::ceil))?.unwrap_or(Score::MIN),
        max_score: parameters.read("max_score", |text| score(text, f64::floor))?.unwrap_or(Score::MAX),
        agent_id: parameters.read("agent_id", |text| AgentId::parse(text))?,
        from: parameters.read("from", |text| instant(text, Day::start, Timestamp::parse_rounding_up))?,
        to: parameters.read("to", |text| instant(text, Day::end, Timestamp::parse))?,
    };
    // Compared before rounding: 7.22 to 7.28 is a valid range, although no score is in it. So are the times of one second.
    let bounds = (parameters.read("min_score", number)?, parameters.read("max_score", number)?);
    if let (Some(minimum), Some(maximum)) = bounds
        && minimum > maximum
    {
        return Err(ApiError::invalid_parameter("min_score", "must not be above max_score"));
    }
    let ends = (
        parameters.read("from", |text| milliseconds(text, Day::start))?,
        parameters.read("to", |text| milliseconds(text, Day::end))?,
    );
    if let (Some(from), Some(to)) = ends
        && from > to
    {
        return Err(ApiError::invalid_parameter("from", "must not be after to"));
    }
    Ok(filter)
}

fn start(parameters: &Parameters) -> Result<PageStart, ApiError> {
    let offset = parameters.read("offset", |text| whole_number(text).ok_or("must be a whole number, 0 or more"))?;
    match parameters.read("cursor", |text| Ok::<_, &str>(text.to_owned()))? {
        Some(_) if offset.is_some() => Err(ApiError::invalid_parameter("cursor", "cannot be combined with offset")),
        Some(cursor) => Ok(PageStart::Cursor(cursor)),
        None => Ok(PageStart::Offset(offset.unwrap_or(0))),
    }
}

fn sort(text: &str) -> Result<Sort, &'static str> {
    match text {
        "created_at" => Ok(Sort::CreatedAt),
        "score" => Ok(Sort::Score),
        _ => Err("must be created_at or score"),
    }
}

fn order(text: &str) -> Result<Order, &'static str> {
    match text {
        "desc" => Ok(Order::Descending),
        "asc" => Ok(Order::Ascending),
        _ => Err("must be desc or asc"),
    }
}

fn limit(text: &str) -> Result<u8, String> {
    let limit = whole_number(text).and_then(|limit| u8::try_from(limit).ok());
    limit
        .filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit))
        .ok_or_else(|| format!("must be a whole number from 1 to {MAXIMUM_LIMIT}"))
}

/// A number written with digits only; `None` for anything else, and for a number that is too large for an offset.
fn whole_number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn number(text: &str) -> Result<f64, &'static str> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let value = plain.then(|| text.parse::<f64>().ok()).flatten();
    value.filter(|value| (0.0..=10.0).contains(value)).ok_or("must be a number from 0 to 10")
}

/// The number rounded to tenths, inwards: with `ceil` for a lower bound, with `floor` for an upper one.
fn score(text: &str, round: impl Fn(f64) -> f64) -> Result<Score, &'static str> {
    // As floating point numbers, tenths are not exact: `ceil` must not round 73.00000000000001 up.
    let tenths = number(text)? * 10.0;
    let rounded = if (tenths - tenths.round()).abs() < 1e-9 { tenths.round() } else { round(tenths) };
    Ok(Score::saturating(rounded / 10.0))
}

/// The milliseconds since 1970 of a time, or of the start or end of a day, as they were written.
fn milliseconds(text: &str, of_day: impl Fn(Day) -> Timestamp) -> Result<i64, &'static str> {
    instant(text, |day| of_day(day).unix_seconds() * 1_000, Timestamp::parse_milliseconds)
}

/// A time, or the start or end of a day. A space is read as `+`: the query's decoding makes one of a `+` that is not
/// percent-encoded.
fn instant<T>(
    text: &str,
    of_day: impl Fn(Day) -> T,
    of_time: impl Fn(&str) -> Result<T, TimeError>,
) -> Result<T, &'static str> {
    let day = Day::parse(text).map(of_day);
    day.or_else(|_| of_time(&text.replace(' ', "+")))
        .map_err(|_| "must be a date such as 2026-11-22 or an RFC 3339 time such as 2026-11-22T09:58:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Result<ListQuery, String> {
        let request = lambda_http::request::from_str(&test_support::http_event(text)).unwrap();
        parse(&request).map_err(|error| error.message)
    }

    fn scores(text: &str) -> (u8, u8) {
        let filter = query(text).unwrap().filter;
        (filter.min_score.tenths(), filter.max_score.tenths())
    }

    fn times(text: &str) -> (String, String) {
        let filter = query(text).unwrap().filter;
        (filter.from.unwrap().to_string(), filter.to.unwrap().to_string())
    }

    #[test]
    fn without_parameters_the_newest_fifty_are_listed() {
        let query = query("").unwrap();
        assert_eq!((query.limit, query.sort, query.order), (50, Sort::CreatedAt, Order::Descending));
        assert_eq!(query.start, PageStart::Offset(0));
        assert_eq!(query.filter, Filter::default());
    }

    #[test]
    fn parameters_are_read() {
        let text = "limit=7&offset=3&sort=score&order=asc&agent_id=agent_7";
        let query = query(text).unwrap();
        assert_eq!((query.limit, query.sort, query.order), (7, Sort::Score, Order::Ascending));
        assert_eq!(query.start, PageStart::Offset(3));
        assert_eq!(query.filter.agent_id.unwrap().as_str(), "agent_7");
    }

    #[test]
    fn score_bounds_are_rounded_inwards_to_tenths() {
        assert_eq!(scores("min_score=0&max_score=10"), (0, 100));
        assert_eq!(scores("min_score=7.3&max_score=7.3"), (73, 73));
        assert_eq!(scores("min_score=7.21&max_score=7.39"), (73, 73));
        assert_eq!(scores("min_score=9.95"), (100, 100));
        assert_eq!(scores("min_score=7.22&max_score=7.28"), (73, 72));
    }

    #[test]
    fn days_are_included_completely_and_times_are_rounded_inwards() {
        let days = times("from=2026-11-22&to=2026-11-22");
        assert_eq!(days, ("2026-11-22T00:00:00Z".to_owned(), "2026-11-22T23:59:59Z".to_owned()));
        let instants = times("from=2026-11-22T10:00:00.2Z&to=2026-11-22T10:00:01.9Z");
        assert_eq!(instants, ("2026-11-22T10:00:01Z".to_owned(), "2026-11-22T10:00:01Z".to_owned()));
        let offsets = times("from=2026-11-22T10:00:00%2B02:00&to=2026-11-22T10:00:00+02:00");
        assert_eq!(offsets, ("2026-11-22T08:00:00Z".to_owned(), "2026-11-22T08:00:00Z".to_owned()));
    }

    #[test]
    fn a_range_within_one_second_is_valid_though_no_whole_second_is_in_it() {
        for (from, to) in [
            ("10:00:00.2Z", "10:00:00.9Z"),
            ("10:00:00.2Z", "10:00:00.2Z"),
            ("10:00:00.001Z", "10:00:00.002Z"),
            ("10:00:00.9%2B01:00", "09:00:00.91Z"),
        ] {
            assert!(query(&format!("from=2026-11-22T{from}&to=2026-11-22T{to}")).is_ok(), "{from} to {to}");
        }
        for (from, to) in [
            ("2026-11-22T10:00:00.9Z", "2026-11-22T10:00:00.2Z"),
            ("2026-11-22T10:00:00.002Z", "2026-11-22T10:00:00.001Z"),
            ("2026-11-23T00:00:00Z", "2026-11-22"),
            ("2026-11-23", "2026-11-22T23:59:59.999Z"),
        ] {
            let message = query(&format!("from={from}&to={to}")).unwrap_err();
            assert_eq!(message, "from: must not be after to", "{from} to {to}");
        }
    }

    #[test]
    fn an_invalid_parameter_is_an_error_that_names_it() {
        for (text, expected) in [
            ("limit=0", "limit: must be a whole number from 1 to 100"),
            ("limit=101", "limit: must be a whole number from 1 to 100"),
            ("limit=%2B5", "limit: must be a whole number from 1 to 100"),
            ("limit=", "limit: must be a whole number from 1 to 100"),
            ("offset=-1", "offset: must be a whole number, 0 or more"),
            ("offset=99999999999999999999", "offset: must be a whole number, 0 or more"),
            ("min_score=10.1", "min_score: must be a number from 0 to 10"),
            ("max_score=NaN", "max_score: must be a number from 0 to 10"),
            ("max_score=1e1", "max_score: must be a number from 0 to 10"),
            ("min_score=8&max_score=7", "min_score: must not be above max_score"),
            ("sort=agent", "sort: must be created_at or score"),
            ("order=down", "order: must be desc or asc"),
            ("agent_id=a%20b", "agent_id: must hold only letters, digits and . _ : - (found ' ')"),
            ("from=2026-11-23&to=2026-11-22", "from: must not be after to"),
            ("cursor=x&offset=0", "cursor: cannot be combined with offset"),
            (
                "page=2",
                "page: unknown parameter (known are limit, offset, min_score, max_score, sort, order, agent_id, from, to, cursor)",
            ),
        ] {
            assert_eq!(query(text).unwrap_err(), expected, "{text}");
        }
        for text in ["to=yesterday", "to=2026-02-30", "from=20261122", "from="] {
            let message = query(text).unwrap_err();
            assert!(
                message.ends_with("must be a date such as 2026-11-22 or an RFC 3339 time such as 2026-11-22T09:58:00Z"),
                "{message}"
            );
        }
    }
}
