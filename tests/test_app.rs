//! What `TestApp` answers is what the server answers: the same requests, through sockets and without one.
#![allow(missing_docs)]

mod support;

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Body, Json, MultipartForm, Request, Response, Stream, TempFile, TestApp, route, routes,
};
use support::{Answer, TestServer};

#[route(GET, "/users/<id>?<full>")]
fn user(id: u32, full: Option<bool>) -> Json<(u32, Option<bool>)> {
    Json((id, full))
}

#[route(PUT, "/memory", body_limit = "10B")]
fn memory(text: &str) -> String {
    text.to_uppercase()
}

#[route(PUT, "/file", body_limit = "200KiB")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(PUT, "/live", body_limit = "10B")]
fn live(mut body: Body) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text)?;
    Ok(text)
}

#[route(GET, "/read?<known=false>")]
fn read(known: bool) -> Stream {
    let stream = Stream::reader(io::repeat(b'x').take(50_000)).with_type("text/plain");
    match known {
        true => stream.with_length(50_000),
        false => stream,
    }
}

#[route(DELETE, "/users/<_id>")]
fn delete(_id: u32) {}

#[route(GET, "/panics")]
fn panics() -> String {
    panic!("as it should")
}

fn app() -> App {
    let marked = |request: &mut Request, next: mini_spring::Next<'_>| -> Response {
        let path = request.path().to_owned();
        next.run(request).header("X-Path", path)
    };
    let routes = routes![user, memory, file, live, read, delete, panics];
    App::empty().mount("/", routes).middleware(marked)
}

fn with_body(method: &str, target: &str, length: usize) -> String {
    let body = "x".repeat(length);
    format!("{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// The fields in their order; the date is that of another second, perhaps.
fn fields(answer: &Answer) -> Vec<(String, String)> {
    let lines = answer.head.trim_end().lines().skip(1);
    let fields = lines.filter_map(|line| line.split_once(": "));
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    fields.filter(|(name, _)| name != "date").collect()
}

#[test]
fn it_answers_what_the_server_answers() {
    let server = TestServer::start(app());
    let apps = [
        TestApp::from_app(app()),
        TestApp::from_app(app()).over_tcp(),
    ];
    let plain =
        |method: &str, target: &str| format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n");
    let chunked = |chunks: &str| {
        format!("PUT /live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
    };
    let requests = [
        plain("GET", "/users/7"),
        plain("GET", "/users/7?full"),
        plain("GET", "/users/x?full=perhaps"),
        plain("HEAD", "/users/7"),
        plain("OPTIONS", "/users/7"),
        plain("OPTIONS", "*"),
        plain("POST", "/users/7"),
        plain("DELETE", "/users/7"),
        plain("GET", "/nowhere"),
        // The name is that of the request only if it is sent.
        "GET /panics HTTP/1.1\r\nHost: a\r\nX-Request-Id: seven\r\n\r\n".to_owned(),
        plain("GET", "/read"),
        plain("GET", "/read?known"),
        plain("HEAD", "/read"),
        plain("GET", "no-path"),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/2.0\r\n\r\n".to_owned(),
        "\r\nGET /users/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(),
        "GET /users/7 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_owned(),
        "GET /users/7 HTTP/1.1\r\nHost: a\r\nX: ".to_owned() + &"y".repeat(20_000) + "\r\n\r\n",
        with_body("PUT", "/memory", 10),
        with_body("PUT", "/memory", 11),
        with_body("PUT", "/live", 10),
        with_body("PUT", "/live", 11),
        with_body("PUT", "/file", 100_000),
        with_body("PUT", "/file", 300_000),
        with_body("GET", "/nowhere", 10),
        chunked("3\r\nabc\r\n0\r\n\r\n"),
        chunked("b\r\nabcdefghijk\r\n0\r\n\r\n"),
        chunked("x\r\n"),
    ];
    for request in requests {
        let mut client = server.connect();
        client.send(&request);
        let method = request.trim_start().split(' ').next().unwrap_or_default();
        let served = client.answer_to(method);
        let begin = &request[..request.len().min(80)];
        for app in &apps {
            let tested = app.send_bytes(&*request);
            assert_eq!(tested.status(), served.status, "{begin}");
            assert_eq!(tested.text(), served.body, "{begin}");
            let found = tested.headers().filter(|(name, _)| *name != "date");
            let found: Vec<_> = found
                .map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned()))
                .collect();
            assert_eq!(found, fields(&served), "{begin}");
        }
    }
}

#[test]
fn the_whole_table_is_tested() {
    let app = TestApp::new();
    app.get(user::url(7))
        .send()
        .assert_status(200)
        .assert_json((7, None::<bool>));
}

#[route(PUT, "/form")]
fn form(form: MultipartForm) -> String {
    let file = form.file("file").map(|file| file.file().length());
    format!("{:?} {file:?}", form.text("note"))
}

/// What is composed for a test is what a client sends.
#[test]
fn a_composed_form_is_read_by_the_server() {
    for app in [TestApp::new(), TestApp::new().over_tcp()] {
        let request = app.put("/form").multipart(|form| {
            let form = form.text("note", "a\r\n--test-form-0000--\r\n");
            form.file("file", "large.bin", vec![b'\n'; 1 << 20])
        });
        request
            .send()
            .assert_text("Some(\"a\\r\\n--test-form-0000--\\r\\n\") Some(1048576)");
    }
}

static IS_ANSWERED: AtomicBool = AtomicBool::new(false);

#[route(GET, "/slow", timeout = "20ms")]
fn slow() {
    let begin = Instant::now();
    while !IS_ANSWERED.load(Ordering::Relaxed) && begin.elapsed() < support::PATIENCE {
        std::thread::yield_now();
    }
}

/// Without a socket there is no clock that could end it.
#[test]
fn time_limits_are_for_tests_over_tcp() {
    let app = TestApp::of(routes![slow]).over_tcp();
    app.get("/slow").send().assert_status(504);
    IS_ANSWERED.store(true, Ordering::Relaxed);
}

#[test]
fn tests_of_one_server_run_in_parallel() {
    let app = TestApp::new().over_tcp();
    std::thread::scope(|scope| {
        for id in 0..8 {
            let app = &app;
            scope.spawn(move || {
                for _ in 0..20 {
                    let answer = app.get(user::url(id)).send();
                    answer.assert_json((id, None::<bool>));
                }
            });
        }
    });
}

#[route(GET, "/says/<what>")]
fn says(what: &str) -> StatusCode {
    log::info!("it says {what}");
    log::debug!("nobody wants to know that");
    StatusCode::ACCEPTED
}

/// What a failed test shows: its own log, and not that of others.
#[test]
fn the_log_of_the_request_is_shown() {
    for app in [TestApp::new(), TestApp::new().over_tcp()] {
        app.get("/says/before").send().assert_status(202);
        let answer = app.get("/says/meanwhile").send();
        app.get("/says/behind").send().assert_status(202);
        let shown = answer.to_string();
        let (_, log) = shown.split_once("\n\nthe log:\n").expect(&shown);
        assert_eq!(log, "INFO  test_app: it says meanwhile");
    }
}
