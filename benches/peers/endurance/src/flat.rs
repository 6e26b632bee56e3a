//! Many requests and many connections: what is left of them afterwards must be nothing.

use std::sync::atomic::Ordering;
use std::thread;

use crate::chaos;
use crate::client::Client;
use crate::ledger::Ledger;
use crate::process::{Process, Sample};
use crate::random::Random;
use crate::work::Work;

/// Threads of clients.
const CLIENTS: u64 = 8;

/// In how many parts each of the two is done, with a look at the server after each.
const PARTS: u64 = 10;

/// KiB that the memory may grow from the end of the third part to the end of the last.
const GROWTH: u64 = 4 * 1024;

/// Measures.
pub(crate) fn measure(requests: u64, connections: u64) -> Result<(), String> {
    let process = Process::start()?;
    let begin = process.sample()?;
    println!(
        "{:>12} {:>12} {:>10} {:>11} {:>7}",
        "requests", "connections", "KiB", "descriptors", "threads"
    );
    let ledger = Ledger::default();
    show(&ledger, begin);
    let port = process.port;
    part(
        &process,
        &ledger,
        |seed, count| ask(port, &ledger, seed, count),
        requests,
    )?;
    part(
        &process,
        &ledger,
        |seed, count| come_and_go(port, &ledger, seed, count),
        connections,
    )?;
    process.end()
}

/// Does `all` in parts, and compares the server after the last with the server after the third.
fn part(
    process: &Process,
    ledger: &Ledger,
    job: impl Fn(u64, u64) -> Result<(), String> + Sync,
    all: u64,
) -> Result<(), String> {
    let mut samples: Vec<Sample> = Vec::new();
    for part in 0..PARTS {
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let job = &job;
                scope.spawn(move || {
                    let done = job(part * CLIENTS + client + 1, all / PARTS / CLIENTS);
                    done.unwrap_or_else(|message| ledger.fail(message));
                });
            }
        });
        ledger.verdict()?;
        let sample = settled(process)?;
        show(ledger, sample);
        samples.push(sample);
    }
    let (warm, last) = (samples[2], samples[PARTS as usize - 1]);
    if last.memory > warm.memory + GROWTH {
        return Err(format!(
            "the memory has grown from {} to {} KiB",
            warm.memory, last.memory
        ));
    }
    if last.descriptors > warm.descriptors || last.threads > warm.threads {
        return Err(format!("something is left over: {warm:?} became {last:?}"));
    }
    Ok(())
}

/// Looks when the server has noticed that its clients are gone.
fn settled(process: &Process) -> Result<Sample, String> {
    let mut sample = process.sample()?;
    for _ in 0..100 {
        thread::sleep(std::time::Duration::from_millis(50));
        let next = process.sample()?;
        let is_settled = next.descriptors == sample.descriptors && next.threads == sample.threads;
        sample = next;
        if is_settled {
            break;
        }
    }
    Ok(sample)
}

fn show(ledger: &Ledger, sample: Sample) {
    println!(
        "{:>12} {:>12} {:>10} {:>11} {:>7}",
        ledger.requests.load(Ordering::Relaxed),
        ledger.connections.load(Ordering::Relaxed),
        sample.memory,
        sample.descriptors,
        sample.threads
    );
}

/// So many requests, over few connections.
pub(crate) fn ask(port: u16, ledger: &Ledger, seed: u64, count: u64) -> Result<(), String> {
    let mut random = Random::new(seed);
    let mut client = None;
    for _ in 0..count {
        if ledger.is_over() {
            break;
        }
        let mut current = match client.take() {
            Some(client) => client,
            None => {
                Ledger::add(&ledger.connections);
                Client::connect(port)?
            }
        };
        if Work::any(&mut random).ask(&mut current)? {
            client = Some(current);
        }
        Ledger::add(&ledger.requests);
    }
    Ok(())
}

/// So many connections, half of which come to a bad end.
pub(crate) fn come_and_go(port: u16, ledger: &Ledger, seed: u64, count: u64) -> Result<(), String> {
    let mut random = Random::new(!seed);
    for _ in 0..count {
        if ledger.is_over() {
            break;
        }
        Ledger::add(&ledger.connections);
        match random.below(4) {
            0 => chaos::vanish(port, &mut random)?,
            1 => chaos::babble(port, &mut random)?,
            _ => {
                Work::any(&mut random).ask(&mut Client::connect(port)?)?;
                Ledger::add(&ledger.requests);
            }
        }
    }
    Ok(())
}
