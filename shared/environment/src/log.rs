//! The log of a function: lines on standard output, which Lambda collects.

use std::io::stdout;
use std::panic;

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt, registry};

/// Starts the log as Lambda's variables say: `AWS_LAMBDA_LOG_LEVEL`, by default `info`, and `AWS_LAMBDA_LOG_FORMAT`, text unless it
/// is `JSON`. From then on a panic is logged with its location but not its message, which may quote a transcript. `reports` gets
/// every event of the log.
///
/// This is the runtime's `init_default_subscriber` without its filter by module: the filter's regular expressions would be a
/// tenth of an API function.
pub fn start_log(variable: impl Fn(&str) -> Option<String>, reports: impl Layer<Registry> + Send + Sync) {
    let level = variable("AWS_LAMBDA_LOG_LEVEL").and_then(|level| level.parse().ok()).unwrap_or(Level::INFO);
    let log = registry().with(reports).with(LevelFilter::from_level(level));
    let lines = fmt::layer().with_target(false).without_time().with_writer(stdout);
    if variable("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.eq_ignore_ascii_case("json")) {
        log.with(lines.json().with_current_span(false)).init();
    } else {
        log.with(lines).init();
    }
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(place = location, "panicked");
    }));
}
