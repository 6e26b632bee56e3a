//! Bodies that the handler reads while they arrive.

use super::*;

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
    let ended = "a `Body` ends with its handler; take a `TempFile` to answer with what was sent";
    assert_eq!(error.to_string(), ended);
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
