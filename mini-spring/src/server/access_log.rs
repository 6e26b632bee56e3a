//! The access log: one line for each answer, made after the answer has been sent.
//!
//! Knows what a line says, and not who writes it. Switched off, it costs one branch.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use crate::request::Request;

/// The target of the log records, for `RUST_LOG`.
pub(super) const TARGET: &str = "mini_spring::access";

/// What is said about one answer.
#[derive(Debug)]
pub(super) struct Line {
    client: IpAddr,
    /// `None` where the request could not be read.
    request: Option<(Method, String)>,
    status: StatusCode,
    pub(super) length: Option<u64>,
    took: Duration,
    /// The name of the request, if it has one.
    id: Option<String>,
}

impl Line {
    /// A request that was answered.
    pub(super) fn answered(
        request: &Request,
        status: StatusCode,
        length: Option<u64>,
        took: Duration,
    ) -> Self {
        let about = (request.method().clone(), request.target().to_owned());
        Line {
            id: request.known_id().map(str::to_owned),
            ..Line::new(request.client_ip(), Some(about), status, length, took)
        }
    }

    /// The answer has ended, with so many bytes of its body, so long after it began.
    pub(super) fn ended(self, length: u64, took: Duration) -> Self {
        let length = Some(length);
        Line {
            length,
            took,
            ..self
        }
    }

    /// It was answered with this instead.
    pub(super) fn refused(self, status: StatusCode, length: Option<u64>) -> Self {
        Line {
            status,
            length,
            ..self
        }
    }

    /// Anything else: bytes that were no request, or not all of one.
    pub(super) fn new(
        client: IpAddr,
        request: Option<(Method, String)>,
        status: StatusCode,
        length: Option<u64>,
        took: Duration,
    ) -> Self {
        Line {
            client,
            request,
            status,
            length,
            took,
            id: None,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.request {
            Some((method, target)) => write!(formatter, "{method} {target}")?,
            None => formatter.write_str("- -")?,
        }
        write!(formatter, " {}", self.status.as_u16())?;
        match self.length {
            Some(length) => write!(formatter, " {length}B")?,
            None => formatter.write_str(" -")?,
        }
        let micros = self.took.as_micros();
        write!(formatter, " {}.{:03}ms", micros / 1000, micros % 1000)?;
        write!(formatter, " {}", self.client)?;
        match &self.id {
            Some(id) => write!(formatter, " {id}"),
            None => Ok(()),
        }
    }
}

/// What a line will need of a request that hasn't been answered.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    /// Method and target, as far as they are known.
    pub(super) about: Option<(Method, String)>,
    pub(super) client: IpAddr,
    /// Its name, if it has one.
    pub(super) id: Option<String>,
    /// When it began.
    pub(super) began: Instant,
}

impl Logged {
    /// It was answered with this.
    pub(super) fn line(self, status: StatusCode, length: Option<u64>) -> Line {
        let took = self.began.elapsed();
        Line {
            id: self.id,
            ..Line::new(self.client, self.about, status, length, took)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let took = Duration::from_micros(1234);
        let request = Request::get("/users/42?a=b").build().unwrap();
        let line = Line::answered(&request, StatusCode::OK, Some(16), took);
        assert_eq!(
            line.to_string(),
            "GET /users/42?a=b 200 16B 1.234ms 127.0.0.1"
        );
        let named = Request::get("/").header("X-Request-Id", "7-1");
        let line = Line::answered(&named.build().unwrap(), StatusCode::OK, Some(0), took);
        assert_eq!(line.to_string(), "GET / 200 0B 1.234ms 127.0.0.1 7-1");
        let client = IpAddr::from([10, 0, 0, 1]);
        let line = Line::new(client, None, StatusCode::BAD_REQUEST, None, took);
        assert_eq!(line.to_string(), "- - 400 - 1.234ms 10.0.0.1");
    }
}
