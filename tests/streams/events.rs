//! Server-sent events (HTML standard, section 9.2).

use std::io::Read;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use mini_spring::{Event, EventSender, Gone, Router, Server, ServerConfig, Sse, TrySendError};

use crate::support::{self, Client, TestServer, permits, until};
use crate::{HEALTH, assert_healthy, health};

const EVENTS: &str = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

/// Hands the sender of each stream to the test.
fn router(capacity: usize) -> (Router, Receiver<EventSender>) {
    let (handed, senders) = channel();
    let handed = Mutex::new(handed);
    let mut router = Router::new();
    router
        .register("GET", "/health", |_: &mini_spring::Request| health())
        .unwrap();
    router
        .register("GET", "/events", move |_: &mini_spring::Request| {
            let (sender, sse) = Sse::channel(capacity);
            handed.lock().unwrap().send(sender).unwrap();
            sse.keep_alive(Duration::from_secs(1))
        })
        .unwrap();
    (router, senders)
}

fn server(change: impl FnOnce(&mut ServerConfig)) -> (TestServer, Receiver<EventSender>) {
    let (router, senders) = router(64);
    (TestServer::with(router, change), senders)
}

/// A client that has subscribed, and the sender of its stream.
fn subscribe(server: &TestServer, senders: &Receiver<EventSender>) -> (Client, EventSender) {
    let mut client = server.connect();
    client.send(EVENTS);
    let head = client.head();
    assert_eq!(head.status, 200, "{}", head.head);
    assert_eq!(head.field("content-type"), Some("text/event-stream"));
    assert_eq!(head.field("cache-control"), Some("no-store"));
    assert_eq!(head.field("transfer-encoding"), Some("chunked"));
    (client, senders.recv_timeout(support::PATIENCE).unwrap())
}

/// The next event, without the comments that only say that the stream goes on.
fn event(client: &mut Client) -> Option<String> {
    loop {
        match client.chunk() {
            Some(chunk) if chunk == ":\n\n" => {}
            other => return other,
        }
    }
}

#[test]
fn events_arrive_one_by_one_from_any_thread() {
    let (server, senders) = server(|_| {});
    let (mut client, sender) = subscribe(&server, &senders);
    for number in 0..5 {
        let sender = sender.clone();
        thread::spawn(move || sender.send(Event::data(number).name("count")).unwrap());
        let expected = format!("data: {number}\nevent: count\n\n");
        assert_eq!(event(&mut client), Some(expected));
    }
    drop(sender);
    assert_eq!(event(&mut client), None);
    // The connection goes on.
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    let (server, senders) = server(|_| {});
    let mut clients: Vec<_> = (0..8).map(|_| subscribe(&server, &senders)).collect();
    let from_threads = clients.iter().map(|(_, sender)| {
        let sender = sender.clone();
        thread::spawn(move || {
            for number in 0..2_000 {
                sender.send(Event::data(number)).unwrap();
            }
        })
    });
    let threads: Vec<_> = from_threads.collect();
    for (client, sender) in &mut clients {
        drop(std::mem::replace(sender, Sse::channel(1).0));
        let mut received = String::new();
        while let Some(events) = event(client) {
            received.push_str(&events);
        }
        let expected: String = (0..2_000)
            .map(|number| format!("data: {number}\n\n"))
            .collect();
        assert_eq!(received, expected);
    }
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Far more of them than there are workers.
#[test]
fn subscribers_hold_no_worker() {
    let (server, senders) = server(|config| config.workers = 2 * permits());
    let mut clients: Vec<_> = (0..500).map(|_| subscribe(&server, &senders)).collect();
    for _ in 0..20 {
        assert_healthy(&server);
    }
    let news = Event::json(&["news"]).unwrap();
    for (_, sender) in &clients {
        sender.send(news.clone()).unwrap();
    }
    for (client, _) in &mut clients {
        assert_eq!(event(client).as_deref(), Some("data: [\"news\"]\n\n"));
    }
}

#[test]
fn senders_learn_that_the_client_has_left() {
    let (server, senders) = server(|_| {});
    // Closed, reset by unread bytes, and only half closed: nobody listens any more.
    let (client, sender) = subscribe(&server, &senders);
    drop(client);
    until("the client is missed", || sender.is_gone());
    assert_eq!(sender.send(Event::data(1)), Err(Gone));

    let (client, sender) = subscribe(&server, &senders);
    sender.send(Event::data("x".repeat(100))).unwrap();
    until("the event has arrived", || {
        client.stream.peek(&mut [0; 64]).unwrap() == 64
    });
    drop(client);
    until("the client is missed", || sender.is_gone());

    let (mut client, sender) = subscribe(&server, &senders);
    client.end();
    until("the client is missed", || sender.is_gone());
    assert!(client.is_closed());
}

#[test]
fn a_client_that_sends_more_is_no_client_that_leaves() {
    let (server, senders) = server(|_| {});
    let (mut client, sender) = subscribe(&server, &senders);
    client.send(HEALTH);
    for _ in 0..3 {
        sender.send(Event::data("still here")).unwrap();
        assert_eq!(event(&mut client).as_deref(), Some("data: still here\n\n"));
    }
    drop(sender);
    assert_eq!(event(&mut client), None);
    assert_eq!(client.answer().body, "up");
}

#[test]
fn silence_is_interrupted_by_comments() {
    let (server, senders) = server(|_| {});
    let (mut client, sender) = subscribe(&server, &senders);
    assert_eq!(client.chunk().as_deref(), Some(":\n\n"));
    assert_eq!(client.chunk().as_deref(), Some(":\n\n"));
    assert!(!sender.is_gone());
}

#[test]
fn a_client_that_takes_nothing_fills_its_queue_and_is_left() {
    let (server, senders) = server(|config| config.write_timeout = Duration::from_secs(3));
    let (client, sender) = subscribe(&server, &senders);
    let large = Event::data("x".repeat(1 << 20));
    until("the queue is full", || {
        match sender.try_send(large.clone()) {
            Ok(()) => false,
            Err(error) => {
                assert_eq!(error, TrySendError::Full);
                true
            }
        }
    });
    // Whoever waits for room learns that there won't be any.
    until("the client is left", || {
        sender.send(large.clone()) == Err(Gone)
    });
    assert_healthy(&server);
    drop(client);
}

#[test]
fn a_server_that_stops_ends_the_streams() {
    let (router, senders) = router(64);
    let server = Server::bind_with(support::config())
        .unwrap()
        .start(router)
        .unwrap();
    let mut client = Client::connect(server.addr());
    client.send(EVENTS);
    client.head();
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    sender.send(Event::data("last")).unwrap();
    assert_eq!(event(&mut client).as_deref(), Some("data: last\n\n"));
    server.shutdown();
    // In order, so that the client knows that it has all.
    assert_eq!(event(&mut client), None);
    assert!(client.is_closed());
    server.join().unwrap();
    assert_eq!(sender.send(Event::data("late")), Err(Gone));
}

#[test]
fn an_http_1_0_client_reads_to_the_end_of_the_connection() {
    let (server, senders) = server(|_| {});
    let mut client = server.connect();
    client.send("GET /events HTTP/1.0\r\n\r\n");
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    sender.send(Event::data(1)).unwrap();
    sender.send(Event::data(2)).unwrap();
    drop(sender);
    let answer = client.rest();
    assert!(
        answer.ends_with("\r\n\r\ndata: 1\n\ndata: 2\n\n"),
        "{answer}"
    );
}

/// The comment of a silence isn't the end, which is that of the connection.
#[test]
fn an_http_1_0_client_stays_through_silence() {
    let (server, senders) = server(|_| {});
    let mut client = server.connect();
    client.send("GET /events HTTP/1.0\r\n\r\n");
    assert_eq!(client.head().status, 200);
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    let mut comment = [0; 3];
    client.stream.read_exact(&mut comment).unwrap();
    assert_eq!(&comment, b":\n\n");
    sender.send(Event::data("still here")).unwrap();
    drop(sender);
    assert!(client.rest().ends_with("data: still here\n\n"));
}

#[test]
fn head_has_no_events() {
    let (server, senders) = server(|_| {});
    let mut client = server.connect();
    client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer_to("HEAD");
    assert_eq!(answer.field("content-type"), Some("text/event-stream"));
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    assert_eq!(sender.send(Event::data(1)), Err(Gone));
    client.send(HEALTH);
    assert_eq!(client.answer().body, "up");
}

#[mini_spring::route(GET, "/timed", timeout = "10s")]
fn timed() -> Sse {
    let (sender, sse) = Sse::channel(2);
    sender.send(Event::data(1)).unwrap();
    thread::spawn(move || sender.send(Event::data(2)).unwrap());
    sse
}

/// The limit is the handler's: the stream may take as long as it likes.
#[test]
fn a_route_with_a_timeout_streams_too() {
    let app = mini_spring::App::empty().mount("/", mini_spring::routes![timed]);
    let server = TestServer::start(app);
    let mut client = server.connect();
    client.send("GET /timed HTTP/1.1\r\nHost: a\r\n\r\n");
    client.head();
    let mut received = String::new();
    while let Some(events) = event(&mut client) {
        received.push_str(&events);
    }
    assert_eq!(received, "data: 1\n\ndata: 2\n\n");
}
