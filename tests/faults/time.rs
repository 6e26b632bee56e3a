//! Slow handlers, slow drops and slow clients against timeouts and shutdown.

use super::*;

/// A limit that the handler of `/sleep/2000` and `/large/2000` reaches by itself. What is done behind
/// it takes a small part of this, however slow the machine is.
const LIMIT: Duration = ms(2000);

/// A server whose workers keep their permits, so that who has waited for the handler sets the deadline
/// as well.
fn server(change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    TestServer::with(router(), |config| {
        config.watchdog_tick = Duration::ZERO;
        config.body_timeout = ms(200);
        change(config);
    })
}

/// Waits until the clock has ended a connection that came later than all others: it has looked at them.
fn clock_looks(server: &TestServer) {
    let mut last = server.connect();
    last.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
    assert_eq!(last.answer().status, 408);
}

/// Deadlines are counted from before the handler ran: a slow handler's large answer is cut.
#[test]
fn the_write_timeout_begins_after_the_handler() {
    let server = server(|config| config.write_timeout = LIMIT);
    let mut client = server.connect();
    client.send(get("/large/2000").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    // The answer begins, and nothing is taken of it.
    client.stream.peek(&mut [0]).unwrap();
    clock_looks(&server);
    assert_eq!(read_xs(&mut client), (16 * MIB, None));
}

/// So is the time of a head behind a slow request.
#[test]
fn the_head_timeout_begins_with_its_first_byte() {
    let server = server(|config| config.head_timeout = LIMIT);
    let mut client = server.connect();
    client.send(get("/sleep/2000") + "GET /health HTTP/1.1\r\n");
    assert_eq!(client.answer().body, "slept");
    clock_looks(&server);
    client.send("Host: a\r\n\r\n");
    assert_eq!(client.answer().status, 200);
}

/// And that of an idle connection.
#[test]
fn the_idle_timeout_begins_after_the_answer() {
    let server = server(|config| config.idle_timeout = LIMIT);
    let mut client = server.connect();
    client.send(get("/sleep/2000"));
    assert_eq!(client.answer().body, "slept");
    clock_looks(&server);
    client.send(GET);
    assert_eq!(client.answer().status, 200);
}

/// A shutdown's second of silence passes while all pollers are busy.
#[test]
fn shutdown_answers_requests_that_no_worker_has_looked_at() {
    let (entered, has_entered) = channel();
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let mut router = router();
    router
        .register("GET", "/stuck", move |_: &Request| {
            entered.send(()).unwrap();
            let _ = released.lock().unwrap().recv();
        })
        .unwrap();
    // Nobody takes the place of one that is stuck.
    let server = TestServer::with(router, |config| config.watchdog_tick = Duration::ZERO);
    let accepted = || {
        let mut client = server.connect();
        client.send(GET);
        assert_eq!(client.answer().body, "up");
        client
    };
    let [mut waiting, mut silent] = [accepted(), accepted()];
    let mut busy: Vec<Client> = (0..permits()).map(|_| accepted()).collect();
    for client in &mut busy {
        client.send(get("/stuck"));
        has_entered.recv_timeout(PATIENCE).unwrap();
    }
    waiting.send(GET);
    server.running().shutdown();
    // That second is over when the clock has closed one that is as silent, and no longer.
    assert!(silent.is_closed());
    drop(release);
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
            Stream::reader(Reluctant(released)).with_type("text/plain")
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
