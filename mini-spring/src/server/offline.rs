//! A request and its answer without a socket: what a connection would make of these bytes.
//!
//! Tests of programs come here, and so meet the parser, the limits and the framing that clients meet: it is
//! the same exchange and the same output. What is left out is what needs other threads: there is no clock
//! that ends what takes too long, and no permit that could be lost. Knows no socket and no thread.

use std::net::SocketAddr;
use std::sync::Weak;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::{Method, Version};

use super::exchange::{BodyState, Exchange, Step};
use super::output::{Broken, Manner, Output};
use super::refusal::problem;
use super::shared::storage;
use crate::config::ServerConfig;
use crate::error::Chain;
use crate::http::date::DateCache;
use crate::http::encode::{Persistence, is_bodiless};
use crate::http::head::Reject;
use crate::request::{Clients, ConnectionId};
use crate::respond::IntoResponse;
use crate::response::Response;
use crate::service::Service;
use crate::unwind::caught;

/// An answer that is on its way, and the error behind it, which no client sees. Dropped early, it is an answer whose
/// client has gone.
#[derive(Debug)]
pub(crate) struct Answering {
    output: Output,
    /// Why it breaks off, once all that was made before is taken.
    broken: Option<String>,
    pub(crate) cause: Option<String>,
}

/// Answers one request that `peer` has sent.
///
/// # Errors
///
/// Why no answer comes of it, in a sentence.
pub(crate) fn exchange(
    service: &Service,
    config: &ServerConfig,
    request: &[u8],
    peer: SocketAddr,
) -> Result<Answering, String> {
    let mut exchange = Exchange::new(
        service.directory().clone(),
        storage(config),
        Weak::<Nobody>::new(),
        config.forwarding(),
    );
    exchange.append(request);
    exchange.request.peer = peer;
    loop {
        match exchange.advance(service, config) {
            Step::NeedMore | Step::Continue | Step::Ready(BodyState::Live) => {
                return Err("the request isn't whole: a server would wait for the rest".to_owned());
            }
            Step::Spool(piece) => exchange
                .spool(piece, config)
                .map_err(|error| format!("the body can't be kept in a file: {error}"))?,
            Step::Ready(body) => return answer(service, &mut exchange, body),
            Step::Refused(reject) => return Ok(refuse(service, &mut exchange, reject)),
        }
    }
}

impl Answering {
    /// The next bytes of the answer, as a client would get them that reads as fast as it can; `None` is the end. Making
    /// them runs code of the program, which writes `limit` bytes at most.
    ///
    /// # Errors
    ///
    /// Why the answer breaks off, in a sentence: also where other threads have sent nothing for so long.
    pub(crate) fn more(
        &mut self,
        limit: usize,
        patience: Duration,
    ) -> Result<Option<Vec<u8>>, String> {
        if let Some(why) = self.broken.take() {
            return Err(why);
        }
        let why = match caught(|| self.output.portion(limit, patience)) {
            Ok(Ok(portion)) => return Ok(portion),
            Ok(Err(Broken::Program(error))) => format!("{error:?}"),
            Ok(Err(Broken::Client)) => format!("it has more than {limit} bytes"),
            Err(panicked) => panicked.to_string(),
        };
        // A client has had that already.
        match self.output.take_buffer() {
            made if made.is_empty() => Err(why),
            made => {
                self.broken = Some(why);
                Ok(Some(made))
            }
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.output.clear();
    }
}

/// There is no server that could know of clients.
struct Nobody;

impl Clients for Nobody {
    fn is_gone(&self, _: ConnectionId) -> bool {
        false
    }
}

fn answer(
    service: &Service,
    exchange: &mut Exchange,
    body: BodyState,
) -> Result<Answering, String> {
    if body == BodyState::Whole && !exchange.is_last() {
        return Err(
            "there are bytes behind the request: a server would take them for another".into(),
        );
    }
    let timeout = service.timeout(exchange.target());
    let request = &mut exchange.request;
    request.deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let head = &request.head;
    let ends = body == BodyState::Unread || !head.keep_alive;
    let manner = Manner {
        // What fails is told by itself.
        request: None,
        is_head: head.method == Method::HEAD,
        version: head.version,
        persistence: match head.version {
            _ if ends => Persistence::Close,
            Version::HTTP_10 => Persistence::KeepAlive,
            _ => Persistence::Implied,
        },
        now: now(),
        target: exchange.target(),
    };
    let response = service.call(&mut exchange.request);
    Ok(write(response, &manner))
}

fn refuse(service: &Service, exchange: &mut Exchange, reject: Reject) -> Answering {
    let problem = problem(reject);
    let manner = Manner {
        // What fails is told by itself.
        request: None,
        is_head: exchange.method() == Some(&Method::HEAD),
        version: Version::HTTP_11,
        persistence: Persistence::Close,
        now: now(),
        target: exchange.target(),
    };
    let response = match exchange.has_head() {
        true => service.refuse(&mut exchange.request, problem),
        false => problem.into_response(),
    };
    write(response, &manner)
}

fn write(mut response: Response, manner: &Manner<'_>) -> Answering {
    let cause = response.cause().and_then(|cause| {
        // To show it runs code of the program.
        caught(|| Chain(cause).to_string()).ok()
    });
    response.shed(manner.is_head || is_bodiless(response.status()));
    let mut output = Output::default();
    output.answer(response, manner, &mut DateCache::new());
    let broken = None;
    Answering {
        output,
        broken,
        cause,
    }
}

/// Seconds of Unix time.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
