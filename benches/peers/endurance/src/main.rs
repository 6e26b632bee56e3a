//! What a server takes in the long run: slow clients, many requests, clients that vanish, handlers that panic.
//!
//! ```text
//! endurance slow [CLIENTS] [SECONDS]          2,000 slow clients of three kinds, and how /health fares meanwhile
//! endurance flat [REQUESTS] [CONNECTIONS]     1,000,000 requests and 200,000 connections, and what is left of them
//! endurance soak [MINUTES]                    all of it at once for 20 minutes
//! ```
//!
//! Each starts itself once more as the server, a process of its own on a free port of 127.0.0.1, and checks every
//! answer. It prints a table while it runs; the exit status says whether all held. Linux only, as it reads /proc.

mod chaos;
mod client;
mod flat;
mod ledger;
mod probe;
mod process;
mod random;
mod server;
mod slow;
mod soak;
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("endurance: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let number = |place: usize, default: u64| match arguments.get(place) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("expected a number, found `{text}`")),
        None => Ok(default),
    };
    match arguments.first().map(String::as_str) {
        Some("slow") => slow::measure(number(1, 2_000)? as usize, number(2, 30)?),
        Some("flat") => flat::measure(number(1, 1_000_000)?, number(2, 200_000)?),
        Some("soak") => soak::measure(number(1, 20)?),
        Some("serve") => server::serve().map_err(|error| error.to_string()),
        _ => Err("expected slow, flat or soak; see src/main.rs".to_owned()),
    }
}
