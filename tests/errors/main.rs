//! Error handlers from the attribute to the socket: which errors they get, and what becomes of their answers.
//!
//! Every test of the log names its requests, and so finds its own lines among those of the others.
#![allow(missing_docs, unreachable_pub)]

mod all;
mod log_lines;
mod pages;
mod start;
#[path = "../support/mod.rs"]
mod support;
mod typed;
mod wire;
mod wrapped;

use std::error::Error as StdError;
use std::fmt;

use log::Level;
use mini_spring::{App, Request, RequestBuilder, Response};
use serde_json::Value;
use support::lines;

/// The name of the request that an answer tells.
const REQUEST_ID: &str = "x-request-id";

/// An error that may have a cause.
#[derive(Debug)]
pub struct Broken {
    pub what: &'static str,
    pub cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Broken {
    pub fn of(what: &'static str) -> Self {
        Broken { what, cause: None }
    }

    pub fn by(what: &'static str, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Broken {
            what,
            cause: Some(cause.into()),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.what)
    }
}

impl StdError for Broken {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.cause.as_deref()?;
        Some(cause)
    }
}

fn call(app: &App, request: RequestBuilder) -> Response {
    app.call(request.build().unwrap())
}

fn get(app: &App, target: &str) -> Response {
    call(app, Request::get(target))
}

fn text(response: &Response) -> &str {
    std::str::from_utf8(response.body_bytes().unwrap()).unwrap()
}

fn document(response: &Response) -> Value {
    serde_json::from_str(text(response)).unwrap()
}

fn field<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    let mut fields = response.fields().iter();
    let (_, value) = fields.find(|(found, _)| *found == name)?;
    std::str::from_utf8(value).ok()
}

/// Status and body.
#[track_caller]
fn check(response: &Response, status: u16, body: &str) {
    assert_eq!((response.status().as_u16(), text(response)), (status, body));
}

/// The lines that are logged about the request of this name while `code` runs.
fn logged<T>(id: &str, code: impl FnOnce() -> T) -> (T, Vec<(Level, String)>) {
    lines::keep();
    let result = code();
    let name = format!("(request {id})");
    let own = lines::with(&name).into_iter();
    (result, own.map(|line| (line.level, line.text)).collect())
}
