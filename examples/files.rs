//! Files: a directory of them, one to be saved, and a text that two people can't overwrite for each other.
//!
//!     cargo run --example files
//!     curl -i http://localhost:8080/style.css
//!     curl -r 0-99 http://localhost:8080/source
//!     curl -OJ http://localhost:8080/report

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use mini_spring::{Dir, ETag, NamedFile, Preconditions, Problem, route};

/// A file as it is, with one header field of its own.
type Cached = ([(&'static str, &'static str); 1], NamedFile);

/// `/` is `index.html`; what isn't there is 404. The directory is one below the working directory.
#[route(GET, "/<path..>")]
fn site(path: PathBuf) -> io::Result<Option<Cached>> {
    let file = Dir::new("examples/site").open(path)?;
    Ok(file.map(|file| ([("Cache-Control", "max-age=60")], file)))
}

/// One file, always the same. If it isn't there, that is our mistake: 500.
#[route(GET, "/source")]
fn source() -> io::Result<Cached> {
    let kind = [("Content-Type", "text/plain; charset=utf-8")];
    Ok((kind, NamedFile::open("examples/files.rs")?))
}

/// No file at all, but the client doesn't know.
#[route(GET, "/report")]
fn report() -> NamedFile {
    let lines: String = (1..=12)
        .map(|month| format!("{month},{}\n", month * 100))
        .collect();
    NamedFile::from_bytes("report.csv", lines.into_bytes()).download_as("Übersicht.csv")
}

/// How often the note was written, and its text.
static NOTE: Mutex<(u32, String)> = Mutex::new((0, String::new()));

/// Clients that have this state already get 304, because there is an `ETag`.
#[route(GET, "/note")]
fn read_note() -> (ETag, String) {
    let note = NOTE.lock().unwrap_or_else(PoisonError::into_inner);
    (ETag::strong(note.0), note.1.clone())
}

/// `curl -X PUT -H 'If-Match: "0"' -d text ..`: only over the state that the client has read, else 412.
#[route(PUT, "/note")]
fn write_note(preconditions: Preconditions<'_>, text: String) -> Result<(ETag, String), Problem> {
    let mut note = NOTE.lock().unwrap_or_else(PoisonError::into_inner);
    preconditions.check(&ETag::strong(note.0))?;
    *note = (note.0 + 1, text.clone());
    Ok((ETag::strong(note.0), text))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
