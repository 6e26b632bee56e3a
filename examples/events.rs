//! A board that every browser sees change: server-sent events, with nothing missed between two connections.
//!
//! ```sh
//! cargo run --example events
//! curl -N http://localhost:8080/events
//! curl -d 'hello' http://localhost:8080/messages
//! curl http://localhost:8080/listeners
//! ```

use mini_spring::{Broadcast, Event, Html, NoContent, Sse, route};

/// How many messages are kept for those who come later, or again.
const KEPT: usize = 100;

static BOARD: Broadcast = Broadcast::new(KEPT);

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
    BOARD.send(Event::data(message));
    NoContent
}

/// How many listen.
#[route(GET, "/listeners")]
fn listeners() -> String {
    BOARD.listeners().to_string()
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
