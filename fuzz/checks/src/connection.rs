//! Whole connections: bytes in, answers out. The server sees the requests that the model sees, and no other; it answers
//! each once, in a form that the strictest client takes, and the same whatever portions the bytes come in.

use std::cell::OnceCell;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, PoisonError};

use mini_spring::__inside::Stepped;
use mini_spring::http::StatusCode;
use mini_spring::{App, Next, Request, Response, ServerConfig, Stream};

use crate::client::{self, Answer};
use crate::cuts::{self, Dice};
use crate::model::Head;
use crate::session::{End, Limits, Seen, Session};

/// Limits that a fuzzer comes to.
const LIMITS: Limits = Limits {
    line: 100,
    head: 400,
    fields: 8,
    body: 60,
};

/// More bytes only take time.
const MOST: usize = 2048;

/// What is sent behind the input, so that lines that it leaves open come to their end.
const FLUSH: &[u8] = b"\r\n\r\n";

const STREAMED: usize = 100;

/// The server, and the requests that its handlers have seen.
struct Fixture {
    server: Stepped,
    seen: Arc<Mutex<Vec<Seen>>>,
}

thread_local! {
    // At the end of a thread there is too little left of it for a server to be stopped.
    static FIXTURE: OnceCell<ManuallyDrop<Fixture>> = const { OnceCell::new() };
}

/// Sends `bytes` over connections, in several portions.
pub fn check(bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(MOST)];
    FIXTURE.with(|fixture| {
        fixture
            .get_or_init(|| ManuallyDrop::new(Fixture::new()))
            .check(bytes)
    });
}

/// What comes of a connection.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    seen: Vec<Seen>,
    answers: Vec<Answer>,
}

impl Fixture {
    fn new() -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let config = {
            let mut config = ServerConfig::default();
            (config.request_line, config.head) = (LIMITS.line, LIMITS.head);
            (config.fields, config.body) = (LIMITS.fields, LIMITS.body as u64);
            config.access_log = false;
            config
        };
        let app = app(Arc::clone(&seen));
        let server = Stepped::new(app, config).expect("a server");
        Fixture { server, seen }
    }

    fn check(&self, bytes: &[u8]) {
        let input = [bytes, FLUSH].concat();
        let session = Session::of(&input, &LIMITS, is_found);
        let whole = self.send(&[&input], &session);
        judge(&whole, &session);
        let is_certain = session.certain == usize::MAX;
        let is_refused = whole.answers.len() > whole.seen.len();
        assert!(session.end != End::Refused || is_refused || !is_certain);
        let cut = Dice::of(bytes).below(input.len());
        let (front, behind) = input.split_at(cut);
        for way in [
            vec![front, behind],
            cuts::pieces(&input, 1),
            cuts::pieces(&input, 4),
            cuts::pieces(&input, 100),
        ] {
            let other = self.send(&way, &session);
            same(&whole, &other, &session);
        }
        // Broken off anywhere, it has answers that are whole as well.
        let session = Session::of(&input[..cut], &LIMITS, is_found);
        judge(&self.send(&[&input[..cut]], &session), &session);
        self.probe();
    }

    fn send(&self, pieces: &[&[u8]], session: &Session) -> Outcome {
        self.take();
        let mut wire = self.server.connect().expect("a connection");
        let mut answered = Vec::new();
        for piece in pieces {
            answered.extend(wire.feed(piece).expect("no fault of the system"));
        }
        answered.extend(wire.end().expect("no fault of the system"));
        assert!(wire.is_closed(), "the connection stays open");
        let mut is_head: Vec<bool> = session
            .seen
            .iter()
            .map(|seen| seen.method == "HEAD")
            .collect();
        if session.end != End::Nothing {
            is_head.push(session.ends_with_head);
        }
        Outcome {
            seen: self.take(),
            answers: client::answers(&answered, &is_head, wire.is_closed()),
        }
    }

    fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Others are served as before, and no connection is left over.
    fn probe(&self) {
        let mut wire = self.server.connect().expect("a connection");
        let answer = wire.feed(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        assert!(answer.expect("an answer").ends_with(b"\r\n\r\nup"));
        assert_eq!(self.server.open(), 1);
    }
}

/// The application. A middleware notes what has come.
fn app(seen: Arc<Mutex<Vec<Seen>>>) -> App {
    let note = move |request: &mut Request, next: Next<'_>| -> Response {
        let noted = Seen {
            method: request.method().to_string(),
            target: request.target().to_owned(),
            body: request.body().to_vec(),
        };
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(noted);
        next.run(request)
    };
    App::empty()
        .middleware(note)
        .route("GET", "/health", |_: &Request| "up")
        .route("POST", "/echo", |request: &Request| request.body().to_vec())
        .route("PUT", "/nothing", |_: &Request| StatusCode::NO_CONTENT)
        .route("GET", "/stream", |_: &Request| {
            Stream::reader(std::io::Read::take(std::io::repeat(b'x'), STREAMED as u64))
        })
        .route("GET", "/users/<id>", |request: &Request| {
            format!("user {:?}", request.param("id"))
        })
        .route("GET", "/tagged", |request: &Request| {
            let _ = request.query();
            ([("ETag", "\"a\"")], "tagged")
        })
}

/// Whether a request has a route.
fn is_found(head: &Head) -> bool {
    let text = String::from_utf8_lossy(&head.target).into_owned();
    let origin = match text.split_once("://") {
        Some((_, rest)) if !text.starts_with('/') => rest.find('/').map_or("/", |at| &rest[at..]),
        _ => &text,
    };
    let path = origin.split('?').next().unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path);
    let is = |method: &str| head.method == method;
    let gets = is("GET") || is("HEAD");
    match path {
        "/health" | "/stream" | "/tagged" => gets,
        "/echo" => is("POST"),
        "/nothing" => is("PUT"),
        // Encoded paths are as good as others: what isn't certain isn't compared.
        _ => gets && path.starts_with("/users/") && path.len() > "/users/".len(),
    }
}

/// What is answered is what the model has seen.
fn judge(outcome: &Outcome, session: &Session) {
    let Outcome { seen, answers } = outcome;
    let most = session.seen.len() + usize::from(session.end != End::Nothing);
    assert!(
        answers.len() <= most,
        "{} answers to {most} requests",
        answers.len()
    );
    if session.certain < seen.len() || session.certain < session.seen.len() {
        return;
    }
    assert_eq!(seen, &session.seen);
    let refused = answers.len() - seen.len();
    for (seen, answer) in seen.iter().zip(answers) {
        check_answer(seen, answer);
    }
    if let [_, .., last] | [last] = &answers[..] {
        assert!(
            refused == 0 || (last.status >= 400 && last.is_last()),
            "{last:?}"
        );
    }
}

fn check_answer(seen: &Seen, answer: &Answer) {
    let expected = match (&*seen.method, seen.target.as_str()) {
        ("GET", "/health") => b"up".to_vec(),
        ("POST", "/echo") => seen.body.clone(),
        ("GET", "/stream") => vec![b'x'; STREAMED],
        ("PUT", "/nothing") => return assert_eq!(answer.status, 204),
        ("HEAD", _) => return assert!(answer.body.is_empty()),
        _ => return,
    };
    let is_media = !matches!(answer.status, 406 | 415);
    assert!(!is_media || answer.status == 200, "{seen:?} {answer:?}");
    assert!(!is_media || answer.body == expected, "{seen:?} {answer:?}");
}

/// The portions make no difference, up to a request that is answered before its body is here.
fn same(whole: &Outcome, other: &Outcome, session: &Session) {
    if session.certain == usize::MAX {
        return assert_eq!(other, whole);
    }
    let before = |outcome: &Outcome| {
        let count = session.certain.min(outcome.seen.len());
        (
            outcome.seen[..count].to_vec(),
            outcome.answers[..count.min(outcome.answers.len())].to_vec(),
        )
    };
    assert_eq!(before(other), before(whole));
}
