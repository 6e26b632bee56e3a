//! A request that was sent, and its answer while it comes, through a socket or without one.
//!
//! Knows nothing of what the answer is used for: it is read to its end, or as far as somebody wants.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::TestResponse;
use super::log::{self, Lines};
use super::stage::Stage;
use super::wire::{self, Incoming};
use crate::request::UNNAMED_PEER;
use crate::server::client::Client;
use crate::server::offline::{self, Answering};

/// The most bytes of an answer that a test keeps; a body that never ends has to be cut before.
const LARGEST_ANSWER: usize = 64 << 20;

/// How long other threads may send nothing of a body without ending it.
const SILENCE: Duration = Duration::from_secs(10);

/// How long nothing may come from a server: its handlers take their time.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request that was sent.
#[derive(Debug)]
pub(super) struct Pending {
    request: Vec<u8>,
    source: Source,
    incoming: Incoming,
    log: Log,
}

/// What was logged since the request was sent.
#[derive(Debug)]
struct Log {
    lines: Arc<Lines>,
    before: usize,
}

/// Where the bytes of the answer come from.
#[derive(Debug)]
enum Source {
    Memory(Box<Answering>),
    Socket(Client),
}

impl Pending {
    /// Sends a request.
    ///
    /// # Errors
    ///
    /// Why there is no answer, the request, and what was logged.
    pub(super) fn send(stage: &Stage, peer: SocketAddr, request: Vec<u8>) -> Result<Self, String> {
        let lines = match stage {
            Stage::Memory(_) => Arc::new(Lines::default()),
            Stage::Socket(site) => site.lines.clone(),
        };
        let before = lines.count();
        let log = Log { lines, before };
        let source = match stage {
            Stage::Memory(here) => log::kept_in(&log.lines, || {
                let answering = offline::exchange(&here.service, &here.config, &request, peer);
                answering.map(|answering| Source::Memory(Box::new(answering)))
            }),
            Stage::Socket(_) if peer != UNNAMED_PEER => Err(
                "over TCP, a request comes from 127.0.0.1: `peer` is for tests without a socket"
                    .to_owned(),
            ),
            Stage::Socket(site) => Client::send(site.addr(), &request).map(Source::Socket),
        };
        match source {
            Ok(source) => Ok(Pending {
                incoming: Incoming::to(&request),
                request,
                source,
                log,
            }),
            Err(message) => {
                let (request, log) = (wire::shown(&request), log.shown());
                Err(format!("{message}\n\n{}{log}", request.trim_end()))
            }
        }
    }

    /// Waits for more of the answer, for so long, or as long as is usual.
    ///
    /// # Errors
    ///
    /// Why there is no more, though it isn't whole.
    pub(super) fn more(&mut self, patience: Option<Duration>) -> Result<(), String> {
        let read = match &mut self.source {
            Source::Memory(answering) => log::kept_in(&self.log.lines, || {
                answering.more(LARGEST_ANSWER, patience.unwrap_or(SILENCE))
            }),
            Source::Socket(client) => client.more(patience.unwrap_or(PATIENCE)),
        };
        match read? {
            Some(bytes) => self.incoming.take(&bytes),
            None => self.incoming.end()?,
        }
        Ok(())
    }

    /// The answer, as far as it is there.
    pub(super) fn incoming(&self) -> &Incoming {
        &self.incoming
    }

    /// What has come of the body since the last call.
    pub(super) fn take_body(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.incoming.body)
    }

    /// Reads all of it.
    #[track_caller]
    pub(super) fn finish(mut self) -> TestResponse {
        while !self.incoming.is_whole() {
            let more = self.more(None).and_then(|()| self.incoming.fits());
            if let Err(why) = more {
                let hint = self.hint();
                self.fail(format_args!("the answer breaks off: {why}{hint}"));
            }
        }
        let cause = match &mut self.source {
            Source::Memory(answering) => answering.cause.take(),
            Source::Socket(_) => None,
        };
        TestResponse::new(self.request, self.incoming, cause, self.log.text())
    }

    /// What to do about an answer that doesn't end.
    fn hint(&self) -> &'static str {
        let head = self.incoming.head();
        match head.and_then(|head| head.field("content-type")) {
            Some(b"text/event-stream") => {
                "; `events()` instead of `send()` reads events one by one"
            }
            _ => "",
        }
    }

    /// Fails the test.
    #[track_caller]
    pub(super) fn fail(&self, message: std::fmt::Arguments<'_>) -> ! {
        let (request, log) = (wire::shown(&self.request), self.log.shown());
        let answer = match self.incoming.length() {
            0 => String::new(),
            _ => format!(
                "\n\nthe answer so far:\n{}",
                self.incoming.shown().trim_end()
            ),
        };
        panic!("{message}\n\n{}{answer}{log}", request.trim_end())
    }
}

impl Incoming {
    /// # Errors
    ///
    /// It is more than a test keeps.
    fn fits(&self) -> Result<(), String> {
        match self.length() > LARGEST_ANSWER {
            true => Err(format!("it has more than {LARGEST_ANSWER} bytes")),
            false => Ok(()),
        }
    }
}

impl Log {
    fn text(&self) -> String {
        self.lines.behind(self.before)
    }

    /// As it stands below everything else that is shown.
    fn shown(&self) -> String {
        shown_log(&self.text())
    }
}

/// A log as it stands below everything else that is shown.
pub(super) fn shown_log(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("\n\nthe log:\n{}", text.trim_end()),
    }
}
