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
