//! The body as a reader, while it arrives.

use std::convert::Infallible;
use std::io::{self, Cursor, Read};

use super::{BodyUse, FromRequest};
use crate::request::{Incoming, Request};

/// The body, read while it arrives: of any size, with no more than a piece of it in memory.
///
/// Reading waits for the client, for `server.body_timeout` at most each time; the handler holds a
/// thread meanwhile, so the server treats its route as one that blocks. Where a [`TempFile`](crate::TempFile)
/// does as well, it is the better choice: the handler is called when all has arrived.
///
/// The body ends with the handler: read what you need before you answer. `body_limit` of the route,
/// or else `server.body`, is the most that can be read. A client that waits for `100 Continue` (RFC
/// 9110, section 10.1.1) gets it with the first read.
///
/// ```
/// use std::io::{self, Read};
/// use mini_spring::{Body, TestApp, route, routes};
///
/// #[route(POST, "/count", body_limit = "10GiB")]
/// fn count(body: Body) -> io::Result<String> {
///     let mut lines = 0;
///     for byte in io::BufReader::new(body).bytes() {
///         lines += usize::from(byte? == b'\n');
///     }
///     Ok(lines.to_string())
/// }
///
/// let app = TestApp::of(routes![count]);
/// app.post("/count").body("one\ntwo\n").send().assert_text("2");
/// ```
///
/// # Errors
///
/// A read fails where the body breaks off, is malformed, too large or too slow. A handler that
/// answers with a server error after that is answered for with the status that fits: 400, 408 or 413.
pub struct Body {
    source: Box<dyn Read + Send>,
    length: Option<u64>,
}

impl Body {
    /// How long the body is, if the client says so.
    ///
    /// ```
    /// use mini_spring::{Body, TestApp, route, routes};
    ///
    /// #[route(PUT, "/film", body_limit = "10GiB")]
    /// fn film(body: Body) -> String {
    ///     format!("{:?}", body.length())
    /// }
    ///
    /// TestApp::of(routes![film]).put("/film").body("reel").send().assert_text("Some(4)");
    /// ```
    pub fn length(&self) -> Option<u64> {
        self.length
    }
}

impl Read for Body {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        self.source.read(piece)
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("Body");
        debug.field("length", &self.length).finish_non_exhaustive()
    }
}

impl FromRequest<'_> for Body {
    type Rejection = Infallible;
    const BODY: BodyUse = BodyUse::Live;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        let source: Box<dyn Read + Send> = match request.take_incoming() {
            Incoming::Live(reader) => reader,
            // It was here whole already.
            _ => Box::new(Cursor::new(request.body().to_vec())),
        };
        let length = request.content_length();
        Ok(Body { source, length })
    }
}
