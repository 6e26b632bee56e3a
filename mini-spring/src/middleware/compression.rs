//! [`Compression`]: answers in fewer bytes, in a coding that the client takes (RFC 9110, section 8.4).
//!
//! This file decides whether an answer is compressed and what else that changes; `encoder` has the codings, `streams`
//! bodies that are made while they are sent.

mod encoder;
mod streams;

use std::fmt;
use std::sync::Arc;

use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH,
};
use http::{HeaderName, HeaderValue, StatusCode};

use self::encoder::{CODINGS, Coding};
use super::{Middleware, Next, Provides};
use crate::extract::Needs;
use crate::http::accept_encoding::preferred;
use crate::http::media_type::essence;
use crate::request::Request;
use crate::response::{Body, Response};

/// Bytes of the shortest body that is compressed: below, what is saved is lost in the packet.
const LEAST: u64 = 1024;

/// They are about the bytes as they are (RFC 9530).
const DIGESTS: [HeaderName; 2] = [
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
];

type IsFit = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Compresses answers for clients that take it: gzip and brotli, and zstd with the feature of that name. The client's
/// `Accept-Encoding` decides, and of what it wants equally zstd comes before brotli before gzip.
///
/// ```
/// use mini_spring::{App, Compression, Request, TestApp};
///
/// let app = App::empty()
///     .route("GET", "/", |_: &Request| "hello ".repeat(1000))
///     .layer(Compression::new());
/// let app = TestApp::from_app(app);
/// let response = app.get("/").header("Accept-Encoding", "gzip").send();
/// response.assert_header("Content-Encoding", "gzip").assert_header("Vary", "accept-encoding");
/// assert!(response.bytes().len() < 100);
/// app.get("/").send().assert_text(&"hello ".repeat(1000));
/// ```
///
/// An answer is compressed if its content type is one of text, JSON, XML, scripts, fonts and the like
/// that aren't compressed by themselves, and its body has 1 KiB or isn't known yet. One that is encoded
/// already, a part of something (206), or marked `no-transform` is left as it is. A
/// strong `ETag` becomes a weak one, since the bytes are others.
///
/// Bodies that are made while they are sent, [`Stream`](crate::Stream) and large files, are compressed piece
/// by piece: what a writer flushes is sent, and so is what a reader gives when it has no more at the
/// moment. They take about a megabyte of memory each meanwhile. Events ([`Sse`](crate::Sse)) are sent as they are.
///
/// Do not compress secrets together with what an attacker can put into the same answer: its length
/// would tell them (BREACH). Put it around the routes that may be compressed only, or leave types out.
#[derive(Clone)]
pub struct Compression {
    codings: Vec<&'static Coding>,
    least: u64,
    is_fit: Option<IsFit>,
    faults: Vec<String>,
}

impl Compression {
    /// All codings that are built in, for bodies from 1 KiB.
    pub fn new() -> Self {
        Compression {
            codings: CODINGS.iter().collect(),
            least: LEAST,
            is_fit: None,
            faults: Vec::new(),
        }
    }

    /// Only these codings, the first of those that a client wants equally first. One that isn't built in stops the
    /// start.
    ///
    /// ```
    /// use mini_spring::Compression;
    ///
    /// let compression = Compression::new().codings(["gzip", "br"]);
    /// ```
    pub fn codings(mut self, names: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.codings.clear();
        for name in names {
            let name = name.as_ref();
            match CODINGS.iter().find(|coding| coding.name == name) {
                Some(coding) => self.codings.push(coding),
                None => self.faults.push(format!(
                    "there is no content coding `{name}`, only {}; `zstd` is a feature",
                    names_of(CODINGS.iter())
                )),
            }
        }
        self
    }

    /// Bytes of the shortest body that is compressed, if its length is known. By default 1024.
    ///
    /// ```
    /// use mini_spring::{App, Compression, Request, TestApp};
    ///
    /// let app = App::empty()
    ///     .route("GET", "/", |_: &Request| "hello ".repeat(50))
    ///     .layer(Compression::new().min_size(100));
    /// let response = TestApp::from_app(app).get("/").header("Accept-Encoding", "gzip").send();
    /// response.assert_header("Content-Encoding", "gzip");
    /// ```
    pub fn min_size(mut self, bytes: u64) -> Self {
        self.least = bytes;
        self
    }

    /// Chooses by the media type, which is in lower case and without parameters, instead of the list.
    ///
    /// ```
    /// use mini_spring::Compression;
    ///
    /// let compression = Compression::new().types(|media_type| media_type == "application/json");
    /// ```
    pub fn types(mut self, is_fit: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.is_fit = Some(Arc::new(is_fit));
        self
    }

    /// Whether the answer may be compressed, whoever asks.
    fn is_fit(&self, response: &Response) -> bool {
        let fields = response.fields();
        let has = |name: &HeaderName| fields.get(name).is_some();
        let length = response.body().length();
        response.status() != StatusCode::PARTIAL_CONTENT
            && !matches!(response.body(), Body::Fed(_))
            && length.is_none_or(|length| length >= self.least.max(1))
            && !has(&CONTENT_ENCODING)
            && !has(&CONTENT_RANGE)
            && !DIGESTS.iter().any(has)
            && !is_fixed(response)
            && fields
                .get(&CONTENT_TYPE)
                .is_some_and(|value| self.is_fit_type(value))
    }

    fn is_fit_type(&self, content_type: &[u8]) -> bool {
        let media_type = String::from_utf8_lossy(essence(content_type)).to_ascii_lowercase();
        match &self.is_fit {
            Some(is_fit) => is_fit(&media_type),
            None => is_compressible(&media_type),
        }
    }

    fn wanted(&self, request: &Request) -> Option<&'static Coding> {
        let fields = request.headers();
        let fields: Vec<&[u8]> = fields
            .filter(|(name, _)| name.eq_ignore_ascii_case("accept-encoding"))
            .map(|(_, value)| value)
            .collect();
        let names = self.codings.iter().map(|coding| coding.name);
        let name = preferred(fields.iter().copied(), names)?;
        self.codings
            .iter()
            .copied()
            .find(|coding| coding.name == name)
    }
}

impl Default for Compression {
    fn default() -> Self {
        Compression::new()
    }
}

fn names_of<'c>(codings: impl Iterator<Item = &'c Coding>) -> String {
    let names: Vec<String> = codings.map(|coding| format!("`{}`", coding.name)).collect();
    names.join(" and ")
}

/// Whether nobody may change the content (RFC 9111, section 5.2.2.6).
fn is_fixed(response: &Response) -> bool {
    let control = response.fields().get(&CACHE_CONTROL).unwrap_or_default();
    let mut directives = control.split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    directives.any(|directive| directive.eq_ignore_ascii_case(b"no-transform"))
}

/// Types whose content gets much smaller.
fn is_compressible(media_type: &str) -> bool {
    const TYPES: [&str; 17] = [
        "application/json",
        "application/xml",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/wasm",
        "application/x-ndjson",
        "application/jsonl",
        "application/yaml",
        "application/toml",
        "application/sql",
        "application/rtf",
        "application/graphql",
        "application/vnd.ms-fontobject",
        "application/x-www-form-urlencoded",
        "image/bmp",
        "image/x-icon",
    ];
    media_type.starts_with("text/")
        || ["font/ttf", "font/otf", "image/vnd.microsoft.icon"].contains(&media_type)
        || TYPES.contains(&media_type)
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || media_type.ends_with("+yaml")
}

/// Changes the body, and the fields that are about its bytes.
fn compress(response: &mut Response, coding: &'static Coding) {
    let mut is_done = false;
    response.map_body(|body| {
        let body = streams::compressed(body, coding);
        is_done = body.is_ok();
        body.unwrap_or_else(|body| body)
    });
    if !is_done {
        return;
    }
    let fields = response.fields_mut();
    fields.set(CONTENT_ENCODING, &HeaderValue::from_static(coding.name));
    fields.remove(&ACCEPT_RANGES);
    weaken(response);
}

/// The bytes are others, so the tag must not be strong any more (RFC 9110, section 8.8.3.3).
fn weaken(response: &mut Response) {
    let Some(tag) = response.fields().get(&ETAG) else {
        return;
    };
    if !tag.starts_with(b"W/")
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag].concat())
    {
        response.fields_mut().set(ETAG, &weak);
    }
}

/// A client that has a compressed answer has it by its weak tag; 304 must name that, and not another one.
fn revalidated(request: &Request, response: &mut Response) {
    response.varies_by("accept-encoding");
    let Some(tag) = response.fields().get(&ETAG) else {
        return;
    };
    let weak = [b"W/", tag].concat();
    let known = request
        .header_bytes(IF_NONE_MATCH.as_str())
        .unwrap_or_default();
    if known.windows(weak.len()).any(|part| part == weak) {
        weaken(response);
    }
}

impl Middleware for Compression {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        let mut response = next.run(request);
        if response.status() == StatusCode::NOT_MODIFIED {
            revalidated(request, &mut response);
        } else if self.is_fit(&response) {
            response.varies_by("accept-encoding");
            if let Some(coding) = self.wanted(request) {
                compress(&mut response, coding);
            }
        }
        response
    }

    fn requires(&self, needs: &mut Needs) {
        for fault in &self.faults {
            needs.fault(fault.clone());
        }
    }

    fn provides(&self) -> Provides {
        Provides::nothing()
    }

    fn always_provides() -> Provides {
        Provides::nothing()
    }
}

impl fmt::Debug for Compression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = names_of(self.codings.iter().copied());
        write!(formatter, "Compression({names} from {} B)", self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_already_is_left_out() {
        for media_type in [
            "text/html",
            "text/event-stream",
            "application/json",
            "application/problem+json",
            "image/svg+xml",
            "font/ttf",
        ] {
            assert!(is_compressible(media_type), "{media_type}");
        }
        for media_type in [
            "image/png",
            "application/zip",
            "application/octet-stream",
            "font/woff2",
            "video/mp4",
            "application/pdf",
        ] {
            assert!(!is_compressible(media_type), "{media_type}");
        }
    }
}
