//! Server-sent events: [`Sse`], what a handler returns, and [`EventSender`], what other threads keep of it.
//!
//! The format is that of the HTML standard, section 9.2, "Server-sent events".

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::CACHE_CONTROL;
use serde::Serialize;

use super::IntoResponse;
use crate::channel::{Receiver, Refused, Sender, channel};
use crate::error::Result;
use crate::response::{Body, Feed, Response};

/// A comment, which clients ignore.
const BEAT: &[u8] = b":\n\n";

/// How long nothing is sent before a comment is.
const EVERY: Duration = Duration::from_secs(15);

/// A stream of server-sent events, which a browser reads with `EventSource`.
///
/// A handler returns it and keeps the [sender](EventSender), or gives it to whoever has something to tell. From then
/// on the client costs a connection and no worker, and however many threads may send to it. The answer ends
/// when the last sender is dropped, when the client leaves, or at once when the server stops; a browser then
/// connects again, and says in `Last-Event-ID` which [event](Event::id) it has seen last.
///
/// ```
/// use std::thread;
/// use mini_spring::{Event, Gone, Sse, TestApp, route, routes};
///
/// #[route(GET, "/countdown/<from>")]
/// fn countdown(from: u32) -> Sse {
///     let (sender, sse) = Sse::channel(8);
///     thread::spawn(move || -> Result<(), Gone> {
///         (0..from).rev().try_for_each(|number| sender.send(Event::data(number)))
///     });
///     sse
/// }
///
/// let app = TestApp::of(routes![countdown]);
/// let numbers: Vec<String> = app.get("/countdown/3").events().map(|event| event.data).collect();
/// assert_eq!(numbers, ["2", "1", "0"]);
/// ```
///
/// The same events for many clients are a [`Broadcast`](super::Broadcast).
#[must_use = "the events are sent when it is returned"]
pub struct Sse {
    receiver: Receiver,
    every: Duration,
}

impl Sse {
    /// The two ends of a stream: its sender, and the answer. At most `capacity` events wait for a client that is
    /// slow, and at least one.
    pub fn channel(capacity: usize) -> (EventSender, Sse) {
        let (sender, receiver) = channel(capacity);
        let sse = Sse {
            receiver,
            every: EVERY,
        };
        (EventSender { sender }, sse)
    }

    /// Sends a comment whenever nothing was sent for so long: proxies close connections that are silent, and a
    /// client that vanished without a word is noticed only when it is sent something. 15 seconds unless it is set,
    /// and at least one.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mini_spring::Sse;
    ///
    /// let (_sender, sse) = Sse::channel(64);
    /// let sse = sse.keep_alive(Duration::from_secs(30));
    /// ```
    pub fn keep_alive(mut self, every: Duration) -> Self {
        self.every = every.max(Duration::from_secs(1));
        self
    }
}

impl IntoResponse for Sse {
    fn into_response(self) -> Response {
        let feed = Feed {
            receiver: self.receiver,
            beat: (BEAT, self.every),
        };
        let mut response = Response::of("text/event-stream", Body::Fed(Box::new(feed)));
        let fields = response.fields_mut();
        fields.append(CACHE_CONTROL, &HeaderValue::from_static("no-store"));
        // nginx and others would collect events before they pass them on.
        let buffering = http::HeaderName::from_static("x-accel-buffering");
        fields.append(buffering, &HeaderValue::from_static("no"));
        response
    }
}

impl fmt::Debug for Sse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sse").finish_non_exhaustive()
    }
}

/// Sends events to one client, from any thread. Clones send to the same client.
///
/// ```
/// use mini_spring::{Event, Gone, Sse, TrySendError};
///
/// let (sender, sse) = Sse::channel(1);
/// sender.try_send(Event::data("one"))?;
/// assert_eq!(sender.try_send(Event::data("two")), Err(TrySendError::Full));
/// // An answer that isn't sent is a client that has left.
/// drop(sse);
/// assert!(sender.is_gone());
/// assert_eq!(sender.send(Event::data("three")), Err(Gone));
/// # Ok::<(), TrySendError>(())
/// ```
#[derive(Clone)]
pub struct EventSender {
    sender: Sender,
}

impl EventSender {
    /// Sends an event. Where as many wait as may, it waits until the client has taken one, for half a minute at
    /// most: whoever takes nothing for so long has gone. A handler that sends before it returns its [`Sse`] must
    /// not send more than the capacity.
    ///
    /// # Errors
    ///
    /// The client has left, or the server stops.
    pub fn send(&self, event: Event) -> Result<(), Gone> {
        self.sender.send(event.text).map_err(|_| Gone)
    }

    /// Sends an event if fewer wait than may, and doesn't wait itself: for those who send to many clients, and
    /// must not wait for the slowest.
    ///
    /// # Errors
    ///
    /// The client has left, or it is too slow.
    pub fn try_send(&self, event: Event) -> Result<(), TrySendError> {
        self.sender
            .try_send(event.text)
            .map_err(|refused| match refused {
                Refused::Gone => TrySendError::Gone,
                Refused::Full => TrySendError::Full,
            })
    }

    /// Whether the client has left, or the server stops, as far as that is known.
    pub fn is_gone(&self) -> bool {
        self.sender.is_gone()
    }
}

impl fmt::Debug for EventSender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventSender")
            .field("is_gone", &self.is_gone())
            .finish()
    }
}

/// The client of a stream has left.
///
/// ```
/// use mini_spring::Gone;
///
/// assert_eq!(Gone.to_string(), "the client has left");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

impl fmt::Display for Gone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the client has left")
    }
}

impl std::error::Error for Gone {}

/// Why an event wasn't sent at once.
///
/// ```
/// use mini_spring::{Event, EventSender, TrySendError};
///
/// /// Tells a listener of something, and whether it is still there; who is too slow misses it.
/// fn tell(listener: &EventSender, event: Event) -> bool {
///     listener.try_send(event) != Err(TrySendError::Gone)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrySendError {
    /// The client has left.
    Gone,
    /// As many events wait for the client as may.
    Full,
}

impl fmt::Display for TrySendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrySendError::Gone => Gone.fmt(formatter),
            TrySendError::Full => formatter.write_str("the client is too slow"),
        }
    }
}

impl std::error::Error for TrySendError {}

/// One event. To clone it costs next to nothing, whatever is in it.
///
/// ```
/// use mini_spring::Event;
///
/// #[derive(serde::Serialize)]
/// struct Price {
///     cents: u64,
/// }
///
/// let event = Event::json(&Price { cents: 990 })?.name("price").id("7");
/// assert_eq!(event.to_string(), "data: {\"cents\":990}\nevent: price\nid: 7\n\n");
/// # Ok::<(), mini_spring::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// As it is sent.
    text: Arc<Vec<u8>>,
}

impl Event {
    /// An event with this text, which may have many lines. Line breaks of any kind arrive as `\n`, as the format
    /// has no other.
    ///
    /// ```
    /// use mini_spring::Event;
    ///
    /// assert_eq!(Event::data("one\ntwo").to_string(), "data: one\ndata: two\n\n");
    /// ```
    pub fn data(text: impl fmt::Display) -> Self {
        Event::empty().lines("data", &text.to_string())
    }

    /// An event with this value as JSON.
    ///
    /// # Errors
    ///
    /// The value can't be serialised.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        let text = serde_json::to_string(value)?;
        Ok(Event::empty().lines("data", &text))
    }

    /// A comment: clients ignore it.
    ///
    /// ```
    /// use mini_spring::Event;
    ///
    /// assert_eq!(Event::comment("still here").to_string(), ": still here\n\n");
    /// ```
    pub fn comment(text: impl fmt::Display) -> Self {
        Event::empty().lines("", &text.to_string())
    }

    /// The event's name: `addEventListener(name, ..)` of an `EventSource` gets it; without one it is a `message`.
    /// A name has no line breaks: they become spaces.
    pub fn name(self, name: impl AsRef<str>) -> Self {
        self.line("event", name.as_ref())
    }

    /// The event's identifier, which a client that connects again sends as `Last-Event-ID`; a handler takes it as
    /// `#[header("last-event-id")] seen: Option<u64>`. Line breaks and NUL become spaces.
    pub fn id(self, id: impl fmt::Display) -> Self {
        self.line("id", &id.to_string())
    }

    /// How long the client is to wait before it connects again, in whole milliseconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mini_spring::Event;
    ///
    /// let event = Event::data("closing").retry(Duration::from_secs(60));
    /// assert_eq!(event.to_string(), "data: closing\nretry: 60000\n\n");
    /// ```
    pub fn retry(self, delay: Duration) -> Self {
        self.line("retry", &delay.as_millis().to_string())
    }

    fn empty() -> Self {
        Event {
            text: Arc::new(vec![b'\n']),
        }
    }

    fn lines(mut self, field: &str, text: &str) -> Self {
        // CR LF is one line break, and CR alone is one too.
        for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
            self = self.field(field, line);
        }
        self
    }

    fn line(self, field: &str, value: &str) -> Self {
        self.field(field, &value.replace(['\r', '\n', '\0'], " "))
    }

    /// Adds a line before the empty one that ends the event.
    fn field(mut self, field: &str, value: &str) -> Self {
        let text = Arc::make_mut(&mut self.text);
        text.pop();
        for part in [field, ": ", value, "\n\n"] {
            text.extend_from_slice(part.as_bytes());
        }
        self
    }
}

/// As it is sent.
impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(&self.text))
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Event({:?})", self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(event: Event, expected: &str) {
        assert_eq!(event.to_string(), expected);
    }

    #[test]
    fn events() {
        check(Event::data("hello"), "data: hello\n\n");
        check(Event::data(""), "data: \n\n");
        check(
            Event::data("a\nb\r\nc\rd\n"),
            "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n",
        );
        check(
            Event::data(7).name("count").id(8),
            "data: 7\nevent: count\nid: 8\n\n",
        );
        check(Event::comment("still here"), ": still here\n\n");
        check(
            Event::data("x").retry(Duration::from_millis(1500)),
            "data: x\nretry: 1500\n\n",
        );
        check(Event::json(&["a\nb"]).unwrap(), "data: [\"a\\nb\"]\n\n");
    }

    #[test]
    fn names_have_no_line_breaks() {
        check(
            Event::data("x").name("a\ndata: b"),
            "data: x\nevent: a data: b\n\n",
        );
        check(Event::data("x").id("1\r\n2\0"), "data: x\nid: 1  2 \n\n");
    }

    #[test]
    fn clones_are_what_they_were() {
        let event = Event::data("x");
        let named = event.clone().name("y");
        check(event, "data: x\n\n");
        check(named, "data: x\nevent: y\n\n");
    }

    #[test]
    fn a_dropped_answer_has_no_client() {
        let (sender, sse) = Sse::channel(1);
        sender.send(Event::data(1)).unwrap();
        assert_eq!(sender.try_send(Event::data(2)), Err(TrySendError::Full));
        assert!(!sender.is_gone());
        drop(sse.into_response());
        assert_eq!(sender.send(Event::data(3)), Err(Gone));
        assert_eq!(sender.try_send(Event::data(3)), Err(TrySendError::Gone));
        assert!(sender.is_gone());
    }
}
