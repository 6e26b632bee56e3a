//! Handlers that block: whoever waits in one of them, everybody else is served.
#![allow(missing_docs)]

mod support;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use mini_spring::{Request, Router, ServerConfig};
use support::door::Door;
use support::{Client, PATIENCE, TestServer, permits, until};

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
const WAIT: &str = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";

fn server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Arc<Door>) {
    let door = Arc::new(Door::default());
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &Request| "up")
        .unwrap();
    let waits = door.clone();
    router
        .register("GET", "/wait", move |_: &Request| {
            waits.pass();
            "waited"
        })
        .unwrap();
    (TestServer::with(router, change), door)
}

fn assert_healthy(server: &TestServer) {
    let mut client = server.connect();
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

fn waiting(server: &TestServer, count: usize) -> Vec<Client> {
    let wait = || {
        let mut client = server.connect();
        client.send(WAIT);
        client
    };
    (0..count).map(|_| wait()).collect()
}

#[test]
fn handlers_that_block_stop_nobody() {
    let (server, door) = server(|config| config.workers = 3 * permits() + 8);
    let mut clients = waiting(&server, 2 * permits() + 4);
    door.wait_for(clients.len());
    for _ in 0..20 {
        assert_healthy(&server);
    }
    door.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "waited");
        client.send(HEALTH);
        assert_eq!(client.answer().body, "up");
    }
}

#[test]
fn calls_beyond_the_workers_wait_for_their_turn() {
    let workers = 2 * permits() + 2;
    let (server, door) = server(|config| config.workers = workers);
    let mut clients = waiting(&server, 10 * workers);
    // Until the route is known to block, a worker for each permit may be caught by surprise.
    door.wait_for(workers - permits());
    for _ in 0..50 {
        assert_healthy(&server);
    }
    assert!(door.came() < clients.len(), "somebody must wait outside");
    door.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "waited");
    }
    assert_eq!(door.came(), clients.len());
}

#[test]
fn who_waits_too_long_for_a_worker_is_told() {
    let (server, door) = server(|config| {
        config.workers = 2 * permits();
        config.queue_timeout = Duration::from_millis(100);
    });
    // Whoever is inside stays there; all others are refused in the end.
    let clients = waiting(&server, 20 * permits());
    let (sender, answers) = std::sync::mpsc::channel();
    for mut client in clients {
        let sender = sender.clone();
        std::thread::spawn(move || sender.send(client.answer()));
    }
    let refused = answers.recv().unwrap();
    assert_eq!(
        (refused.status, refused.field("retry-after")),
        (503, Some("1"))
    );
    assert!(refused.body.contains("no worker left"), "{}", refused.body);
    assert_healthy(&server);
    door.open();
    drop(sender);
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.len(), 20 * permits() - 1);
    assert!(statuses.contains(&200));
}

#[test]
fn a_full_queue_refuses_at_once() {
    let (server, door) = server(|config| {
        config.workers = 2 * permits();
        config.queue = 1;
        // Who is refused here is refused because of the queue's end, not of the clock.
        config.queue_timeout = 2 * PATIENCE;
    });
    let clients = waiting(&server, 20 * permits());
    let count = clients.len();
    let (sender, answers) = std::sync::mpsc::channel();
    for mut client in clients {
        let sender = sender.clone();
        std::thread::spawn(move || sender.send(client.answer().status));
    }
    drop(sender);
    let mut refused = 0;
    until("one waits, and the others are inside or refused", || {
        let statuses: Vec<u16> = answers.try_iter().collect();
        assert!(statuses.iter().all(|&status| status == 503), "{statuses:?}");
        refused += statuses.len();
        door.came() + refused == count - 1
    });
    door.open();
    let statuses: Vec<u16> = answers.iter().collect();
    assert_eq!(statuses, vec![200; count - refused]);
    assert_eq!(door.came() + refused, count);
}

#[test]
fn answers_that_are_ready_do_not_wait_for_a_call_that_blocks() {
    static DOOR: LazyLock<Door> = LazyLock::new(Door::default);

    #[mini_spring::route(GET, "/wait", blocking)]
    fn wait() -> &'static str {
        DOOR.pass();
        "waited"
    }

    #[mini_spring::route(GET, "/health")]
    fn health() -> &'static str {
        "up"
    }

    let app = mini_spring::App::empty().mount("/", mini_spring::routes![wait, health]);
    let server = TestServer::with(app, |config| config.workers = 3 * permits() + 8);
    let mut clients: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(format!("{HEALTH}{WAIT}"));
        // With the door closed.
        assert_eq!(client.answer().body, "up");
    }
    DOOR.wait_for(clients.len());
    DOOR.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "waited");
    }
}

/// Each of these gives its permit up before it waits, so that nobody has to find out.
#[test]
fn what_says_that_it_blocks_is_believed() {
    static DOOR: LazyLock<Door> = LazyLock::new(Door::default);

    #[mini_spring::route(GET, "/option", blocking)]
    fn option() -> &'static str {
        DOOR.pass();
        "waited"
    }

    #[mini_spring::route(GET, "/function")]
    fn function() -> &'static str {
        mini_spring::blocking(|| DOOR.pass());
        "waited"
    }

    #[mini_spring::route(GET, "/health")]
    fn health() -> &'static str {
        "up"
    }

    let app = mini_spring::App::empty().mount("/", mini_spring::routes![option, function, health]);
    let server = TestServer::with(app, |config| {
        config.workers = 6 * permits();
        config.watchdog_tick = Duration::ZERO;
    });
    let mut clients: Vec<Client> = (0..4 * permits()).map(|_| server.connect()).collect();
    for (index, client) in clients.iter_mut().enumerate() {
        let path = ["option", "function"][index % 2];
        client.send(format!("GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    DOOR.wait_for(clients.len());
    assert_healthy(&server);
    DOOR.open();
    for client in &mut clients {
        assert_eq!(client.answer().body, "waited");
    }
}
