//! Large bodies through nginx, kept by it or handed on, in little memory.

use std::io::Read;

use mini_spring::{App, Body, TempFile, route, routes};

use super::*;
use crate::support::Client;

const PIECE: usize = 64 << 10;
const LENGTH: usize = 100 << 20;

#[route(POST, "/uploads", body_limit = "1GiB")]
fn kept(file: TempFile) -> String {
    file.length().to_string()
}

#[route(POST, "/uploads/live", body_limit = "1GiB")]
fn live(mut body: Body) -> mini_spring::Result<String> {
    let mut piece = vec![0; PIECE];
    let mut length = 0;
    loop {
        match body.read(&mut piece)? {
            0 => return Ok(length.to_string()),
            read => length += read,
        }
    }
}

/// The most memory that this process, which is server and client, has ever had.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("what the kernel knows");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1));
    kibibytes.unwrap().parse::<usize>().unwrap() << 10
}

#[test]
fn large_bodies_take_little_memory() {
    let app = App::empty().mount("/", routes![kept, live]);
    let Some((front, _server)) = behind_nginx(app) else {
        return;
    };
    for path in ["/uploads", "/uploads/live"] {
        let mut client = front.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {LENGTH}\r\n\r\n"
        ));
        send(&mut client);
        assert_eq!(client.answer().body, LENGTH.to_string(), "{path}");

        // Nobody knows how long it becomes.
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{LENGTH:x}\r\n"
        ));
        send(&mut client);
        client.send("\r\n0\r\n\r\n");
        assert_eq!(client.answer().body, LENGTH.to_string(), "{path}");
    }
    assert!(peak() < LENGTH, "{} bytes", peak());
}

fn send(client: &mut Client) {
    let piece = vec![b'x'; PIECE];
    for _ in 0..LENGTH / PIECE {
        client.send(&piece);
    }
}

#[test]
fn too_large_is_said_by_either() {
    #[route(POST, "/uploads", body_limit = "1KiB")]
    fn little(_body: &[u8]) {}
    #[route(POST, "/small")]
    fn small(_body: &[u8]) {}
    let Some((front, _server)) = behind_nginx(App::empty().mount("/", routes![little, small]))
    else {
        return;
    };
    let ask = |path: &str, length: usize| {
        let mut client = front.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"
        ));
        if length <= PIECE {
            client.send(vec![b'x'; length]);
        }
        client.answer()
    };
    let server_says = ask("/uploads", 2000);
    assert_eq!(server_says.status, 413);
    assert!(server_says.body.contains("1 KiB"), "{}", server_says.body);
    let nginx_says = ask("/small", 3 << 20);
    assert_eq!(nginx_says.status, 413);
    assert!(nginx_says.body.contains("nginx"), "{}", nginx_says.body);
}
