//! [`TestEvents`]: server-sent events as a browser gets them, one by one.

mod parser;

use std::fmt;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use self::parser::Parser;
use super::pending::Pending;

/// How long an event is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of one event.
const LARGEST_EVENT: usize = 16 << 20;

/// The events of an answer, from [`TestRequest::events`](super::TestRequest::events): each is there as soon as it was
/// sent, and the iterator ends with the stream. Dropping it is a client that leaves, which the
/// [sender](crate::EventSender) learns.
///
/// ```
/// use std::sync::Mutex;
/// use mini_spring::{Event, EventSender, Sse, TestApp, route, routes};
///
/// static LISTENERS: Mutex<Vec<EventSender>> = Mutex::new(Vec::new());
///
/// #[route(GET, "/counts")]
/// fn counts() -> Sse {
///     let (sender, sse) = Sse::channel(8);
///     LISTENERS.lock().unwrap().push(sender);
///     sse
/// }
///
/// #[route(POST, "/counts")]
/// fn count(number: &str) {
///     let event = Event::data(number).name("count");
///     LISTENERS.lock().unwrap().retain(|listener| listener.try_send(event.clone()).is_ok());
/// }
///
/// let app = TestApp::of(routes![counts, count]);
/// let mut events = app.get("/counts").events();
/// app.post("/counts").text("7").send().assert_status(204);
/// let event = events.next().unwrap();
/// assert_eq!((&*event.name, event.json::<u32>()), ("count", 7));
///
/// drop(events);
/// assert!(LISTENERS.lock().unwrap()[0].is_gone());
/// ```
#[must_use = "a client that doesn't listen has left"]
#[derive(Debug)]
pub struct TestEvents {
    pending: Pending,
    parser: Parser,
    patience: Duration,
    is_over: bool,
}

/// One server-sent event.
///
/// ```
/// use mini_spring::{Event, Sse, TestApp, route, routes};
///
/// #[route(GET, "/prices")]
/// fn prices() -> mini_spring::Result<Sse> {
///     let (sender, sse) = Sse::channel(2);
///     sender.try_send(Event::json(&[990])?.name("price").id(7))?;
///     Ok(sse)
/// }
///
/// let event = TestApp::of(routes![prices]).get("/prices").events().next().unwrap();
/// assert_eq!((&*event.name, event.id.as_deref(), event.retry), ("price", Some("7"), None));
/// assert_eq!(event.json::<[u32; 1]>(), [990]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestEvent {
    /// Its name; `message` if it was sent without.
    pub name: String,
    /// Its data.
    pub data: String,
    /// Its identifier, if it has one.
    pub id: Option<String>,
    /// How long a client is to wait before it connects again, if the event says so.
    pub retry: Option<Duration>,
}

impl TestEvent {
    /// The data, read as JSON.
    ///
    /// # Panics
    ///
    /// It isn't JSON, or not of this shape.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.data).unwrap_or_else(|error| {
            let expected = std::any::type_name::<T>();
            panic!("expected data that is `{expected}` in JSON: {error}\n\n{self}")
        })
    }
}

/// All of it, line by line.
impl fmt::Display for TestEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "event: {}", self.name)?;
        if let Some(id) = &self.id {
            write!(formatter, "\nid: {id}")?;
        }
        if let Some(retry) = self.retry {
            write!(formatter, "\nretry: {}", retry.as_millis())?;
        }
        let mut lines = self.data.split('\n');
        lines.try_for_each(|line| write!(formatter, "\ndata: {line}"))
    }
}

impl TestEvents {
    /// Reads the head of an answer, which has to be one of events.
    #[track_caller]
    pub(super) fn new(mut pending: Pending) -> Self {
        while pending.incoming().head().is_none() {
            if let Err(why) = pending.more(None) {
                pending.fail(format_args!("there is no answer: {why}"));
            }
        }
        let head = pending.incoming().head();
        let is_of_events = head.is_some_and(|head| {
            let content_type = head.field("content-type").unwrap_or_default();
            head.status == 200 && content_type.starts_with(b"text/event-stream")
        });
        if !is_of_events {
            let response = pending.finish();
            response.fail(format_args!(
                "expected `text/event-stream`, found another answer"
            ));
        }
        TestEvents {
            pending,
            parser: Parser::default(),
            patience: PATIENCE,
            is_over: false,
        }
    }

    /// Waits so long for each event; 10 s unless it is set.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mini_spring::{Event, Sse, TestApp, route, routes};
    ///
    /// #[route(GET, "/news")]
    /// fn news() -> Sse {
    ///     let (sender, sse) = Sse::channel(1);
    ///     let _ = sender.try_send(Event::data("it rains"));
    ///     sse
    /// }
    ///
    /// let events = TestApp::of(routes![news]).get("/news").events();
    /// assert_eq!(events.header("Content-Type"), Some("text/event-stream"));
    /// let mut events = events.patience(Duration::from_secs(60));
    /// assert_eq!(events.next().unwrap().data, "it rains");
    /// ```
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The value of the first header field of this name, in any case; `None` also where it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.pending.incoming().head()?;
        std::str::from_utf8(head.field(name)?).ok()
    }

    /// The values of the fields `Set-Cookie`, as far as they are text.
    pub(super) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        let head = self.pending.incoming().head().into_iter();
        let values = head.flat_map(|head| head.all("set-cookie"));
        values.filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// Takes what has come, and waits for more of it until then.
    #[track_caller]
    fn receive(&mut self, end: Instant) {
        let bytes = self.pending.take_body();
        self.parser.take(&bytes);
        if self.parser.size() > LARGEST_EVENT {
            let most = LARGEST_EVENT;
            self.pending
                .fail(format_args!("an event has more than {most} bytes"));
        }
        self.is_over = self.pending.incoming().is_whole();
        if self.parser.has_event() || self.is_over {
            return;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            self.miss();
        }
        if let Err(why) = self.pending.more(Some(left)) {
            if Instant::now() >= end {
                self.miss();
            }
            self.pending
                .fail(format_args!("the events break off: {why}"));
        }
    }

    #[track_caller]
    fn miss(&self) -> ! {
        let patience = self.patience;
        self.pending.fail(format_args!(
            "expected an event or the end of the events within {patience:?}, found none"
        ))
    }
}

impl Iterator for TestEvents {
    type Item = TestEvent;

    /// Waits for the next event; `None` is the end of the stream.
    ///
    /// # Panics
    ///
    /// There is neither for longer than the [patience](TestEvents::patience), or the stream breaks off.
    #[track_caller]
    fn next(&mut self) -> Option<TestEvent> {
        let end = Instant::now() + self.patience;
        while !self.parser.has_event() && !self.is_over {
            self.receive(end);
        }
        self.parser.next()
    }
}
