//! Panics of what makes a body while it is sent, and of its drop: readers, iterators, functions that write, and
//! threads that send events.

use std::io::{self, Read};
use std::thread;

use mini_spring::http::StatusCode;
use mini_spring::{Event, IntoResponse, Response, Routes, Sse, Stream, route, routes};

use crate::panics::{Case, get};

/// Its drop panics, unless that would end the process.
#[derive(Debug, Clone)]
pub(crate) struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("a drop, on purpose");
        }
    }
}

/// So many bytes, and what comes then.
struct Reader<T>(usize, fn() -> io::Result<usize>, T);

impl<T> Read for Reader<T> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let length = self.0.min(piece.len());
        self.0 -= length;
        piece[..length].fill(b'x');
        match length {
            0 => (self.1)(),
            length => Ok(length),
        }
    }
}

const MUCH: usize = 100_000;

#[route(GET, "/reader")]
fn reader() -> Stream {
    Stream::reader(Reader(MUCH, || panic!("on purpose"), ()))
}

#[route(GET, "/reader-dropped")]
fn reader_dropped() -> Stream {
    Stream::reader(Reader(MUCH, || Ok(0), Bomb))
}

#[route(GET, "/reader-fails-dropped")]
fn reader_fails_dropped() -> Stream {
    Stream::reader(Reader(MUCH, || Err(io::Error::other("on purpose")), Bomb))
}

#[route(GET, "/items")]
fn items() -> Stream {
    Stream::iter((0..10).map(|number| match number {
        9 => panic!("on purpose"),
        _ => vec![b'x'; 10_000],
    }))
}

#[route(GET, "/item-dropped")]
fn item_dropped() -> Stream {
    struct Item(#[allow(dead_code)] Bomb);
    impl From<Item> for Vec<u8> {
        fn from(item: Item) -> Vec<u8> {
            // A value that is returned from where a drop panics is leaked (rust-lang/rust#47949).
            drop(item);
            b"item".to_vec()
        }
    }
    Stream::iter([Item(Bomb)])
}

#[route(GET, "/writer")]
fn writer() -> Stream {
    Stream::writer(|out| {
        out.write_all(&[b'x'; MUCH])?;
        panic!("on purpose")
    })
}

/// What the function has taken with it.
#[route(GET, "/writer-dropped")]
fn writer_dropped() -> Stream {
    let bomb = Bomb;
    Stream::writer(move |out| {
        let _bomb = bomb;
        Ok(out.write_all(b"here")?)
    })
}

#[route(GET, "/writer-error-dropped")]
fn writer_error_dropped() -> Stream {
    #[derive(Debug)]
    struct Failed(#[allow(dead_code)] Bomb);
    impl std::fmt::Display for Failed {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("failed")
        }
    }
    impl std::error::Error for Failed {}
    Stream::writer(|_| Err(Failed(Bomb))?)
}

/// The answer isn't sent at all.
#[route(GET, "/interim")]
fn interim() -> Response {
    let response = Stream::reader(Reader(MUCH, || Ok(0), Bomb)).into_response();
    response.with_status(StatusCode::PROCESSING)
}

#[route(GET, "/no-content")]
fn no_content() -> Response {
    let response = Stream::reader(Reader(MUCH, || Ok(0), Bomb)).into_response();
    response.with_status(StatusCode::NO_CONTENT)
}

/// The stream ends with its senders.
#[route(GET, "/events")]
fn events() -> Sse {
    let (sender, events) = Sse::channel(4);
    let send = move || {
        sender.send(Event::data("first")).unwrap();
        panic!("on purpose")
    };
    let sends = thread::Builder::new().name("worker".to_owned());
    sends.spawn(send).unwrap();
    events
}

pub(crate) fn routes() -> Routes {
    routes![
        reader,
        reader_dropped,
        reader_fails_dropped,
        items,
        item_dropped,
        writer,
        writer_dropped,
        writer_error_dropped,
        interim,
        no_content,
        events
    ]
}

fn breaks_off(path: &str) -> Case {
    let (request, _) = get(path, 0);
    (request, None)
}

fn head(path: &str) -> Case {
    let request = format!("HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    (request.into_bytes(), Some(200))
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        breaks_off("/reader"),
        get("/reader-dropped", 200),
        head("/reader-dropped"),
        breaks_off("/reader-fails-dropped"),
        breaks_off("/items"),
        breaks_off("/item-dropped"),
        breaks_off("/writer"),
        breaks_off("/writer-dropped"),
        head("/writer-dropped"),
        breaks_off("/writer-error-dropped"),
        get("/interim", 500),
        get("/no-content", 204),
        get("/events", 200),
    ]
}
