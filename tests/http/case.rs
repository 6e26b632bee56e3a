//! A row of a table: bytes that a client sends, and what must come of them.

use super::answers::Answer;

/// What a client sends, and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: String,
    /// `9112 5.1` is section 5.1 of RFC 9112.
    pub section: &'static str,
    pub sent: Vec<u8>,
    pub answers: Vec<Expected>,
    pub end: End,
    /// Whether a `100 Continue` comes depends on what has arrived of a body (RFC 9110, section 10.1.1).
    pub may_continue: bool,
}

/// What becomes of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It goes on: a request behind is answered.
    Open,
    /// The server ends it, and answers nothing that comes behind.
    Closed,
    /// The same, as the client has asked for; one that goes on sending may meet a reset.
    AsAsked,
    /// The server waits for more, and answers nothing when the client ends it.
    Unfinished,
}

/// An answer that must come.
#[derive(Debug, Clone)]
pub struct Expected {
    pub status: u16,
    body: Option<String>,
    /// Without a value, the field mustn't be there.
    fields: Vec<(&'static str, Option<String>)>,
    pub is_head: bool,
}

impl Expected {
    pub fn status(status: u16) -> Self {
        Expected {
            status,
            body: None,
            fields: Vec::new(),
            is_head: false,
        }
    }

    /// 200 with this body.
    pub fn ok(body: impl Into<String>) -> Self {
        Expected::status(200).body(body)
    }

    /// The server has had enough.
    pub fn refusal(status: u16) -> Self {
        Expected::status(status)
            .with("connection", "close")
            .with("content-type", "application/problem+json")
    }

    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, Some(value.to_owned())));
        self
    }

    pub fn without(mut self, name: &'static str) -> Self {
        self.fields.push((name, None));
        self
    }

    /// The same body, but for this in it.
    pub fn replace(&mut self, from: &str, to: &str) {
        self.body = self.body.take().map(|body| body.replace(from, to));
    }

    /// The answer to a HEAD.
    pub fn for_head(mut self) -> Self {
        self.is_head = true;
        self
    }

    pub fn check(&self, answer: &Answer) -> Result<(), String> {
        if answer.status != self.status {
            return Err(format!(
                "status {} instead of {}",
                answer.status, self.status
            ));
        }
        for (name, value) in &self.fields {
            let found = answer.field(name);
            if found != value.as_deref() {
                return Err(format!("{name} is {found:?} instead of {value:?}"));
            }
        }
        let body = String::from_utf8_lossy(&answer.body);
        match &self.body {
            Some(expected) if *expected != body => {
                Err(format!("the body is {body:?} instead of {expected:?}"))
            }
            _ => Ok(()),
        }
    }
}

impl Case {
    pub fn new(
        name: impl Into<String>,
        section: &'static str,
        sent: impl Into<Vec<u8>>,
        answers: impl Into<Vec<Expected>>,
        end: End,
    ) -> Self {
        Case {
            name: name.into(),
            section,
            sent: sent.into(),
            answers: answers.into(),
            end,
            may_continue: false,
        }
    }

    /// Another answer instead of the last.
    pub fn answer(mut self, expected: Expected) -> Self {
        self.answers.pop();
        self.answers.push(expected);
        self
    }

    pub fn end(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    pub fn may_continue(mut self) -> Self {
        self.may_continue = true;
        self
    }

    /// The same behind a good request, which keeps its answer (RFC 9112, section 9.3.2).
    pub fn behind_another(&self) -> Self {
        let mut case = self.clone();
        case.sent.splice(..0, FRONT.bytes());
        case.answers.insert(0, Expected::ok("GET /echo?front []"));
        case
    }

    /// Where its own bytes begin.
    pub fn begin(&self) -> usize {
        match self.sent.starts_with(FRONT.as_bytes()) {
            true => FRONT.len(),
            false => 0,
        }
    }
}

const FRONT: &str = "GET /echo?front HTTP/1.1\r\nHost: a\r\n\r\n";

/// One request that is understood so, and the connection goes on.
pub fn taken(
    name: impl Into<String>,
    section: &'static str,
    sent: impl Into<Vec<u8>>,
    body: &str,
) -> Case {
    Case::new(name, section, sent, [Expected::ok(body)], End::Open)
}

/// One request that is answered so, and the connection goes on.
pub fn answered(
    name: impl Into<String>,
    section: &'static str,
    sent: impl Into<Vec<u8>>,
    expected: Expected,
) -> Case {
    Case::new(name, section, sent, [expected], End::Open)
}

/// One request that is refused, and the connection ends.
pub fn refused(
    name: impl Into<String>,
    section: &'static str,
    sent: impl Into<Vec<u8>>,
    status: u16,
) -> Case {
    let answers = [Expected::refusal(status)];
    Case::new(name, section, sent, answers, End::Closed)
}

/// Something that is no request yet.
pub fn unfinished(
    name: impl Into<String>,
    section: &'static str,
    sent: impl Into<Vec<u8>>,
) -> Case {
    Case::new(name, section, sent, [], End::Unfinished)
}

/// `GET /echo` with these field lines, each with its CRLF.
pub fn get(lines: &str) -> String {
    format!("GET /echo HTTP/1.1\r\nHost: a\r\n{lines}\r\n")
}

/// `POST /echo` with these field lines, each with its CRLF, and this behind the head.
pub fn post(lines: &str, body: &str) -> String {
    format!("POST /echo HTTP/1.1\r\nHost: a\r\n{lines}\r\n{body}")
}

/// `POST /echo` with this chunked body.
pub fn chunked(body: &str) -> String {
    post("Transfer-Encoding: chunked\r\n", body)
}
