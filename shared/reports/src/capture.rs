//! Which errors are reported, and with which fields: the lists of everything that may be sent to Sentry.

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use sentry_types::protocol::v7::{Event as Report, Exception, Map};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::outbox::Outbox;

/// Ids of the call or request, from a span or an event: the field's name and the report's tag.
const IDS: [(&str, &str); 4] =
    [("requestId", "request_id"), ("request_id", "request_id"), ("org_id", "org_id"), ("call_id", "call_id")];
/// Further fields, from the event only.
const DETAILS: [(&str, &str); 4] =
    [("code", "code"), ("outcome", "outcome"), ("operation", "operation"), ("duration_ms", "duration_ms")];
/// The fields with the cause: an error with its sources, or the location of a panic.
const CAUSES: [&str; 3] = ["error", "chain", "place"];

/// Tags of a report, by name.
type Tags = Map<String, String>;

/// The layer of the log that adds errors to the outbox.
pub(crate) struct Capture {
    outbox: Arc<Outbox>,
}

impl Capture {
    /// A layer for that outbox.
    pub(crate) const fn new(outbox: Arc<Outbox>) -> Self {
        Self { outbox }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut ids = SpanIds::default();
        attributes.record(&mut ids);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(ids);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(ids) = span.extensions_mut().get_mut::<SpanIds>()
        {
            values.record(ids);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !is_reported(event.metadata()) {
            return;
        }
        let mut error = CapturedError::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(SpanIds(tags)) = span.extensions().get() {
                error.tags.extend(tags.clone());
            }
        }
        event.record(&mut error);
        self.outbox.add(error.into_report());
    }
}

/// Whether that is an error that the project itself logs. Libraries may log confidential data, such as a payload that they cannot
/// parse; the project logs their errors where that is needed. The compiler gives the workspace's files a relative path and those
/// of libraries an absolute one.
fn is_reported(metadata: &Metadata<'_>) -> bool {
    *metadata.level() == Level::ERROR && metadata.file().is_some_and(is_own)
}

fn is_own(file: &str) -> bool {
    Path::new(file).is_relative()
}

/// The ids in a span.
#[derive(Debug, Default)]
struct SpanIds(Tags);

impl Visit for SpanIds {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if let Some(tag) = tag(&IDS, field) {
            self.0.insert(tag, format!("{value:?}"));
        }
    }

    /// Without the quotes of the debug format.
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

/// What is reported of an event and its spans.
#[derive(Debug, Default)]
struct CapturedError {
    message: String,
    cause: String,
    tags: Tags,
}

impl Visit for CapturedError {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let name = field.name();
        if name == "message" {
            self.message = format!("{value:?}");
        } else if CAUSES.contains(&name) {
            self.cause = format!("{value:?}");
        } else if let Some(tag) = tag(&IDS, field).or_else(|| tag(&DETAILS, field)) {
            self.tags.insert(tag, format!("{value:?}"));
        }
    }

    /// Without the quotes of the debug format.
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

impl CapturedError {
    fn into_report(self) -> Report<'static> {
        let fingerprint = self.fingerprint().map(Into::into).to_vec();
        let exception = Exception { ty: self.message, value: Some(self.cause), ..Exception::default() };
        let exception = vec![exception].into();
        Report { fingerprint: fingerprint.into(), exception, tags: self.tags, ..Report::default() }
    }

    /// Reports with the same fingerprint are one issue: it leaves out the ids, so that one error of many calls is one issue.
    fn fingerprint(&self) -> [String; 3] {
        let ids = ["request_id", "call_id", "org_id"].into_iter().filter_map(|tag| self.tags.get(tag));
        let cause = ids.filter(|id| !id.is_empty()).fold(self.cause.clone(), |cause, id| cause.replace(id, "*"));
        [self.message.clone(), self.tags.get("code").cloned().unwrap_or_default(), cause]
    }
}

fn tag(list: &[(&str, &str)], field: &Field) -> Option<String> {
    list.iter().find(|(name, _)| *name == field.name()).map(|&(_, tag)| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_project_and_of_libraries_are_distinguished() {
        assert!(is_own(file!()), "{}", file!());
        assert!(!is_own("/home/somebody/.cargo/registry/src/index.crates.io/lambda_runtime-1.5.0/src/runtime.rs"));
    }
}
