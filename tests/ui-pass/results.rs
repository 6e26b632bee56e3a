//! All forms that a result can have.

#![deny(warnings, clippy::all)]

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use mini_spring::http::StatusCode;
use mini_spring::{Dir, ETag, IntoResponse, Json, NamedFile, Problem, Response, route};
use serde::Serialize;

#[derive(Serialize)]
struct Book<'a> {
    title: &'a str,
}

#[derive(Debug, Serialize)]
struct Missing;

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("missing")
    }
}

impl std::error::Error for Missing {}

struct NoSuchBook(u64);

impl From<NoSuchBook> for Problem {
    fn from(error: NoSuchBook) -> Self {
        Problem::not_found(format!("no book {}", error.0))
    }
}

type Answer<T> = Result<T, Missing>;

#[route(GET, "/nothing")]
fn nothing() {}

#[route(GET, "/unit")]
fn unit() -> () {}

#[route(GET, "/text")]
fn text() -> &'static str {
    "text"
}

#[route(GET, "/number")]
fn number() -> u64 {
    7
}

#[route(GET, "/borrowed/<title>")]
fn borrowed(title: &str) -> Book<'_> {
    Book { title }
}

#[route(GET, "/optional/<title>")]
fn optional(title: &str) -> Option<Book<'_>> {
    Some(Book { title })
}

#[route(GET, "/alias")]
fn alias() -> Answer<Vec<Book<'static>>> {
    Err(Missing)
}

#[route(GET, "/deep")]
fn deep() -> Result<Option<(StatusCode, Vec<String>)>, NoSuchBook> {
    Err(NoSuchBook(7))
}

#[route(GET, "/any")]
fn any() -> mini_spring::Result<HashMap<String, u64>> {
    Err("broken".into())
}

#[route(GET, "/boxed")]
fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(std::fs::create_dir_all("/")?)
}

#[route(GET, "/said")]
fn said() -> Result<String, String> {
    Err("for the log".to_owned())
}

#[route(GET, "/status")]
fn status() -> Result<StatusCode, StatusCode> {
    Err(StatusCode::CONFLICT)
}

#[route(GET, "/pair")]
fn pair() -> (StatusCode, Book<'static>) {
    (StatusCode::CREATED, Book { title: "new" })
}

#[route(GET, "/fields")]
fn fields() -> ([(&'static str, String); 1], Vec<u64>) {
    ([("X-Answer", 42.to_string())], vec![42])
}

#[route(GET, "/triple")]
fn triple() -> (StatusCode, [(&'static str, &'static str); 2], Json<u64>) {
    (StatusCode::CREATED, [("X-A", "1"), ("X-B", "2")], Json(7))
}

#[route(GET, "/tagged")]
fn tagged() -> Option<(ETag, Book<'static>)> {
    Some((ETag::strong(7), Book { title: "same" }))
}

#[route(GET, "/tagged-status")]
fn tagged_status() -> (StatusCode, (ETag, Json<u64>)) {
    (StatusCode::ACCEPTED, (ETag::weak("seven"), Json(7)))
}

#[route(GET, "/file")]
fn file() -> io::Result<NamedFile> {
    Ok(NamedFile::open("a.pdf")?.download_as("b.pdf"))
}

#[route(GET, "/files/<path..>")]
fn files(path: PathBuf) -> io::Result<Option<([(&'static str, &'static str); 1], NamedFile)>> {
    let file = Dir::new("static").open(path)?;
    Ok(file.map(|file| ([("Cache-Control", "max-age=60")], file)))
}

#[route(GET, "/response")]
fn response() -> Response {
    Response::ok("response")
}

#[route(GET, "/some-response")]
fn some_response() -> impl IntoResponse {
    (StatusCode::OK, "some")
}

#[route(GET, "/some-value/<title>")]
fn some_value(title: &str) -> impl Serialize + use<'_> {
    Book { title }
}

fn main() {}
