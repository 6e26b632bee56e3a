//! The program of the tests that take something from a whole process: descriptors, threads, its disk, its
//! standard error. It is built as an example, as only those are.
#![allow(missing_docs)]

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use mini_spring::{App, Body, Multipart, NamedFile, Request, TempFile, route};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[route(GET, "/health")]
fn health() -> &'static str {
    "up"
}

/// Files that are only there to take descriptors.
static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// Sets how many descriptors this process may have, and uses all of them.
#[route(PUT, "/descriptors/<most>")]
fn descriptors(most: u64) -> mini_spring::Result<()> {
    let mut taken = TAKEN.lock().unwrap();
    taken.clear();
    limit(Resource::Nofile, most)?;
    taken.extend(std::iter::from_fn(|| File::open("/dev/null").ok()));
    Ok(())
}

/// Gives them back.
#[route(DELETE, "/descriptors")]
fn no_descriptors() {
    TAKEN.lock().unwrap().clear();
}

/// Sets how many bytes of memory this process may have beyond those that it has.
#[route(PUT, "/memory/<more>")]
fn more_memory(more: u64) -> mini_spring::Result<()> {
    limit(Resource::As, more.saturating_add(memory()?))
}

fn limit(resource: Resource, most: u64) -> mini_spring::Result<()> {
    let limit = getrlimit(resource);
    let most = limit.maximum.map_or(most, |maximum| maximum.min(most));
    let current = Some(most);
    Ok(setrlimit(resource, Rlimit { current, ..limit })?)
}

/// Bytes of memory that this process has, used or not (proc(5)).
fn memory() -> mini_spring::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kilobytes = size.and_then(|size| size.trim().strip_suffix(" kB"));
    Ok(kilobytes.unwrap_or_default().parse::<u64>()? * 1024)
}

#[route(POST, "/file")]
fn file(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/parts")]
fn parts(mut form: Multipart) -> mini_spring::Result<String> {
    let mut length = 0;
    while let Some(part) = form.next_part()? {
        length += part.spool()?.length();
    }
    Ok(length.to_string())
}

/// It keeps what has come, and never returns.
#[route(POST, "/stuck")]
fn stuck(mut form: Multipart) -> mini_spring::Result<()> {
    let part = form.next_part()?;
    let _file = part.map(|part| part.spool()).transpose()?;
    log::warn!("stuck, as it should be");
    loop {
        thread::park();
    }
}

/// Waits until its client has sent all.
#[route(POST, "/wait")]
fn wait(mut body: Body) -> io::Result<String> {
    let mut text = String::new();
    body.read_to_string(&mut text)?;
    Ok(text)
}

#[route(GET, "/named")]
fn named() -> mini_spring::Result<NamedFile> {
    Ok(NamedFile::open(own_path())?)
}

#[route(GET, "/own")]
fn own() -> io::Result<String> {
    io::read_to_string(File::open(own_path())?)
}

fn own_path() -> PathBuf {
    std::env::current_exe()
        .unwrap_or_default()
        .with_extension("d")
}

#[route(GET, "/panic")]
fn panics() -> &'static str {
    panic!("on purpose")
}

#[route(GET, "/print")]
fn print() -> &'static str {
    println!("{}", "x".repeat(1000));
    "printed"
}

/// As if it waited for a database: the server doesn't know of it beforehand.
fn nap(request: &Request) -> &'static str {
    let milliseconds = request.param("ms").and_then(|ms| ms.parse().ok());
    thread::sleep(Duration::from_millis(milliseconds.unwrap_or(0)));
    "slept"
}

fn main() -> mini_spring::Result<()> {
    // So many that each worker can be taken by surprise by another one.
    let naps = 16 + 4 * thread::available_parallelism()?.get();
    let app = (0..naps).fold(App::new(), |app, number| {
        app.route("GET", &format!("/nap/{number}/<ms>"), nap)
    });
    app.run()
}
