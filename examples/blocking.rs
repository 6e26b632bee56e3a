//! Work that takes its time: handlers may just wait, and nobody else does.
//!
//!     cargo run --example blocking
//!     curl http://localhost:8080/wait/1500
//!     curl -T README.md http://localhost:8080/lines

use std::io::{self, BufRead, BufReader};
use std::thread;
use std::time::Duration;

use mini_spring::http::StatusCode;
use mini_spring::{Body, Deadline, Problem, Request, TempFile, blocking, route};
use serde::Serialize;

/// How much of it a slow query or a call to another service can be.
#[derive(Serialize)]
struct Waited {
    milliseconds: u64,
}

/// That it blocks is known beforehand; without the option the server learns it.
#[route(GET, "/wait/<milliseconds>", blocking)]
fn wait(milliseconds: u64) -> Waited {
    thread::sleep(Duration::from_millis(milliseconds.min(60_000)));
    Waited { milliseconds }
}

/// It only blocks now and then, and says when.
#[route(GET, "/cached/<key>")]
fn cached(key: u64) -> String {
    if key.is_multiple_of(10) {
        blocking(|| thread::sleep(Duration::from_millis(100)));
    }
    format!("the value of {key}")
}

/// After two seconds its client is answered 504, and it stops by itself.
#[route(GET, "/primes/<count>", timeout = "2s")]
fn primes(count: usize, deadline: Deadline, request: &Request) -> Result<String, Problem> {
    let mut found: Vec<u64> = Vec::new();
    for number in 2_u64.. {
        if found.len() >= count {
            break;
        }
        if number.is_multiple_of(1000) && (deadline.is_over() || request.client_gone()) {
            return Err(Problem::new(StatusCode::GATEWAY_TIMEOUT));
        }
        if found.iter().all(|prime| number % prime > 0) {
            found.push(number);
        }
    }
    let last = found.last().map_or("none".to_owned(), u64::to_string);
    Ok(format!("the last of {count} primes: {last}\n"))
}

/// Called when the whole body is here, in memory or on disk: a slow upload holds no thread.
#[route(PUT, "/lines", body_limit = "100MiB")]
fn lines(file: TempFile) -> io::Result<String> {
    let lines = BufReader::new(file.open()?).lines();
    Ok(format!(
        "{} lines in {} bytes\n",
        lines.count(),
        file.length()
    ))
}

/// Called at once, and reads the body while it arrives.
#[route(PUT, "/live/lines", body_limit = "10GiB")]
fn live_lines(body: Body) -> io::Result<String> {
    let mut count = 0;
    for line in BufReader::new(body).lines() {
        line?;
        count += 1;
    }
    Ok(format!("{count} lines\n"))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
