//! Restarts under load, with a socket that outlives the server: no request is lost, and none is answered twice.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use mini_spring::{Request, Router, Running, Server};

use super::*;
use crate::front::site;
use crate::support::{self, Client};

const RESTARTS: usize = 5;
const CLIENTS: u64 = 2;

/// Requests that are answered between two restarts at least.
const BETWEEN: u64 = 100;

/// How often each order has come to a handler.
type Orders = Arc<Mutex<HashMap<u64, u32>>>;

fn start(listener: &TcpListener, orders: &Orders) -> Running {
    let orders = orders.clone();
    let mut router = Router::new();
    let order = move |request: &Request| {
        let number = request
            .path()
            .trim_start_matches("/orders/")
            .parse()
            .unwrap();
        *orders.lock().unwrap().entry(number).or_default() += 1;
        number.to_string()
    };
    router.register("POST", "/orders/<number>", order).unwrap();
    let mut config = support::config();
    settings(&mut config);
    let listener = listener.try_clone().unwrap();
    let server = Server::listen_on(listener, config).unwrap();
    server.start(router).unwrap()
}

/// The next server starts while the first still serves, as with `Sockets=` of systemd.
fn overlapping(running: Running, listener: &TcpListener, orders: &Orders) -> Running {
    let next = start(listener, orders);
    stop(running);
    next
}

/// The next server starts when the first has ended, as `systemctl restart` does it.
fn one_after_another(running: Running, listener: &TcpListener, orders: &Orders) -> Running {
    stop(running);
    start(listener, orders)
}

fn stop(running: Running) {
    running.shutdown();
    running.join().unwrap();
}

type Restart = fn(Running, &TcpListener, &Orders) -> Running;

fn check(restart: Restart) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // So that the test needn't wait for it for two seconds each time.
    let site = site().replace("keepalive_timeout 2s;", "keepalive_timeout 200ms;");
    let Some(front) = Front::with(site, listener.local_addr().unwrap()) else {
        return;
    };
    let orders = Orders::default();
    let first = start(&listener, &orders);
    let (next, answered) = (AtomicU64::new(0), AtomicU64::new(0));
    let is_over = AtomicBool::new(false);
    let last = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (front, next, answered, is_over) = (&front, &next, &answered, &is_over);
            scope.spawn(move || ask(front, client, next, answered, is_over));
        }
        let _over = Over(&is_over);
        let running = (0..RESTARTS).fold(first, |running, _| {
            wait(&answered);
            restart(running, &listener, &orders)
        });
        wait(&answered);
        running
    });
    stop(last);
    let orders = orders.lock().unwrap();
    assert_eq!(orders.len() as u64, next.into_inner());
    assert!(orders.values().all(|&times| times == 1), "{orders:?}");
}

/// The clients end with the test, however that ends.
struct Over<'t>(&'t AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Waits until the load goes on.
fn wait(answered: &AtomicU64) {
    let before = answered.load(Ordering::SeqCst);
    support::until("answers", || {
        answered.load(Ordering::SeqCst) >= before + BETWEEN
    });
}

/// Orders one thing after another, now and then with a break as long as nginx keeps connections, and with a second
/// request beside, so that there are idle connections.
fn ask(front: &Front, client: u64, next: &AtomicU64, answered: &AtomicU64, is_over: &AtomicBool) {
    let (mut first, mut second) = (front.connect(), front.connect());
    for round in client.. {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        let numbers = [(); 2].map(|()| next.fetch_add(1, Ordering::SeqCst));
        order(&mut first, numbers[0]);
        order(&mut second, numbers[1]);
        assert_eq!(first.answer().body, numbers[0].to_string());
        assert_eq!(second.answer().body, numbers[1].to_string());
        answered.fetch_add(2, Ordering::SeqCst);
        if round % 50 == 0 {
            // No synchronisation, but load that isn't even.
            thread::sleep(Duration::from_millis(190 + round % 20));
        }
    }
}

fn order(client: &mut Client, number: u64) {
    client.send(format!(
        "POST /orders/{number} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\norder"
    ));
}

#[test]
fn the_next_server_starts_before_the_first_has_ended() {
    check(overlapping);
}

#[test]
fn the_next_server_starts_when_the_first_has_ended() {
    check(one_after_another);
}
