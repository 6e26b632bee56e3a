//! Requests and answers of all kinds, who the client is, and what nginx answers by itself.

use std::collections::HashSet;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{LazyLock, Mutex};

use mini_spring::{
    App, ClientIp, ETag, Event, EventSender, Host, NamedFile, NoContent, PeerAddr, Request,
    RequestId, Sse, Stream, route, routes,
};
use tempfile::NamedTempFile;

use super::*;
use crate::front::{connections, site_with_error_pages};
use crate::support::{Answer, Client};

/// Sends a request without a body and gives back the answer.
fn ask(client: &mut Client, line: &str, fields: &str) -> Answer {
    client.send(format!(
        "{line} HTTP/1.1\r\nHost: example.org\r\n{fields}\r\n"
    ));
    let method = line.split(' ').next().unwrap();
    client.answer_to(method)
}

#[route(GET, "/origin")]
fn origin(ClientIp(client): ClientIp, host: Host, request: &Request) -> String {
    format!("{}://{} for {client}", request.scheme(), host.as_str())
}

#[test]
fn the_client_is_whom_nginx_has_seen() {
    let Some((front, _server)) = behind_nginx(App::empty().mount("/", routes![origin])) else {
        return;
    };
    let mut client = front.connect();
    // nginx is on this machine, as its clients are here: whom it adds is trusted as well, so that the list is read on.
    let answer = ask(&mut client, "GET /origin", "");
    assert_eq!(answer.body, "http://example.org for 127.0.0.1");
    let forwarded = "X-Forwarded-For: 203.0.113.7\r\n";
    let answer = ask(&mut client, "GET /origin", forwarded);
    assert_eq!(answer.body, "http://example.org for 203.0.113.7");
}

/// The client is at 127.0.0.2, which is no proxy: what it says of itself is hearsay.
#[test]
fn what_a_client_says_of_itself_is_not_believed() {
    let app = App::empty().mount("/", routes![origin]);
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    let mut client = from_outside(front.addr);
    let lies = [
        "X-Forwarded-For: 203.0.113.7\r\n",
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\n",
        "X-Forwarded-For: \"\r\n",
        "Forwarded: for=203.0.113.7;proto=https\r\nX-Forwarded-Proto: https\r\n",
        "X-Forwarded-Host: evil.example\r\nX-Real-IP: 203.0.113.7\r\n",
    ];
    for lie in lies {
        let answer = ask(&mut client, "GET /origin", lie);
        assert_eq!(answer.body, "http://example.org for 127.0.0.2", "{lie}");
    }
}

/// A connection from another address of this machine.
fn from_outside(addr: SocketAddr) -> Client {
    use socket2::{Domain, Socket, Type};

    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let own: SocketAddr = "127.0.0.2:0".parse().unwrap();
    socket.bind(&own.into()).unwrap();
    socket.connect(&addr.into()).unwrap();
    Client::over(socket.into())
}

#[test]
fn the_proxy_protocol_tells_the_client() {
    let Some(configuration) = connections() else {
        return;
    };
    let app = App::empty().mount("/", routes![origin]);
    let server = TestServer::with(app, |config| {
        settings(config);
        config.proxy_protocol = true;
    });
    let Some(front) = Front::with(configuration, server.addr()) else {
        return;
    };
    let mut client = from_outside(front.addr);
    for _ in 0..3 {
        let answer = ask(&mut client, "GET /origin", "X-Forwarded-For: 192.0.2.1\r\n");
        assert_eq!(answer.body, "http://example.org for 127.0.0.2");
    }
}

/// Connections that nginx has made to the server.
static PEERS: Mutex<Option<HashSet<SocketAddr>>> = Mutex::new(None);

#[route(GET, "/peer")]
fn peer(PeerAddr(peer): PeerAddr) {
    let mut peers = PEERS.lock().unwrap();
    peers.get_or_insert_default().insert(peer);
}

#[test]
fn many_requests_share_few_connections() {
    let Some((front, _server)) = behind_nginx(App::empty().mount("/", routes![peer])) else {
        return;
    };
    for _ in 0..50 {
        let mut clients: Vec<Client> = (0..4).map(|_| front.connect()).collect();
        for client in &mut clients {
            for _ in 0..5 {
                assert_eq!(ask(client, "GET /peer", "").status, 204);
            }
        }
    }
    // A thousand requests, one at a time.
    let peers = PEERS.lock().unwrap().take().unwrap();
    assert!(peers.len() <= 4, "{} connections", peers.len());
}

static FILE: LazyLock<NamedTempFile> = LazyLock::new(|| {
    let mut file = NamedTempFile::with_suffix(".txt").unwrap();
    file.write_all(b"0123456789").unwrap();
    file
});

#[route(GET, "/file")]
fn file() -> mini_spring::Result<NamedFile> {
    Ok(NamedFile::open(FILE.path())?)
}

#[route(GET, "/tagged")]
fn tagged() -> (ETag, &'static str) {
    (ETag::strong("one"), "tagged")
}

#[route(DELETE, "/thing")]
fn delete() -> NoContent {
    NoContent
}

#[route(GET, "/stream")]
fn stream() -> Stream {
    Stream::iter((0..1000).map(|number| format!("{number}\n")))
}

#[route(POST, "/echo")]
fn echo(body: String) -> String {
    body
}

#[test]
fn answers_of_all_kinds_come_through() {
    let app = App::empty().mount("/", routes![file, tagged, delete, stream, echo]);
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    let mut client = front.connect();

    let whole = ask(&mut client, "GET /file", "");
    assert_eq!((whole.status, whole.body.as_str()), (200, "0123456789"));
    let head = ask(&mut client, "HEAD /file", "");
    assert_eq!(
        (head.status, head.field("content-length")),
        (200, Some("10"))
    );
    let part = ask(&mut client, "GET /file", "Range: bytes=2-4\r\n");
    assert_eq!((part.status, part.body.as_str()), (206, "234"));
    assert_eq!(part.field("content-range"), Some("bytes 2-4/10"));
    let beyond = ask(&mut client, "GET /file", "Range: bytes=99-\r\n");
    assert_eq!(beyond.status, 416);

    let tagged = ask(&mut client, "GET /tagged", "");
    let has = format!("If-None-Match: {}\r\n", tagged.field("etag").unwrap());
    assert_eq!(ask(&mut client, "GET /tagged", &has).status, 304);
    assert_eq!(ask(&mut client, "HEAD /tagged", &has).status, 304);
    assert_eq!(ask(&mut client, "DELETE /thing", "").status, 204);
    assert_eq!(ask(&mut client, "OPTIONS /thing", "").status, 204);

    let stream = ask(&mut client, "GET /stream", "");
    assert_eq!(stream.field("transfer-encoding"), Some("chunked"));
    assert_eq!(stream.body.lines().count(), 1000);

    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n\
         5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    );
    assert_eq!(client.answer().body, "hello world");
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n\
         Content-Length: 2\r\n\r\n",
    );
    assert_eq!(client.answer().status, 100);
    client.send("hi");
    assert_eq!(client.answer().body, "hi");

    let missing = ask(&mut client, "GET /nothing", "");
    assert_eq!(missing.status, 404);
    let problem = "application/problem+json";
    assert_eq!(missing.field("content-type"), Some(problem));
    // HTTP/1.0, without a Host.
    client.send("GET /tagged HTTP/1.0\r\n\r\n");
    assert_eq!(client.answer().body, "tagged");
    assert!(client.is_closed());
}

#[test]
fn requests_have_the_name_that_nginx_gives_them() {
    let app = App::empty().mount("/", routes![tagged]).layer(RequestId);
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    let mut client = front.connect();
    let answer = ask(&mut client, "GET /tagged", "X-Request-Id: mine\r\n");
    let id = answer.field("x-request-id").unwrap();
    assert!(
        id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{id}"
    );
}

/// Events of whoever gets their sender.
fn events() -> (App, Receiver<EventSender>) {
    let (hand, senders) = channel();
    let hand = Mutex::new(hand);
    let app = App::empty().route("GET", "/events", move |_: &Request| {
        let (sender, events) = Sse::channel(8);
        hand.lock().unwrap().send(sender).unwrap();
        events
    });
    (app, senders)
}

/// Each event has come before the next one is made.
#[test]
fn events_come_through_at_once() {
    let (app, senders) = events();
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    let mut client = front.connect();
    client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    // It is an instruction to nginx, which keeps it.
    let head = client.head();
    assert_eq!(head.field("content-type"), Some("text/event-stream"));
    assert_eq!(head.field("x-accel-buffering"), None);
    for number in 0..100 {
        sender.send(Event::data(number)).unwrap();
        assert_eq!(client.chunk().unwrap(), format!("data: {number}\n\n"));
    }
    drop(sender);
    assert_eq!(client.chunk(), None);
}

#[test]
fn a_client_that_leaves_is_noticed_through_nginx() {
    let (app, senders) = events();
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    let mut client = front.connect();
    client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    let sender = senders.recv_timeout(support::PATIENCE).unwrap();
    assert_eq!(client.head().status, 200);
    drop(client);
    support::until("the sender to learn of it", || {
        sender.is_gone() || sender.send(Event::data("x")).is_err()
    });
}

/// A client that sends its request a byte at a time costs the server nothing: nginx keeps it.
#[test]
fn a_slow_client_is_nginx_s() {
    let Some((front, _server)) = behind_nginx(App::empty().mount("/", routes![echo])) else {
        return;
    };
    let mut client = front.connect();
    client.drip(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\n",
    );
    client.drip("x".repeat(40));
    assert_eq!(client.answer().body, "x".repeat(40));
}

#[test]
fn nginx_answers_for_a_server_that_is_gone() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = nobody.local_addr().unwrap();
    drop(nobody);
    let Some(front) = Front::with(site_with_error_pages(), addr) else {
        return;
    };
    let answer = ask(&mut front.connect(), "GET /", "");
    assert_eq!(answer.status, 503);
    let problem = "application/problem+json";
    assert_eq!(answer.field("content-type"), Some(problem));
    assert!(
        answer.body.contains("Service Unavailable"),
        "{}",
        answer.body
    );
}
