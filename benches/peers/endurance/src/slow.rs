//! Slow clients: such as send a head byte by byte (Slowloris), a body byte by byte (R-U-Dead-Yet), or read an
//! answer byte by byte. One thread plays all of them; who is turned away comes again.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::ledger::Ledger;
use crate::probe::{Latencies, probe};
use crate::process::Process;

/// How often each of them does something.
const PACE: Duration = Duration::from_millis(500);

/// How often /health is asked for.
const EVERY: Duration = Duration::from_millis(2);

/// The most that p99 of /health may be.
const BAR: f64 = 10.0;

/// What a slow client is slow at.
#[derive(Clone, Copy)]
enum Kind {
    Head,
    Body,
    Reading,
}

const KINDS: [Kind; 3] = [Kind::Head, Kind::Body, Kind::Reading];

impl Kind {
    fn begin(self) -> &'static [u8] {
        match self {
            Kind::Head => b"GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ",
            Kind::Body => b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n",
            Kind::Reading => b"GET /read/16000000 HTTP/1.1\r\nHost: a\r\n\r\n",
        }
    }
}

struct SlowClient {
    kind: Kind,
    stream: TcpStream,
}

impl SlowClient {
    fn come(port: u16, kind: Kind) -> Result<Self, String> {
        let come = || -> std::io::Result<TcpStream> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
            stream.write_all(kind.begin())?;
            stream.set_nonblocking(true)?;
            Ok(stream)
        };
        let stream = come().map_err(|error| format!("a slow client can't come: {error}"))?;
        Ok(SlowClient { kind, stream })
    }

    /// Does a little. False: the server has had enough of it.
    fn go_on(&mut self) -> bool {
        let mut piece = [0; 512];
        let done = match self.kind {
            Kind::Head | Kind::Body => self.stream.write(b"x"),
            Kind::Reading => self.stream.read(&mut piece),
        };
        let still = |done: std::io::Result<usize>| match done {
            Ok(length) => length > 0,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        };
        match self.kind {
            Kind::Reading => still(done),
            _ => {
                still(done)
                    && matches!(self.stream.read(&mut piece), Err(error) if error.kind() == ErrorKind::WouldBlock)
            }
        }
    }
}

/// Keeps so many of them busy until it is over; counts those that come again.
pub(crate) fn keep(
    port: u16,
    count: usize,
    ledger: &Ledger,
    again: &AtomicU64,
    are_there: impl FnOnce(),
) -> Result<(), String> {
    let kinds = KINDS.iter().cycle().take(count);
    let come = |kind: &Kind| SlowClient::come(port, *kind);
    let mut clients: Vec<SlowClient> = kinds.map(come).collect::<Result<_, _>>()?;
    are_there();
    let step = PACE / count.max(1) as u32;
    let mut due = Instant::now();
    while !ledger.is_over() {
        for client in &mut clients {
            if !client.go_on() {
                *client = SlowClient::come(port, client.kind)?;
                Ledger::add(again);
            }
            due += step;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if ledger.is_over() {
                break;
            }
        }
    }
    Ok(())
}

/// Measures /health without them, with them, and without them again.
pub(crate) fn measure(count: usize, seconds: u64) -> Result<(), String> {
    let process = Process::start()?;
    let port = process.port;
    let ask = |seconds| probe(port, EVERY, Instant::now() + Duration::from_secs(seconds));
    println!("alone:        {}", ask(5)?);
    let before = process.sample()?;
    let (ledger, again) = (Ledger::default(), AtomicU64::new(0));
    let (there, are_there) = std::sync::mpsc::channel();
    let crowded = thread::scope(|scope| -> Result<Latencies, String> {
        let crowd = scope.spawn(|| {
            let kept = keep(port, count, &ledger, &again, move || {
                // Who waits for it may have given up.
                let _ = there.send(());
            });
            kept.unwrap_or_else(|message| ledger.fail(message));
        });
        let crowded = are_there
            .recv()
            .map_err(|_| "the slow clients can't come".to_owned())
            .and_then(|()| ask(seconds));
        let during = process.sample();
        ledger.end();
        let _ = crowd.join();
        ledger.verdict()?;
        let (crowded, during) = (crowded?, during?);
        println!("{count} slow:    {crowded}");
        println!(
            "memory {} KiB before, {} KiB with them; threads {} and {}; descriptors {} and {}; {} came again",
            before.memory,
            during.memory,
            before.threads,
            during.threads,
            before.descriptors,
            during.descriptors,
            again.load(Ordering::Relaxed)
        );
        Ok(crowded)
    })?;
    println!("alone again:  {}", ask(5)?);
    process.end()?;
    let p99 = crowded.below(990);
    (p99 < BAR)
        .then_some(())
        .ok_or_else(|| format!("p99 is {p99:.2} ms, expected less than {BAR} ms"))
}
