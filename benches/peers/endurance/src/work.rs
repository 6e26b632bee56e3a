//! What an honest client asks for, and what it must get.

use crate::client::Client;
use crate::random::Random;
use crate::server::{EVENTS, FILE_LENGTH};

/// A request, and its answer's status and body.
pub(crate) struct Work {
    pub(crate) request: Vec<u8>,
    status: u16,
    body: Vec<u8>,
}

impl Work {
    /// Any of them.
    pub(crate) fn any(random: &mut Random) -> Self {
        let number = random.below(100_000);
        match random.below(100) {
            0..40 => get("/health", 200, "up"),
            40..60 => {
                let body = format!(r#"{{"id":{number},"name":"user {number}"}}"#);
                get(&format!("/users/{number}"), 200, body)
            }
            60..65 => {
                let user = format!(r#"{{"id":{number},"name":"some one"}}"#);
                post(
                    "/users",
                    "application/json",
                    user.clone().into(),
                    user.into(),
                )
            }
            65..75 => {
                let body = vec![b'e'; number as usize];
                post("/echo", "application/octet-stream", body.clone(), body)
            }
            75..78 => counted("/live", number as usize),
            78..81 => counted("/spooled", 10 * number as usize),
            81..84 => form(number as usize),
            84..88 => chunked(number as usize),
            88..90 => get(&format!("/read/{number}"), 200, "x".repeat(number as usize)),
            90..92 => get(
                &format!("/written/{number}"),
                200,
                "x".repeat(number as usize),
            ),
            92..94 => get("/events", 200, events()),
            94..96 => get("/file", 200, "x".repeat(FILE_LENGTH)),
            96..97 => get("/sleep/2", 200, "slept"),
            97..98 => failing("/panic", 500),
            98..99 => failing("/nowhere", 404),
            _ => failing("/users/nobody", 400),
        }
    }

    /// Asks for it. False: the connection serves nothing more.
    pub(crate) fn ask(&self, client: &mut Client) -> Result<bool, String> {
        let answer = client.ask(&self.request)?;
        let is_as_expected =
            answer.status == self.status && (self.body.is_empty() || answer.body == self.body);
        match is_as_expected {
            true => Ok(!answer.is_last),
            false => Err(format!(
                "{:?}: expected {}, found {} with {} bytes",
                String::from_utf8_lossy(&self.request[..self.request.len().min(60)]),
                self.status,
                answer.status,
                answer.body.len()
            )),
        }
    }
}

fn get(path: &str, status: u16, body: impl Into<Vec<u8>>) -> Work {
    Work {
        request: format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").into(),
        status,
        body: body.into(),
    }
}

/// An answer whose body is a problem.
fn failing(path: &str, status: u16) -> Work {
    get(path, status, "")
}

fn post(path: &str, content_type: &str, sent: Vec<u8>, body: Vec<u8>) -> Work {
    let length = sent.len();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    request.extend(sent);
    let status = 200;
    Work {
        request,
        status,
        body,
    }
}

fn counted(path: &str, length: usize) -> Work {
    post(
        path,
        "application/octet-stream",
        vec![b'c'; length],
        length.to_string().into(),
    )
}

fn form(length: usize) -> Work {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n".to_vec();
    body.resize(body.len() + length, b'f');
    body.extend(b"\r\n--b--\r\n");
    post(
        "/form",
        "multipart/form-data; boundary=b",
        body,
        length.to_string().into(),
    )
}

fn chunked(length: usize) -> Work {
    let mut request =
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let body = vec![b'k'; length];
    for chunk in body.chunks(5_000) {
        request.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    let status = 200;
    Work {
        request,
        status,
        body,
    }
}

fn events() -> String {
    (0..EVENTS)
        .map(|number| format!("data: {number}\n\n"))
        .collect()
}
