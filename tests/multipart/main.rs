//! Forms with files, as clients send them and as they don't.
#![allow(missing_docs)]

mod clients;
mod files;
mod refused;
#[path = "../support/mod.rs"]
mod support;

use std::io::Read;

use mini_spring::{App, Multipart, Routes, ServerConfig, route, routes};
use support::TestServer;

fn server(routes: Routes, change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    TestServer::with(App::empty().mount("/", routes), change)
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

const HEALTH: &str = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

/// A line for each part: what its head says, and its content or the length of it.
#[route(POST, "/show", body_limit = "1MiB")]
fn show(mut form: Multipart) -> mini_spring::Result<String> {
    let mut answer = String::new();
    while let Some(mut part) = form.next_part()? {
        let mut line = part.name().to_owned();
        if let Some(file_name) = part.file_name() {
            line += &format!(" {file_name:?} {:?}", part.content_type());
        }
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        answer += &match String::from_utf8(content) {
            Ok(text) if text.len() < 100 => format!("{line} {text:?}\n"),
            Ok(text) => format!("{line} {} of text\n", text.len()),
            Err(error) => format!("{line} {} of bytes\n", error.as_bytes().len()),
        };
    }
    Ok(answer)
}

/// A request with this form.
fn post(path: &str, boundary: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary={boundary}\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// A part behind the boundary `x`.
fn part(disposition: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
    [head.as_bytes(), content.as_ref(), b"\r\n"].concat()
}
