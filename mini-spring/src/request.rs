//! A request: its bytes, and where in them the parts stand.
//!
//! A [`Request`] owns the buffer that it was read into; method, path, fields and body are positions
//! in it. The server lends its read buffer in for one request after the other and takes it back, so
//! reading a request allocates nothing. Knows no socket, no handler and no router: of the route it
//! only keeps which one it was, and where the parameters stand.

mod builder;
mod cookies;
mod id;
mod incoming;
mod origin;
mod scratch;

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Instant;

use http::{Extensions, Method, Version};

pub use self::builder::RequestBuilder;
pub(crate) use self::incoming::Incoming;
use self::scratch::Scratch;
use crate::component::Instances;
use crate::error::Handled;
use crate::http::Forwarding;
use crate::http::head::{Framing, Head, Span};
use crate::http::percent::{self, Malformed, Plus};
use crate::spool::Storage;

/// What a server knows of its routes that a request wants to tell: patterns and parameter names; what
/// becomes of errors; and the components.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) routes: Vec<Entry>,
    /// The types of errors that have a handler of their own.
    pub(crate) handled: Handled,
    /// What arguments are injected from.
    pub(crate) components: Instances,
}

/// One route of the [`Directory`].
#[derive(Debug)]
pub(crate) struct Entry {
    /// The pattern, as it was written.
    pub(crate) pattern: String,
    /// The names of its parameters, in order.
    pub(crate) parameters: Vec<String>,
}

/// Who knows whether the clients are still there: the server.
pub(crate) trait Clients: Send + Sync {
    /// Whether the client of this connection has gone.
    fn is_gone(&self, connection: ConnectionId) -> bool;
}

/// Names a connection: no other one has the same serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ConnectionId {
    pub(crate) slot: usize,
    pub(crate) serial: u64,
}

/// Where requests come from that have no connection.
pub(crate) const UNNAMED_PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Why a request isn't answered by the route that its path and method lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its body is of no type that the route takes.
    UnsupportedMediaType,
    /// Its client takes no type that the route gives.
    NotAcceptable,
}

/// A request that its route doesn't answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The entry of the directory.
    pub(crate) route: usize,
    pub(crate) reason: Refusal,
}

/// An HTTP request.
///
/// Handlers that want more than their arguments take `&Request`; middleware takes `&mut Request`.
///
/// ```
/// use mini_spring::{Request, http::Version};
///
/// let request = Request::post("/users/42?full=yes").header("Accept", "text/plain").body("Ada").build()?;
/// assert_eq!(request.method(), "POST");
/// assert_eq!((request.path(), request.query()), ("/users/42", Some("full=yes")));
/// assert_eq!((request.target(), request.version()), ("/users/42?full=yes", Version::HTTP_11));
/// assert_eq!(request.header("accept"), Some("text/plain"));
/// assert_eq!(request.header_bytes("Accept"), Some(&b"text/plain"[..]));
/// assert!(request.headers().any(|(name, value)| (name, value) == ("Host", b"localhost")));
/// assert_eq!((request.host(), request.body()), ("localhost", &b"Ada"[..]));
/// assert_eq!(request.route(), None, "it was routed nowhere yet");
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Debug)]
pub struct Request {
    /// The read buffer: this message, and perhaps the beginning of the next.
    pub(crate) buffer: Vec<u8>,
    pub(crate) head: Head,
    /// Where the decoded body stands in `buffer`.
    pub(crate) body: std::ops::Range<usize>,
    /// What isn't in `buffer` of the body.
    pub(crate) incoming: RefCell<Incoming>,
    /// Where what is taken from its body is kept.
    pub(crate) storage: Arc<Storage>,
    /// Which entry of the directory the request was routed to.
    pub(crate) route: Option<usize>,
    /// The route that it was refused for.
    pub(crate) refused: Option<Refused>,
    /// The values of the route's parameters, in the order of the pattern, not decoded.
    pub(crate) parameters: Vec<Span>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) peer: SocketAddr,
    /// Whom to believe about where it comes from, if anybody.
    pub(crate) forwarding: Option<Arc<Forwarding>>,
    /// The connection that it came on, and who knows about it.
    pub(crate) connection: ConnectionId,
    pub(crate) clients: Option<Weak<dyn Clients>>,
    /// When the answer must have been given, if its route has a timeout.
    pub(crate) deadline: Option<Instant>,
    /// What middleware has put there; without anything in it, it has no memory of its own.
    pub(crate) extensions: Extensions,
    scratch: Scratch,
}

/// A name of a form, and its value if there is one and it can be decoded.
pub(crate) type FormPair<'r> = (&'r str, Result<Option<&'r str>, Malformed>);

impl Request {
    /// An empty request, to be filled by the server or a builder.
    pub(crate) fn blank(directory: Arc<Directory>) -> Self {
        Request {
            buffer: Vec::new(),
            head: Head::default(),
            body: 0..0,
            incoming: RefCell::default(),
            storage: Arc::default(),
            route: None,
            refused: None,
            parameters: Vec::new(),
            directory,
            peer: UNNAMED_PEER,
            forwarding: None,
            connection: ConnectionId::default(),
            clients: None,
            deadline: None,
            extensions: Extensions::new(),
            scratch: Scratch::default(),
        }
    }

    /// Forgets what was learned about the request before, but keeps the memory.
    pub(crate) fn reset(&mut self) {
        self.route = None;
        self.refused = None;
        self.parameters.clear();
        self.body = 0..0;
        self.deadline = None;
        self.scratch.clear();
    }

    /// The method (RFC 9110, section 9).
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The path of the request target, not decoded: `/a%20b`.
    pub fn path(&self) -> &str {
        match self.text(self.head.path) {
            // An absolute target may go without a path (RFC 9110, section 4.2.3).
            "" => "/",
            path => path,
        }
    }

    /// The query behind the `?`, not decoded; `None` where there is no `?`.
    pub fn query(&self) -> Option<&str> {
        self.head.query.map(|query| self.text(query))
    }

    /// The request target as it was sent (RFC 9112, section 3.2).
    pub fn target(&self) -> &str {
        self.text(self.head.target)
    }

    /// HTTP/1.1 or HTTP/1.0.
    pub fn version(&self) -> Version {
        self.head.version
    }

    /// The host that the client asked for, from the request target or the Host field (RFC 9112,
    /// section 3.2); empty where an HTTP/1.0 client named none. A proxy that changes it may say so in
    /// `X-Forwarded-Host`, which isn't read: one that doesn't passes on whatever its client has sent there.
    pub fn host(&self) -> &str {
        self.text(self.head.host)
    }

    /// The address of the peer of the connection. Behind a proxy that is the proxy; [`Request::client_ip`]
    /// is the client.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Whether the client has gone, so that nobody waits for the answer: it has closed the connection, or
    /// its side of it. A client that has only closed its side may still read the answer, and gets it
    /// if the handler goes on. Asking costs a call to the kernel; a request that came on no
    /// connection is always waited for. Where a route's `timeout` has passed, the client is gone as well,
    /// with its 504: to tell the two apart, ask the [`Deadline`](crate::Deadline) first.
    ///
    /// ```
    /// use mini_spring::{Request, route};
    ///
    /// #[route(GET, "/count")]
    /// fn count(request: &Request) -> String {
    ///     let mut counted = 0;
    ///     while counted < 1_000_000 && !request.client_gone() {
    ///         counted += (0..10_000).filter(|number| number % 7 < 7).count();
    ///     }
    ///     format!("{counted}")
    /// }
    /// # assert_eq!(count(&Request::get("/count").build()?), "1000000");
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn client_gone(&self) -> bool {
        let clients = self.clients.as_ref().and_then(Weak::upgrade);
        clients.is_some_and(|clients| clients.is_gone(self.connection))
    }

    /// The value of the first header field of this name, in any case, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.header_bytes(name)?).ok()
    }

    /// The value of the first header field of this name, as it was sent.
    pub fn header_bytes(&self, name: &str) -> Option<&[u8]> {
        self.headers()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All header fields in the order in which they came, as name and value.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.fields()
    }

    fn fields(&self) -> impl DoubleEndedIterator<Item = (&str, &[u8])> + Clone {
        self.head
            .fields
            .iter()
            .map(|field| (self.text(field.name), field.value.of(&self.buffer)))
    }

    /// How long the body is, as far as the head says so.
    pub(crate) fn content_length(&self) -> Option<u64> {
        match self.head.framing {
            Framing::Length(length) => Some(length),
            Framing::Empty => Some(0),
            Framing::Chunked => None,
        }
    }

    /// The body. It is here whole: the server buffers it before it calls the handler. Only where an
    /// argument of the handler is a [`Body`](crate::Body), a [`TempFile`](crate::TempFile) or a
    /// [`Multipart`](crate::Multipart), it is empty here as soon as it is too large for one read.
    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body.clone()]
    }

    /// The parameter of this name in the path, percent-decoded: what stands for `<id>` in
    /// `/users/<id>`. `None` where the route has none of this name, or it can't be decoded.
    ///
    /// ```
    /// use mini_spring::{Request, Router};
    ///
    /// let mut router = Router::new();
    /// router.register("GET", "/users/<id>", |request: &Request| {
    ///     format!("user {}", request.param("id").unwrap_or("?"))
    /// })?;
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn param(&self, name: &str) -> Option<&str> {
        let entry = self.entry()?;
        let index = entry.parameters.iter().position(|known| known == name)?;
        self.parameter(index).ok()
    }

    /// Takes what isn't in the buffer of the body.
    pub(crate) fn take_incoming(&self) -> Incoming {
        let mut incoming = self.incoming.borrow_mut();
        match *incoming {
            Incoming::Nothing => Incoming::Nothing,
            _ => std::mem::replace(&mut incoming, Incoming::Taken),
        }
    }

    /// Whether there is, or was, a body, in the buffer or elsewhere.
    pub(crate) fn has_body(&self) -> bool {
        !self.body().is_empty() || !matches!(*self.incoming.borrow(), Incoming::Nothing)
    }

    /// Whether there is, or was, more of the body than the buffer has.
    #[inline]
    pub(crate) fn has_incoming(&mut self) -> bool {
        !matches!(self.incoming.get_mut(), Incoming::Nothing)
    }

    /// The pattern of the route that the request was routed to, such as `/users/<id>`.
    pub fn route(&self) -> Option<&str> {
        self.entry().map(|entry| &*entry.pattern)
    }

    /// What is known of its route.
    pub(crate) fn entry(&self) -> Option<&Entry> {
        let refused = self.refused.map(|refused| refused.route);
        self.directory.routes.get(self.route.or(refused)?)
    }

    /// The values that middleware has put on the request, one of each type.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The same, to be changed: a middleware puts a value there for the handler, which takes it as an
    /// [`Extension`](crate::Extension).
    ///
    /// ```
    /// use mini_spring::Request;
    ///
    /// #[derive(Clone, Debug, PartialEq)]
    /// struct Tenant(u32);
    ///
    /// let mut request = Request::get("/").build()?;
    /// request.extensions_mut().insert(Tenant(7));
    /// assert_eq!(request.extensions().get(), Some(&Tenant(7)));
    /// # Ok::<(), mini_spring::Error>(())
    /// ```
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// The values of a query parameter in the order in which they came, decoded; `None` for the
    /// value of a name without `=`.
    pub(crate) fn query_values<'r>(
        &'r self,
        name: &'r str,
    ) -> impl Iterator<Item = Option<Result<&'r str, Malformed>>> {
        self.query()
            .unwrap_or_default()
            .split('&')
            .filter_map(move |pair| {
                let (key, value) = match pair.split_once('=') {
                    Some((key, value)) => (key, Some(value)),
                    None => (pair, None),
                };
                let same = key == name
                    || percent::decode(key.as_bytes(), Plus::Space).is_ok_and(|key| key == name);
                (same && !pair.is_empty())
                    .then(|| value.map(|value| self.decode(value.as_bytes(), Plus::Space)))
            })
    }

    /// Names and values of a query or a form, decoded; `None` for the value of a name without `=`.
    pub(crate) fn form_pairs<'r>(
        &'r self,
        raw: &'r [u8],
    ) -> impl Iterator<Item = Result<FormPair<'r>, Malformed>> {
        let pairs = raw.split(|&byte| byte == b'&');
        pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let equals = pair.iter().position(|&byte| byte == b'=');
            let name = self.decode(&pair[..equals.unwrap_or(pair.len())], Plus::Space)?;
            let value = equals.map(|equals| self.decode(&pair[equals + 1..], Plus::Space));
            Ok((name, value.transpose()))
        })
    }

    /// The parameter at this place of the pattern, decoded.
    pub(crate) fn parameter(&self, index: usize) -> Result<&str, Malformed> {
        match self.parameters.get(index) {
            Some(span) => self.decode(span.of(&self.buffer), Plus::Literal),
            None => Ok(""),
        }
    }

    /// Keeps text that was made of the request for as long as it.
    pub(crate) fn keep(&self, text: String) -> &str {
        self.scratch.keep(text)
    }

    /// Decoded text that lives as long as the request.
    fn decode<'r>(&'r self, raw: &'r [u8], plus: Plus) -> Result<&'r str, Malformed> {
        Ok(match percent::decode(raw, plus)? {
            std::borrow::Cow::Borrowed(text) => text,
            std::borrow::Cow::Owned(text) => self.scratch.keep(text),
        })
    }

    /// A piece of the head; the parser lets nothing but ASCII into names and targets.
    fn text(&self, span: Span) -> &str {
        std::str::from_utf8(span.of(&self.buffer)).unwrap_or_default()
    }
}
