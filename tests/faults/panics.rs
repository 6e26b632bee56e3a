//! Panics of the program where nobody expects them: in drops, in errors that are shown, in payloads.

use super::*;

/// A body without end whose drop tells that it has come, and panics.
struct Vicious(Sender<()>);

impl Read for Vicious {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        into.fill(b'x');
        Ok(into.len())
    }
}

impl Drop for Vicious {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = self.0.send(());
            panic!("on purpose");
        }
    }
}

/// `/vicious` beside the others, and what its drops tell.
fn vicious() -> (Router, Receiver<()>) {
    let (dropped, drops) = channel();
    let mut router = router();
    router
        .register("GET", "/vicious", move |_: &Request| {
            Stream::reader(Vicious(dropped.clone())).with_type("text/plain")
        })
        .unwrap();
    (router, drops)
}

/// A reader whose drop panics, dropped by the clock thread, is the end of all deadlines.
#[test]
fn the_clock_survives_a_drop_that_panics() {
    let (router, drops) = vicious();
    let mut config = small_config();
    config.write_timeout = ms(200);
    config.head_timeout = ms(200);
    let running = Arc::new(Server::bind_with(config).unwrap().start(router).unwrap());
    let mut client = Client::connect(running.addr());
    // It takes nothing of the answer.
    client.send(get("/vicious"));
    drops.recv_timeout(PATIENCE).unwrap();
    let mut other = Client::connect(running.addr());
    other.send("GET /health HTTP/1.1\r\n");
    assert_eq!(other.answer().status, 408);
    assert_ends_cleanly(running);
}

/// The same on a worker: the client of a HEAD waits for ever.
#[test]
fn head_survives_a_drop_that_panics() {
    let (router, drops) = vicious();
    let running = start(router);
    let mut client = Client::connect(running.addr());
    client.send("HEAD /vicious HTTP/1.1\r\nHost: a\r\n\r\n");
    let seen = client.stream.read(&mut [0; 100]);
    assert!(seen.is_ok(), "{seen:?}");
    drops.recv_timeout(PATIENCE).unwrap();
    assert_ends_cleanly(running);
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
    let running = start(router);
    let mut client = Client::connect(running.addr());
    client.stream.set_read_timeout(Some(ms(20_000))).unwrap();
    client.send(get("/error"));
    let seen = client.stream.read(&mut [0; 100]);
    assert!(seen.is_ok(), "{seen:?}");
    assert_ends_cleanly(running);
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
    let running = start(router);
    for _ in 0..permits() {
        let mut client = Client::connect(running.addr());
        client.stream.set_read_timeout(Some(ms(300))).unwrap();
        client.send(get("/error"));
        let _ = client.stream.read(&mut [0; 100]);
    }
    let mut client = Client::connect(running.addr());
    client.stream.set_read_timeout(Some(ms(20_000))).unwrap();
    client.send(GET);
    let seen = client.stream.read(&mut [0; 100]);
    assert!(seen.is_ok(), "{seen:?}");
    assert_ends_cleanly(running);
}
