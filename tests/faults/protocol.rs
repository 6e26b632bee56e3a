//! Bytes and answers on the edge of the protocol.

use super::*;

/// The 503 of server.max_buffered is written into the middle of an answer that is being sent.
#[test]
fn max_buffered_corrupts_no_answer() {
    let server = TestServer::with(router(), |config| config.max_buffered = MIB as u64);
    let mut client = server.connect();
    client.send(get("/large/0").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    // The answer has begun, and while others are served, more than the limit is parked.
    assert_eq!(client.stream.peek(&mut [0]).unwrap(), 1);
    for _ in 0..20 {
        let mut other = server.connect();
        other.send(GET);
        assert_eq!(other.answer().status, 200);
    }
    let (length, foreign) = read_xs(&mut client);
    assert_eq!(foreign, None, "foreign bytes inside the body");
    assert!(0 < length && length < 16 * MIB, "{length}");
}

/// Unread input makes `close` a reset, and the reset discards what the client hasn't got yet.
#[test]
fn stray_bytes_behind_the_last_request_cost_no_answer() {
    let (entered, has_entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let mut router = Router::new();
    router
        .register("GET", "/mib", move |_: &Request| {
            entered.send(()).unwrap();
            let _ = released.lock().unwrap().recv();
            "x".repeat(2 * MIB)
        })
        .unwrap();
    let server = TestServer::start(router);
    let mut client = server.connect();
    client.send("GET /mib HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    has_entered.recv_timeout(PATIENCE).unwrap();
    client.send("\r\n");
    release.send(()).unwrap();
    // The sockets' buffers take all of it, of which the client's has only a small part.
    let port = client.stream.local_addr().unwrap().port();
    until("the server has sent all and ended its side", || {
        let sockets = sockets::of(server.addr());
        !sockets
            .iter()
            .any(|socket| socket.client == port && socket.is_open)
    });
    assert_eq!(read_xs(&mut client), (2 * MIB, None));
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
    // Less than the server still reads behind its answer: so this isn't lost in a reset.
    client.send("0".repeat(64 * 1024));
    let answer = client.answer();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.field("connection"), Some("close"));
}

/// A HEAD that is refused is answered without a body.
#[test]
fn head_is_refused_without_a_body() {
    let server = TestServer::start(router());
    let answer = server.exchange("HEAD /health HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
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
