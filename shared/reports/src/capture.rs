//! Which errors are reported and what of them: the lists of everything that may leave the process.

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

/// What a span or an event may tell of what was worked on: the field's name and the report's tag.
const IDS: [(&str, &str); 4] =
    [("requestId", "request_id"), ("request_id", "request_id"), ("org_id", "org_id"), ("call_id", "call_id")];
/// What the event itself may tell besides.
const DETAILS: [(&str, &str); 4] =
    [("code", "code"), ("outcome", "outcome"), ("operation", "operation"), ("duration_ms", "duration_ms")];
/// The fields that say why: an error with its causes, or the place of a panic.
const CAUSES: [&str; 3] = ["error", "chain", "place"];

/// Tags of a report, by name.
type Tags = Map<String, String>;

/// The layer of the log that puts errors into the outbox.
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
        let mut ids = Ids::default();
        attributes.record(&mut ids);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(ids);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(ids) = span.extensions_mut().get_mut::<Ids>()
        {
            values.record(ids);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !is_reported(event.metadata()) {
            return;
        }
        let mut captured = Captured::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(Ids(tags)) = span.extensions().get() {
                captured.tags.extend(tags.clone());
            }
        }
        event.record(&mut captured);
        self.outbox.put(captured.into_report());
    }
}

/// Whether that is an error of the project's own. Libraries put into their messages what is not theirs to tell, such as a payload
/// that they cannot read; what matters of their errors, the project logs itself. The compiler names the workspace's files by a
/// relative path and those of libraries by an absolute one.
fn is_reported(metadata: &Metadata<'_>) -> bool {
    *metadata.level() == Level::ERROR && metadata.file().is_some_and(is_own)
}

fn is_own(file: &str) -> bool {
    Path::new(file).is_relative()
}

/// What a span tells.
#[derive(Debug, Default)]
struct Ids(Tags);

impl Visit for Ids {
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

/// What an event tells, and the spans it happened in.
#[derive(Debug, Default)]
struct Captured {
    message: String,
    cause: String,
    tags: Tags,
}

impl Visit for Captured {
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

impl Captured {
    fn into_report(self) -> Report<'static> {
        let fingerprint = self.fingerprint().map(Into::into).to_vec();
        let exception = Exception { ty: self.message, value: Some(self.cause), ..Exception::default() };
        let exception = vec![exception].into();
        Report { fingerprint: fingerprint.into(), exception, tags: self.tags, ..Report::default() }
    }

    /// What makes two reports one issue: the same problem of many calls is one problem.
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
    fn the_projects_files_are_told_from_those_of_libraries() {
        assert!(is_own(file!()), "{}", file!());
        assert!(!is_own("/home/somebody/.cargo/registry/src/index.crates.io/lambda_runtime-1.5.0/src/runtime.rs"));
    }
}
