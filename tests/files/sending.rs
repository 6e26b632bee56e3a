//! Files on their way out: large ones, slow clients, and files that change meanwhile.

use std::io::Read;

use super::*;

/// More than sockets hold.
const LARGE: u64 = 64 << 20;

fn large(site: &Site) -> File {
    let file = File::create(site.path("large.bin")).unwrap();
    file.set_len(LARGE).unwrap();
    file
}

/// Reads to the end of the connection and counts the bytes behind the head.
fn rest(client: &mut Client) -> u64 {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let mut length = 0;
    let mut piece = vec![0; 1 << 20];
    loop {
        // The end may be a reset: what the client has sent since wasn't read.
        match client.stream.read(&mut piece) {
            Ok(0) | Err(_) => return length,
            Ok(read) => length += read as u64,
        }
    }
}

const REQUEST: &str = "GET /dir/large.bin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[test]
fn a_large_file_comes_whole() {
    let site = Site::new();
    large(&site);
    let mut client = site.server.connect();
    client.send(REQUEST);
    assert_eq!(rest(&mut client), LARGE);
}

#[test]
fn pieces_are_in_their_order() {
    let site = Site::new();
    let content: String = (0..100_000).map(|number| format!("{number:06} ")).collect();
    site.write("numbers.txt", &content);
    assert!(site.ask("GET /dir/numbers.txt", &[]).body == content);
    let answer = site.ask("GET /dir/numbers.txt", &["Range: bytes=70000-"]);
    assert!(answer.body == content[70_000..]);
    let mut old = site.server.connect();
    old.send("GET /dir/numbers.txt HTTP/1.0\r\nRange: bytes=699993-\r\n\r\n");
    let answer = old.rest();
    assert!(
        answer.starts_with("HTTP/1.1 206 ") && answer.ends_with("\r\n\r\n099999 "),
        "{answer}"
    );
}

#[test]
fn a_file_that_becomes_shorter_ends_the_connection() {
    let site = Site::new();
    let file = large(&site);
    let mut client = site.server.connect();
    client.send(REQUEST);
    client.stream.peek(&mut [0]).unwrap();
    // More than sockets hold is still to be read.
    file.set_len(1 << 20).unwrap();
    let length = rest(&mut client);
    assert!(length < LARGE, "{length}");
    // The next one gets what there is now.
    let answer = site.ask("HEAD /dir/large.bin", &[]);
    assert_eq!(answer.field("content-length"), Some("1048576"));
}

#[test]
fn a_file_that_grows_is_sent_as_it_was() {
    let site = Site::new();
    let file = large(&site);
    let mut client = site.server.connect();
    client.send(REQUEST);
    client.stream.peek(&mut [0]).unwrap();
    file.set_len(2 * LARGE).unwrap();
    assert_eq!(rest(&mut client), LARGE);
}

/// Renaming is how files are replaced without anybody getting half of each.
#[test]
fn a_file_that_is_replaced_is_sent_as_it_was() {
    let site = Site::new();
    large(&site);
    let mut client = site.server.connect();
    client.send(REQUEST);
    client.stream.peek(&mut [0]).unwrap();
    site.write("new.bin", "new");
    fs::rename(site.path("new.bin"), site.path("large.bin")).unwrap();
    assert_eq!(rest(&mut client), LARGE);
    assert_eq!(site.ask("GET /dir/large.bin", &[]).body, "new");
}

/// None of them takes anything; their files wait without a worker.
#[test]
fn slow_downloads_hold_no_worker() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    File::create(&path).unwrap().set_len(LARGE).unwrap();
    let server = TestServer::with(app(folder.path().to_owned()), |config| {
        config.workers = 2 * support::permits();
    });
    let ask = || {
        let mut client = server.connect();
        client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
        client.stream.peek(&mut [0]).unwrap();
        client
    };
    let slow: Vec<Client> = (0..10 * support::permits()).map(|_| ask()).collect();
    let mut client = server.connect();
    for _ in 0..100 {
        client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(client.answer().body, "up");
    }
    drop(slow);
}

/// Pipelined answers keep their order, whatever each of them is.
#[test]
fn pipelined() {
    let site = Site::new();
    let mut client = site.server.connect();
    let request = |field: &str| format!("GET /file HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n");
    let fields = [
        "Range: bytes=0-1",
        "If-None-Match: *",
        "Range: bytes=99-",
        "X: y",
        "If-Match: \"x\"",
    ];
    client.send(fields.map(request).concat());
    let statuses: Vec<u16> = fields.iter().map(|_| client.answer().status).collect();
    assert_eq!(statuses, [206, 304, 416, 200, 412]);
}
