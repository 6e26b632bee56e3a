//! A board that every browser sees change: server-sent events, with nothing missed between two connections.
//!
//! ```sh
//! cargo run --example events
//! curl -N http://localhost:8080/events
//! curl -d 'hello' http://localhost:8080/messages
//! curl http://localhost:8080/messages.csv
//! ```

use std::sync::Mutex;

use mini_spring::{Broadcast, Event, Html, NoContent, Sse, Stream, route};

/// How many messages are kept for those who come later, or again.
const KEPT: usize = 100;

static BOARD: Broadcast = Broadcast::new(KEPT);

/// The same, for the table.
static MESSAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[route(GET, "/")]
fn index() -> Html<&'static str> {
    Html(
        "<!doctype html><title>Board</title><ul id=board></ul>\
         <form onsubmit='add(this.text.value); this.reset(); return false'><input name=text autofocus></form>\
         <script>\
         new EventSource('events').addEventListener('message', event => {\
           const line = document.createElement('li');\
           line.textContent = event.data;\
           board.append(line);\
         });\
         const add = text => fetch('messages', {method: 'POST', body: text});\
         </script>",
    )
}

/// A browser that has lost its connection says what it has seen last.
#[route(GET, "/events")]
fn events(#[header("Last-Event-ID")] seen: Option<&str>) -> Sse {
    BOARD.listen_after(seen)
}

#[route(POST, "/messages", body_limit = "4KiB")]
fn add(message: String) -> NoContent {
    let mut messages = MESSAGES.lock().unwrap();
    if messages.len() == KEPT {
        messages.remove(0);
    }
    BOARD.send(Event::data(&message));
    messages.push(message);
    NoContent
}

/// All that is kept, written while it is sent.
#[route(GET, "/messages.csv")]
fn export() -> Stream {
    let messages = MESSAGES.lock().unwrap().clone();
    let csv = Stream::writer(move |out| {
        write!(out, "message\r\n")?;
        for message in messages {
            write!(out, "\"{}\"\r\n", message.replace('"', "\"\""))?;
        }
        Ok(())
    });
    csv.with_type("text/csv; charset=utf-8")
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
