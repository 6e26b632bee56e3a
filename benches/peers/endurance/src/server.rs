//! The server that is worn: one route for each way that a request or an answer can take.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use mini_spring::{
    App, Body, Event, Json, Multipart, NamedFile, Server, ServerConfig, Sse, Stream, TempFile,
    route,
};
use serde::{Deserialize, Serialize};

/// A file that is asked for.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("endurance-{}", std::process::id())));

/// How long it is.
pub(crate) const FILE_LENGTH: usize = 300_000;

/// How many events `/events` has.
pub(crate) const EVENTS: usize = 5;

#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
    name: String,
}

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

#[route(GET, "/users/<id>")]
fn user(id: u64) -> User {
    let name = format!("user {id}");
    User { id, name }
}

#[route(POST, "/users")]
fn create(user: Json<User>) -> User {
    user.0
}

#[route(POST, "/echo")]
fn echo(body: Vec<u8>) -> Vec<u8> {
    body
}

/// Counts what it reads while it comes.
#[route(POST, "/live", body_limit = "64MiB")]
fn live(mut body: Body) -> io::Result<String> {
    Ok(io::copy(&mut body, &mut io::sink())?.to_string())
}

#[route(POST, "/spooled", body_limit = "64MiB")]
fn spooled(file: TempFile) -> String {
    file.length().to_string()
}

/// Counts the bytes of all files.
#[route(POST, "/form", body_limit = "64MiB")]
fn form(mut form: Multipart) -> mini_spring::Result<String> {
    let mut length = 0;
    while let Some(mut part) = form.next_part()? {
        length += io::copy(&mut part, &mut io::sink())?;
    }
    Ok(length.to_string())
}

#[route(GET, "/read/<length>")]
fn read(length: u64) -> Stream {
    Stream::reader(io::repeat(b'x').take(length))
}

#[route(GET, "/written/<length>")]
fn written(length: usize) -> Stream {
    Stream::writer(move |out| Ok(out.write_all(&vec![b'x'; length])?))
}

#[route(GET, "/events")]
fn events() -> Sse {
    let (sender, sse) = Sse::channel(2);
    thread::spawn(move || {
        for number in 0..EVENTS {
            // Whose client has gone has nobody to tell.
            if sender.send(Event::data(number)).is_err() {
                return;
            }
        }
    });
    sse
}

#[route(GET, "/file")]
fn file() -> mini_spring::Result<NamedFile> {
    Ok(NamedFile::open(FILE.as_path())?)
}

#[route(GET, "/sleep/<ms>")]
fn sleep(ms: u64) -> &'static str {
    thread::sleep(Duration::from_millis(ms.min(1_000)));
    "slept"
}

#[route(GET, "/panic")]
fn panic() -> &'static str {
    panic!("asked for")
}

/// Serves until the standard input ends, and says the port first.
pub(crate) fn serve() -> mini_spring::Result<()> {
    // The panics that are asked for are expected.
    std::panic::set_hook(Box::new(|_| {}));
    File::create(FILE.as_path())?.write_all(&vec![b'x'; FILE_LENGTH])?;
    let mut config = ServerConfig::default();
    config.host = [127, 0, 0, 1].into();
    config.port = 0;
    config.access_log = false;
    let running = Server::bind_with(config)?.start(App::new())?;
    println!("{}", running.addr().port());
    io::stdin().read_to_end(&mut Vec::new())?;
    running.shutdown();
    let ended = running.join();
    std::fs::remove_file(FILE.as_path())?;
    ended
}
