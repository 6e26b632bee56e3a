//! The PROXY protocol: a header in front of a connection's first request.

use std::time::Duration;

use mini_spring::ServerConfig;

use super::support::{Client, TestServer};
use super::{ask, server};

const V1: &[u8] = b"PROXY TCP4 192.0.2.7 10.0.0.1 4711 80\r\n";
const GET: &str = "GET /origin HTTP/1.1\r\nHost: a\r\n\r\n";

fn proxied(change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    server(|config| {
        config.proxy_protocol = true;
        config.trusted_proxies = "127.0.0.1, 10.0.0.0/8".parse().unwrap();
        change(config);
    })
}

/// A header of version 2: of TCP over IPv4 with a TLV, over IPv6, and of the proxy itself.
fn v2() -> [(Vec<u8>, &'static str); 3] {
    let signature = b"\r\n\r\n\0\r\nQUIT\n";
    let with = |command: &[u8; 2], block: &[u8]| {
        let length = u16::try_from(block.len()).unwrap().to_be_bytes();
        [&signature[..], command, &length, block].concat()
    };
    let v4 = b"\xc0\0\x02\x07\x0a\0\0\x01\x12\x67\0\x50\x04\0\x02ab";
    let v6 = [
        &b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"[..],
        &[0; 16],
        b"\x12\x67\0\x50",
    ];
    [
        (with(b"\x21\x11", v4), "192.0.2.7"),
        (with(b"\x21\x21", &v6.concat()), "2001:db8::7"),
        (with(b"\x20\x00", b""), "127.0.0.1"),
    ]
}

fn introduced(server: &TestServer, header: &[u8]) -> Client {
    let mut client = server.connect();
    client.send(header);
    client
}

#[test]
fn the_client_is_who_the_header_names() {
    let server = proxied(|_| {});
    let mut client = introduced(&server, V1);
    for _ in 0..3 {
        assert_eq!(ask(&mut client, ""), "http://192.0.2.7 by 192.0.2.7");
    }
    // A client is no proxy.
    let spoofed = "X-Forwarded-For: 203.0.113.1\r\n";
    assert_eq!(ask(&mut client, spoofed), "http://192.0.2.7 by 192.0.2.7");
    for (header, expected) in v2() {
        let mut client = introduced(&server, &header);
        let expected = format!("http://{expected} by {expected}");
        assert_eq!(ask(&mut client, ""), expected);
        assert_eq!(ask(&mut client, ""), expected);
    }
    let mut unknown = introduced(&server, b"PROXY UNKNOWN\r\n");
    assert_eq!(ask(&mut unknown, ""), "http://127.0.0.1 by 127.0.0.1");
}

#[test]
fn a_client_that_is_a_trusted_proxy_is_believed() {
    let server = proxied(|_| {});
    let mut client = introduced(&server, b"PROXY TCP4 10.0.0.2 10.0.0.1 4711 80\r\n");
    let passed_on = "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n";
    assert_eq!(ask(&mut client, passed_on), "https://192.0.2.7 by 10.0.0.2");
}

#[test]
fn the_header_may_come_in_any_portions() {
    let server = proxied(|_| {});
    let [(v2, _), ..] = v2();
    for header in [V1, &v2] {
        let whole = [header, GET.as_bytes(), GET.as_bytes()].concat();
        let check = |client: &mut Client| {
            for _ in 0..2 {
                assert_eq!(client.answer().body, "http://192.0.2.7 by 192.0.2.7");
            }
        };
        let mut client = server.connect();
        client.drip(&whole);
        check(&mut client);
        for cut in 0..whole.len() {
            let (first, second) = whole.split_at(cut);
            let mut client = introduced(&server, first);
            client.send(second);
            check(&mut client);
        }
    }
}

#[test]
fn what_comes_without_a_header_is_closed_and_not_answered() {
    let server = proxied(|_| {});
    let long = [b"PROXY UNKNOWN ", &[b'x'; 200][..]].concat();
    let huge = [b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff", &[0; 1000][..]].concat();
    for beginning in [
        GET.as_bytes(),
        b"PROXY TCP4 192.0.2.7\r\n",
        b"PROXY TCP4 192.0.2.7 10.0.0.1 4711 99999\r\nGET / HTTP/1.1\r\n\r\n",
        b"\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        &long,
        &huge,
    ] {
        let mut client = introduced(&server, beginning);
        assert!(client.is_closed(), "{beginning:?}");
    }
    // Once is enough: a second one is no request.
    let mut client = introduced(&server, &[V1, V1].concat());
    assert!(client.rest().starts_with("HTTP/1.1 400 "));
}

#[test]
fn half_a_header_is_not_waited_for() {
    let server = proxied(|config| {
        config.head_timeout = Duration::from_millis(50);
        config.idle_timeout = Duration::from_millis(50);
    });
    for beginning in [&b""[..], b"PROXY TCP4", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0"] {
        let mut client = introduced(&server, beginning);
        assert!(client.is_closed(), "{beginning:?}");
    }
    let mut client = introduced(&server, b"PROXY TCP4");
    client.end();
    assert!(client.is_closed());
}

#[test]
fn who_is_not_trusted_cannot_connect() {
    let server = proxied(|config| config.trusted_proxies = "10.0.0.0/8".parse().unwrap());
    let mut client = server.connect();
    assert!(client.is_closed());
}

/// Clients go away at every point, more of them than there are places; whoever comes next is served.
#[test]
fn clients_that_leave() {
    let server = proxied(|config| config.max_connections = 20);
    for length in 0..V1.len() {
        drop(introduced(&server, &V1[..length]));
        let mut client = introduced(&server, V1);
        assert_eq!(ask(&mut client, ""), "http://192.0.2.7 by 192.0.2.7");
    }
}

#[test]
fn without_the_setting_a_header_is_no_request() {
    let server = server(|config| config.trusted_proxies = "127.0.0.1".parse().unwrap());
    let mut client = introduced(&server, V1);
    assert!(client.rest().starts_with("HTTP/1.1 400 "));
}

#[test]
fn the_setting_needs_proxies() {
    let mut config = super::support::config();
    config.proxy_protocol = true;
    let error = mini_spring::Server::bind_with(config).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("server.proxy_protocol: expected server.trusted_proxies")
    );
}
