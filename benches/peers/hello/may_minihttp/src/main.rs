//! A JSON hello on may_minihttp.

use std::io;

use bytes::BufMut;
use may_minihttp::{HttpService, HttpServiceFactory, Request, Response};
use serde::Serialize;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

struct Program;

impl HttpService for Program {
    fn call(&mut self, request: Request, response: &mut Response) -> io::Result<()> {
        if request.path() != "/hello" {
            response.status_code(404, "Not Found");
            return Ok(());
        }
        response.header("Content-Type: application/json");
        let hello = Hello { message: "hello" };
        Ok(serde_json::to_writer(response.body_mut().writer(), &hello)?)
    }
}

struct Factory;

impl HttpServiceFactory for Factory {
    type Service = Program;

    fn new_service(&self, _: usize) -> Program {
        Program
    }
}

fn main() -> io::Result<()> {
    let server = Factory.start("127.0.0.1:8080")?;
    server
        .join()
        .map_err(|_| io::Error::other("the server panicked"))
}
