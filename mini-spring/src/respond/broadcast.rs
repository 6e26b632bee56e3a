//! [`Broadcast`]: the same events for many clients. Knows how neither of them is sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::sse::{Event, EventSender, Sse};

/// How many events may wait for a client, beside those that are kept.
const WAITING: usize = 64;

/// Server-sent events for everybody who listens; the last ones are kept for those who come later, or again.
///
/// [`send`](Broadcast::send) never waits: a client that is too slow for its queue, which holds all that is kept and 64
/// events more, is dropped. A browser then connects again, and says in `Last-Event-ID` what it has seen last, because
/// every event has an [id](Event::id) of the broadcast's: [`listen_after`](Broadcast::listen_after) sends it what it has
/// missed first. To be shared it is a `static` or a component.
///
/// ```
/// use mini_spring::{Broadcast, Event, Sse, TestApp, route, routes};
///
/// static NEWS: Broadcast = Broadcast::new(100);
///
/// #[route(GET, "/news")]
/// fn news(#[header("Last-Event-ID")] seen: Option<&str>) -> Sse {
///     NEWS.listen_after(seen)
/// }
///
/// #[route(POST, "/news")]
/// fn publish(text: &str) {
///     NEWS.send(Event::data(text));
/// }
///
/// let app = TestApp::of(routes![news, publish]);
/// app.post("/news").text("it rains").send().assert_status(204);
/// let mut events = app.get("/news").events();
/// let first = events.next().unwrap();
/// assert_eq!(first.data, "it rains");
/// app.post("/news").text("it snows").send().assert_status(204);
/// assert_eq!(events.next().unwrap().data, "it snows");
///
/// let mut again = app.get("/news").header("Last-Event-ID", first.id.unwrap()).events();
/// assert_eq!(again.next().unwrap().data, "it snows");
/// ```
///
/// The streams end when it is dropped, and when the server stops.
pub struct Broadcast {
    kept: usize,
    inside: Mutex<Inside>,
}

struct Inside {
    /// What tells the ids of one run of a program from those of another: when the first event was sent.
    run: Option<u128>,
    /// How many events were sent.
    sent: u64,
    last: VecDeque<(u64, Event)>,
    listeners: Vec<EventSender>,
}

impl Broadcast {
    /// One that keeps the last `kept` events for those who come later, or again; 0 keeps none.
    pub const fn new(kept: usize) -> Self {
        Broadcast {
            kept,
            inside: Mutex::new(Inside {
                run: None,
                sent: 0,
                last: VecDeque::new(),
                listeners: Vec::new(),
            }),
        }
    }

    /// Sends an event to everybody who listens, with an id of the broadcast's. It waits for nobody.
    pub fn send(&self, event: Event) {
        let mut inside = self.inside();
        inside.sent += 1;
        let number = inside.sent;
        let run = inside.run();
        let event = event.id(format_args!("{run:x}-{number}"));
        inside
            .listeners
            .retain(|listener| listener.try_send(event.clone()).is_ok());
        if self.kept > 0 {
            if inside.last.len() >= self.kept {
                inside.last.pop_front();
            }
            inside.last.push_back((number, event));
        }
    }

    /// Listens to what is sent from now on.
    ///
    /// ```
    /// use mini_spring::{Broadcast, Sse, TestApp, route, routes};
    ///
    /// static TICKS: Broadcast = Broadcast::new(0);
    ///
    /// #[route(GET, "/ticks")]
    /// fn ticks() -> Sse {
    ///     TICKS.listen()
    /// }
    ///
    /// let listener = TestApp::of(routes![ticks]).get("/ticks").events();
    /// assert_eq!(TICKS.listeners(), 1);
    /// drop(listener);
    /// assert_eq!(TICKS.listeners(), 0);
    /// ```
    pub fn listen(&self) -> Sse {
        let number = self.inside().sent;
        self.listen_behind(number)
    }

    /// Listens to what is sent from now on, and before that gets what is kept: all of it, or what came after the event
    /// that the client says it has seen last, in its header field `Last-Event-ID`. An id of another run of the program
    /// counts as none.
    pub fn listen_after(&self, seen: Option<&str>) -> Sse {
        let number = seen.and_then(|seen| self.inside().number(seen));
        self.listen_behind(number.unwrap_or(0))
    }

    /// How many clients listen, as far as it is known that they haven't left.
    pub fn listeners(&self) -> usize {
        let mut inside = self.inside();
        inside.forget_gone();
        inside.listeners.len()
    }

    fn listen_behind(&self, number: u64) -> Sse {
        let (sender, sse) = Sse::channel(self.kept.saturating_add(WAITING));
        let mut inside = self.inside();
        // Where nothing is sent, nobody else forgets them.
        inside.forget_gone();
        for (_, event) in inside.last.iter().filter(|(kept, _)| *kept > number) {
            // There is room for all that is kept, and its client hasn't left before it was answered.
            let _ = sender.try_send(event.clone());
        }
        inside.listeners.push(sender);
        sse
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn run(&mut self) -> u128 {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH);
        *self
            .run
            .get_or_insert_with(|| now().map_or(0, |now| now.as_nanos()))
    }

    /// The number in an id, if it is one of this run.
    fn number(&self, id: &str) -> Option<u64> {
        let (run, number) = id.split_once('-')?;
        let is_ours = u128::from_str_radix(run, 16).ok() == self.run;
        number
            .parse()
            .ok()
            .filter(|number| is_ours && *number <= self.sent)
    }

    fn forget_gone(&mut self) {
        self.listeners.retain(|listener| !listener.is_gone());
    }
}

impl fmt::Debug for Broadcast {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inside = self.inside();
        formatter
            .debug_struct("Broadcast")
            .field("kept", &self.kept)
            .field("sent", &inside.sent)
            .field("listeners", &inside.listeners.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_slow_or_has_left_is_forgotten() {
        let news = Broadcast::new(2);
        let (slow, gone) = (news.listen(), news.listen());
        assert_eq!(news.listeners(), 2);
        drop(gone);
        assert_eq!(news.listeners(), 1);
        for number in 0..2 + WAITING {
            news.send(Event::data(number));
        }
        assert_eq!(news.listeners(), 1);
        news.send(Event::data("one too many"));
        assert_eq!(news.listeners(), 0);
        drop(slow);
    }

    #[test]
    fn so_many_are_kept_and_no_more() {
        for kept in [0, 1, 3] {
            let news = Broadcast::new(kept);
            (0..5).for_each(|number| news.send(Event::data(number)));
            assert_eq!(news.inside().last.len(), kept);
        }
    }

    #[test]
    fn ids_of_other_runs_are_none() {
        let news = Broadcast::new(9);
        assert_eq!(news.inside().number("0-1"), None);
        news.send(Event::data("x"));
        let run = news.inside().run();
        let number = |id: String| news.inside().number(&id);
        assert_eq!(number(format!("{run:x}-1")), Some(1));
        assert_eq!(number(format!("{:x}-1", run + 1)), None);
        for id in ["2", "", "-", "x-1"] {
            assert_eq!(number(id.to_owned()), None, "{id}");
        }
        assert_eq!(number(format!("{run:x}-2")), None);
    }
}
