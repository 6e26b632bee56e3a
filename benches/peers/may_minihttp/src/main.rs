//! The program of the comparison on may_minihttp: `peer-may_minihttp PORT`.
//!
//! It has no router, so the program matches paths itself, which is less work than a router's. It has no
//! pool for blocking calls either: `/sleep` is a coroutine's sleep, as a driver written for may would wait.

use std::io::{self, Read};
use std::time::Duration;

use bytes::BufMut;
use may::coroutine;
use may_minihttp::{HttpService, HttpServiceFactory, Request, Response};
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId<'a> {
    user_id: &'a str,
}

struct Program;

impl HttpService for Program {
    fn call(&mut self, request: Request, response: &mut Response) -> io::Result<()> {
        match (request.method(), request.path()) {
            ("GET", "/plaintext") => text(response, "Hello, World!"),
            ("GET", "/health") => json(response, &Health { status: "up" })?,
            ("GET", "/sleep") => {
                coroutine::sleep(Duration::from_millis(50));
                text(response, "slept");
            }
            ("POST", "/echo") => echo(request, response)?,
            ("GET", path) => match path.strip_prefix("/users/") {
                Some(user_id) => json(response, &UserId { user_id })?,
                None => not_found(response),
            },
            _ => not_found(response),
        }
        Ok(())
    }
}

fn text(response: &mut Response, body: &'static str) {
    response.header("Content-Type: text/plain").body(body);
}

fn json(response: &mut Response, value: &impl Serialize) -> io::Result<()> {
    response.header("Content-Type: application/json");
    let body = response.body_mut();
    Ok(serde_json::to_writer(body.writer(), value)?)
}

fn echo(request: Request, response: &mut Response) -> io::Result<()> {
    let mut body = Vec::new();
    request.body().read_to_end(&mut body)?;
    response.header("Content-Type: application/octet-stream");
    response.body_vec(body);
    Ok(())
}

fn not_found(response: &mut Response) {
    response.status_code(404, "Not Found");
}

struct Factory;

impl HttpServiceFactory for Factory {
    type Service = Program;

    fn new_service(&self, _: usize) -> Program {
        Program
    }
}

fn main() -> io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .expect("the port is the first argument");
    may::config().set_workers(2);
    let server = Factory.start(format!("127.0.0.1:{port}"))?;
    server
        .join()
        .map_err(|_| io::Error::other("the server panicked"))
}
