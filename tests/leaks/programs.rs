//! What is served to clients that are killed: a route for each way of a body in, and of one out.

use std::io::{self, Read};
use std::sync::Mutex;
use std::time::Duration;

use mini_spring::{
    App, Body, Event, EventSender, Multipart, MultipartForm, Sse, Stream, TempFile, TrySendError,
    route, routes,
};

/// More than the sockets' buffers take at once.
const LARGE: usize = 4 << 20;

/// More than they ever take.
pub(crate) const HUGE: usize = 16 << 20;

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

#[route(POST, "/memory")]
fn memory(body: Vec<u8>) -> String {
    body.len().to_string()
}

#[route(POST, "/timed", timeout = "20s")]
fn timed(body: Vec<u8>) -> String {
    body.len().to_string()
}

#[route(POST, "/file")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/live")]
fn live(mut body: Body) -> io::Result<String> {
    let length = io::copy(&mut body, &mut io::sink())?;
    Ok(length.to_string())
}

/// It doesn't read to the end.
#[route(POST, "/glance")]
fn glance(mut body: Body) -> io::Result<String> {
    let length = body.read(&mut [0; 1000])?;
    Ok(length.min(1).to_string())
}

#[route(POST, "/timed-live", timeout = "20s")]
fn timed_live(mut body: Body) -> io::Result<String> {
    let length = io::copy(&mut body, &mut io::sink())?;
    Ok(length.to_string())
}

#[route(POST, "/parts")]
fn parts(mut form: Multipart) -> mini_spring::Result<String> {
    let mut files = Vec::new();
    while let Some(part) = form.next_part()? {
        files.push(part.spool()?);
    }
    Ok(files.len().to_string())
}

#[route(POST, "/form")]
fn form(form: MultipartForm) -> String {
    form.files().len().to_string()
}

#[route(GET, "/large")]
fn large() -> Vec<u8> {
    vec![b'x'; LARGE]
}

#[route(GET, "/huge")]
fn huge() -> Vec<u8> {
    vec![b'x'; HUGE]
}

#[route(GET, "/reader")]
fn reader() -> Stream {
    Stream::reader(io::repeat(b'x').take(LARGE as u64)).with_type("text/plain")
}

#[route(GET, "/items")]
fn items() -> Stream {
    Stream::iter((0..LARGE / 8192).map(|_| vec![b'x'; 8192]))
}

#[route(GET, "/writer")]
fn writer() -> Stream {
    Stream::writer(|out| {
        let piece = vec![b'x'; 8192];
        for _ in 0..LARGE / piece.len() {
            out.write_all(&piece)?;
        }
        Ok(())
    })
}

/// Who has subscribed to `/events`.
static SUBSCRIBERS: Mutex<Vec<EventSender>> = Mutex::new(Vec::new());

#[route(GET, "/events")]
fn events() -> Sse {
    let (sender, events) = Sse::channel(4);
    SUBSCRIBERS.lock().unwrap().push(sender);
    events.keep_alive(Duration::from_secs(1))
}

/// Sends an event to all of them, and forgets those that have left. How many are left.
pub(crate) fn publish() -> usize {
    let event = Event::data("x".repeat(50_000));
    let mut subscribers = SUBSCRIBERS.lock().unwrap();
    subscribers.retain(|sender| sender.try_send(event.clone()) != Err(TrySendError::Gone));
    subscribers.len()
}

pub(crate) fn app() -> App {
    App::empty().mount(
        "/",
        routes![
            health, memory, timed, file, live, glance, timed_live, parts, form, large, huge,
            reader, items, writer, events
        ],
    )
}
