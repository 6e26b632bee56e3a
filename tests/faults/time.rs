//! Slow handlers, slow drops and slow clients against timeouts and shutdown.

use super::*;

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

/// A shutdown's second of silence passes while all pollers are busy.
#[test]
fn shutdown_answers_requests_that_no_worker_has_looked_at() {
    let server = TestServer::start(router());
    let mut waiting = server.connect();
    waiting.send(GET);
    assert_eq!(waiting.answer().body, "up");
    let mut busy: Vec<Client> = (0..permits()).map(|_| server.connect()).collect();
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
