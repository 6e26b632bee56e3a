//! Forms that can't be read: the client is told, whatever the handler makes of the error.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use mini_spring::{MultipartError, MultipartForm, Problem, Request};
use serde_json::Value;

use super::*;

#[route(POST, "/any", body_limit = "1MiB")]
fn any(mut form: Multipart) -> mini_spring::Result<String> {
    let mut count = 0;
    while form.next_part()?.is_some() {
        count += 1;
    }
    Ok(format!("{count} parts"))
}

#[route(POST, "/io")]
fn by_io(mut form: Multipart) -> io::Result<String> {
    let mut text = String::new();
    while let Some(mut part) = form.next_part()? {
        part.read_to_string(&mut text)?;
    }
    Ok(text)
}

#[route(POST, "/problem")]
fn by_problem(mut form: Multipart) -> Result<String, Problem> {
    let mut text = String::new();
    while let Some(part) = form.next_part()? {
        text += &part.text()?;
    }
    Ok(text)
}

#[route(POST, "/boxed")]
fn boxed(mut form: Multipart) -> Result<String, Box<dyn StdError + Send + Sync>> {
    while let Some(part) = form.next_part()? {
        part.spool()?;
    }
    Ok(String::new())
}

#[route(POST, "/itself")]
fn itself(form: Multipart) -> Result<String, MultipartError> {
    Ok(form.collect()?.text("a").unwrap_or_default().to_owned())
}

#[derive(Debug, Problem)]
#[problem(503, "the archive is closed", code = "closed")]
struct Wrapped(#[allow(dead_code)] io::Error);

impl std::fmt::Display for Wrapped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the archive is closed")
    }
}

impl StdError for Wrapped {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// As a library would that reads from the part: it knows nothing of forms.
#[route(POST, "/wrapped")]
fn wrapped(mut form: Multipart) -> Result<String, Wrapped> {
    let mut text = String::new();
    while let Some(mut part) = form.next_part().map_err(|error| Wrapped(error.into()))? {
        part.read_to_string(&mut text).map_err(Wrapped)?;
    }
    Ok(text)
}

#[route(POST, "/form")]
fn whole(form: MultipartForm) -> String {
    form.text("a").unwrap_or_default().to_owned()
}

const ALL: [&str; 7] = [
    "/any", "/io", "/problem", "/boxed", "/itself", "/wrapped", "/form",
];

fn all(change: impl FnOnce(&mut ServerConfig)) -> TestServer {
    let routes = routes![
        any, by_io, by_problem, boxed, itself, wrapped, whole, health
    ];
    server(routes, change)
}

fn detail(body: &str) -> String {
    let document: Value = serde_json::from_str(body).expect("a problem");
    document["detail"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_malformed_form_is_the_clients_fault_whatever_the_handler_returns() {
    let server = all(|_| {});
    let good = part("name=a", "1");
    let twice = [&good[..], b"--x\r\nContent-Type: a/b\r\n\r\n\r\n--x--"].concat();
    let expected = "part 2 of the form: expected the header field `Content-Disposition: form-data; name=\"..\"`, found none";
    for path in ALL {
        let mut client = server.connect();
        // There is more behind it than is read.
        let body = [&twice[..], &vec![b'y'; 300_000]].concat();
        client.send(post(path, "x", &body));
        let answer = client.answer();
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        assert_eq!(
            answer.field("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(detail(&answer.body), expected, "{path}");
        assert!(!answer.body.contains("closed"), "{path}");
    }
    // Where the whole body has come, the connection goes on.
    for path in ALL {
        let mut client = server.connect();
        client.send([post(path, "x", &good), HEALTH.into()].concat());
        let answer = client.answer();
        assert_eq!(answer.status, 400, "{path}");
        let detail = detail(&answer.body);
        assert_eq!(
            detail,
            "expected the boundary `--x--`, found the end of the body"
        );
        assert_eq!(client.answer().body, "up", "{path}");
    }
}

#[test]
fn a_body_that_breaks_off_or_stops_is_the_clients_fault() {
    let impatient = all(|config| config.body_timeout = Duration::from_millis(50));
    let server = all(|_| {});
    let body = [
        part("name=a; filename=b", vec![b'y'; 200_000]),
        b"--x--".to_vec(),
    ]
    .concat();
    for path in ALL {
        let half = &post(path, "x", &body)[..100_000];
        let mut stops = impatient.connect();
        stops.send(half);
        assert_eq!(stops.answer().status, 408, "{path}");
        let mut leaves = server.connect();
        leaves.send(half);
        leaves.end();
        let answer = leaves.rest();
        if path == "/form" {
            // Its handler isn't called before all of it has come.
            assert_eq!(answer, "");
            continue;
        }
        assert!(answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
        assert!(
            answer.contains("closed the connection before"),
            "{path}: {answer}"
        );
    }
}

#[test]
fn what_is_too_large_is_413() {
    let server = all(|_| {});
    let check = |path: &str, body: &[u8], expected: &str| {
        let mut client = server.connect();
        client.send(post(path, "x", body));
        let answer = client.answer();
        assert_eq!(answer.status, 413, "{path}: {}", answer.body);
        let detail = detail(&answer.body);
        assert!(detail.contains(expected), "{path}: {detail}");
    };
    let parts = [part("name=a", "").repeat(1_001), b"--x--".to_vec()].concat();
    let large = part("name=a", vec![b'y'; (1 << 20) + 1]);
    let large = [&large[..], b"--x--"].concat();
    for path in ["/io", "/problem", "/itself", "/form"] {
        check(path, &parts, "expected at most 1000 parts, found more");
    }
    check(
        "/problem",
        &large,
        "the part `a` of the form: expected at most 1048576 bytes, found more",
    );
    let in_all = "expected at most 1048576 bytes of text in all fields, found more";
    check("/itself", &large, in_all);
    check("/form", &large, in_all);
    check(
        "/any",
        &large,
        "the body is larger than the 1 MiB that this route accepts",
    );
    let endless = [&b"--x\r\nA: "[..], &vec![b'y'; 100_000]].concat();
    check(
        "/any",
        &endless,
        "expected the head of a part in 8192 bytes, found more",
    );
}

#[test]
fn the_content_type_is_checked_before_anything_is_read() {
    let server = all(|_| {});
    let post = |path: &str, content_type: &str| {
        let mut client = server.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\n{content_type}Content-Length: 5\r\n\r\n--x--"
        ));
        client.answer()
    };
    for path in ["/any", "/form"] {
        for (field, found) in [
            ("", "none"),
            ("Content-Type: text/plain\r\n", "`text/plain`"),
            (
                "Content-Type: multipart/mixed; boundary=x\r\n",
                "`multipart/mixed; boundary=x`",
            ),
        ] {
            let answer = post(path, field);
            assert_eq!(answer.status, 415);
            let expected = format!(
                "expected the content type `multipart/form-data; boundary=...`, found {found}; \
                 send the header field `Content-Type: multipart/form-data; boundary=...`"
            );
            assert_eq!(detail(&answer.body), expected);
        }
        let answer = post(path, "Content-Type: multipart/form-data\r\n");
        assert_eq!(answer.status, 400);
        assert!(
            answer.body.contains(
                r#""errors":[{"in":"header","name":"Content-Type","detail":"expected a boundary, as in `multipart/form-data; boundary=x`, found none"}]"#
            ),
            "{}",
            answer.body
        );
        assert_eq!(
            post(path, "Content-Type: multipart/form-data; boundary=x\r\n").status,
            200
        );
    }
}

#[test]
fn forms_may_be_optional_and_errors_the_handlers() {
    #[route(POST, "/maybe")]
    fn maybe(form: Option<Multipart>) -> mini_spring::Result<&'static str> {
        match form {
            Some(mut form) => Ok(form.next_part()?.map_or("empty", |_| "there")),
            None => Ok("none"),
        }
    }
    #[route(POST, "/maybe/form")]
    fn maybe_form(form: Option<MultipartForm>) -> &'static str {
        form.map_or("none", |form| form.text("a").map_or("empty", |_| "there"))
    }
    #[route(POST, "/result")]
    fn result(form: Result<Multipart, Problem>) -> String {
        form.map_or_else(|problem| problem.to_string(), |_| "there".to_owned())
    }
    let app = App::empty().mount("/", routes![maybe, maybe_form, result]);
    let server = TestServer::start(app);
    let there = [part("name=a", "1"), b"--x--".to_vec()].concat();
    for path in ["/maybe", "/maybe/form"] {
        let mut client = server.connect();
        client.send(format!("POST {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.answer().body, "none");
        client.send(post(path, "x", &there));
        assert_eq!(client.answer().body, "there");
        client.send(post(path, "x", b"--x--"));
        assert_eq!(client.answer().body, "empty");
        client.send(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n--x--"
        ));
        assert_eq!(client.answer().status, 415);
    }
    // A body that isn't said to be a form, and hasn't come yet.
    let mut client = server.connect();
    client.send("POST /maybe HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(client.answer().status, 415);
    let app = App::empty().mount("/", routes![result]);
    let request = Request::post("/result").body("a").build().unwrap();
    let response = app.call(request);
    let body = String::from_utf8_lossy(response.body_bytes().unwrap()).into_owned();
    assert!(
        body.starts_with("415 Unsupported Media Type: expected"),
        "{body}"
    );
}
