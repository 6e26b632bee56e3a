//! Whole connections: bytes in, answers out. The server sees the requests that the model sees, and no other; it answers
//! each once, in a form that the strictest client takes, and the same whatever portions the bytes come in.

use std::cell::OnceCell;
use std::mem::ManuallyDrop;
use std::time::Duration;

use mini_spring::__inside::Stepped;
use mini_spring::ServerConfig;

use crate::application::{self, Notes};
use crate::client::{self, Answer};
use crate::cuts::{self, Dice};
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

/// The server, and the requests that its handlers have seen.
struct Fixture {
    server: Stepped,
    notes: Notes,
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
        let notes = Notes::default();
        let config = {
            let mut config = ServerConfig::default();
            (config.request_line, config.head) = (LIMITS.line, LIMITS.head);
            (config.fields, config.body) = (LIMITS.fields, LIMITS.body as u64);
            (config.access_log, config.body_buffer) = (false, LIMITS.body / 3);
            config.body_timeout = Duration::from_millis(1);
            config
        };
        let app = application::app(notes.clone());
        let server = Stepped::new(app, config).expect("a server");
        Fixture { server, notes }
    }

    fn check(&self, bytes: &[u8]) {
        let input = [bytes, FLUSH].concat();
        let session = Session::of(&input, &LIMITS, application::waits);
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
        let session = Session::of(&input[..cut], &LIMITS, application::waits);
        judge(&self.send(&[&input[..cut]], &session), &session);
        self.probe();
    }

    fn send(&self, pieces: &[&[u8]], session: &Session) -> Outcome {
        self.notes.take();
        let mut wire = self.server.connect().expect("a connection");
        let mut answered = Vec::new();
        for piece in pieces {
            answered.extend(wire.feed(piece).expect("no fault of the system"));
        }
        answered.extend(wire.end().expect("no fault of the system"));
        assert!(wire.is_closed(), "the connection stays open");
        let mut seen = self.notes.take();
        if session.end != End::Nothing {
            // The middleware that notes is around refusals for a route as well: that they are some, their answers tell.
            seen.truncate(session.seen.len());
        }
        let mut is_head: Vec<bool> = session
            .seen
            .iter()
            .map(|seen| seen.method == "HEAD")
            .collect();
        if session.end != End::Nothing {
            is_head.push(session.ends_with_head);
        }
        Outcome {
            seen,
            answers: client::answers(&answered, &is_head, wire.is_closed()),
        }
    }

    /// Others are served as before, and no connection is left over.
    fn probe(&self) {
        let mut wire = self.server.connect().expect("a connection");
        let answer = wire.feed(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        assert!(answer.expect("an answer").ends_with(b"\r\n\r\nup"));
        assert_eq!(self.server.open(), 1);
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
    assert_eq!(seen.len(), session.seen.len());
    for (seen, expected) in seen.iter().zip(&session.seen) {
        // What is kept in a file is no body of the request.
        let is_same = seen.body == expected.body || seen.target == "/spool";
        assert!(
            is_same && seen.target == expected.target,
            "{seen:?} is {expected:?}"
        );
        assert_eq!(seen.method, expected.method);
    }
    let refused = answers.len() - seen.len();
    for (seen, answer) in session.seen.iter().zip(answers) {
        application::judge(seen, answer);
    }
    if let [_, .., last] | [last] = &answers[..] {
        assert!(
            refused == 0 || (last.status >= 400 && last.is_last()),
            "{last:?}"
        );
    }
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
