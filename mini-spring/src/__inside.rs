//! What only benchmarks, fuzzers and tests of this repository see of the inside: the steps of a request one by one, and
//! a server in one thread.

use std::sync::Arc;

use crate::http::buffers;
use crate::http::date::DateCache;
use crate::http::encode::{self, AnswerHead, Delimiter, Persistence};
use crate::http::head::{self, Head, HeadLimits, MOST_FIELDS, Progress};
use crate::request::Request;
use crate::response::Body;
use crate::routing::Router;
use crate::service::Service;

pub use crate::server::stepped::{Stepped, Wire};

/// Parses heads, one after the other.
#[derive(Debug, Default)]
pub struct Heads(Head);

impl Heads {
    /// Where the head ends, if it is a whole one.
    pub fn parse(&mut self, bytes: &[u8]) -> Option<usize> {
        let limits = HeadLimits {
            request_line: 8 * 1024,
            head: 16 * 1024,
            fields: MOST_FIELDS,
        };
        let parsed = head::parse(bytes, 0, &limits, &mut self.0);
        (parsed == Ok(Progress::Complete)).then_some(self.0.end)
    }
}

/// Whether there is a route for this request.
pub fn route(router: &Router, request: &mut Request) -> bool {
    router.route(request).is_some()
}

/// Answers requests into memory.
#[derive(Debug)]
pub struct Answers {
    service: Service,
    dates: DateCache,
    out: Vec<u8>,
}

impl Answers {
    /// Answers of this service.
    pub fn new(service: Service) -> Self {
        Answers {
            service,
            dates: DateCache::new(),
            out: Vec::new(),
        }
    }

    /// The answer to this request, as it is sent.
    pub fn respond(&mut self, request: &mut Request) -> &[u8] {
        request.directory = Arc::clone(self.service.directory());
        self.service.plan(request);
        let (status, fields, body) = self.service.call(request).into_parts();
        let body = match body {
            Body::Bytes(bytes) => bytes,
            Body::Produced(_) | Body::Fed(_) => Vec::new(),
        };
        let answer = AnswerHead {
            status,
            fields: &fields,
            delimiter: Delimiter::of(status, request.version(), Some(body.len() as u64)),
            persistence: Persistence::Implied,
            now: 0,
        };
        self.out.clear();
        encode::head(&mut self.out, &mut self.dates, &answer);
        self.out.extend_from_slice(&body);
        fields.recycle();
        buffers::give(body);
        &self.out
    }
}
