//! Events for many clients: what each of them gets, while others come, go and send.

use std::thread;

use mini_spring::{App, Broadcast, Event, Sse, TestApp, route, routes};

use crate::support::{TestServer, until};

/// How many events are sent in all.
const EVENTS: usize = 800;

static KEPT: Broadcast = Broadcast::new(EVENTS);

#[route(GET, "/kept")]
fn kept(#[header("Last-Event-ID")] seen: Option<&str>) -> Sse {
    KEPT.listen_after(seen)
}

/// The number that the broadcast has given an event.
fn number(id: &str) -> usize {
    id.rsplit_once('-').unwrap().1.parse().unwrap()
}

#[test]
fn nothing_is_missed_and_nothing_comes_twice_while_many_send() {
    let app = TestApp::of(routes![kept]);
    let numbers = |seen: Option<String>, count: usize| -> Vec<String> {
        let request = app.get("/kept");
        let request = match &seen {
            Some(seen) => request.header("Last-Event-ID", seen),
            None => request,
        };
        request
            .events()
            .take(count)
            .filter_map(|event| event.id)
            .collect()
    };
    let order = |ids: &[String]| ids.iter().map(|id| number(id)).collect::<Vec<usize>>();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..EVENTS / 4).for_each(|count| KEPT.send(Event::data(count))));
        }
        for _ in 0..8 {
            scope.spawn(|| {
                // It leaves in the middle, and comes again.
                let first = numbers(None, EVENTS / 2);
                assert_eq!(order(&first), (1..=EVENTS / 2).collect::<Vec<_>>());
                let second = numbers(first.last().cloned(), EVENTS / 2);
                assert_eq!(
                    order(&second),
                    (EVENTS / 2 + 1..=EVENTS).collect::<Vec<_>>()
                );
            });
        }
    });
    assert_eq!(KEPT.listeners(), 0);
}

static ALL: Broadcast = Broadcast::new(usize::MAX);

#[route(GET, "/all")]
fn all() -> Sse {
    ALL.listen()
}

/// The handler of a listener may send, and a client that leaves without a word is known to have left.
#[route(GET, "/answered")]
fn answered() -> Sse {
    let sse = ALL.listen();
    ALL.send(Event::data("hello"));
    sse
}

#[test]
fn who_has_left_is_no_listener_though_nothing_is_sent() {
    let server = TestServer::start(App::empty().mount("/", routes![all, answered]));
    let connect = |target: &str| {
        let mut client = server.connect();
        client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.head().status, 200);
        client
    };
    let silent = connect("/all");
    let mut told = connect("/answered");
    assert!(told.chunk().unwrap().starts_with("data: hello\nid: "));
    assert_eq!(ALL.listeners(), 2);
    drop(silent);
    until("one listener", || ALL.listeners() == 1);
    drop(told);
    until("none", || ALL.listeners() == 0);
}
