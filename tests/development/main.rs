//! The error page of development: what it shows, what it makes harmless, and who gets it.
#![allow(missing_docs)]

#[path = "../support/mod.rs"]
mod support;

use support::Answer;
use support::example::{Example, command};

const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// The program in this profile.
fn start(profile: &str, arguments: &[&str]) -> Example {
    let mut command = command("failing");
    command
        .env_remove("RUST_BACKTRACE")
        .arg(format!("--profile={profile}"))
        .arg("--server.port=0")
        .args(arguments);
    Example::start(command)
}

/// What a browser on this machine asks, with more fields.
fn request(method: &str, target: &str, fields: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: localhost:8080\r\nAccept: {PAGE}\r\n{fields}\r\n")
}

fn ask(example: &Example, request: &str) -> Answer {
    let mut client = example.connect();
    client.send(request);
    client.answer()
}

#[track_caller]
fn has(answer: &Answer, pieces: &[&str]) {
    for piece in pieces {
        assert!(answer.body.contains(piece), "{piece}\n{}", answer.body);
    }
}

/// The page is made of a program's error, so it names this.
fn is_of_development(answer: &Answer) -> bool {
    answer.body.contains("invalid digit found in string")
}

#[test]
fn an_error_is_shown_with_its_causes_its_place_its_request_and_its_route() {
    let example = start("dev", &[]);
    let fields = "Authorization: Bearer t0p\r\nCookie: id=s3cret\r\nProxy-Authorization: b4sic\r\n\
                  X-Api-Key: k3y\r\nX-CSRFToken: c5rf\r\nX-Plain: seen\r\n";
    let answer = ask(
        &example,
        &request("GET", "/baskets/blue?note=a%20b", fields),
    );
    assert_eq!(answer.status, 500);
    assert_eq!(
        answer.field("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(answer.field("cache-control"), Some("no-store"));
    assert_eq!(answer.field("vary"), Some("accept"));
    let policy = answer.field("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    has(
        &answer,
        &[
            // The chain.
            "<mark>the basket blue has no price</mark>",
            "<small>because</small> invalid digit found in string",
            // Where `?` has met it, and the line.
            "tests/development/program.rs:35",
            "let price = price(basket)?; // The total fails here.",
            // The route.
            "<td>GET /baskets/&lt;basket&gt;?&lt;note&gt;",
            "<td>failing::basket<",
            "<td>tests/development/program.rs:44<",
            "<td>middleware<td>traced<",
            // The request.
            "<td>target<td>/baskets/blue?note=a%20b<",
            "<td>path basket<td>blue<",
            "<td>query note<td>a b<",
            "<td>Authorization<td>***<",
            "<td>Proxy-Authorization<td>***<",
            "<td>Cookie<td>***<",
            "<td>X-Api-Key<td>***<",
            "<td>X-CSRFToken<td>***<",
            "<td>X-Plain<td>seen<",
            // All of the stack, folded away.
            "<details><summary>All ",
            "mini_spring::",
        ],
    );
    for secret in ["t0p", "s3cret", "b4sic", "k3y", "c5rf"] {
        assert!(!answer.body.contains(secret), "{secret}");
    }
}

#[test]
fn a_panic_is_shown_with_its_place_and_told_once() {
    let example = start("dev", &[]);
    let answer = ask(&example, &request("GET", "/panic", "X-Request-Id: p-1\r\n"));
    assert_eq!(answer.status, 500);
    has(
        &answer,
        &[
            "<h2>Panic</h2>",
            "index out of bounds: the len is 0 but the index is 7",
            "tests/development/program.rs:54",
            "shelves[7]) // The panic is here.",
            "<td>failing::panics<",
        ],
    );
    assert_eq!(ask(&example, &request("GET", "/caught", "")).body, "true");
    // What a panic without an own line has left behind is nobody else's.
    let answer = ask(&example, &request("GET", "/problem", ""));
    has(&answer, &["the till is empty", "The problem is here."]);
    let (code, log) = example.stop();
    assert_eq!(code, Some(0));
    let about: Vec<&String> = log
        .iter()
        .filter(|line| line.contains("panicked"))
        .collect();
    let [line] = &about[..] else {
        panic!("{log:?}");
    };
    let expected = "ERROR GET /panic: failing::panics (tests/development/program.rs:51) panicked at \
                    tests/development/program.rs:54 (request p-1): index out of bounds: the len is 0 but the \
                    index is 7";
    assert!(line.ends_with(expected), "{line}");
    assert!(
        !log.iter().any(|line| line.contains("stack backtrace")),
        "{log:?}"
    );
}

#[test]
fn the_place_of_a_panic_is_its_own() {
    let example = start("dev", &[]);
    let answer = ask(&example, &request("GET", "/resumed", ""));
    assert_eq!(answer.status, 500);
    has(&answer, &["<mark>panicked: from another thread</mark>"]);
}

#[test]
fn mistakes_of_clients_are_shown_with_what_would_be_right() {
    let example = start("dev", &[]);
    let answer = ask(&example, &request("GET", "/basket/7", ""));
    assert_eq!(answer.status, 404);
    has(
        &answer,
        &[
            "<h2>Routes</h2>",
            "<mark>/baskets/&lt;basket&gt;?&lt;note&gt;</mark>",
            "<td>/panic<td>failing::panics<td>tests/development/program.rs:51",
            "<td>target<td>/basket/7<",
        ],
    );
    let answer = ask(&example, &request("DELETE", "/panic", ""));
    assert_eq!(
        (answer.status, answer.field("allow")),
        (405, Some("GET, HEAD, OPTIONS"))
    );
    has(
        &answer,
        &["this path answers only", "<td>method<td>DELETE<"],
    );
    let post = |kind: &str, body: &str| {
        let length = body.len();
        let fields = format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n");
        ask(&example, &(request("POST", "/numbers", &fields) + body))
    };
    let answer = post("text/plain", "[1]");
    assert_eq!(answer.status, 415);
    has(
        &answer,
        &["<td>POST /numbers", "<td>Content-Type<td>text/plain<"],
    );
    let answer = post("application/json", "[1000]");
    assert_eq!(answer.status, 400);
    has(&answer, &["<td>POST /numbers", "<td>failing::numbers<"]);
}

#[test]
fn what_clients_send_is_text() {
    let example = start("dev", &[]);
    let fields =
        "X-Evil: <script>alert(1)</script>\r\nX-\"><script>alert(2)</script>: <img src=x>\r\n";
    let fields = fields.lines().next().unwrap().to_owned()
        + "\r\nReferer: \"><img src=x onerror=alert(3)>\r\n";
    let target = "/baskets/%3Cscript%3Ealert(4)%3C%2Fscript%3E?note=%3Cb%3E&%22%3E%3Cscript%3E=1";
    for target in [target, "/%3Cscript%3E", "/panic?'\"onload=alert(5)"] {
        let answer = ask(&example, &request("GET", target, &fields));
        let body = answer.body.to_lowercase();
        for tag in [
            "<script",
            "<img",
            "<b>alert",
            "onerror=alert(3)>",
            "<link",
            "<iframe",
        ] {
            assert!(!body.contains(tag), "{target}: {tag}\n{body}");
        }
        for elsewhere in ["src=", "href=", "url(", "@import"] {
            let inside = body.replace("src=x", "");
            assert!(!inside.contains(elsewhere), "{target}: {elsewhere}");
        }
        has(&answer, &["&lt;script&gt;alert(1)&lt;/script&gt;"]);
    }
    let answer = ask(&example, &request("GET", target, ""));
    has(
        &answer,
        &[
            "the basket &lt;script&gt;alert(4)&lt;/script&gt; has no price",
            "<td>query &quot;&gt;&lt;script&gt;<td>1",
        ],
    );
}

#[test]
fn nobody_else_gets_it() {
    const TARGET: &str = "/baskets/blue";
    let example = start("dev", &[]);
    let check = |request: &str, expected: bool| {
        let answer = ask(&example, request);
        assert_eq!(answer.status, 500);
        assert_eq!(is_of_development(&answer), expected, "{request}");
    };
    let from = |host: &str, accept: &str, fields: &str| {
        format!("GET {TARGET} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\n{fields}\r\n")
    };
    for host in ["localhost", "127.0.0.1:8080", "[::1]:1"] {
        check(&from(host, PAGE, ""), true);
    }
    for host in [
        "evil.example",
        "localhost.evil.example:8080",
        "192.0.2.7",
        "[2001:db8::1]",
    ] {
        check(&from(host, PAGE, ""), false);
    }
    for field in [
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "Forwarded",
        "X-Real-IP",
        "Via",
        "True-Client-IP",
        "X-Original-Host",
    ] {
        check(
            &from("localhost", PAGE, &format!("{field}: 127.0.0.1\r\n")),
            false,
        );
    }
    // What a page of another origin may read of an answer, the program's `Cors` decides.
    for (origin, expected) in [
        ("http://localhost:8080", true),
        ("http://localhost:3000", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let field = format!("Origin: {origin}\r\n");
        check(&from("localhost:8080", PAGE, &field), expected);
    }
    for accept in ["application/json", "*/*", "application/json, text/html"] {
        check(&from("localhost", accept, ""), false);
        let answer = ask(&example, &from("localhost", accept, ""));
        assert_eq!(
            answer.field("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(answer.field("cache-control"), None);
    }
    check(
        &format!("GET {TARGET} HTTP/1.0\r\nHost: localhost\r\nAccept: {PAGE}\r\n\r\n"),
        false,
    );
    for (profile, arguments) in [
        ("prod", &[][..]),
        ("test", &[]),
        ("staging", &[]),
        // Somebody passes requests on, so nobody is known to be here.
        ("dev", &["--server.trusted_proxies=127.0.0.1"]),
    ] {
        let example = start(profile, arguments);
        let answer = ask(&example, &request("GET", TARGET, ""));
        assert_eq!(answer.status, 500);
        assert!(!is_of_development(&answer), "{profile}");
        // The plain page.
        has(&answer, &["<h1><b>500</b>Internal Server Error</h1>"]);
        assert!(!answer.body.contains("program.rs"), "{profile}");
    }
}

#[test]
fn a_head_has_the_fields_of_the_page() {
    let example = start("dev", &[]);
    let mut client = example.connect();
    client.send(request("HEAD", "/baskets/blue", ""));
    let answer = client.answer_to("HEAD");
    assert_eq!((answer.status, &*answer.body), (500, ""));
    assert_eq!(answer.field("cache-control"), Some("no-store"));
    let length: usize = answer.field("content-length").unwrap().parse().unwrap();
    assert!(length > 3000, "{length}");
}

#[test]
fn an_error_that_cannot_be_told_leaves_the_plain_page() {
    let example = start("dev", &[]);
    let answer = ask(&example, &request("GET", "/untold", ""));
    assert_eq!(answer.status, 500);
    has(
        &answer,
        &["<h1><b>500</b>Internal Server Error</h1><p><small>Request "],
    );
    assert!(!answer.body.contains("<h2>"), "{}", answer.body);
    // And the next one is as ever.
    let answer = ask(&example, &request("GET", "/baskets/blue", ""));
    assert!(is_of_development(&answer));
}

/// Sources are found from where the program lies, too.
#[test]
fn the_working_directory_may_be_another() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = command("failing");
    command
        .current_dir(directory.path())
        .args(["--profile=dev", "--server.port=0"]);
    let example = Example::start(command);
    let answer = ask(&example, &request("GET", "/panic", ""));
    has(&answer, &["tests/development/program.rs:54"]);
}
