//! Answers in fewer bytes: which, for whom, and that nothing of them is lost or held back.

use std::io::Read;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use mini_spring::http::StatusCode;
use mini_spring::{
    App, Compression, ETag, Event, IntoService, NamedFile, Request, Response, Sse, Stream, TestApp,
    TestResponse,
};

use crate::support::TestServer;

fn text() -> String {
    (0..1000).map(|number| format!("line {number}\n")).collect()
}

fn decoded(response: &TestResponse) -> String {
    decode(response.header("Content-Encoding"), response.bytes())
}

fn decode(coding: Option<&str>, bytes: &[u8]) -> String {
    let mut text = String::new();
    match coding {
        Some("gzip") => flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text),
        Some("br") => brotli::Decompressor::new(bytes, 4096).read_to_string(&mut text),
        other => panic!("{other:?}"),
    }
    .unwrap();
    text
}

fn app() -> App {
    App::empty()
        .route("GET", "/text", |_: &Request| text())
        .route("GET", "/short", |_: &Request| "short")
        .route("GET", "/tagged", |_: &Request| (ETag::strong("7"), text()))
        .route("GET", "/image", |_: &Request| {
            Response::ok(text()).header("Content-Type", "image/png")
        })
        .route("GET", "/fixed", |_: &Request| {
            Response::ok(text()).header("Cache-Control", "max-age=60, No-Transform")
        })
        .route("GET", "/encoded", |_: &Request| {
            Response::ok(text()).header("Content-Encoding", "x-own")
        })
        .route("GET", "/part", |_: &Request| {
            Response::ok(text()).with_status(StatusCode::PARTIAL_CONTENT)
        })
        .route("GET", "/digest", |_: &Request| {
            Response::ok(text()).header("Content-Digest", "sha-256=:AA==:")
        })
        .route("GET", "/stream", |_: &Request| {
            Stream::iter(
                text()
                    .lines()
                    .map(|line| format!("{line}\n"))
                    .collect::<Vec<_>>(),
            )
            .with_type("text/plain")
        })
        .route("GET", "/writer", |_: &Request| {
            Stream::writer(|out| Ok(out.write_all(text().as_bytes())?)).with_type("text/csv")
        })
        .layer(Compression::new())
}

#[test]
fn the_client_chooses() {
    let app = TestApp::from_app(app());
    for (accepted, expected) in [
        ("gzip", Some("gzip")),
        ("gzip, br", Some("br")),
        ("gzip, br;q=0.5", Some("gzip")),
        ("identity", None),
        ("deflate", None),
        ("", None),
    ] {
        let response = app.get("/text").header("Accept-Encoding", accepted).send();
        response
            .assert_status(200)
            .assert_header("Vary", "accept-encoding");
        assert_eq!(response.header("Content-Encoding"), expected, "{accepted}");
        match expected {
            Some(_) => assert_eq!(decoded(&response), text()),
            None => assert_eq!(response.text(), text()),
        }
        if expected.is_some() {
            assert!(response.bytes().len() * 3 < text().len());
        }
    }
    let response = app.get("/text").send();
    assert_eq!(
        (response.text(), response.header("Content-Encoding")),
        (&*text(), None)
    );
}

#[test]
fn some_answers_are_left_as_they_are() {
    let app = TestApp::from_app(app());
    for target in ["/short", "/image", "/fixed", "/encoded", "/part", "/digest"] {
        let response = app.get(target).header("Accept-Encoding", "gzip").send();
        assert_ne!(
            response.header("Content-Encoding"),
            Some("gzip"),
            "{target}"
        );
        assert_eq!(response.header("Vary"), None, "{target}");
    }
    let app = TestApp::from_app(
        App::empty()
            .route("GET", "/text", |_: &Request| text())
            .route("GET", "/short", |_: &Request| "a".repeat(100))
            .layer(
                Compression::new()
                    .codings(["gzip"])
                    .min_size(10)
                    .types(|media_type| media_type == "text/plain"),
            ),
    );
    let response = app
        .get("/short")
        .header("Accept-Encoding", "br, gzip")
        .send();
    response.assert_header("Content-Encoding", "gzip");
}

#[test]
fn bodies_that_are_made_meanwhile_are_compressed_too() {
    let app = TestApp::from_app(app());
    for coding in ["gzip", "br"] {
        for target in ["/stream", "/writer"] {
            let response = app.get(target).header("Accept-Encoding", coding).send();
            response.assert_header("Content-Encoding", coding);
            assert_eq!(response.header("Content-Length"), None);
            assert_eq!(decoded(&response), text(), "{target} {coding}");
        }
    }
}

#[test]
fn events_are_sent_as_they_are() {
    let app = App::empty()
        .route("GET", "/events", |_: &Request| {
            let (sender, sse) = Sse::channel(8);
            sender.try_send(Event::data("hello")).unwrap();
            sse
        })
        .layer(Compression::new().min_size(0));
    let response = TestApp::from_app(app)
        .get("/events")
        .header("Accept-Encoding", "gzip")
        .send();
    assert_eq!(response.header("Content-Encoding"), None);
    assert!(
        response.text().contains("data: hello"),
        "{}",
        response.text()
    );
}

#[test]
fn heads_are_those_of_the_answer() {
    let app = TestApp::from_app(app());
    for target in ["/text", "/stream"] {
        let response = app
            .request("HEAD", target)
            .header("Accept-Encoding", "gzip")
            .send();
        response.assert_header("Content-Encoding", "gzip");
        assert_eq!(response.bytes(), b"");
    }
}

#[test]
fn other_bytes_have_another_tag() {
    let app = TestApp::from_app(app());
    let get = |coding: &str, known: &str| {
        let request = app.get("/tagged").header("Accept-Encoding", coding);
        request.header("If-None-Match", known).send()
    };
    get("gzip", "\"0\"")
        .assert_status(200)
        .assert_header("ETag", "W/\"7\"");
    get("identity", "\"0\"")
        .assert_status(200)
        .assert_header("ETag", "\"7\"");
    get("gzip", "W/\"7\"")
        .assert_status(304)
        .assert_header("ETag", "W/\"7\"");
    let known = get("gzip", "\"7\"");
    known
        .assert_status(304)
        .assert_header("ETag", "\"7\"")
        .assert_header("Vary", "accept-encoding");
}

#[test]
fn parts_of_files_are_parts_of_the_file() {
    let app = App::empty()
        .route("GET", "/file", |_: &Request| {
            NamedFile::from_bytes("lines.txt", text().into_bytes())
        })
        .layer(Compression::new());
    let app = TestApp::from_app(app);
    let whole = text();
    let response = app.get("/file").header("Accept-Encoding", "gzip").send();
    response.assert_header("Content-Encoding", "gzip");
    assert_eq!(
        (decoded(&response), response.header("Accept-Ranges")),
        (whole.clone(), None)
    );
    let request = app.get("/file").header("Accept-Encoding", "gzip");
    let part = request.header("Range", "bytes=0-1499").send();
    part.assert_status(206).assert_text(&whole[..1500]);
    assert_eq!(part.header("Content-Encoding"), None);
}

#[test]
fn an_unknown_coding_is_a_mistake() {
    let compression = Compression::new().codings(["gzip", "lzma"]);
    let app = App::empty()
        .route("GET", "/", |_: &Request| "hello")
        .layer(compression);
    let report = app.into_service().expect_err("a report").to_string();
    assert!(
        report.contains("there is no content coding `lzma`, only `br` and `gzip`"),
        "{report}"
    );
}

/// What was written first reaches its client before the rest is there.
#[test]
fn nothing_is_held_back() {
    let (send, receive) = channel::<String>();
    let source = Mutex::new(Some(receive));
    let app = App::empty()
        .route("GET", "/", move |_: &Request| {
            let lines: Receiver<String> = source.lock().unwrap().take().expect("one request");
            Stream::iter(lines).with_type("text/plain")
        })
        .layer(Compression::new());
    let server = TestServer::start(app);
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    send.send("first".to_owned()).unwrap();
    assert_eq!(client.head().field("content-encoding"), Some("gzip"));
    let mut so_far = client.chunk_bytes().expect("a chunk");
    // It waits for the second now.
    while partly(&so_far) != "first" {
        so_far.extend(client.chunk_bytes().expect("a chunk"));
    }
    send.send(" second".to_owned()).unwrap();
    drop(send);
    while let Some(chunk) = client.chunk_bytes() {
        so_far.extend(chunk);
    }
    assert_eq!(decode(Some("gzip"), &so_far), "first second");
}

/// As much as can be decoded by now.
fn partly(bytes: &[u8]) -> String {
    let mut decoder = flate2::read::GzDecoder::new(bytes);
    let mut text = Vec::new();
    let mut buffer = [0; 64];
    while let Ok(length @ 1..) = decoder.read(&mut buffer) {
        text.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8(text).unwrap()
}
