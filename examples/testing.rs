//! A board of notes, and its tests: a `TestApp` sends what a browser would, without a socket.
//!
//! ```sh
//! cargo test --example testing
//! cargo run --example testing
//! curl -c cookies -d 'name=Ada' http://localhost:8080/login
//! curl -b cookies -d 'hello' http://localhost:8080/notes
//! ```

use std::sync::Mutex;

use mini_spring::{
    Created, Event, EventSender, Form, Json, Problem, Redirect, SetCookie, Sse, route,
};
use serde::{Deserialize, Serialize};

static BOARD: Mutex<Board> = Mutex::new(Board {
    notes: Vec::new(),
    listeners: Vec::new(),
});

struct Board {
    notes: Vec<Note>,
    listeners: Vec<EventSender>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Note {
    id: usize,
    author: String,
    text: String,
}

#[derive(Deserialize)]
struct Login {
    name: String,
}

/// Who writes is known by a cookie.
#[route(POST, "/login")]
fn login(Form(login): Form<Login>) -> (SetCookie, Redirect) {
    let cookie = SetCookie::new("author", login.name);
    (cookie, Redirect::to(home::url()))
}

#[route(GET, "/")]
fn home(#[cookie("author")] author: Option<&str>) -> String {
    format!("Hello, {}!", author.unwrap_or("stranger"))
}

#[route(POST, "/notes", body_limit = "1KiB")]
fn add(text: String, #[cookie("author")] author: Option<String>) -> Result<Created<Note>, Problem> {
    let author = author.ok_or(Problem::unauthorized("log in first"))?;
    let mut board = BOARD.lock().unwrap();
    let id = board.notes.len();
    let note = Note { id, author, text };
    let event = Event::json(&note)?.name("note");
    board.notes.push(note.clone());
    board
        .listeners
        .retain(|listener| listener.try_send(event.clone()).is_ok());
    Ok(Created::at(note::url(id)).with(note))
}

#[route(GET, "/notes/<id>")]
fn note(id: usize) -> Option<Json<Note>> {
    BOARD.lock().unwrap().notes.get(id).cloned().map(Json)
}

#[route(GET, "/events")]
fn events() -> Sse {
    let (sender, sse) = Sse::channel(64);
    BOARD.lock().unwrap().listeners.push(sender);
    sse
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

#[cfg(test)]
mod tests {
    use mini_spring::TestApp;
    use serde_json::json;

    use super::*;

    /// A browser of its own, in which somebody has logged in. Tests run in parallel and share the board.
    fn logged_in(name: &str) -> TestApp {
        let app = TestApp::new();
        let request = app.post("/login").form([("name", name)]);
        request
            .follow_redirects()
            .send()
            .assert_text(&format!("Hello, {name}!"));
        app
    }

    mini_spring::verify!();

    #[test]
    fn strangers_only_read() {
        let app = TestApp::new();
        app.get("/").send().assert_text("Hello, stranger!");
        let refused = app.post("/notes").text("hello").send();
        refused
            .assert_status(401)
            .assert_header("Content-Type", "application/problem+json")
            .assert_json_at("/detail", "log in first");
        app.get("/notes/4711").send().assert_status(404);
    }

    #[test]
    fn logging_in_sets_a_cookie() {
        let app = logged_in("Ada L.");
        assert_eq!(app.cookie("author").as_deref(), Some("Ada L."));
        app.clear_cookies();
        app.get("/").send().assert_text("Hello, stranger!");
    }

    #[test]
    fn notes_are_kept() {
        let app = logged_in("Ada");
        let created = app.post("/notes").text("hello").send();
        created
            .assert_status(201)
            .assert_json_contains(json!({"author": "Ada", "text": "hello"}));
        let location = created.header("Location").expect("a place");
        let found = app.get(location).send();
        found.assert_json(created.json::<serde_json::Value>());
    }

    #[test]
    fn notes_are_limited() {
        let app = logged_in("Ada");
        let large = app.post("/notes").text("x".repeat(1025)).send();
        large.assert_status(413);
    }

    #[test]
    fn everybody_hears_of_a_note() {
        let mut events = TestApp::new().get("/events").events();
        let app = logged_in("Grace");
        app.post("/notes").text("news").send().assert_status(201);
        // Other tests write notes meanwhile.
        let mut notes = events.by_ref().map(|event| event.json::<Note>());
        let note = notes.find(|note| note.author == "Grace");
        assert_eq!(note.expect("a note").text, "news");
    }

    /// What a handler does with the connection is for tests with a socket, and so are other clients.
    #[test]
    fn it_serves() {
        let app = TestApp::new().over_tcp();
        app.get("/").send().assert_text("Hello, stranger!");
        assert!(std::net::TcpStream::connect(app.addr()).is_ok());
    }

    /// A handler is a function.
    #[test]
    fn a_stranger_is_greeted() {
        assert_eq!(home(None), "Hello, stranger!");
    }
}
