//! What clients, handlers and the machine can do to a server, and what must come of it. Each case was
//! a defect once. Where a test sleeps, somebody in it is slow: a handler, a drop, or a client.
#![allow(missing_docs)]

mod support;

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use mini_spring::{App, Next, Request, Response, Router, Server, ServerConfig};
use support::{Client, TestServer};

const GET: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

const MIB: usize = 1 << 20;

fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")
}

/// `/health`, `/sleep/<ms>`, `/large/<ms>` (16 MiB after so long), `/mib/<ms>`.
fn router() -> Router {
    fn pause(request: &Request) {
        sleep(ms(request.param("ms").unwrap().parse().unwrap()));
    }
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    router
        .register("POST", "/echo", |request: &Request| request.body().to_vec())
        .unwrap();
    router
        .register("GET", "/sleep/<ms>", |request: &Request| {
            pause(request);
            "slept"
        })
        .unwrap();
    router
        .register("GET", "/large/<ms>", |request: &Request| {
            pause(request);
            "x".repeat(16 * MIB)
        })
        .unwrap();
    router
        .register("GET", "/mib/<ms>", |request: &Request| {
            pause(request);
            "x".repeat(2 * MIB)
        })
        .unwrap();
    router
}

/// How many bytes of the answer's body come, and the first of them that is no `x`.
fn read_xs(client: &mut Client) -> (usize, Option<String>) {
    let mut all = Vec::new();
    let mut piece = [0; 64 * 1024];
    loop {
        match client.stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(length) => all.extend_from_slice(&piece[..length]),
        }
        if all.len() > 17 * MIB {
            break;
        }
    }
    let begin = all.windows(4).position(|four| four == b"\r\n\r\n");
    let body = &all[begin.map_or(all.len(), |at| at + 4)..];
    let foreign = body.iter().position(|&byte| byte != b'x');
    let shown = foreign
        .map(|at| String::from_utf8_lossy(&body[at..(at + 60).min(body.len())]).into_owned());
    (body.len(), shown)
}

/// The 503 of server.max_buffered is written into the middle of an answer that is being sent.
#[test]
fn max_buffered_corrupts_no_answer() {
    let server = TestServer::with(router(), |config| config.max_buffered = MIB as u64);
    let mut client = server.connect();
    client.send(get("/large/0").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    // The answer has begun, and while others are served, more than the sockets hold is parked.
    client.stream.peek(&mut [0]).unwrap();
    for _ in 0..20 {
        let mut other = server.connect();
        other.send(GET);
        assert_eq!(other.answer().status, 200);
    }
    let (_, foreign) = read_xs(&mut client);
    assert_eq!(foreign, None, "foreign bytes inside the body");
}

/// Deadlines are counted from before the handler ran: a slow handler's large answer is cut.
#[test]
fn the_write_timeout_begins_after_the_handler() {
    let server = TestServer::with(router(), |config| {
        config.write_timeout = ms(1000);
        // Has the clock look often.
        config.idle_timeout = ms(200);
    });
    let mut client = server.connect();
    client.send(get("/large/1500").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    // Takes nothing for a moment, much less than the timeout.
    sleep(ms(1500 + 300));
    assert_eq!(read_xs(&mut client).0, 16 * MIB);
}

/// So is the time of a head behind a slow request.
#[test]
fn the_head_timeout_begins_with_its_first_byte() {
    let server = TestServer::with(router(), |config| {
        config.head_timeout = ms(1000);
        // Has the clock look often.
        config.idle_timeout = ms(200);
    });
    let mut client = server.connect();
    client.send(get("/sleep/1500") + "GET /health HTTP/1.1\r\n");
    assert_eq!(client.answer().body, "slept");
    sleep(ms(100));
    client.send("Host: a\r\n\r\n");
    assert_eq!(client.answer().status, 200);
}

/// And that of an idle connection.
#[test]
fn the_idle_timeout_begins_after_the_answer() {
    let server = TestServer::with(router(), |config| config.idle_timeout = ms(1000));
    let mut client = server.connect();
    client.send(get("/sleep/1500"));
    assert_eq!(client.answer().body, "slept");
    sleep(ms(300));
    client.send(GET);
    assert_eq!(client.answer().status, 200);
}

/// A body without end whose drop panics.
struct Vicious;

impl Read for Vicious {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        into.fill(b'x');
        Ok(into.len())
    }
}

impl Drop for Vicious {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("on purpose");
        }
    }
}

fn small_config() -> ServerConfig {
    let mut config = ServerConfig::default();
    config.host = [127, 0, 0, 1].into();
    config.port = 0;
    config.workers = 16;
    config.access_log = false;
    config.shutdown_grace = ms(1000);
    config
}

/// Joins in a thread, for it may hang.
fn joins_within(running: Arc<mini_spring::Running>, limit: Duration) -> Option<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(format!("{:?}", running.join())));
    receiver.recv_timeout(limit).ok()
}

/// A reader whose drop panics, dropped by the clock thread, is the end of all deadlines.
#[test]
fn the_clock_survives_a_drop_that_panics() {
    let mut router = router();
    router
        .register("GET", "/vicious", |_: &Request| {
            Response::reader("text/plain", Vicious, None)
        })
        .unwrap();
    let mut config = small_config();
    config.write_timeout = ms(200);
    config.head_timeout = ms(200);
    let running = Arc::new(Server::bind_with(config).unwrap().start(router).unwrap());
    let mut client = Client::connect(running.addr());
    client.send(get("/vicious"));
    sleep(ms(1000));
    let mut other = Client::connect(running.addr());
    other.stream.set_read_timeout(Some(ms(3000))).unwrap();
    other.send("GET /health HTTP/1.1\r\n");
    let mut start = [0; 12];
    let seen = other.stream.read_exact(&mut start).map(|()| start);
    running.shutdown();
    let joined = joins_within(running, ms(5000));
    assert!(
        joined.is_some() && seen.is_ok(),
        "408: {seen:?}, join: {joined:?}"
    );
}

/// The same on a worker: the client of a HEAD waits for ever.
#[test]
fn head_survives_a_drop_that_panics() {
    let mut router = router();
    router
        .register("GET", "/vicious", |_: &Request| {
            Response::reader("text/plain", Vicious, None)
        })
        .unwrap();
    let running = Arc::new(
        Server::bind_with(small_config())
            .unwrap()
            .start(router)
            .unwrap(),
    );
    let mut client = Client::connect(running.addr());
    client.stream.set_read_timeout(Some(ms(2000))).unwrap();
    client.send("HEAD /vicious HTTP/1.1\r\nHost: a\r\n\r\n");
    let seen = client.stream.read(&mut [0; 100]);
    running.shutdown();
    let joined = joins_within(running, ms(4000));
    assert!(
        seen.is_ok() && joined.as_deref() == Some("Ok(())"),
        "{seen:?}, join: {joined:?}"
    );
}

/// An error whose Display panics is formatted outside of the guard.
#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("on purpose")
    }
}

impl std::error::Error for Unspeakable {}

#[test]
fn an_error_whose_display_panics_is_a_500() {
    let mut router = router();
    router
        .register("GET", "/error", |_: &Request| {
            Response::server_error(Unspeakable)
        })
        .unwrap();
    let running = Arc::new(
        Server::bind_with(small_config())
            .unwrap()
            .start(router)
            .unwrap(),
    );
    let mut client = Client::connect(running.addr());
    client.stream.set_read_timeout(Some(ms(2000))).unwrap();
    client.send(get("/error"));
    let seen = client.stream.read(&mut [0; 100]);
    running.shutdown();
    let joined = joins_within(running, ms(4000));
    assert!(
        seen.is_ok() && joined.as_deref() == Some("Ok(())"),
        "{seen:?}, join: {joined:?}"
    );
}

/// Unread input makes `close` a reset, and the reset discards what the client hasn't got yet.
#[test]
fn stray_bytes_behind_the_last_request_cost_no_answer() {
    let server = TestServer::start(router());
    let mut client = server.connect();
    client.send(get("/mib/200").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    sleep(ms(50));
    client.send("\r\n");
    sleep(ms(500));
    assert_eq!(read_xs(&mut client), (2 * MIB, None));
}

/// A shutdown's second of silence passes while all pollers are busy.
#[test]
fn shutdown_answers_requests_that_no_worker_has_looked_at() {
    let server = TestServer::start(router());
    let permits = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    let mut waiting = server.connect();
    waiting.send(GET);
    assert_eq!(waiting.answer().body, "up");
    let mut busy: Vec<Client> = (0..permits).map(|_| server.connect()).collect();
    for client in &mut busy {
        client.send(get("/sleep/3000"));
    }
    sleep(ms(300));
    waiting.send(GET);
    server.running().shutdown();
    assert_eq!(waiting.answer().body, "up");
}

/// Connections that were established when the shutdown began are answered: `join` says so.
#[test]
fn shutdown_races() {
    let mut lost = Vec::new();
    for round in 0..300 {
        let running = Server::bind_with(small_config())
            .unwrap()
            .start(router())
            .unwrap();
        let mut client = Client::connect(running.addr());
        client.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        running.shutdown();
        running.join().unwrap();
        client.stream.set_read_timeout(Some(ms(500))).unwrap();
        let mut start = [0; 12];
        if let Err(error) = client.stream.read_exact(&mut start) {
            lost.push((round, error.kind()));
        }
    }
    assert!(
        lost.is_empty(),
        "{} lost: {:?}",
        lost.len(),
        &lost[..lost.len().min(5)]
    );
}

/// A middleware that puts another request in its place changes the framing.
#[test]
fn a_middleware_that_replaces_the_request_causes_no_desync() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let app = App::empty()
        .route("GET", "/health", |_: &Request| "up")
        .middleware(move |request: &mut Request, next: Next<'_>| {
            counted.fetch_add(1, Ordering::SeqCst);
            if request.path() == "/old" {
                let inner = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3);
                *request = Request::post("/health").body(inner).build().unwrap();
            }
            next.run(request)
        });
    let server = TestServer::start(app);
    let answer = server.exchange(format!("HEAD /old HTTP/1.1\r\nHost: a\r\n\r\n{GET}"));
    // HEAD is answered as HEAD, and nobody takes the bytes of the other request for requests.
    assert!(
        answer.ends_with("\r\nconnection: close\r\n\r\n"),
        "{answer}"
    );
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

/// `5 5` is no chunk-size (RFC 9112, section 7.1: an extension begins with a semicolon).
#[test]
fn white_space_begins_no_extension() {
    let server = TestServer::start(router());
    let mut client = server.connect();
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
         5 5\r\nhello\r\n0 garbage\r\n\r\n",
    );
    assert_eq!(client.answer().status, 400);
}

/// The digits of a chunk-size are not endless.
#[test]
fn zeros_before_a_chunk_size_are_limited() {
    let server = TestServer::start(router());
    let mut client = server.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.stream.set_read_timeout(Some(ms(500))).unwrap();
    for _ in 0..64 {
        if client.stream.write_all(&[b'0'; 64 * 1024]).is_err() {
            return;
        }
    }
    let mut start = [0; 12];
    client
        .stream
        .read_exact(&mut start)
        .expect("a refusal after 4 MiB of zeros");
}

/// A HEAD that is refused is answered without a body.
#[test]
fn head_is_refused_without_a_body() {
    let server = TestServer::start(router());
    let answer = server.exchange("HEAD /health HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

/// A drop that waits holds up the clock, and with it every deadline.
struct Reluctant(Receiver<()>);

impl Read for Reluctant {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        into.fill(b'x');
        Ok(into.len())
    }
}

impl Drop for Reluctant {
    fn drop(&mut self) {
        // Until the test is over.
        let _ = self.0.recv();
    }
}

#[test]
fn a_slow_drop_stops_no_deadlines() {
    let mut router = router();
    let (release, released) = channel();
    let released = Mutex::new(Some(released));
    router
        .register("GET", "/reluctant", move |_: &Request| {
            let released = released.lock().unwrap().take().unwrap();
            Response::reader("text/plain", Reluctant(released), None)
        })
        .unwrap();
    let server = TestServer::with(router, |config| {
        config.write_timeout = ms(200);
        config.head_timeout = ms(200);
    });
    let mut client = server.connect();
    client.send(get("/reluctant"));
    // The server has closed it: its reader is being dropped, or will be.
    while client.stream.write_all(b"x").is_ok() {
        std::thread::yield_now();
    }
    let mut other = server.connect();
    other.send("GET /health HTTP/1.1\r\n");
    assert_eq!(other.answer().status, 408);
    drop(release);
}

/// A handler's 1xx is no final answer: the client would wait for one.
#[test]
fn an_interim_status_of_a_handler_is_a_500() {
    let released = Mutex::new(());
    let mut router = router();
    router
        .register("GET", "/interim", move |_: &Request| {
            let _unused = released.lock();
            mini_spring::http::StatusCode::SWITCHING_PROTOCOLS
        })
        .unwrap();
    let server = TestServer::start(router);
    let mut client = server.connect();
    client.send(get("/interim"));
    assert_eq!(client.answer().status, 500);
}

/// A panic whose payload panics when it is dropped, outside of the guard, costs a permit and
/// leaves `join` waiting for ever.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload, on purpose")
    }
}

#[derive(Debug)]
struct Explosive;

impl fmt::Display for Explosive {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::panic::panic_any(Bomb)
    }
}

impl std::error::Error for Explosive {}

#[test]
fn no_panic_costs_a_permit() {
    let mut router = router();
    router
        .register("GET", "/error", |_: &Request| {
            Response::server_error(Explosive)
        })
        .unwrap();
    let running = Arc::new(
        Server::bind_with(small_config())
            .unwrap()
            .start(router)
            .unwrap(),
    );
    let permits = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    for _ in 0..permits {
        let mut client = Client::connect(running.addr());
        client.stream.set_read_timeout(Some(ms(300))).unwrap();
        client.send(get("/error"));
        let _ = client.stream.read(&mut [0; 100]);
    }
    let mut client = Client::connect(running.addr());
    client.stream.set_read_timeout(Some(ms(2000))).unwrap();
    client.send(GET);
    let seen = client.stream.read(&mut [0; 100]);
    running.shutdown();
    let joined = joins_within(running, ms(4000));
    assert!(
        seen.is_ok() && joined.as_deref() == Some("Ok(())"),
        "{seen:?}, join: {joined:?}"
    );
}

/// A Host field that is invalid is refused also where the target names the host (RFC 9112,
/// section 3.2).
#[test]
fn a_bad_host_is_refused_beside_an_absolute_target() {
    let server = TestServer::start(router());
    let mut client = server.connect();
    client.send("GET http://a/health HTTP/1.1\r\nHost: u@b/c\r\n\r\n");
    assert_eq!(client.answer().status, 400);
}

/// No line ends with LF alone, not even an empty one in front of the request line.
#[test]
fn a_bare_lf_in_front_of_a_request_is_refused() {
    let server = TestServer::start(router());
    let mut client = server.connect();
    client.send(format!("\n{GET}"));
    assert_eq!(client.answer().status, 400);
}

/// Out of descriptors, accepting pauses for 100 ms: a handful of warnings a second, not a busy
/// loop. The example is started with 40 descriptors.
#[test]
fn running_out_of_descriptors_is_calm() {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    let mut example = Command::new("sh")
        .args(["-c", "ulimit -Sn 40; ulimit -Hn 40; exec \"$0\" \"$@\""])
        .arg(profile.join("examples/users"))
        .args(["--server.port=0", "--server.host=127.0.0.1"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(example.stderr.take().unwrap()).lines();
    let addr: SocketAddr = loop {
        let line = log.next().expect("the example listens").unwrap();
        if let Some((_, addr)) = line.split_once("listening on http://") {
            break addr.trim().parse().unwrap();
        }
    };
    let clients: Vec<Client> = (0..60).map(|_| Client::connect(addr)).collect();
    let counter = std::thread::spawn(move || {
        log.map_while(Result::ok)
            .filter(|line| line.contains("out of file descriptors"))
            .count()
    });
    sleep(ms(1000));
    example.kill().unwrap();
    example.wait().unwrap();
    let warnings = counter.join().unwrap();
    drop(clients);
    assert!(warnings <= 15, "{warnings} warnings in a second");
}
