//! Bodies that are read while they arrive, and bodies that become files.
#![allow(missing_docs)]

mod arriving;
mod files;
#[path = "../support/mod.rs"]
mod support;

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use mini_spring::{App, Body, Routes, Server, ServerConfig, TempFile, route, routes};
use support::{Client, PATIENCE, TestServer, permits, until};

fn server(routes: Routes, change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    TestServer::with(App::empty().mount("/", routes), change)
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

/// How long the body is, and a sum that depends on the order of its bytes.
#[route(POST, "/live", body_limit = "1MiB")]
fn live(body: Body) -> io::Result<String> {
    digest(body)
}

#[route(POST, "/file", body_limit = "1MiB")]
fn file(file: TempFile) -> io::Result<String> {
    let place = match file.path() {
        Some(path) if path.exists() => "disk",
        Some(_) => "nowhere",
        None => "memory",
    };
    let read = digest(file.open()?)?;
    assert!(read.starts_with(&format!("{} ", file.length())), "{read}");
    Ok(format!("{read} {place}"))
}

#[route(POST, "/text")]
fn text(body: String) -> String {
    body
}

fn digest(mut body: impl Read) -> io::Result<String> {
    let (mut length, mut sum) = (0_u64, 7_u64);
    let mut piece = [0; 1000];
    loop {
        let here = body.read(&mut piece)?;
        if here == 0 {
            return Ok(format!("{length} {sum:x}"));
        }
        length += here as u64;
        for byte in &piece[..here] {
            sum = sum.wrapping_mul(31).wrapping_add(u64::from(*byte));
        }
    }
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index * 7 % 251) as u8).collect()
}

fn with_length(path: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn chunked(path: &str, body: &[u8], size: usize) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    let mut message = head.into_bytes();
    for chunk in body.chunks(size) {
        message.extend(format!("{:x};a=b\r\n", chunk.len()).into_bytes());
        message.extend(chunk);
        message.extend(b"\r\n");
    }
    message.extend(b"0\r\nTrailer: x\r\n\r\n");
    message
}

#[test]
fn bodies_of_all_sizes_arrive_whole() {
    let server = server(routes![live, file, health], |_| {});
    for length in [0, 1, 1000, 16_000, 65_535, 65_536, 65_537, 300_000, 1 << 20] {
        let body = bytes(length);
        let expected = digest(&body[..]).unwrap();
        let place = if length <= 65_536 { "memory" } else { "disk" };
        let on_place = format!("{expected} {place}");
        let mut client = server.connect();
        for (path, expected) in [("/live", &expected), ("/file", &on_place)] {
            for mut message in [
                with_length(path, &body),
                chunked(path, &body, 9_999),
                chunked(path, &body, 100_000),
            ] {
                // The next request comes with the end of the body.
                message.extend(HEALTH.as_bytes());
                client.send(&message);
                let answer = client.answer();
                assert_eq!((answer.status, &answer.body), (200, expected), "{path}");
                assert_eq!(client.answer().body, "up", "{path}");
            }
        }
    }
}

#[test]
fn bodies_arrive_whole_however_they_are_cut() {
    let server = server(routes![live, file, health], |config| {
        config.body_buffer = 16
    });
    let body = bytes(40);
    let expected = digest(&body[..]).unwrap();
    for (path, expected) in [
        ("/live", expected.clone()),
        ("/file", format!("{expected} disk")),
    ] {
        for message in [with_length(path, &body), chunked(path, &body, 7)] {
            let message = [&message, HEALTH.as_bytes()].concat();
            let mut client = server.connect();
            client.drip(&message);
            assert_eq!(client.answer().body, expected, "{path}");
            assert_eq!(client.answer().body, "up", "{path}");
            for cut in 0..message.len() {
                let mut client = server.connect();
                client.send(&message[..cut]);
                client.send(&message[cut..]);
                assert_eq!(client.answer().body, expected, "{path} cut at {cut}");
                assert_eq!(client.answer().body, "up", "{path} cut at {cut}");
            }
        }
    }
}

#[test]
fn too_large_is_413() {
    let server = server(routes![live, file, text], |_| {});
    let body = bytes((1 << 20) + 1);
    for path in ["/live", "/file"] {
        // By its length, before any of it has come.
        let head = &with_length(path, &body)[..100];
        let answer = server.exchange(head);
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
        // By what comes; the client may find the connection closed before it has sent all.
        let mut client = server.connect();
        client.send(chunked(path, &body, 1 << 18));
        assert_eq!(client.answer().status, 413, "{path}");
    }
    // By what a chunk announces, be it as much as a number can say.
    for path in ["/live", "/file", "/text"] {
        let mut client = server.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
             1\r\nx\r\nffffffffffffffff\r\nxxx"
        ));
        assert_eq!(client.answer().status, 413, "{path}");
    }
}

#[test]
fn handlers_that_panic_over_a_body_lose_nothing_else() {
    #[route(POST, "/panic/live")]
    fn panic_live(mut body: Body) -> String {
        let mut piece = [0; 10];
        let length = body.read(&mut piece).unwrap();
        panic!("after {length} bytes")
    }
    #[route(POST, "/panic/file")]
    fn panic_file(file: TempFile) -> String {
        panic!("with {} bytes", file.length())
    }
    let change = |config: &mut ServerConfig| config.workers = 2 * permits();
    let server = server(routes![panic_live, panic_file, health], change);
    let body = bytes(70_000);
    for _ in 0..10 {
        for path in ["/panic/live", "/panic/file"] {
            let mut client = server.connect();
            client.send(with_length(path, &body));
            assert_eq!(client.answer().status, 500, "{path}");
        }
    }
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

/// The client goes away in the middle: the handler learns it, the file goes away.
#[test]
fn clients_that_leave_in_the_middle() {
    static ENDS: Mutex<Option<Sender<io::ErrorKind>>> = Mutex::new(None);
    #[route(POST, "/left")]
    fn left(body: Body) -> io::Result<String> {
        let read = digest(body);
        let told = ENDS.lock().unwrap().clone().unwrap();
        told.send(read.as_ref().unwrap_err().kind()).unwrap();
        read
    }
    let (told, tells) = channel();
    *ENDS.lock().unwrap() = Some(told);
    let directory = std::env::temp_dir().join(format!("left-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let temp_dir = directory.clone();
    let server = server(routes![left, file, health], |config| {
        config.temp_dir = Some(temp_dir)
    });
    let body = bytes(200_000);
    let halves = |path: &str| {
        let mut clients: Vec<Client> = (0..10).map(|_| server.connect()).collect();
        for client in &mut clients {
            client.send(&with_length(path, &body)[..100_000]);
        }
        clients
    };
    drop(halves("/left"));
    for _ in 0..10 {
        let kind = tells.recv_timeout(PATIENCE).unwrap();
        assert_eq!(kind, io::ErrorKind::UnexpectedEof);
    }
    let files = || std::fs::read_dir(&directory).unwrap().count();
    let clients = halves("/file");
    until("each half is in a file", || files() == clients.len());
    drop(clients);
    until("the files go away", || files() == 0);
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
    std::fs::remove_dir(&directory).unwrap();
}
