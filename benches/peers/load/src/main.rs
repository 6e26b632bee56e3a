//! Two loads that wrk has not: a constant rate, and a connection for each request.
//!
//! ```text
//! load rate  PORT PATH CONNECTIONS SECONDS REQUESTS_PER_SECOND
//! load close PORT PATH CONNECTIONS SECONDS MOST_REQUESTS
//! ```
//!
//! Each runs one thread with one epoll, talks to 127.0.0.1 only, and prints one line of JSON.
//!
//! `rate` is an open loop: request `k` is meant to be sent `k / rate` seconds after the start, on
//! connection `k % CONNECTIONS`, and its latency counts from then. A request whose connection still waits
//! for the last answer is sent late, and its wait is part of its latency: a server that stalls can't hide
//! it by keeping the client from asking. What is unanswered one second after the last was due has failed.
//!
//! `close` is a closed loop: connect, send one request with `Connection: close`, read the answer and the
//! end of the stream, then the next. It ends after `SECONDS` or `MOST_REQUESTS`, whichever is first, so
//! that ports can't run out. Its latency counts from before the connection is opened.

mod close;
mod rate;
mod report;
mod response;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

/// What both loads are told.
struct Load {
    port: u16,
    path: String,
    connections: usize,
    duration: Duration,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("load: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<String, String> {
    let [kind, port, path, connections, seconds, number] = arguments else {
        return Err("expected `rate` or `close`, and five arguments".to_owned());
    };
    let load = Load {
        port: parse("a port", port)?,
        path: path.clone(),
        connections: parse("a number of connections", connections)?,
        duration: Duration::from_secs_f64(parse("seconds", seconds)?),
    };
    let number: u32 = parse("a number of requests", number)?;
    if load.connections == 0 || number == 0 {
        return Err("expected numbers above zero".to_owned());
    }
    let report = match kind.as_str() {
        "rate" => rate::run(&load, number),
        "close" => close::run(&load, number),
        other => return Err(format!("expected `rate` or `close`, found `{other}`")),
    };
    report
        .map(|report| report.json())
        .map_err(|error| error.to_string())
}

fn parse<T: std::str::FromStr>(expected: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("expected {expected}, found `{text}`"))
}
