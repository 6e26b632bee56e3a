//! Bytes and answers on the edge of the protocol, and limits of the machine.

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

/// A program that ends with the test, however that ends.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Out of descriptors, accepting pauses for 100 ms: one warning and no busy loop; and it goes on when
/// there are some again. The example is started with 40 descriptors.
#[test]
fn running_out_of_descriptors_is_calm() {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(|deps| deps.parent()).unwrap();
    let started = Command::new("sh")
        .args(["-c", "ulimit -Sn 40; ulimit -Hn 40; exec \"$0\" \"$@\""])
        .arg(profile.join("examples/users"))
        .args(["--server.port=0", "--server.host=127.0.0.1"])
        .arg("--server.access_log=false")
        .env_remove("RUST_LOG")
        .stderr(Stdio::piped())
        .spawn();
    let mut example = Started(started.unwrap());
    let (told, log) = channel();
    let lines = BufReader::new(example.0.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        lines
            .map_while(Result::ok)
            .try_for_each(|line| told.send(line))
    });
    let addr: SocketAddr = loop {
        let line = log.recv_timeout(PATIENCE).expect("the example listens");
        if let Some((_, addr)) = line.split_once("listening on http://") {
            break addr.trim().parse().unwrap();
        }
    };
    let mut clients: Vec<Client> = (0..60).map(|_| Client::connect(addr)).collect();
    let warning = log.recv_timeout(PATIENCE).unwrap();
    assert!(warning.contains("out of file descriptors"), "{warning}");
    // Ten pauses, in which nothing more is said and next to nothing is done.
    let before = cpu(&example.0);
    let more = log.recv_timeout(ms(1000));
    assert_eq!(more, Err(RecvTimeoutError::Timeout));
    let spent = cpu(&example.0) - before;
    assert!(spent < ms(200), "CPU time {spent:?}");
    // Those that were accepted are served; the last of the others waits for a place.
    let mut last = clients.pop().unwrap();
    last.send(GET);
    clients[0].send(GET);
    assert_eq!(clients[0].answer().status, 200);
    drop(clients);
    assert_eq!(last.answer().status, 200);
    let mut new = Client::connect(addr);
    new.send(GET);
    assert_eq!(new.answer().status, 200);
}

/// CPU time of a process (proc(5): the fields 14 and 15 of its stat, in hundredths of a second).
fn cpu(process: &Child) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ms(ticks * 10)
}
