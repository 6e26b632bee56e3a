//! Whether a request comes from a browser on this machine, as far as that can be told.
//!
//! The error page of development shows sources and header fields. So whoever is anywhere else must not get it: not
//! through a proxy or a tunnel that runs here, and not by a page of another site that has its name lead to here.

use http::Version;

use crate::request::Request;

/// The hosts by which a browser names its own machine. Others can be made to lead here (DNS rebinding).
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Fields by which proxies and tunnels say that they have passed a request on, next to `X-Forwarded-..`.
const PASSED_ON: [&str; 7] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// All of it has to speak for this machine. Browsers speak HTTP/1.1, while some proxies that say nothing of themselves
/// speak HTTP/1.0.
pub(super) fn is_local(request: &Request) -> bool {
    let is_here = request.peer().ip().to_canonical().is_loopback();
    let is_direct = !request.headers().any(|(name, _)| tells_of_a_proxy(name));
    let host = without_port(request.host());
    let is_named = HOSTS.iter().any(|known| known.eq_ignore_ascii_case(host));
    is_here && is_direct && is_named && request.version() == Version::HTTP_11
}

fn tells_of_a_proxy(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("x-forwarded") || PASSED_ON.contains(&name.as_str())
}

/// `[::1]:8080` is `[::1]`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[(&str, &str)], peer: &str, expected: bool) {
        let start = Request::get("/").peer(peer.parse().unwrap());
        let request = fields.iter().fold(start, |request, (name, value)| {
            request.header(*name, *value)
        });
        assert_eq!(
            is_local(&request.build().unwrap()),
            expected,
            "{fields:?} {peer}"
        );
    }

    #[test]
    fn only_who_is_here_and_says_nothing_else_is_local() {
        let here = "127.0.0.1:4711";
        check(&[], here, true);
        check(&[], "[::1]:4711", true);
        check(&[], "127.8.9.1:4711", true);
        check(&[], "[::ffff:127.0.0.1]:4711", true);
        check(&[], "192.0.2.7:4711", false);
        check(&[], "[2001:db8::1]:4711", false);
        for host in [
            "localhost:8080",
            "LOCALHOST",
            "127.0.0.1:8080",
            "[::1]:8080",
            "[::1]",
        ] {
            check(&[("Host", host)], here, true);
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "localhost.",
            "192.0.2.7",
            "",
        ] {
            check(&[("Host", host)], here, false);
        }
        for name in [
            "X-Forwarded-For",
            "x-forwarded-host",
            "X-Forwarded",
            "Forwarded",
            "Via",
            "X-Real-IP",
            "CF-Connecting-IP",
        ] {
            check(&[(name, "127.0.0.1")], here, false);
        }
    }
}
