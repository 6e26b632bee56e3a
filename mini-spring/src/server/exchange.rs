//! One request on its way in: from the bytes that have arrived to a request that can be answered.
//!
//! An exchange belongs to a worker while it runs a connection, and to the connection while the
//! request isn't complete, so that nothing is parsed or routed twice. Knows no socket: bytes are
//! appended to its buffer, and [`Exchange::advance`] says what has become of them.

mod body;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use http::{Method, StatusCode};

use super::clock::{Due, Tick};
use crate::config::ServerConfig;
use crate::http::chunked::{Cursor, Decoder};
use crate::http::head::{self, HeadLimits, Progress, Reject, Span};
use crate::http::{Forwarding, buffers};
use crate::request::{Clients, Directory, Incoming, Request};
use crate::service::{Plan, Service};
use crate::spool::{Spool, Storage};

/// The read buffer's size to begin with, and what it shrinks back to after a large body.
const BUFFER: usize = 16 * 1024;

/// A buffer larger than this isn't kept for the next connection.
const LARGEST: usize = 64 * 1024;

/// The least room for one read.
const ROOM: usize = 4 * 1024;

/// A request on its way in, and its buffer.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) request: Request,
    /// Where the next message begins in the buffer.
    start: usize,
    stage: Stage,
    plan: Plan,
    /// When the first byte of this message was seen.
    since: Option<Tick>,
    due: Due,
    /// The request line of this message has been read.
    has_method: bool,
    /// Bytes of the body that are in its file.
    spooled: u64,
    /// The request is complete and waits to be answered.
    ready: Option<BodyState>,
    /// Files of bodies that nobody has taken: to remove one can take its time, which is for somebody else.
    pub(super) leftovers: Vec<Spool>,
}

#[derive(Debug)]
enum Stage {
    /// The head is incomplete. So many bytes of it have been parsed in vain.
    Head { tried: usize },
    /// The head is complete, the body ends at this place of the buffer.
    Length { end: usize },
    /// The head is complete, the body is chunked.
    Chunked { decoder: Decoder, cursor: Cursor },
}

/// What the buffer holds.
#[derive(Debug)]
pub(super) enum Step {
    /// Not a whole request yet.
    NeedMore,
    /// The head is here and the client waits for `100 Continue` before it sends the body.
    Continue,
    /// A piece of the body is to be written into its file; perhaps it is the last.
    Spool(Piece),
    /// A request that can be answered.
    Ready(BodyState),
    /// Something that is refused; the connection can't go on.
    Refused(Reject),
}

/// Whether the request's body has been read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyState {
    Whole,
    /// The answer doesn't need it, so it isn't waited for; the connection can't go on.
    Unread,
    /// It is read while the request is answered.
    Live,
}

/// Whether there is more to come of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Last,
    Another,
}

/// What an exchange that was cut off by its deadline was waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waiting {
    /// The next request.
    Request,
    /// The rest of a head.
    Head,
    /// The rest of a body.
    Body,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        buffers::give(std::mem::take(&mut self.request.buffer));
    }
}

impl Exchange {
    pub(super) fn new(
        directory: Arc<Directory>,
        storage: Arc<Storage>,
        clients: Weak<dyn Clients>,
        forwarding: Option<Arc<Forwarding>>,
    ) -> Box<Self> {
        let mut request = Request::blank(directory);
        request.storage = storage;
        request.clients = Some(clients);
        request.forwarding = forwarding;
        request.buffer = buffers::take();
        request.buffer.reserve(BUFFER);
        Box::new(Exchange {
            request,
            start: 0,
            stage: Stage::Head { tried: 0 },
            plan: Plan::default(),
            since: None,
            due: Due::default(),
            has_method: false,
            spooled: 0,
            ready: None,
            leftovers: Vec::new(),
        })
    }

    /// The buffer, with room for a read.
    pub(super) fn room(&mut self) -> &mut Vec<u8> {
        let buffer = &mut self.request.buffer;
        if self.start > 0 && matches!(self.stage, Stage::Head { .. }) {
            buffer.drain(..self.start);
            self.start = 0;
            // What was found of this head has moved: it is looked for again.
            self.stage = Stage::Head { tried: 0 };
            self.has_method = false;
        }
        if buffer.capacity() - buffer.len() < ROOM {
            // Vec grows to twice its size: with what arrives, never with what is announced.
            buffer.reserve(ROOM);
        }
        buffer
    }

    /// Method and target, once the request line has been read as far as that.
    pub(super) fn about(&self) -> Option<(Method, String)> {
        let method = self.method()?.clone();
        let target = self.request.target();
        (!target.is_empty()).then(|| (method, target.to_owned()))
    }

    /// The name of the request, if its head is here and it has one.
    pub(super) fn id(&self) -> Option<&str> {
        // What stands there before is another request's.
        self.has_head().then(|| self.request.known_id()).flatten()
    }

    /// What has arrived of the next message.
    pub(super) fn unread(&self) -> &[u8] {
        &self.request.buffer[self.start..]
    }

    /// Passes over something in front of the next message.
    pub(super) fn skip(&mut self, length: usize) {
        match self.unread().len() > length {
            true => self.begin(self.start + length),
            false => self.clear(),
        }
    }

    /// Which buffer the request stands in. User code can't change a request's bytes, but with
    /// `&mut Request` it can swap the request for another.
    pub(super) fn buffer(&self) -> (usize, usize) {
        let buffer = &self.request.buffer;
        (buffer.as_ptr().addr(), buffer.len())
    }

    /// Who has sent the request over a connection to this peer: its head says it once it is whole.
    pub(super) fn client(&mut self, peer: SocketAddr) -> IpAddr {
        match self.waiting() {
            Waiting::Request | Waiting::Head => peer.ip(),
            Waiting::Body => {
                self.request.peer = peer;
                self.request.client_ip()
            }
        }
    }

    /// The method of the request, once its head has been read.
    pub(super) fn method(&self) -> Option<&Method> {
        self.has_method.then_some(&self.request.head.method)
    }

    /// Whether the head of the request is here, and has been found good.
    pub(super) fn has_head(&self) -> bool {
        !matches!(self.stage, Stage::Head { .. })
    }

    /// The target of this request, for the permit that is used to answer it.
    pub(super) fn target(&self) -> usize {
        self.plan.target
    }

    /// Whether the answer has a time limit.
    pub(super) fn is_timed(&self) -> bool {
        self.plan.is_timed
    }

    /// Whether nothing has arrived of the next request.
    pub(super) fn is_idle(&self) -> bool {
        self.start == self.request.buffer.len()
    }

    /// What is waited for.
    pub(super) fn waiting(&self) -> Waiting {
        match self.stage {
            Stage::Head { .. } if self.is_idle() => Waiting::Request,
            Stage::Head { .. } => Waiting::Head,
            _ => Waiting::Body,
        }
    }

    /// When the first byte of this message was seen, which is now unless it was before.
    pub(super) fn since(&mut self, now: Tick) -> Tick {
        *self.since.get_or_insert(now)
    }

    /// So many bytes have arrived.
    pub(super) fn progressed(&mut self, bytes: usize) {
        self.due.progressed(bytes);
    }

    /// When the next bytes must have arrived.
    pub(super) fn due(&mut self, now: Tick, timeout: Duration) -> Tick {
        self.due.at(now, timeout)
    }

    /// How much memory it holds.
    pub(super) fn size(&self) -> usize {
        self.request.buffer.capacity()
    }

    /// Goes as far as the bytes in the buffer allow.
    pub(super) fn advance(&mut self, service: &Service, config: &ServerConfig) -> Step {
        if let Some(body) = self.take_ready() {
            return Step::Ready(body);
        }
        let step = match &self.stage {
            Stage::Head { .. } => self.read_head(service, config),
            _ => self.read_body(config),
        };
        step.unwrap_or_else(Step::Refused)
    }

    fn read_head(&mut self, service: &Service, config: &ServerConfig) -> Result<Step, Reject> {
        if self.request.buffer.get(self.start) == Some(&b'\r') {
            self.skip_empty_lines();
        }
        let length = self.request.buffer.len() - self.start;
        if length == 0 || !self.is_worth_parsing(config) {
            return Ok(Step::NeedMore);
        }
        let limits = HeadLimits {
            request_line: config.request_line,
            head: config.head,
            fields: config.fields,
        };
        self.request.reset();
        let Request { buffer, head, .. } = &mut self.request;
        // What a malformed head doesn't say must not be what the one before said.
        (head.method, head.target) = (Method::default(), Span::default());
        let parsed = head::parse(buffer, self.start, &limits, head);
        self.has_method = true;
        if parsed? == Progress::Partial {
            self.stage = Stage::Head { tried: length };
            return Ok(Step::NeedMore);
        }
        // Only a URI has something in front of its path.
        if head.path.start != head.target.start {
            self.check_scheme()?;
        }
        self.plan = service.plan(&mut self.request);
        self.begin_body(config)
    }

    /// What is asked for by https must have come over TLS, which only a proxy in front can speak (RFC 9110, section
    /// 7.4). Which one has sent it doesn't matter: nothing that is answered depends on this scheme.
    #[cold]
    fn check_scheme(&self) -> Result<(), Reject> {
        let target = self.request.target().as_bytes();
        let scheme = target.first_chunk().unwrap_or(b"http:/");
        match self.request.forwarding.is_none() && scheme.eq_ignore_ascii_case(b"https:") {
            true => Err(Reject::new(
                StatusCode::MISDIRECTED_REQUEST,
                "the URI is one of https, and this connection isn't secured",
            )),
            false => Ok(()),
        }
    }

    /// Empty lines in front of a request don't begin it (RFC 9112, section 2.2): with nothing behind
    /// them, the connection is idle. However many come, and however they come, nothing is kept of them.
    #[cold]
    fn skip_empty_lines(&mut self) {
        let end = head::behind_empty_lines(&self.request.buffer, self.start);
        if end == self.start {
            return;
        }
        if end == self.request.buffer.len() {
            return self.clear();
        }
        self.start = end;
        self.stage = Stage::Head { tried: 0 };
    }

    /// A head that was incomplete is parsed again when another line has come to its end, or a
    /// limit may have been reached: dripping it in byte by byte doesn't cost a parse per byte.
    fn is_worth_parsing(&self, config: &ServerConfig) -> bool {
        let Stage::Head { tried } = self.stage else {
            return false;
        };
        let bytes = &self.request.buffer[self.start..];
        let reaches = |limit: usize| tried <= limit && bytes.len() > limit;
        tried == 0
            || bytes[tried..].contains(&b'\n')
            || reaches(config.request_line + 2)
            || bytes.len() >= config.head
    }

    /// The request that was ready can't be answered yet: it is ready again.
    pub(super) fn put_off(&mut self, body: BodyState) {
        self.ready = Some(body);
    }

    /// Takes the request that was put off.
    pub(super) fn take_ready(&mut self) -> Option<BodyState> {
        self.ready.take()
    }

    /// Where this message ends, once it has been read.
    fn end(&self) -> usize {
        match &self.stage {
            Stage::Head { .. } => self.request.head.end,
            Stage::Length { end } => *end,
            Stage::Chunked { cursor, .. } => cursor.read,
        }
    }

    /// Whether the buffer holds nothing behind this message.
    pub(super) fn is_last(&self) -> bool {
        self.end() >= self.request.buffer.len()
    }

    /// The request has been answered: goes on to the one behind it.
    #[inline]
    pub(super) fn next(&mut self) {
        let end = self.end();
        match end < self.request.buffer.len() {
            true => self.begin(end),
            false => self.clear(),
        }
    }

    /// Forgets everything that is in the buffer.
    #[inline]
    pub(super) fn clear(&mut self) {
        let buffer = &mut self.request.buffer;
        buffer.clear();
        if buffer.capacity() > LARGEST {
            *buffer = Vec::with_capacity(BUFFER);
        }
        self.begin(0);
    }

    /// A message begins here.
    #[inline]
    fn begin(&mut self, start: usize) {
        self.start = start;
        self.stage = Stage::Head { tried: 0 };
        self.has_method = false;
        self.due.reset();
        self.since = None;
        self.ready = None;
        self.spooled = 0;
        if self.request.has_incoming() {
            self.drop_incoming();
        }
    }

    #[cold]
    fn drop_incoming(&mut self) {
        if let Incoming::File(spool) = std::mem::take(self.request.incoming.get_mut()) {
            self.leftovers.push(spool);
        }
    }
}
