//! Answers that are made while they are sent: a table row by row, a file that is filtered, and a body that ends when
//! its client leaves. None of them is in memory as a whole.
//!
//! ```sh
//! cargo run --example streaming
//! curl 'http://localhost:8080/measurements.csv?days=2'
//! curl http://localhost:8080/readme/upper
//! ```

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use mini_spring::http::StatusCode;
use mini_spring::{Problem, Stream, route};

/// What a query of a database would give, one after another.
struct Measurement {
    day: u32,
    station: &'static str,
    degrees: f64,
}

const STATIONS: [&str; 3] = ["Kew", "Ben Nevis", "The \"Rock\""];

/// An iterator asks for the next row when the last is on its way, so a slow client makes a slow query, and no
/// thread waits for it meanwhile.
fn measurements(days: u32) -> impl Iterator<Item = Measurement> + Send {
    (1..=days).flat_map(|day| {
        STATIONS
            .iter()
            .zip(0_u32..)
            .map(move |(station, place)| Measurement {
                day,
                station,
                degrees: f64::from((day * 7 + place * 5) % 30) - 5.0,
            })
    })
}

/// A field of a table (RFC 4180): quotes are doubled.
fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

/// Row by row, as often as somebody asks.
#[route(GET, "/measurements.csv?<days=30>", produces = "text/csv")]
fn export(days: u32) -> (StatusCode, [(&'static str, &'static str); 1], Stream) {
    let head = std::iter::once("day,station,degrees\r\n".to_owned());
    let rows = measurements(days)
        .map(|row| format!("{},{},{:.1}\r\n", row.day, quoted(row.station), row.degrees));
    let download = "attachment; filename=\"measurements.csv\"";
    let table = Stream::iter(head.chain(rows)).with_type("text/csv; charset=utf-8");
    (StatusCode::OK, [("Content-Disposition", download)], table)
}

/// A line that can't be read ends the connection, and the client knows that it hasn't got all.
#[route(GET, "/readme/upper")]
fn upper() -> Result<Stream, Problem> {
    let file = match File::open("README.md") {
        Ok(file) => file,
        Err(_) => return Err(Problem::not_found("there is no README.md")),
    };
    let lines = BufReader::new(file).lines();
    let upper = lines.map(|line| line.map(|line| line.to_uppercase() + "\n"));
    Ok(Stream::try_iter(upper).with_type("text/plain; charset=utf-8"))
}

/// A function that writes, for libraries that want a writer. Where its client has left, writing is an error, and
/// the function ends by `?`.
#[route(GET, "/squares?<count>")]
fn squares(count: Option<u64>) -> Stream {
    let squares = Stream::writer(move |out| {
        let mut out = io::BufWriter::new(out);
        for number in 0..count.unwrap_or(u64::MAX) {
            writeln!(out, "{}", u128::from(number).pow(2))?;
        }
        out.flush()?;
        Ok(())
    });
    squares.with_type("text/plain")
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
