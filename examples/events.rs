//! A board that every browser sees change: server-sent events, with nothing missed between two connections.
//!
//! ```sh
//! cargo run --example events
//! curl -N http://localhost:8080/events
//! curl -d 'hello' http://localhost:8080/messages
//! curl -N -H 'Last-Event-ID: 1' http://localhost:8080/events
//! curl http://localhost:8080/listeners
//! ```

use std::collections::VecDeque;
use std::sync::Mutex;

use mini_spring::{Event, EventSender, Html, NoContent, Sse, route};

/// How many messages are kept for those who come later.
const KEPT: usize = 100;

/// Events that wait for one client at most. It must have room for what is kept.
const QUEUE: usize = 2 * KEPT;

static BOARD: Mutex<Board> = Mutex::new(Board::new());

/// The last messages, and who sees the next.
struct Board {
    next: u64,
    messages: VecDeque<(u64, String)>,
    listeners: Vec<EventSender>,
}

impl Board {
    const fn new() -> Self {
        Board {
            next: 1,
            messages: VecDeque::new(),
            listeners: Vec::new(),
        }
    }

    fn add(&mut self, message: String) {
        let event = event(self.next, &message);
        // Whoever has left, or is so slow, is forgotten; a browser connects again and says what it has seen.
        self.listeners
            .retain(|listener| listener.try_send(event.clone()).is_ok());
        self.messages.push_back((self.next, message));
        self.next += 1;
        if self.messages.len() > KEPT {
            self.messages.pop_front();
        }
    }

    /// Everything behind the message that was seen last, and then everything that comes.
    fn listen(&mut self, seen: u64) -> Sse {
        let (sender, sse) = Sse::channel(QUEUE);
        let missed = self.messages.iter().filter(|(id, _)| *id > seen);
        let are_sent = missed
            .map(|(id, message)| sender.try_send(event(*id, message)))
            .all(|sent| sent.is_ok());
        if are_sent {
            self.listeners.push(sender);
        }
        sse
    }
}

fn event(id: u64, message: &str) -> Event {
    Event::data(message).name("message").id(id)
}

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
fn events(#[header("Last-Event-ID")] seen: Option<u64>) -> Sse {
    BOARD.lock().unwrap().listen(seen.unwrap_or(0))
}

#[route(POST, "/messages", body_limit = "4KiB")]
fn add(message: String) -> NoContent {
    BOARD.lock().unwrap().add(message);
    NoContent
}

/// How many listen. Who has left is noticed here, or with the next message.
#[route(GET, "/listeners")]
fn listeners() -> String {
    let mut board = BOARD.lock().unwrap();
    board.listeners.retain(|listener| !listener.is_gone());
    board.listeners.len().to_string()
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
