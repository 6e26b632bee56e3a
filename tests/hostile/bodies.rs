//! Bodies in a content coding: nothing is decompressed, so there is no bomb. Who reads by the meaning is 415, who
//! takes bytes has those that were sent.

use std::io::Read;

use flate2::Compression;
use flate2::read::GzEncoder;
use mini_spring::{
    Body, Form, Json, Multipart, MultipartForm, TempFile, TestApp, TestRequest, route, routes,
};
use serde_json::Value;

#[route(POST, "/json")]
fn json(Json(value): Json<Value>) -> String {
    value.to_string()
}

#[route(POST, "/form")]
fn form(Form(pairs): Form<Vec<(String, String)>>) -> String {
    pairs.len().to_string()
}

#[route(POST, "/text")]
fn text(text: &str) -> String {
    text.len().to_string()
}

#[route(POST, "/string")]
fn string(text: String) -> String {
    text.len().to_string()
}

#[route(POST, "/multipart")]
fn multipart(mut form: Multipart) -> mini_spring::Result<String> {
    Ok(form.next_part()?.is_some().to_string())
}

#[route(POST, "/multipart-form")]
fn multipart_form(form: MultipartForm) -> String {
    form.files().len().to_string()
}

#[route(POST, "/optional")]
fn optional(value: Option<Json<Value>>) -> String {
    value.is_some().to_string()
}

#[route(POST, "/bytes")]
fn bytes(bytes: &[u8], #[header("Content-Encoding")] coding: Option<&str>) -> String {
    format!("{} {coding:?}", bytes.len())
}

#[route(POST, "/file")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/live")]
fn live(mut body: Body) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    Ok(bytes.len().to_string())
}

fn app() -> TestApp {
    TestApp::of(routes![
        json,
        form,
        text,
        string,
        multipart,
        multipart_form,
        optional,
        bytes,
        file,
        live
    ])
}

/// A mebibyte of zeros, in a few.
fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let zeros = std::io::repeat(b'0').take(1 << 20);
    GzEncoder::new(zeros, Compression::best())
        .read_to_end(&mut bytes)
        .unwrap();
    assert!(bytes.len() < 8 << 10);
    bytes
}

/// Those that read by the meaning, with the type that they take.
const READ: &[(&str, &str)] = &[
    ("/json", "application/json"),
    ("/optional", "application/json"),
    ("/form", "application/x-www-form-urlencoded"),
    ("/text", "text/plain"),
    ("/string", "text/plain"),
    ("/multipart", "multipart/form-data; boundary=x"),
    ("/multipart-form", "multipart/form-data; boundary=x"),
];

fn post<'a>(app: &'a TestApp, path: &str, content_type: &str, body: &[u8]) -> TestRequest<'a> {
    app.post(path)
        .header("Content-Type", content_type)
        .body(body)
}

#[test]
fn compressed_bodies_are_415_where_they_would_be_read() {
    let app = app();
    let bomb = bomb();
    for (path, content_type) in READ {
        for coding in [
            "gzip",
            "GZIP",
            "x-gzip",
            "br",
            "zstd",
            "deflate",
            "compress",
            "identity, gzip",
            "made-up",
        ] {
            let request = post(&app, path, content_type, &bomb);
            let refused = request.header("Content-Encoding", coding).send();
            refused
                .assert_status(415)
                .assert_header("Accept-Encoding", "identity");
            refused.assert_text_contains(
                "expected a body that isn't compressed, found the content coding",
            );
        }
    }
}

#[test]
fn identity_is_no_coding() {
    let app = app();
    for (path, content_type, body) in [
        ("/json", "application/json", "7"),
        ("/text", "text/plain", "7"),
        ("/form", "application/x-www-form-urlencoded", "a=b"),
    ] {
        let request = post(&app, path, content_type, body.as_bytes());
        request
            .header("Content-Encoding", "identity")
            .send()
            .assert_status(200);
    }
    app.post("/optional")
        .header("Content-Encoding", "gzip")
        .send()
        .assert_text("false");
}

#[test]
fn bytes_are_handed_through_as_they_were_sent() {
    let app = app();
    let bomb = bomb();
    let length = bomb.len();
    let send = |path: &str| {
        let request = post(&app, path, "application/octet-stream", &bomb);
        request.header("Content-Encoding", "gzip").send()
    };
    send("/bytes").assert_text(&format!("{length} Some(\"gzip\")"));
    send("/file").assert_text(&length.to_string());
    send("/live").assert_text(&length.to_string());
}
