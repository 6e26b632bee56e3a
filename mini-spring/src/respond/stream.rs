//! [`Stream`]: a body that is made while it is sent.
//!
//! Knows who makes it; when that happens, and on which thread, is the server's.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read, Write};

use http::HeaderValue;
use http::header::CONTENT_TYPE;

use super::{IntoResponse, Problem};
use crate::error::{Error, Result};
use crate::response::{Body, Produced, Producer, Response};

const BYTES: &str = "application/octet-stream";

/// A body that is made while it is sent, so that it is never in memory as a whole.
///
/// It is `application/octet-stream` unless it has [another type](Stream::with_type). Without a
/// [length](Stream::with_length) it is sent in chunks (RFC 9112, section 7.1), and to an HTTP/1.0 client up to the end
/// of the connection. Making it may block: it takes one of the workers that handlers that block may have, a
/// reader or an iterator for the next piece only, a writer until it is done. If none is free before
/// `server.queue_timeout` the request is answered 503; once its answer has begun it breaks off, by the end of the
/// connection. What is to be sent at its time, by other threads, needs no worker: [`Sse`](crate::Sse).
///
/// ```
/// use mini_spring::{Stream, TestApp, route, routes};
///
/// #[route(GET, "/squares")]
/// fn squares() -> Stream {
///     Stream::iter((1..4).map(|number| format!("{}\n", number * number))).with_type("text/plain")
/// }
///
/// let app = TestApp::of(routes![squares]);
/// app.get("/squares").send().assert_text("1\n4\n9\n");
/// ```
#[must_use = "a stream is sent when it is returned"]
pub struct Stream {
    producer: Producer,
    content_type: Result<Option<HeaderValue>, http::header::InvalidHeaderValue>,
    length: Option<u64>,
}

impl Stream {
    /// What can be read, piece by piece.
    ///
    /// An error ends the connection, so that the client doesn't take what it has for all, and is logged. A
    /// [`Body`](crate::Body) can't be the reader: it ends with its handler; take a [`TempFile`](crate::TempFile).
    ///
    /// ```
    /// use std::io::Read;
    /// use mini_spring::Stream;
    ///
    /// let gibibyte = 1 << 30;
    /// let zeroes = Stream::reader(std::io::repeat(0).take(gibibyte)).with_length(gibibyte);
    /// ```
    pub fn reader(reader: impl Read + Send + 'static) -> Self {
        Stream::of(Producer::Reader(Box::new(reader)))
    }

    /// Text or bytes, item by item. Each is sent as soon as it is there.
    ///
    /// ```
    /// use mini_spring::Stream;
    ///
    /// let lines = Stream::iter(["a\n", "b\n"]);
    /// let countdown = Stream::iter((0..1_000_000).rev().map(|number| format!("{number}\n")));
    /// ```
    pub fn iter<I>(items: I) -> Self
    where
        I: IntoIterator<Item: Into<Vec<u8>> + 'static, IntoIter: Send + 'static>,
    {
        Stream::try_iter(items.into_iter().map(Ok::<_, Error>))
    }

    /// As [`Stream::iter`], for items that may fail: the first error ends the connection, so that the client
    /// doesn't take what it has for all, and is logged.
    ///
    /// ```
    /// use std::io::BufRead;
    /// use mini_spring::Stream;
    ///
    /// # let file = std::io::Cursor::new("Name, Age\nAda, 36\n");
    /// let upper = Stream::try_iter(file.lines().map(|line| line.map(|line| line.to_uppercase() + "\n")));
    /// ```
    pub fn try_iter<I, T, E>(items: I) -> Self
    where
        I: IntoIterator<Item = std::result::Result<T, E>, IntoIter: Send + 'static>,
        T: Into<Vec<u8>> + 'static,
        E: Into<Error> + 'static,
    {
        let items = items.into_iter();
        Stream::reader(Items {
            items: items.map(|item| item.map(Into::into).map_err(Into::into)),
            rest: VecDeque::new(),
        })
    }

    /// What a function writes, as `csv::Writer`, `serde_json::to_writer` and `writeln!` do. It is sent when there is
    /// enough of it, when it is flushed, and at the end. The function takes every error by `?` and ends with `Ok(())`.
    ///
    /// The function is called once, after the handler, and holds a worker until it returns: it waits itself where
    /// its client is slow, `server.write_timeout` at most. Then, and where the client has gone, writing fails. Any
    /// other error ends the connection, so that the client doesn't take what it has for all, and is logged.
    ///
    /// ```
    /// use mini_spring::{Stream, TestApp, route, routes};
    ///
    /// #[route(GET, "/report")]
    /// fn report() -> Stream {
    ///     let rows = [("Ada", 36), ("Grace", 85)];
    ///     let report = Stream::writer(move |out| {
    ///         for (name, age) in rows {
    ///             writeln!(out, "{name},{age}")?;
    ///         }
    ///         Ok(())
    ///     });
    ///     report.with_type("text/csv")
    /// }
    ///
    /// let app = TestApp::of(routes![report]);
    /// app.get("/report").send().assert_text("Ada,36\nGrace,85\n");
    /// ```
    pub fn writer(write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static) -> Self {
        Stream::of(Producer::Writer(Box::new(write)))
    }

    fn of(producer: Producer) -> Self {
        Stream {
            producer,
            content_type: Ok(None),
            length: None,
        }
    }

    /// With this content type. One that can't stand in a header makes the answer a 500, and the log says why.
    pub fn with_type(mut self, content_type: impl AsRef<str>) -> Self {
        self.content_type = HeaderValue::from_str(content_type.as_ref()).map(Some);
        self
    }

    /// With this many bytes, which its client then knows in advance. A body that turns out to be shorter or longer
    /// is an error.
    pub fn with_length(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }
}

impl IntoResponse for Stream {
    fn into_response(self) -> Response {
        let Stream {
            producer,
            content_type,
            length,
        } = self;
        let body = Body::Produced(Box::new(Produced { producer, length }));
        let mut response = Response::of(BYTES, body);
        match content_type {
            Ok(None) => response,
            Ok(Some(content_type)) => {
                response.fields_mut().set(CONTENT_TYPE, &content_type);
                response
            }
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stream")
            .field("producer", &self.producer)
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish()
    }
}

/// Reads the items of an iterator, one at a time.
struct Items<I> {
    items: I,
    /// What is left of the item that was read last.
    rest: VecDeque<u8>,
}

impl<I: Iterator<Item = Result<Vec<u8>>>> Read for Items<I> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        // An empty item is not the end.
        while self.rest.is_empty() {
            match self.items.next() {
                Some(Ok(item)) => self.rest = item.into(),
                Some(Err(error)) => return Err(io::Error::other(error.into_std())),
                None => return Ok(0),
            }
        }
        self.rest.read(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_one_by_one() {
        let Producer::Reader(mut reader) = Stream::iter(["one", "", "four"]).producer else {
            panic!("no reader");
        };
        let mut piece = [0; 3];
        let mut read = Vec::new();
        loop {
            let length = reader.read(&mut piece).unwrap();
            if length == 0 {
                break;
            }
            read.push(String::from_utf8_lossy(&piece[..length]).into_owned());
        }
        assert_eq!(read, ["one", "fou", "r"]);
    }

    #[test]
    fn an_item_may_be_an_error() {
        let items = [Ok("one"), Err("no second")];
        let Producer::Reader(mut reader) = Stream::try_iter(items).producer else {
            panic!("no reader");
        };
        let mut text = String::new();
        let error = reader.read_to_string(&mut text).unwrap_err();
        assert_eq!(
            (text.as_str(), error.to_string()),
            ("one", "no second".to_owned())
        );
    }

    #[test]
    fn a_type_that_is_none_is_a_fault() {
        let response = Stream::iter(["a"])
            .with_type("text/\r\nplain")
            .into_response();
        assert_eq!(response.status(), 500);
        let response = Stream::iter(["a"]).with_type("text/csv").into_response();
        assert_eq!(response.fields().get(&CONTENT_TYPE), Some(&b"text/csv"[..]));
    }
}
