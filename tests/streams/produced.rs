//! Bodies that code of the program makes: functions that write, iterators, readers.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mini_spring::{IntoResponse, Request, Router, Stream};

use crate::support::door::Door;
use crate::support::{TestServer, permits, until};
use crate::{HEALTH, assert_healthy, health};

/// A server whose `/stream` is what `make` says.
fn server<R: IntoResponse + 'static>(make: impl Fn() -> R + Send + Sync + 'static) -> TestServer {
    TestServer::start(router(make))
}

fn router<R: IntoResponse + 'static>(make: impl Fn() -> R + Send + Sync + 'static) -> Router {
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| health())
        .unwrap();
    router
        .register("GET", "/stream", move |_: &Request| make())
        .unwrap();
    router
}

const STREAM: &str = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

#[track_caller]
fn check(stream: impl Fn() -> Stream + Send + Sync + 'static, expected: &str) {
    let server = server(stream);
    let mut client = server.connect();
    for _ in 0..3 {
        client.send(STREAM);
        let answer = client.answer();
        assert_eq!((answer.status, answer.body.as_str()), (200, expected));
    }
    // Nothing of it is left on the connection.
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn functions_write() {
    check(
        || Stream::writer(|out| Ok(out.write_all(b"hello")?)),
        "hello",
    );
    check(|| Stream::writer(|_| Ok(())), "");
    let text = "0123456789abcdef".repeat(64 * 1024);
    let expected = text.clone();
    let write = move || {
        let text = text.clone();
        Stream::writer(move |out| {
            for piece in text.as_bytes().chunks(1000) {
                out.write_all(piece)?;
            }
            Ok(())
        })
    };
    check(write.clone(), &expected);
    let length = expected.len() as u64;
    check(move || write().with_length(length), &expected);
}

#[test]
fn iterators_are_sent_item_by_item() {
    check(|| Stream::iter(["one", "", "three"]), "onethree");
    check(
        || Stream::iter((0..4).map(|number| vec![b'0' + number])),
        "0123",
    );
    check(|| Stream::iter(Vec::<String>::new()), "");
    let server = server(|| Stream::iter(["one", "", "three"]).with_type("text/csv"));
    let mut client = server.connect();
    client.send(STREAM);
    assert_eq!(client.head().field("content-type"), Some("text/csv"));
    let chunks: Vec<String> = std::iter::from_fn(|| client.chunk()).collect();
    assert_eq!(chunks, ["one", "three"]);
}

#[test]
fn what_is_flushed_is_sent_at_once() {
    let door = Arc::new(Door::default());
    let kept = door.clone();
    let server = server(move || {
        let door = kept.clone();
        Stream::writer(move |out| {
            write!(out, "first")?;
            out.flush()?;
            door.pass();
            Ok(write!(out, "second")?)
        })
    });
    let mut client = server.connect();
    client.send(STREAM);
    client.head();
    assert_eq!(client.chunk().as_deref(), Some("first"));
    door.open();
    assert_eq!(client.chunk().as_deref(), Some("second"));
    assert_eq!(client.chunk(), None);
}

#[test]
fn what_fails_breaks_off() {
    fn fails() -> Stream {
        Stream::writer(|out| {
            out.write_all(b"half")?;
            out.flush()?;
            Err("on purpose".into())
        })
    }
    fn panics() -> Stream {
        Stream::writer(|out| {
            out.write_all(b"half")?;
            out.flush()?;
            panic!("on purpose")
        })
    }
    fn fails_to_go_on() -> Stream {
        Stream::try_iter([Ok("half"), Err("on purpose")])
    }
    fn is_short() -> Stream {
        Stream::writer(|out| {
            out.write_all(b"half")?;
            Ok(out.flush()?)
        })
        .with_length(8)
    }
    fn is_long() -> Stream {
        Stream::writer(|out| {
            out.write_all(b"half")?;
            out.flush()?;
            Ok(out.write_all(b"more")?)
        })
        .with_length(4)
    }
    for stream in [fails, panics, fails_to_go_on, is_short] {
        let server = server(stream);
        let answer = server.exchange(STREAM);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(body == "half" || body == "4\r\nhalf\r\n", "{body}");
        assert_healthy(&server);
    }
    // What was announced has been sent: the error is for the log, and for the connection.
    let server = server(is_long);
    assert!(server.exchange(STREAM).ends_with("\r\n\r\nhalf"));
}

#[test]
fn an_http_1_0_client_can_tell_what_breaks_off() {
    fn failing<E: Into<mini_spring::Error> + 'static>(error: fn() -> E) -> TestServer {
        server(move || {
            Stream::writer(move |out| {
                out.write_all(b"half")?;
                out.flush()?;
                Err(error().into())
            })
        })
    }
    for server in [failing(|| "on purpose"), failing(|| Unspeakable)] {
        let mut client = server.connect();
        client.send("GET /stream HTTP/1.0\r\n\r\n");
        let error = std::io::Read::read_to_end(&mut client.stream, &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }
}

/// An error that can't be told.
#[derive(Debug)]
struct Unspeakable;

impl std::fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("unspeakable")
    }
}

impl std::error::Error for Unspeakable {}

/// More of it than any socket takes.
fn endless(ended: &Arc<Mutex<Vec<ErrorKind>>>) -> Stream {
    let ended = ended.clone();
    Stream::writer(move |out| {
        loop {
            if let Err(error) = out.write_all(&[b'x'; 4096]) {
                ended.lock().unwrap().push(error.kind());
                return Err(error.into());
            }
        }
    })
}

#[test]
fn writing_fails_when_the_client_has_left() {
    let ended: Arc<Mutex<Vec<ErrorKind>>> = Arc::default();
    let kept = ended.clone();
    let server = server(move || endless(&kept));
    let mut client = server.connect();
    client.send(STREAM);
    client.head();
    drop(client);
    until("the writer has noticed", || {
        !ended.lock().unwrap().is_empty()
    });
    assert_healthy(&server);
}

#[test]
fn writing_fails_when_the_client_takes_nothing() {
    let ended: Arc<Mutex<Vec<ErrorKind>>> = Arc::default();
    let kept = ended.clone();
    let server = TestServer::with(router(move || endless(&kept)), |config| {
        config.write_timeout = Duration::from_secs(1);
        config.workers = 2 * permits();
    });
    let mut clients: Vec<_> = (0..permits()).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(STREAM);
        client.head();
    }
    assert_healthy(&server);
    until("the writers have given up", || {
        ended.lock().unwrap().len() == clients.len()
    });
    assert!(
        ended
            .lock()
            .unwrap()
            .iter()
            .all(|kind| *kind == ErrorKind::TimedOut)
    );
}

#[test]
fn head_makes_no_body() {
    let door = Arc::new(Door::default());
    let kept = door.clone();
    let server = server(move || {
        let door = kept.clone();
        Stream::writer(move |_| {
            door.pass();
            Ok(())
        })
    });
    let mut client = server.connect();
    client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer_to("HEAD").status, 200);
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
    assert_eq!(door.came(), 0);
}
