//! The same bytes in every way in which they can reach a server: whole, byte by byte, and split in two at every
//! offset. Whatever the way, the answers are the same.
//!
//! Over sockets the kernel may put together what was sent apart; so the offsets are for the server that is
//! stepped, which sees just these pieces.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::atomic::Ordering;

use mini_spring::__inside::Stepped;

use super::answers::{self, Answer};
use super::app::{SMUGGLED, app};
use super::case::{Case, End};
use super::support::{self, TestServer};

/// What a client sends behind a case, on the same connection: if it is answered, the connection was still good.
const PROBE: &[u8] = b"GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n";

/// What is longer than this comes in a few bytes at a time, and not every offset is tried.
const LONG: usize = 1000;

/// How bytes reach the server.
#[derive(Debug, Clone, Copy)]
enum Way {
    Whole,
    ByteByByte,
    SplitAt(usize),
}

/// Which server they reach.
#[derive(Debug, Clone, Copy)]
enum Over {
    Sockets,
    Steps,
}

/// What has come of it.
struct Outcome {
    bytes: Vec<u8>,
    /// Whether the server has ended the connection before its client did.
    is_closed: bool,
}

/// The same program behind both.
struct Servers {
    sockets: TestServer,
    steps: Stepped,
}

/// Checks all cases in every way, alone and behind a good request, and tells of all that fail.
#[track_caller]
pub fn check(cases: &[Case]) {
    let both = |case: &Case| [case.clone(), case.behind_another()];
    let cases: Vec<Case> = cases.iter().flat_map(both).collect();
    check_by(&cases, |case| ways(case).collect());
}

/// The same of very many cases: alone, and over sockets only whole.
#[track_caller]
pub fn check_many(cases: &[Case]) {
    let is_quick = |(over, way): &(Over, Way)| {
        matches!((over, way), (Over::Steps, _) | (Over::Sockets, Way::Whole))
    };
    check_by(cases, |case| ways(case).filter(is_quick).collect());
}

#[track_caller]
fn check_by(cases: &[Case], ways: impl Fn(&Case) -> Vec<(Over, Way)>) {
    let servers = Servers::start();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| servers.check(case, ways(case)).err())
        .collect();
    let shown = failures[..failures.len().min(20)].join("\n\n");
    assert!(
        failures.is_empty(),
        "{} failures\n\n{shown}",
        failures.len()
    );
    let smuggled = SMUGGLED.load(Ordering::Relaxed);
    assert_eq!(smuggled, 0, "requests in bodies were called");
}

impl Servers {
    fn start() -> Self {
        Servers {
            sockets: TestServer::start(app()),
            steps: Stepped::new(app(), support::config()).expect("a server"),
        }
    }

    /// Checks one case in these ways, up to the first that fails.
    fn check(&self, case: &Case, ways: Vec<(Over, Way)>) -> Result<(), String> {
        let sent = case.sent_with_probe();
        let mut first: Option<(Vec<Answer>, Outcome)> = None;
        for (over, way) in ways {
            let outcome = self.exchange(over, way, case, &sent);
            let outcome = outcome.map_err(|error| case.failure(over, way, &error, &[]))?;
            let answers = case
                .judge(&outcome)
                .map_err(|why| case.failure(over, way, &why, &outcome.bytes))?;
            match &first {
                Some((first, fed_whole)) if *first != answers => {
                    let why = format!("not as when fed whole:\n{}", show(&fed_whole.bytes));
                    return Err(case.failure(over, way, &why, &outcome.bytes));
                }
                Some(_) => {}
                None => first = Some((answers, outcome)),
            }
        }
        self.check_health(case)
    }

    /// Whatever a case has done, it was done to its own connection.
    fn check_health(&self, case: &Case) -> Result<(), String> {
        let fine = Case::probe();
        for over in [Over::Sockets, Over::Steps] {
            let outcome = self.exchange(over, Way::Whole, &fine, PROBE);
            let judged = outcome.and_then(|outcome| fine.judge(&outcome));
            judged.map_err(|why| {
                let why = format!("the next connection is worse off: {why}");
                case.failure(over, Way::Whole, &why, &[])
            })?;
        }
        match self.steps.open() {
            0 | 1 => Ok(()),
            open => Err(case.failure(Over::Steps, Way::Whole, &format!("{open} are open"), &[])),
        }
    }

    fn exchange(&self, over: Over, way: Way, case: &Case, sent: &[u8]) -> Result<Outcome, String> {
        let pieces = way.pieces(sent);
        let outcome = match over {
            Over::Sockets => over_sockets(&self.sockets, case.end, pieces),
            Over::Steps => in_steps(&self.steps, pieces),
        };
        outcome.map_err(|error| error.to_string())
    }
}

/// All ways for the bytes of a case. What stands in front and behind is always the same, and isn't split.
fn ways(case: &Case) -> impl Iterator<Item = (Over, Way)> {
    let (begin, end) = (case.begin(), case.sent.len());
    let is_long = end > LONG;
    let step = if is_long { end / 50 } else { 1 };
    let is_tried = move |at: &usize| *at < 100 || *at + 100 > end || at.is_multiple_of(step);
    let splits = (begin..=end).filter(is_tried).map(Way::SplitAt);
    let whole_and_bytes = [Way::Whole, Way::ByteByByte].into_iter();
    let stepped = whole_and_bytes.clone().chain(splits);
    let over = |over| move |way| (over, way);
    let sockets = whole_and_bytes.map(over(Over::Sockets));
    sockets.chain(stepped.map(over(Over::Steps)))
}

impl Way {
    fn pieces(self, bytes: &[u8]) -> Vec<&[u8]> {
        match self {
            Way::Whole => vec![bytes],
            Way::ByteByByte => bytes.chunks(1 + bytes.len() / LONG).collect(),
            Way::SplitAt(at) => vec![&bytes[..at], &bytes[at..]],
        }
    }
}

/// The client ends its side, unless it is the server that has to.
fn over_sockets(server: &TestServer, end: End, pieces: Vec<&[u8]>) -> io::Result<Outcome> {
    let client = server.connect();
    let mut stream = &client.stream;
    for piece in pieces {
        match stream.write_all(piece) {
            // The client has asked for the end, and goes on all the same.
            Err(_) if end == End::AsAsked => break,
            written => written?,
        }
    }
    let mut is_closed = matches!(end, End::Closed | End::AsAsked);
    if !is_closed {
        stream.shutdown(std::net::Shutdown::Write)?;
    }
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes).map_err(|error| error.kind()) {
        Err(ErrorKind::ConnectionReset) if end == End::AsAsked => {}
        // Longer than anybody waits.
        Err(ErrorKind::WouldBlock | ErrorKind::TimedOut) => is_closed = false,
        read => drop(read?),
    }
    Ok(Outcome { bytes, is_closed })
}

fn in_steps(server: &Stepped, pieces: Vec<&[u8]>) -> io::Result<Outcome> {
    let mut wire = server.connect()?;
    let mut bytes = Vec::new();
    for piece in pieces {
        bytes.extend(wire.feed(piece)?);
    }
    let is_closed = wire.is_closed();
    bytes.extend(wire.end()?);
    Ok(Outcome { bytes, is_closed })
}

impl Case {
    fn probe() -> Self {
        Case::new("probe", "", PROBE, [], End::Open)
    }

    fn sent_with_probe(&self) -> Vec<u8> {
        match self.end {
            End::Unfinished => self.sent.clone(),
            _ => [&self.sent, PROBE].concat(),
        }
    }

    /// Takes the answers apart and holds them against what is expected.
    fn judge(&self, outcome: &Outcome) -> Result<Vec<Answer>, String> {
        let mut rest = &outcome.bytes[..];
        let mut answers: Vec<Answer> = Vec::new();
        for expected in &self.answers {
            let answer = self.take(&mut rest, expected.is_head)?;
            expected.check(&answer)?;
            answers.push(answer);
        }
        if self.end == End::Open {
            let answer = self.take(&mut rest, false)?;
            if answer.body != b"probe" || answer.is_last() {
                return Err("the request behind it isn't answered as it should be".to_owned());
            }
        }
        if !rest.is_empty() {
            return Err("there is more than was asked for".to_owned());
        }
        let must_close = matches!(self.end, End::Closed | End::AsAsked);
        match outcome.is_closed {
            true if !must_close => Err("the connection has ended".to_owned()),
            false if must_close => Err("the connection goes on".to_owned()),
            _ => Ok(answers),
        }
    }

    fn take(&self, rest: &mut &[u8], is_head: bool) -> Result<Answer, String> {
        let answer = answers::take(rest, is_head)?;
        match answer.status == 100 && self.may_continue {
            true => answers::take(rest, is_head),
            false => Ok(answer),
        }
    }

    fn failure(&self, over: Over, way: Way, why: &str, found: &[u8]) -> String {
        format!(
            "{:?} (RFC {}), {way} {over}: {why}\nsent:\n{}expected: {:?}, then {:?}\nfound:\n{}",
            self.name,
            self.section,
            show(&self.sent),
            self.answers,
            self.end,
            show(found)
        )
    }
}

impl fmt::Display for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Whole => write!(formatter, "whole"),
            Way::ByteByByte => write!(formatter, "byte by byte"),
            Way::SplitAt(at) => write!(formatter, "split at {at}"),
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Over::Sockets => "over sockets",
            Over::Steps => "in steps",
        })
    }
}

/// Bytes as lines, with everything visible.
fn show(bytes: &[u8]) -> String {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    let shown = lines.map(|line| {
        let text = line.escape_ascii().to_string();
        match text.char_indices().nth(300) {
            Some((at, _)) => format!("    {}... ({} bytes)\n", &text[..at], line.len()),
            None => format!("    {text}\n"),
        }
    });
    shown.collect()
}
