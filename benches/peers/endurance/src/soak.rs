//! Everything at once for a long time: honest clients, such that vanish, slow ones, and a look at the server each
//! minute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::flat::{ask, come_and_go};
use crate::ledger::Ledger;
use crate::probe::probe;
use crate::process::{Process, Sample};
use crate::slow::keep;

const HONEST: u64 = 6;
const SLOW: usize = 300;

/// KiB that the memory may grow from the end of the first quarter to the end.
const GROWTH: u64 = 8 * 1024;

/// Measures for so many minutes.
pub(crate) fn measure(minutes: u64) -> Result<(), String> {
    let process = Process::start()?;
    let (ledger, again) = (Ledger::default(), AtomicU64::new(0));
    println!(
        "{:>6} {:>12} {:>12} {:>9} {:>10} {:>11} {:>7} {:>8}",
        "minute", "requests", "connections", "slow ones", "KiB", "descriptors", "threads", "CPU s"
    );
    let samples = thread::scope(|scope| {
        start(scope, &process, &ledger, &again);
        let watched = watch(&process, &ledger, &again, minutes);
        ledger.end();
        watched
    })?;
    ledger.verdict()?;
    let warm = samples[samples.len() / 4];
    let last = samples[samples.len() - 1];
    process.end()?;
    if last.memory > warm.memory + GROWTH || last.threads > warm.threads + 2 {
        return Err(format!("the server grows: {warm:?} became {last:?}"));
    }
    println!("the server has ended as asked; every answer was as expected");
    Ok(())
}

fn start<'s>(
    scope: &'s thread::Scope<'s, '_>,
    process: &Process,
    ledger: &'s Ledger,
    again: &'s AtomicU64,
) {
    let port = process.port;
    let run = move |job: Box<dyn FnOnce() -> Result<(), String> + Send + 's>| {
        scope.spawn(move || job().unwrap_or_else(|message| ledger.fail(message)));
    };
    for seed in 1..=HONEST {
        run(Box::new(move || ask(port, ledger, seed, u64::MAX)));
    }
    run(Box::new(move || come_and_go(port, ledger, 1, u64::MAX)));
    run(Box::new(move || keep(port, SLOW, ledger, again, || {})));
}

/// Looks at the server each minute, and asks for /health in between.
fn watch(
    process: &Process,
    ledger: &Ledger,
    again: &AtomicU64,
    minutes: u64,
) -> Result<Vec<Sample>, String> {
    let mut samples = Vec::new();
    for minute in 1..=minutes {
        let end = Instant::now() + Duration::from_secs(60);
        let latencies = probe(process.port, Duration::from_millis(10), end)?;
        ledger.verdict()?;
        let sample = process.sample()?;
        println!(
            "{minute:>6} {:>12} {:>12} {:>9} {:>10} {:>11} {:>7} {:>8.1}  /health p50 {:.2} p99 {:.2} ms",
            ledger.requests.load(Ordering::Relaxed),
            ledger.connections.load(Ordering::Relaxed),
            again.load(Ordering::Relaxed),
            sample.memory,
            sample.descriptors,
            sample.threads,
            process.processor()?,
            latencies.below(500),
            latencies.below(990),
        );
        samples.push(sample);
    }
    Ok(samples)
}
