//! Upgrade is ignored (RFC 9110, section 7.8): the bytes behind are HTTP/1.1, whatever was proposed.

use super::case::{Case, get, post, taken};
use super::ways::check;

#[test]
fn every_way() {
    check(&cases());
}

pub fn cases() -> Vec<Case> {
    let ignored = |name, lines| taken(name, "9110 7.8", get(lines), "GET /echo []");
    let body = "Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: 3\r\n";
    vec![
        ignored(
            "WebSocket",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
        ),
        ignored(
            "HTTP/2 by upgrade",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        ),
        ignored(
            "TLS by upgrade",
            "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n",
        ),
        ignored(
            "several protocols",
            "Connection: Upgrade\r\nUpgrade: a/1, b, c\r\n",
        ),
        ignored("Upgrade without Connection", "Upgrade: websocket\r\n"),
        ignored("Connection without Upgrade", "Connection: Upgrade\r\n"),
        ignored("an empty Upgrade", "Connection: Upgrade\r\nUpgrade:\r\n"),
        taken(
            "Upgrade and a body",
            "9110 7.8",
            post(body, "abc"),
            "POST /echo [abc]",
        ),
        taken(
            "Upgrade in HTTP/1.0",
            "9110 7.8",
            "GET /echo HTTP/1.0\r\nConnection: keep-alive, upgrade\r\nUpgrade: x\r\n\r\n",
            "GET /echo []",
        ),
    ]
}
