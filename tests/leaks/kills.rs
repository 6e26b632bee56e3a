//! Clients that are killed in the middle of a request or of an answer, anywhere, in every way.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use crate::random::Random;
use crate::support::{Client, TestServer, until};
use crate::{alone, assert_leaves_nothing, health, programs};

/// How a client ends.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// It closes its socket: a FIN, or a reset where it hasn't read all.
    Close,
    /// A reset at once (SO_LINGER of zero).
    Reset,
    /// It ends its side, and only then closes.
    HalfClose,
}

const KILLS: [Kill; 3] = [Kill::Close, Kill::Reset, Kill::HalfClose];

fn kill(stream: TcpStream, how: Kill) {
    match how {
        Kill::Close => {}
        Kill::Reset => set_socket_linger(&stream, Some(Duration::ZERO)).expect("SO_LINGER"),
        // The server may have closed it already.
        Kill::HalfClose => drop(stream.shutdown(Shutdown::Write)),
    }
}

/// Less than all of this makes one wait for the rest; a leak of one in four rounds reaches it.
fn server(files: &tempfile::TempDir) -> TestServer {
    TestServer::with(programs::app(), |config| {
        config.temp_dir = Some(files.path().to_owned());
        config.max_connections = 100;
        config.max_buffered = 2 * programs::HUGE as u64;
        config.body_buffer = 16 * 1024;
    })
}

fn message(path: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    [head.as_bytes(), body].concat()
}

fn with_length(path: &str, length: usize) -> Vec<u8> {
    let fields = format!("Content-Length: {length}\r\n");
    message(path, &fields, &vec![b'y'; length])
}

fn chunked(path: &str, length: usize) -> Vec<u8> {
    let chunk = format!("3e8\r\n{}\r\n", "y".repeat(1000));
    let body = chunk.repeat(length / 1000) + "0\r\nTrailer: x\r\n\r\n";
    message(path, "Transfer-Encoding: chunked\r\n", body.as_bytes())
}

fn form(path: &str) -> Vec<u8> {
    let part = "--x\r\nContent-Disposition: form-data; name=f; filename=g\r\n\r\n";
    let part = format!("{part}{}\r\n", "y".repeat(50_000));
    let body = part.repeat(3) + "--x--";
    let fields = format!(
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\n",
        body.len()
    );
    message(path, &fields, body.as_bytes())
}

/// Requests that can be cut anywhere, each with what is answered to the whole of it.
fn requests() -> Vec<(Vec<u8>, &'static str)> {
    let fields = "X-Field: some value\r\n".repeat(60);
    let head = format!("GET /health HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    let pipelined = head.repeat(5);
    let expecting = |path| {
        message(
            path,
            "Expect: 100-continue\r\nContent-Length: 5\r\n",
            b"hello",
        )
    };
    vec![
        (head.into_bytes(), "up"),
        (pipelined.into_bytes(), "up"),
        (with_length("/memory", 20_000), "20000"),
        (chunked("/memory", 20_000), "20000"),
        (with_length("/timed", 20_000), "20000"),
        (with_length("/file", 150_000), "150000"),
        (chunked("/file", 150_000), "150000"),
        (with_length("/live", 150_000), "150000"),
        (chunked("/live", 150_000), "150000"),
        (with_length("/timed-live", 150_000), "150000"),
        (with_length("/glance", 150_000), "1"),
        (expecting("/memory"), "5"),
        (expecting("/file"), "5"),
        (expecting("/live"), "5"),
        (form("/parts"), "3"),
        (form("/form"), "3"),
    ]
}

#[test]
fn clients_that_are_killed_in_their_requests_leave_nothing() {
    let _alone = alone();
    let files = tempfile::tempdir().unwrap();
    let server = server(&files);
    let requests = requests();
    let mut witness = server.connect();
    for (request, expected) in &requests {
        let mut client = server.connect();
        client.send(request);
        let answer = match client.answer() {
            interim if interim.status == 100 => client.answer(),
            answer => answer,
        };
        assert_eq!((answer.status, &*answer.body), (200, *expected));
    }
    let mut random = Random::new();
    assert_leaves_nothing(&server, 2000, || {
        let (request, _) = random.one_of(&requests);
        let mut client = server.connect();
        let end = random.below(request.len() + 1);
        let middle = random.below(end + 1);
        // An answer that came early may have closed it.
        let _ = client.stream.write_all(&request[..middle]);
        if random.below(2) == 0 {
            health(&mut witness);
        }
        let _ = client.stream.write_all(&request[middle..end]);
        kill(client.stream, *random.one_of(&KILLS));
    });
    health(&mut witness);
    until("no file is left", || {
        fs::read_dir(files.path()).unwrap().count() == 0
    });
    assert_has_all(&server);
}

#[test]
fn clients_that_are_killed_in_their_answers_leave_nothing() {
    let _alone = alone();
    let files = tempfile::tempdir().unwrap();
    let server = server(&files);
    let paths = [
        "/health", "/large", "/reader", "/items", "/writer", "/events",
    ];
    let mut witness = server.connect();
    let mut random = Random::new();
    let mut piece = vec![0; 64 * 1024];
    assert_leaves_nothing(&server, 2000, || {
        let (path, version) = (random.one_of(&paths), random.below(2));
        let mut client = server.connect();
        client.send(format!("GET {path} HTTP/1.{version}\r\nHost: a\r\n\r\n"));
        let mut left = random.below(200_000);
        if *path == "/events" && random.below(4) > 0 {
            left %= 1000;
        }
        if random.below(2) == 0 {
            health(&mut witness);
        }
        programs::publish();
        while left > 0 && path != &"/health" {
            let most = left.min(piece.len());
            left -= client.stream.read(&mut piece[..most]).expect("the answer");
            programs::publish();
        }
        kill(client.stream, *random.one_of(&KILLS));
        until("few listen", || programs::publish() < 20);
    });
    health(&mut witness);
    until("nobody listens", || programs::publish() == 0);
    assert_has_all(&server);
}

/// All that the limits allow is there: slots, workers, and memory for what is unfinished.
fn assert_has_all(server: &TestServer) {
    let mut clients: Vec<Client> = (0..90).map(|_| server.connect()).collect();
    clients.iter_mut().for_each(health);
    // It is left with the connection, since its client takes nothing yet.
    clients[0].send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    clients[0].stream.peek(&mut [0]).unwrap();
    clients[1..].iter_mut().for_each(health);
    let answer = clients[0].answer();
    assert_eq!((answer.status, answer.body.len()), (200, programs::HUGE));
    for client in &mut clients[..20] {
        client.send(&with_length("/live", 1000)[..500]);
    }
    clients[20..].iter_mut().for_each(health);
}
