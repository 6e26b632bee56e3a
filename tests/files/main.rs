//! Files as answers, over real connections.
#![allow(missing_docs)]

mod conditional;
mod dirs;
mod ranges;
mod sending;
#[path = "../support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use mini_spring::http::header::LAST_MODIFIED;
use mini_spring::{App, Dir, Error, IntoResponse, NamedFile, Request, Response};
use support::{Answer, Client, TestServer};
use tempfile::TempDir;

const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const SAME: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

/// What makes `SAME`.
const CHANGED: Duration = Duration::from_millis(784_111_777_500);

/// The entity tag of ten bytes of then.
const TAG: &str = "\"ae1b981da166f00-a\"";

/// Some files and a server for them.
struct Site {
    folder: TempDir,
    server: TestServer,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        write(&root.join("a.txt"), "0123456789");
        let server = TestServer::start(app(root));
        Site { folder, server }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, content);
        path
    }

    /// The answer to one request with these fields, on a connection that goes on.
    fn ask(&self, line: &str, fields: &[&str]) -> Answer {
        ask(&mut self.server.connect(), line, fields)
    }
}

fn app(root: PathBuf) -> App {
    let file = root.join("a.txt");
    let same = file.clone();
    let undated = file.clone();
    App::empty()
        .route("GET", "/file", move |_: &Request| open(&file))
        .route("POST", "/file", move |_: &Request| open(&same))
        .route("GET", "/undated", move |_: &Request| {
            let mut response = open(&undated).into_response();
            response.fields_mut().remove(&LAST_MODIFIED);
            response.header("Expires", AFTER).header("X-Other", "kept")
        })
        .route("GET", "/dir/<path..>", move |request: &Request| {
            let path = request.param("path").unwrap_or("..");
            Dir::new(&root).open(path).map_err(Error::from)
        })
        .route("GET", "/health", |_: &Request| Response::ok("up"))
}

fn open(path: &Path) -> Result<NamedFile, Error> {
    Ok(NamedFile::open(path)?)
}

/// A file that was changed long ago.
fn write(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    touch(path, SystemTime::UNIX_EPOCH + CHANGED);
}

fn touch(path: &Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}

fn ask(client: &mut Client, line: &str, fields: &[&str]) -> Answer {
    let lines: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    client.send(format!("{line} HTTP/1.1\r\nHost: a\r\n{lines}\r\n"));
    let method = line.split(' ').next().unwrap();
    let answer = client.answer_to(method);
    // Nothing of it has gone astray: the next answer begins where this one ends.
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().body, "up", "behind {line} {fields:?}");
    answer
}

#[test]
fn a_file_says_what_it_is() {
    let site = Site::new();
    let answer = site.ask("GET /file", &[]);
    assert_eq!((answer.status, answer.body.as_str()), (200, "0123456789"));
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", "10"),
        ("accept-ranges", "bytes"),
        ("etag", TAG),
        ("last-modified", SAME),
    ] {
        assert_eq!(answer.field(name), Some(value));
    }
    assert_eq!(answer.field("content-disposition"), None);
    let head = site.ask("HEAD /file", &[]);
    assert_eq!(without_date(&head.head), without_date(&answer.head));
}

fn without_date(head: &str) -> Vec<&str> {
    head.lines()
        .filter(|line| !line.starts_with("date: "))
        .collect()
}

/// RFC 9110, section 8.8.2.2: a file that may still change within the same instant.
#[test]
fn a_file_that_was_just_changed_has_a_weak_tag_and_no_date() {
    let site = Site::new();
    let check = |time: SystemTime| {
        touch(&site.path("a.txt"), time);
        let answer = site.ask("GET /file", &[]);
        assert!(
            answer.field("etag").unwrap().starts_with("W/\""),
            "{}",
            answer.head
        );
        assert_eq!(answer.field("last-modified"), None);
        let tag = format!("If-None-Match: {}", answer.field("etag").unwrap());
        assert_eq!(site.ask("GET /file", &[&tag]).status, 304);
        // A weak tag is good for nothing else.
        let tag = answer.field("etag").unwrap();
        let part = [format!("If-Range: {tag}"), "Range: bytes=0-0".to_owned()];
        assert_eq!(
            site.ask("GET /file", &part.each_ref().map(|line| &**line))
                .status,
            200
        );
    };
    let hour = Duration::from_secs(3600);
    // However long the test takes, this is the future.
    check(SystemTime::now() + 10 * hour);
    touch(&site.path("a.txt"), SystemTime::now() - hour);
    let answer = site.ask("GET /file", &[]);
    assert!(answer.field("etag").unwrap().starts_with('"'));
    assert!(answer.field("last-modified").is_some());
}

#[test]
fn a_changed_file_has_another_tag() {
    let site = Site::new();
    let tag = || site.ask("GET /file", &[]).field("etag").unwrap().to_owned();
    let first = tag();
    site.write("a.txt", "0123456789, and more");
    let longer = tag();
    site.write("a.txt", "9876543210");
    touch(
        &site.path("a.txt"),
        SystemTime::UNIX_EPOCH + CHANGED + Duration::from_millis(1),
    );
    let later = tag();
    assert!(first != longer && first != later && longer != later);
}

#[test]
fn what_is_no_file_is_an_error_for_the_log() {
    let site = Site::new();
    fs::remove_file(site.path("a.txt")).unwrap();
    assert_eq!(site.ask("GET /file", &[]).status, 500);
    fs::create_dir(site.path("a.txt")).unwrap();
    assert_eq!(site.ask("GET /file", &[]).status, 500);
    let message = |path: &Path| NamedFile::open(path).unwrap_err().to_string();
    let path = site.path("a.txt");
    let expected = format!(
        "can't open `{}`: expected a regular file, found a directory, a device or a pipe",
        path.display()
    );
    assert_eq!(message(&path), expected);
    let missing = message(Path::new("none/such"));
    assert!(missing.starts_with("can't open `none/such`: "), "{missing}");
}

#[test]
fn a_download_has_a_name() {
    let app = App::empty().route("GET", "/", |_: &Request| {
        NamedFile::from_bytes("x.csv", b"a,b").download_as("r\u{e9}sum\u{e9}.csv")
    });
    let server = TestServer::start(app);
    let mut client = server.connect();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = client.answer();
    assert_eq!(
        answer.field("content-disposition"),
        Some("attachment; filename=\"r_sum_.csv\"; filename*=UTF-8''r%C3%A9sum%C3%A9.csv")
    );
    assert_eq!(
        answer.field("content-type"),
        Some("text/csv; charset=utf-8")
    );
}
