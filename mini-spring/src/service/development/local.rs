//! Whether a request comes from a browser on this machine, as far as that can be told.
//!
//! The error page of development shows sources and header fields. So whoever is anywhere else must not get it: not
//! through a proxy or a tunnel that runs here, and not by a page of another site: neither one that has its name lead to
//! here, nor one that reads answers because the program's [`Cors`](crate::Cors) lets it.

use http::Version;

use crate::request::Request;

/// The hosts by which a browser names its own machine. Others can be made to lead here (DNS rebinding).
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Fields by which proxies and tunnels say that they have passed a request on ..
const PASSED_ON: [&str; 3] = ["via", "cdn-loop", "x-host"];

/// .. with names that hold this, as `X-Forwarded-For`, `True-Client-IP` and `X-Original-Host` do ..
const PARTS_OF_PASSED_ON: [&str; 4] = ["forwarded", "client-ip", "real-ip", "x-original"];

/// .. or begin with what belongs to one of them.
const BEGINS_OF_PASSED_ON: [&str; 5] = ["cf-", "fly-", "ngrok-", "x-amzn-", "x-envoy-"];

/// All of it has to speak for this machine. Browsers speak HTTP/1.1, while some proxies that say nothing of themselves
/// speak HTTP/1.0.
pub(super) fn is_local(request: &Request) -> bool {
    let is_here = request.peer().ip().to_canonical().is_loopback();
    let is_direct = !request.headers().any(|(name, _)| tells_of_a_proxy(name));
    let host = without_port(request.host());
    let is_named = HOSTS.iter().any(|known| known.eq_ignore_ascii_case(host));
    let is_own = is_of_no_other_page(request);
    is_here && is_direct && is_named && is_own && request.version() == Version::HTTP_11
}

/// Browsers name the page that sends a request, unless it is a plain link, whose answer the page can't read.
fn is_of_no_other_page(request: &Request) -> bool {
    let host = request.host().as_bytes();
    let mut fields = request.headers();
    fields.all(|(name, value)| {
        !name.eq_ignore_ascii_case("origin")
            || value
                .strip_prefix(b"http://")
                .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    })
}

fn tells_of_a_proxy(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    PASSED_ON.contains(&name.as_str())
        || PARTS_OF_PASSED_ON.iter().any(|part| name.contains(part))
        || BEGINS_OF_PASSED_ON
            .iter()
            .any(|begin| name.starts_with(begin))
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
            "CF-Ray",
            "True-Client-IP",
            "X-Client-IP",
            "Fastly-Client-IP",
            "Fly-Client-IP",
            "Proxy-Client-IP",
            "Forwarded-For",
            "X-Original-Forwarded-For",
            "X-Original-Host",
            "X-Host",
            "CDN-Loop",
            "X-Envoy-External-Address",
            "X-Amzn-Trace-Id",
        ] {
            check(&[(name, "127.0.0.1")], here, false);
        }
    }

    #[test]
    fn pages_of_other_origins_are_elsewhere() {
        let here = "127.0.0.1:4711";
        let check = |origins: &[&str], expected: bool| {
            let origins = origins.iter().map(|origin| ("Origin", *origin));
            let fields: Vec<_> = [("Host", "localhost:8080")]
                .into_iter()
                .chain(origins)
                .collect();
            check(&fields, here, expected);
        };
        check(&["http://localhost:8080"], true);
        check(&["http://LOCALHOST:8080"], true);
        for origin in [
            "http://evil.example",
            "http://localhost:3000",
            "http://localhost",
            "https://localhost:8080",
            "null",
            "",
        ] {
            check(&[origin], false);
            check(&["http://localhost:8080", origin], false);
        }
    }
}
