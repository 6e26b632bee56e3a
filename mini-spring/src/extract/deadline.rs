//! How much time a handler has left. Knows no clock but the machine's.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::FromRequest;
use crate::request::Request;

/// Until when the handler must have answered.
///
/// A route with `timeout = ".."` is answered for with 504 when its handler takes longer, but nobody
/// can stop a thread: a handler that works on in vain costs one. It can look at its deadline and give
/// up by itself, or hand what is left of it to whatever it calls.
///
/// ```
/// use mini_spring::{Deadline, Problem, TestApp, http::StatusCode, route, routes};
///
/// #[route(GET, "/primes", timeout = "2s")]
/// fn primes(deadline: Deadline) -> Result<String, Problem> {
///     let mut found = Vec::new();
///     for number in 2..1_000_u32 {
///         if deadline.is_over() {
///             return Err(Problem::new(StatusCode::GATEWAY_TIMEOUT));
///         }
///         if (2..number).all(|divisor| number % divisor > 0) {
///             found.push(number.to_string());
///         }
///     }
///     Ok(found.join(" "))
/// }
///
/// let app = TestApp::of(routes![primes]);
/// assert!(app.get("/primes").send().text().starts_with("2 3 5 7 11"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    at: Option<Instant>,
}

impl Deadline {
    /// The moment; `None` where the route has no timeout.
    ///
    /// ```
    /// use std::time::Instant;
    /// use mini_spring::{Deadline, TestApp, route, routes};
    ///
    /// #[route(GET, "/", timeout = "5s")]
    /// fn soon(deadline: Deadline) -> String {
    ///     format!("{:?}", deadline.at().is_some_and(|at| at > Instant::now()))
    /// }
    ///
    /// TestApp::of(routes![soon]).get("/").send().assert_text("true");
    /// ```
    pub fn at(&self) -> Option<Instant> {
        self.at
    }

    /// How much time is left, zero if none is; `None` where the route has no timeout.
    ///
    /// ```
    /// use std::io;
    /// use std::net::{SocketAddr, TcpStream};
    /// use std::time::Duration;
    /// use mini_spring::{Deadline, route};
    ///
    /// /// Has another server take no longer than this one may.
    /// fn connect(address: SocketAddr, deadline: Deadline) -> io::Result<TcpStream> {
    ///     let patience = deadline.remaining().unwrap_or(Duration::from_secs(10));
    ///     TcpStream::connect_timeout(&address, patience)
    /// }
    /// ```
    pub fn remaining(&self) -> Option<Duration> {
        self.at
            .map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether the time is over: by now the client is answered 504, unless the handler answers first. What
    /// it returns from here on is dropped, and an error isn't logged as one.
    pub fn is_over(&self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }
}

impl FromRequest<'_> for Deadline {
    type Rejection = Infallible;

    fn from_request(request: &Request) -> Result<Self, Infallible> {
        Ok(Deadline {
            at: request.deadline,
        })
    }
}
