//! What a `TestApp` does as a client: cookies, redirects, forms, sockets and events.

use std::time::{Duration, Instant};

use super::*;
use crate::http::StatusCode;
use crate::{Event, EventSender, MultipartForm, Response, Sse};

#[route(POST, "/in")]
fn sign_in(name: &str) -> [(&'static str, SetCookie); 1] {
    [("Set-Cookie", SetCookie::new("user", name).secure())]
}

#[route(POST, "/out")]
fn sign_out() -> [(&'static str, SetCookie); 1] {
    [("Set-Cookie", SetCookie::removed("user"))]
}

#[route(GET, "/who")]
fn who(#[header("Cookie")] cookies: Option<&str>) -> String {
    cookies.unwrap_or("nobody").to_owned()
}

fn with_cookies() -> [TestApp; 2] {
    let app = || TestApp::of(routes![sign_in, sign_out, who]);
    [app(), app().over_tcp()]
}

#[test]
fn cookies_are_kept() {
    for app in with_cookies() {
        let who = |expected: &str| _ = app.get("/who").send().assert_text(expected);
        who("nobody");
        app.post("/in").text("Ada L.").send().assert_status(200);
        who("user=Ada%20L.");
        assert_eq!(app.cookie("user").as_deref(), Some("Ada L."));
        app.send(Request::get("/who")).assert_text("user=Ada%20L.");
        let own = app.get("/who").cookie("user", "Bob").cookie("a", "1");
        own.send().assert_text("user=Bob; a=1");
        let own = app.get("/who").header("cookie", "b=2");
        own.send().assert_text("b=2");
        let elsewhere = app.get("/who").header("Host", "example.org:80");
        elsewhere.send().assert_text("nobody");
        app.send_bytes("GET /who HTTP/1.0\r\n\r\n")
            .assert_text("nobody");
        app.post("/out").send();
        who("nobody");
        assert_eq!(app.cookie("user"), None);
        app.set_cookie(SetCookie::new("a", "50%"));
        who("a=50%25");
        assert_eq!(app.cookie("a").as_deref(), Some("50%"));
        app.clear_cookies();
        who("nobody");
    }
}

#[test]
fn cookies_are_not_kept_unless_they_should_be() {
    let [app, _] = with_cookies();
    let app = app.without_cookies();
    app.post("/in").text("Ada").send();
    app.get("/who").cookie("a", "1").send().assert_text("a=1");
    assert_eq!(app.cookie("user"), None);
    let refused = said(|| app.set_cookie(SetCookie::new("a", "1")));
    assert_eq!(
        refused,
        "a cookie can't be kept: the test is `without_cookies`"
    );
}

#[route([GET, POST], "/hop/<status>?<to=/seen>")]
fn hop(status: u16, to: &str) -> Response {
    Response::new(StatusCode::from_u16(status).unwrap())
        .header("Location", to)
        .header("Set-Cookie", "hopped=1; Path=/")
}

#[route([GET, POST, PUT], "/seen")]
fn seen(request: &Request) -> String {
    let text = String::from_utf8_lossy(request.body());
    let kind = request.header("content-type").unwrap_or("-");
    let cookie = request.header("cookie").unwrap_or("-");
    format!("{} {text} {kind} {cookie}", request.method())
}

#[test]
fn redirects_are_followed() {
    let app = TestApp::of(routes![hop, seen]);
    let post = |status| {
        app.post(format!("/hop/{status}"))
            .text("x")
            .follow_redirects()
    };
    let typed = "text/plain; charset=utf-8";
    for status in [301, 302, 303] {
        post(status).send().assert_text("GET  - hopped=1");
    }
    for status in [307, 308] {
        let kept = format!("POST x {typed} hopped=1");
        post(status).send().assert_text(&kept);
    }
    post(304).send().assert_status(304);
    app.post("/hop/303").send().assert_status(303);
    let relative = app.get("/hop/302?to=../hop/302").follow_redirects();
    relative.send().assert_text("GET  - hopped=1");
    let away = app
        .get("/hop/302?to=http://example.org/")
        .follow_redirects();
    away.send().assert_status(302);
    let endless = app.get("/hop/302?to=/hop/302?to").follow_redirects();
    let endless = said(|| endless.send());
    assert!(
        endless.starts_with("expected an end within 20 redirects"),
        "{endless}"
    );
}

#[test]
fn forms_with_files_arrive() {
    #[route(POST, "/form")]
    fn form(form: MultipartForm) -> String {
        let file = form.file("f\"").expect("a file");
        let read = io::read_to_string(file.file().open().unwrap()).unwrap();
        format!("{:?} {} {read:?}", form.text("a"), file.file_name())
    }
    let app = TestApp::of(routes![form]);
    let request = app.post("/form").multipart(|form| {
        let form = form.text("a", "b\r\n");
        form.file("f\"", "x.bin", "--test-form-0000\r\n")
    });
    request
        .send()
        .assert_text("Some(\"b\\r\\n\") x.bin \"--test-form-0000\\r\\n\"");
}

#[test]
fn over_tcp_a_peer_is_what_it_is() {
    let app = app().over_tcp();
    app.get("/rows").send().assert_text("xxx");
    let request = app.get("/rows").peer(([192, 0, 2, 7], 1).into());
    let refused = said(|| request.send());
    assert!(
        refused.starts_with("over TCP, a request comes from 127.0.0.1"),
        "{refused}"
    );
    let broken = said(|| app.get("/broken").send());
    assert!(
        broken.starts_with("the answer breaks off: the connection has ended before it"),
        "{broken}"
    );
    let none = said(|| TestApp::of(routes![rows]).addr());
    assert_eq!(
        none,
        "there is no socket: make one with `TestApp::over_tcp`"
    );
}

#[test]
fn a_server_ends_with_its_test() {
    let app = app().over_tcp();
    let addr = app.addr();
    drop(app);
    let gone = crate::server::client::Client::send(addr, b"GET / HTTP/1.1\r\n\r\n");
    assert!(gone.unwrap_err().starts_with("can't connect to 127.0.0.1:"));
}

/// The sender of the last stream of `/open`, which one test asks for.
static SENDER: std::sync::Mutex<Option<EventSender>> = std::sync::Mutex::new(None);

#[route(GET, "/events?<count=0>")]
fn some_events(count: usize) -> ([(&'static str, SetCookie); 1], Sse) {
    let (sender, sse) = Sse::channel(64);
    for number in 0..count {
        let event = Event::data(number).id(number);
        sender.send(event).expect("a client");
    }
    ([("Set-Cookie", SetCookie::new("seen", "1"))], sse)
}

#[route(GET, "/open")]
fn open_events() -> Sse {
    let (sender, sse) = Sse::channel(64);
    sender.send(Event::comment("hello")).expect("a client");
    *SENDER.lock().unwrap() = Some(sender);
    sse
}

#[route(GET, "/silent")]
fn silent_events() -> Sse {
    static KEPT: std::sync::Mutex<Vec<EventSender>> = std::sync::Mutex::new(Vec::new());
    let (sender, sse) = Sse::channel(64);
    KEPT.lock().unwrap().push(sender);
    sse
}

#[route(GET, "/text")]
fn text() -> &'static str {
    "no events"
}

#[route(GET, "/written")]
fn written() -> Stream {
    let stream = Stream::writer(|out| {
        write!(out, "data: 1\n\n")?;
        out.flush()?;
        Err("no second".into())
    });
    stream.with_type("text/event-stream")
}

fn with_events() -> [TestApp; 2] {
    let app = || {
        TestApp::of(routes![
            some_events,
            open_events,
            silent_events,
            text,
            written
        ])
    };
    [app(), app().over_tcp()]
}

#[test]
fn events_come_one_by_one_up_to_the_end() {
    for app in with_events() {
        let mut events = app.get("/events?count=3").events();
        assert_eq!(events.header("cache-control"), Some("no-store"));
        assert_eq!(app.cookie("seen").as_deref(), Some("1"));
        let first = events.next().unwrap();
        assert_eq!(
            (&*first.name, &*first.data, first.id.as_deref()),
            ("message", "0", Some("0"))
        );
        let rest: Vec<u32> = events.by_ref().map(|event| event.json()).collect();
        assert_eq!(rest, [1, 2]);
        assert_eq!(events.next(), None);
    }
}

#[test]
fn events_come_when_they_are_sent_and_a_client_that_leaves_is_missed() {
    for app in with_events() {
        let mut events = app.get("/open").events();
        let sender = SENDER.lock().unwrap().clone().unwrap();
        for text in ["a", "b\nc"] {
            sender.send(Event::data(text)).unwrap();
            assert_eq!(events.next().unwrap().data, text);
        }
        drop(events);
        let end = Instant::now() + Duration::from_secs(20);
        while !sender.is_gone() {
            assert!(Instant::now() < end, "the client is not missed");
            std::thread::yield_now();
        }
    }
}

#[test]
fn what_does_not_come_is_told() {
    for app in with_events() {
        let mut events = app.get("/silent").events().patience(Duration::ZERO);
        let missed = said(|| events.next());
        let expected =
            "expected an event or the end of the events within 0ns, found none\n\nGET /silent ";
        assert!(missed.starts_with(expected), "{missed}");
        assert!(
            missed.contains("\n\nthe answer so far:\nHTTP/1.1 200 OK\n"),
            "{missed}"
        );
        let none = said(|| app.get("/text").events());
        let expected =
            "expected `text/event-stream`, found another answer\n\nthe request:\nGET /text ";
        assert!(none.starts_with(expected), "{none}");
        let mut events = app.get("/written").events();
        assert_eq!(events.next().unwrap().json::<u8>(), 1);
        let broken = said(|| events.next());
        assert!(broken.starts_with("the events break off: "), "{broken}");
        let whole = said(|| app.get("/written").send());
        let hint = "; `events()` instead of `send()` reads events one by one\n\nGET /written ";
        assert!(whole.contains(hint), "{whole}");
    }
}

#[test]
fn data_that_is_no_json_is_told() {
    let [app, _] = with_events();
    let event = app.get("/events?count=1").events().next().unwrap();
    assert_eq!(
        said(|| event.json::<String>()),
        "expected data that is `alloc::string::String` in JSON: invalid type: integer `0`, expected a string at \
         line 1 column 1\n\nevent: message\nid: 0\ndata: 0"
    );
}
