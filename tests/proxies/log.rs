//! The access log tells the client, not the proxy.

use super::server;
use super::support::lines;

#[test]
fn the_access_log_has_the_address_of_the_client() {
    lines::keep();
    let server = server(|config| {
        config.trusted_proxies = "127.0.0.1".parse().unwrap();
        config.access_log = true;
    });
    let fields = "Host: a\r\nConnection: close\r\nX-Forwarded-For: 192.0.2.7\r\n";
    server.exchange(format!("GET /origin HTTP/1.1\r\n{fields}\r\n"));
    server.exchange(format!("GET /none HTTP/1.1\r\n{fields}\r\n"));
    server.exchange(format!(
        "POST /small HTTP/1.1\r\n{fields}Content-Length: 11\r\n\r\n"
    ));
    // A head that isn't whole says nothing.
    server.exchange(format!("GET /origin HTTP/1.1\r\n{fields}no field\r\n\r\n"));
    drop(server);
    let lines = lines::of_the_access_log();
    let told = lines.iter().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        format!("{} {} {}", words[1], words[2], words[words.len() - 1])
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "/origin 200 192.0.2.7",
            "/none 404 192.0.2.7",
            "/small 413 192.0.2.7",
            "/origin 400 127.0.0.1",
        ]
    );
}
