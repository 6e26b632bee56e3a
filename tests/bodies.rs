//! Bodies that are read while they arrive, and bodies that become files.
#![allow(missing_docs)]

mod support;

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use mini_spring::{App, Body, Routes, ServerConfig, TempFile, route, routes};
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
fn the_handler_is_called_before_the_body_has_come() {
    static PIECES: Mutex<Option<Sender<String>>> = Mutex::new(None);
    #[route(POST, "/pieces")]
    fn pieces(mut body: Body) -> io::Result<String> {
        let told = PIECES.lock().unwrap().take().unwrap();
        told.send(format!("{:?}", body.length())).unwrap();
        let mut piece = [0; 100];
        loop {
            let length = body.read(&mut piece)?;
            let text = String::from_utf8_lossy(&piece[..length]).into_owned();
            if length == 0 {
                return Ok("done".to_owned());
            }
            told.send(text).unwrap();
        }
    }
    let (told, tells) = channel();
    *PIECES.lock().unwrap() = Some(told);
    let server = server(routes![pieces, health], |_| {});
    let mut client = server.connect();
    client.send("POST /pieces HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
    assert_eq!(tells.recv().unwrap(), "Some(6)");
    client.send("abc");
    assert_eq!(tells.recv().unwrap(), "abc");
    client.send("def");
    assert_eq!(tells.recv().unwrap(), "def");
    assert_eq!(client.answer().body, "done");
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn who_expects_100_gets_it_with_the_first_read() {
    #[route(POST, "/deaf")]
    fn deaf(_body: Body) -> &'static str {
        "I don't want it"
    }
    let server = server(routes![live, deaf, file, health], |_| {});
    let ask = |path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        )
    };
    for path in ["/live", "/file"] {
        let mut client = server.connect();
        client.send(ask(path));
        assert_eq!(client.answer().status, 100, "{path}");
        client.send("abc");
        assert!(client.answer().body.starts_with("3 "), "{path}");
        client.send(HEALTH);
        assert_eq!(client.answer().body, "up", "{path}");
    }
    let mut client = server.connect();
    client.send(ask("/deaf"));
    let answer = client.answer();
    assert_eq!(
        (answer.status, answer.field("connection")),
        (200, Some("close"))
    );
    client.end();
    assert_eq!(client.rest(), "");
}

const LIVE: &str = "POST /live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn a_body_that_cannot_be_read_is_the_clients_fault() {
    let server = server(routes![live], |_| {});
    let mut malformed = server.connect();
    malformed.send([LIVE, "3\r\nabcX"].concat());
    assert_eq!(malformed.answer().status, 400);
    let mut broken_off = server.connect();
    broken_off.send([LIVE, "3\r\nab"].concat());
    broken_off.end();
    assert_eq!(broken_off.answer().status, 400);
}

#[test]
fn a_live_body_that_stops_is_408() {
    let server = server(routes![live], |config| {
        config.body_timeout = Duration::from_millis(50)
    });
    let mut client = server.connect();
    client.send([LIVE, "3\r\nab"].concat());
    let answer = client.answer();
    assert_eq!(answer.status, 408);
    assert_eq!(answer.field("connection"), Some("close"));
}

#[test]
fn a_body_ends_with_its_request() {
    static KEPT: Mutex<Option<Body>> = Mutex::new(None);
    #[route(POST, "/keep")]
    fn keep(body: Body) -> &'static str {
        *KEPT.lock().unwrap() = Some(body);
        "kept"
    }
    let server = server(routes![keep], |_| {});
    let mut client = server.connect();
    client.send("POST /keep HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\nabc");
    assert_eq!(client.answer().field("connection"), Some("close"));
    let mut body = KEPT.lock().unwrap().take().unwrap();
    let error = body.read(&mut [0; 10]).unwrap_err();
    assert_eq!(error.to_string(), "the request has been answered already");
}

/// Whoever keeps a body doesn't keep its connection.
#[test]
fn a_body_that_is_kept_lets_its_connection_end() {
    static KEPT: Mutex<Option<Body>> = Mutex::new(None);
    #[route(POST, "/keep")]
    fn keep(mut body: Body) -> io::Result<String> {
        let read = digest(&mut body)?;
        *KEPT.lock().unwrap() = Some(body);
        Ok(read)
    }
    let server = server(routes![keep], |_| {});
    let mut client = server.connect();
    // More than comes with the head.
    let body = bytes(300_000);
    client.send("POST /keep HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
    client.send(format!("Content-Length: {}\r\n\r\n", body.len()));
    client.send(&body);
    assert_eq!(client.answer().body, digest(&body[..]).unwrap());
    assert!(client.is_closed());
    assert!(KEPT.lock().unwrap().take().is_some());
}

#[test]
fn a_live_body_and_a_timeout() {
    static FAILED: Mutex<Option<Sender<io::ErrorKind>>> = Mutex::new(None);
    #[route(POST, "/patient", timeout = "60s")]
    fn patient(body: Body) -> io::Result<String> {
        digest(body)
    }
    // Long enough for the handler to have begun to read, however slow the machine is.
    #[route(POST, "/impatient", timeout = "1s")]
    fn impatient(body: Body) -> io::Result<String> {
        let read = digest(body);
        let told = FAILED.lock().unwrap().take().unwrap();
        told.send(read.as_ref().unwrap_err().kind()).unwrap();
        read
    }
    let (told, tells) = channel();
    *FAILED.lock().unwrap() = Some(told);
    let server = server(routes![patient, impatient, health], |_| {});
    let mut client = server.connect();
    let body = bytes(1000);
    client.send([&with_length("/patient", &body), HEALTH.as_bytes()].concat());
    assert!(client.answer().body.starts_with("1000 "));
    assert_eq!(client.answer().body, "up");
    let message = with_length("/impatient", &body);
    client.send(&message[..200]);
    assert_eq!(client.answer().status, 504);
    // It reads in vain, also what comes now.
    client.send(&message[200..]);
    let kind = tells.recv_timeout(PATIENCE).unwrap();
    assert_eq!(kind, io::ErrorKind::TimedOut);
}

/// More uploads than workers, all of them half-way: whoever is quick is served.
#[test]
fn slow_uploads_into_files_hold_no_worker() {
    let server = server(routes![file, health], |config| {
        config.workers = 2 * permits()
    });
    let body = bytes(200_000);
    let message = with_length("/file", &body);
    let mut slow: Vec<_> = (0..20 * permits())
        .map(|_| {
            let mut client = server.connect();
            client.send(&message[..150_000]);
            client
        })
        .collect();
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
    for client in &mut slow {
        client.send(&message[150_000..]);
    }
    let expected = format!("{} disk", digest(&body[..]).unwrap());
    for client in &mut slow {
        assert_eq!(client.answer().body, expected);
    }
}

#[test]
fn a_file_can_be_kept_and_else_goes_away() {
    static PATHS: Mutex<Vec<std::path::PathBuf>> = Mutex::new(Vec::new());
    #[route(PUT, "/keep/<name>")]
    fn keep(name: &str, file: TempFile) -> io::Result<()> {
        let mut paths = PATHS.lock().unwrap();
        let temporary = file.path().unwrap().to_owned();
        let kept = temporary.with_file_name(name);
        file.persist(&kept)?;
        paths.extend([temporary, kept]);
        Ok(())
    }
    #[route(PUT, "/look")]
    fn look(file: TempFile) {
        let mut paths = PATHS.lock().unwrap();
        paths.push(file.path().unwrap().to_owned());
    }
    let directory = std::env::temp_dir().join(format!("bodies-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let temp_dir = directory.clone();
    let server = server(routes![keep, look], |config| {
        config.temp_dir = Some(temp_dir)
    });
    let mut client = server.connect();
    let body = bytes(100_000);
    let put = |path: &str| {
        let message = with_length(path, &body);
        [b"PUT", &message["POST".len()..]].concat()
    };
    client.send(put("/keep/photo"));
    assert_eq!(client.answer().status, 204);
    client.send(put("/look"));
    assert_eq!(client.answer().status, 204);
    // One that nobody takes, and one that breaks off.
    client.send(&put("/look")[..90_000]);
    client.end();
    assert_eq!(client.rest(), "");
    drop(client);
    drop(server);
    let [temporary, kept, looked] = &PATHS.lock().unwrap()[..] else {
        panic!("two requests");
    };
    assert!(!temporary.exists() && !looked.exists());
    assert_eq!(std::fs::read(kept).unwrap(), body);
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_file_that_cannot_be_made_is_507() {
    let directory = std::env::temp_dir().join(format!("gone-{}", std::process::id()));
    std::fs::create_dir(&directory).unwrap();
    let temp_dir = directory.clone();
    let server = server(routes![file, health], |config| {
        config.temp_dir = Some(temp_dir)
    });
    std::fs::remove_dir(&directory).unwrap();
    let mut client = server.connect();
    client.send(with_length("/file", &bytes(100_000)));
    assert_eq!(client.answer().status, 507);
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
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
