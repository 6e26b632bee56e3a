//! The readers of what clients send, one by one, for the fuzzers: bytes in, what was read in them out.

use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;

use http::{Method, Version};

use super::Heads;
use crate::extract::{self, Multipart};
use crate::http::chunked::{self, Cursor};
use crate::http::head::{self, Framing, HeadLimits, Progress, Reject, Span};
use crate::http::percent::{self, Malformed, Plus};
use crate::http::{ForwardedField, Forwarding, Networks, multipart, proxy};
use crate::request::Request;

/// What a reader makes of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// All is here.
    Whole(T),
    /// More must come.
    Partial,
    /// It is refused with this status, and for this reason.
    Refused(u16, &'static str),
}

impl<T> Outcome<T> {
    fn of(read: Result<Option<T>, Reject>) -> Self {
        match read {
            Ok(Some(whole)) => Outcome::Whole(whole),
            Ok(None) => Outcome::Partial,
            Err(reject) => Outcome::Refused(reject.status.as_u16(), reject.detail),
        }
    }
}

/// How the body behind a head is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyFraming {
    /// There is none.
    Empty,
    /// By its length.
    Length(u64),
    /// In chunks.
    Chunked,
}

/// A head that was read: places in its bytes, and what its fields say.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct HeadSeen {
    pub method: Method,
    pub version: Version,
    pub target: Range<usize>,
    pub path: Range<usize>,
    pub query: Option<Range<usize>>,
    pub host: Range<usize>,
    pub fields: Vec<(Range<usize>, Range<usize>)>,
    pub framing: BodyFraming,
    pub keep_alive: bool,
    pub expects_continue: bool,
    pub end: usize,
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl Heads {
    /// Reads a head within limits of the request line's bytes, of all bytes, and of the number of fields.
    pub fn read(
        &mut self,
        bytes: &[u8],
        request_line: usize,
        head: usize,
        fields: usize,
    ) -> Outcome<HeadSeen> {
        let limits = HeadLimits {
            request_line,
            head,
            fields,
        };
        let parsed = head::parse(bytes, 0, &limits, &mut self.0);
        Outcome::of(parsed.map(|progress| (progress == Progress::Complete).then(|| self.seen())))
    }

    fn seen(&self) -> HeadSeen {
        let head = &self.0;
        let fields = head.fields.iter();
        HeadSeen {
            method: head.method.clone(),
            version: head.version,
            target: range(head.target),
            path: range(head.path),
            query: head.query.map(range),
            host: range(head.host),
            fields: fields
                .map(|field| (range(field.name), range(field.value)))
                .collect(),
            framing: match head.framing {
                Framing::Empty => BodyFraming::Empty,
                Framing::Length(length) => BodyFraming::Length(length),
                Framing::Chunked => BodyFraming::Chunked,
            },
            keep_alive: head.keep_alive,
            expects_continue: head.expects_continue,
            end: head.end,
        }
    }
}

/// Decodes one chunked body, in any portions.
#[derive(Debug, Default)]
pub struct Chunks {
    decoder: chunked::Decoder,
    /// The body so far, and what isn't decoded behind it.
    buffer: Vec<u8>,
    decoded: usize,
}

impl Chunks {
    /// Takes the next bytes; where the body ends with them, so many are left over.
    pub fn feed(&mut self, bytes: &[u8]) -> Outcome<usize> {
        self.buffer.truncate(self.decoded);
        self.buffer.extend_from_slice(bytes);
        let mut cursor = Cursor {
            read: self.decoded,
            write: self.decoded,
        };
        let decoded = self.decoder.decode(&mut self.buffer, &mut cursor);
        self.decoded = cursor.write;
        let left = self.buffer.len() - cursor.read;
        Outcome::of(decoded.map(|progress| (progress == Progress::Complete).then_some(left)))
    }

    /// The body so far.
    pub fn body(&self) -> &[u8] {
        &self.buffer[..self.decoded]
    }

    /// Bytes that the head of the current chunk has announced.
    pub fn announced(&self) -> u64 {
        self.decoder.announced()
    }
}

/// One chunk of an answer.
pub fn encode_chunk(out: &mut Vec<u8>, data: &[u8]) {
    chunked::encode(out, data);
}

/// The text of a segment of a path.
///
/// # Errors
///
/// Why it can't be decoded.
pub fn decode_segment(raw: &[u8]) -> Result<String, &'static str> {
    let decoded = percent::decode(raw, Plus::Literal);
    decoded.map(Into::into).map_err(Malformed::reason)
}

/// The text of a name or a value of a query.
///
/// # Errors
///
/// Why it can't be decoded.
pub fn decode_form(raw: &[u8]) -> Result<String, &'static str> {
    let decoded = percent::decode(raw, Plus::Space);
    decoded.map(Into::into).map_err(Malformed::reason)
}

/// Whether `raw` is an encoding of `text`.
pub fn is_encoding_of(raw: &[u8], text: &str) -> bool {
    percent::is_encoding_of(raw, text)
}

/// A name of a form and its value, if it has one, or why one of them can't be decoded.
pub type PairSeen = Result<(String, Option<String>), &'static str>;

/// Names and values of a form.
pub fn form_pairs(raw: &[u8]) -> Vec<PairSeen> {
    let request = Request::blank(Arc::default());
    let pairs = request.form_pairs(raw).map(|pair| {
        let (name, value) = pair?;
        Ok((name.to_owned(), value?.map(str::to_owned)))
    });
    pairs.map(|pair| pair.map_err(Malformed::reason)).collect()
}

/// The request whose head these bytes are, if it is a whole one.
pub fn request(head: &[u8]) -> Option<Request> {
    let mut request = Request::blank(Arc::default());
    request.buffer = head.to_vec();
    let limits = HeadLimits {
        request_line: head.len(),
        head: head.len(),
        fields: head::MOST_FIELDS,
    };
    let parsed = head::parse(&request.buffer, 0, &limits, &mut request.head);
    request.body = head.len()..head.len();
    let is_whole = parsed == Ok(Progress::Complete) && request.head.end == head.len();
    is_whole.then_some(request)
}

/// A form with files that comes from `source`.
pub fn multipart_form(source: Box<dyn Read + Send>, content_type: &[u8]) -> Option<Multipart> {
    let boundary = multipart::Boundary::of(content_type).ok()?;
    Some(Multipart::new(source, boundary, Arc::default()))
}

/// The name, and the name of the file, in the head of a part.
pub fn part_head(head: &[u8]) -> Option<(String, Option<String>)> {
    let head = multipart::PartHead::parse(head.to_vec()).ok()?;
    Some((head.name().to_owned(), head.file_name().map(str::to_owned)))
}

/// How long the header of the PROXY protocol is, and which client it names; `None`: not all is here.
///
/// # Errors
///
/// Why it is none.
pub fn introduction(bytes: &[u8]) -> Result<Option<(usize, Option<SocketAddr>)>, &'static str> {
    let read = proxy::parse(bytes)?;
    Ok(read.map(|introduction| (introduction.length, introduction.client)))
}

/// The client and the scheme of a request with these fields that `peer` has sent or passed on.
pub fn origin(
    trusted: &Networks,
    field: ForwardedField,
    peer: IpAddr,
    fields: &[(&str, &[u8])],
) -> (IpAddr, &'static str) {
    let trusted = trusted.clone();
    let forwarding = Forwarding { trusted, field };
    let origin = forwarding.origin(peer, fields.iter().copied());
    (origin.client, origin.scheme)
}

/// The pointer to the value at a line and a column of a document.
pub fn json_pointer(json: &[u8], line: usize, column: usize) -> String {
    extract::json_pointer::pointer(json, line, column)
}
