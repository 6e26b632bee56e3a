//! Files and other answers, finished for their requests. The rules themselves have tables in
//! `http::conditions` and `http::ranges`; here it is what becomes of the answer.

use std::io::{self, Read};
use std::sync::Arc;

use super::*;
use crate::app::App;
use crate::http::etag::ETag;
use crate::middleware::Next;
use crate::respond::{NamedFile, Stream};
use crate::response::Producer;

const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn app() -> App {
    App::empty()
        .route("GET", "/file", |_: &Request| {
            let file = NamedFile::from_bytes("a.txt", b"0123456789");
            (
                [("Cache-Control", "max-age=60"), ("Last-Modified", DATE)],
                file,
            )
        })
        .route("GET", "/page", |_: &Request| {
            (ETag::weak(7), ([("Vary", "a")], "page"))
        })
        .route("GET", "/other", |_: &Request| {
            (StatusCode::NOT_FOUND, (ETag::strong(7), "none"))
        })
        .route("POST", "/file", |_: &Request| {
            NamedFile::from_bytes("a.txt", b"0123456789")
        })
        .route("GET", "/read", |_: &Request| {
            let response = Stream::reader(Bomb).into_response();
            response.header("ETag", "\"7\"")
        })
}

/// Panics where it isn't expected to.
struct Bomb;

impl Read for Bomb {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("it was read")
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("it was dropped")
    }
}

/// Status, names of the fields, and body.
fn show(response: &Response) -> String {
    let names: Vec<&str> = response.fields().iter().map(|(name, _)| name).collect();
    let body = response.body_bytes().map(String::from_utf8_lossy);
    let status = response.status().as_u16();
    format!(
        "{status} {} {}",
        names.join(","),
        body.unwrap_or("..".into())
    )
}

#[track_caller]
fn check(line: &str, fields: &[(&str, &str)], expected: &str) {
    let (method, target) = line.split_once(' ').unwrap();
    let request = Request::builder(method, target);
    let request = fields.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let response = app().call(request.build().unwrap());
    assert_eq!(show(&response), expected, "{line} {fields:?}");
}

const WHOLE: &str = "content-type,last-modified,etag,accept-ranges,cache-control";

#[test]
fn files() {
    check("GET /file", &[], &format!("200 {WHOLE} 0123456789"));
    check("HEAD /file", &[], &format!("200 {WHOLE} .."));
    let part = format!("206 {WHOLE},content-range 234");
    check("GET /file", &[("Range", "bytes=2-4")], &part);
    check(
        "HEAD /file",
        &[("Range", "bytes=2-4")],
        &format!("200 {WHOLE} .."),
    );
    let part = [("Range", "bytes=2-4"), ("If-Range", DATE)];
    check(
        "GET /file",
        &part,
        &format!("206 {WHOLE},content-range 234"),
    );
    let other = [("Range", "bytes=2-4"), ("If-Range", "\"other\"")];
    check("GET /file", &other, &format!("200 {WHOLE} 0123456789"));
}

/// RFC 9110, section 15.4.5: ETag, Cache-Control, Content-Location, Expires and Vary stay; what describes
/// the content goes.
#[test]
fn not_modified_has_the_fields_that_caches_need() {
    let any = [("If-None-Match", "*")];
    check("GET /file", &any, "304 etag,accept-ranges,cache-control ");
    check("HEAD /file", &any, "304 etag,accept-ranges,cache-control ");
    check(
        "GET /file",
        &[("If-Modified-Since", DATE)],
        "304 etag,accept-ranges,cache-control ",
    );
    check("GET /page", &[("If-None-Match", "\"7\"")], "304 etag,vary ");
    // A reader is neither read nor does its end do harm.
    check("GET /read", &[("If-None-Match", "\"7\"")], "304 etag ");
}

#[test]
fn a_date_stays_in_a_304_that_has_no_tag() {
    let dated = |_: &Request| {
        (
            [("Last-Modified", DATE), ("Content-Language", "de")],
            "page",
        )
    };
    let app = App::empty().route("GET", "/", dated);
    let request = Request::get("/").header("If-Modified-Since", DATE);
    let response = app.call(request.build().unwrap());
    assert_eq!(show(&response), "304 last-modified ");
}

#[test]
fn failed_preconditions() {
    let other = [("If-Match", "\"other\"")];
    let body = r#"{"type":"about:blank","title":"Precondition Failed","status":412,"error":"precondition_failed"}"#;
    for line in ["GET /file", "HEAD /file", "GET /page"] {
        check(line, &other, &format!("412 content-type,vary {body}"));
    }
}

/// RFC 9110, section 13.2.1: only what would be a 200 is conditional; and section 14.2: only GET has ranges.
#[test]
fn what_is_not_conditional() {
    let any = [("If-None-Match", "*"), ("Range", "bytes=0-0")];
    check("GET /other", &any, "404 content-type,etag none");
    check(
        "POST /file",
        &any,
        "200 content-type,etag,accept-ranges 0123456789",
    );
    // Only files have parts.
    check(
        "GET /page",
        &[("Range", "bytes=0-0")],
        "200 content-type,etag,vary page",
    );
}

/// RFC 9110, section 15.5.17.
#[test]
fn ranges_that_are_not_there() {
    let body = r#"{"type":"about:blank","title":"Range Not Satisfiable","status":416,"detail":"expected a range of 10 bytes","error":"range_not_satisfiable"}"#;
    let expected = format!("416 content-type,content-range,vary {body}");
    check("GET /file", &[("Range", "bytes=10-")], &expected);
    let request = Request::get("/file").header("Range", "bytes=-0");
    let response = app().call(request.build().unwrap());
    assert_eq!(
        response.fields().get(&CONTENT_RANGE),
        Some(&b"bytes */10"[..])
    );
}

#[test]
fn middleware_sees_the_finished_answer_and_can_make_one() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = seen.clone();
    let middleware = move |request: &mut Request, next: Next<'_>| {
        let response = next.run(request);
        kept.lock().unwrap().push(response.status().as_u16());
        match response.status() {
            StatusCode::NOT_FOUND => NamedFile::from_bytes("a.txt", b"instead").into_response(),
            StatusCode::OK => response.header("ETag", "\"later\""),
            _ => response,
        }
    };
    let app = app().middleware(middleware);
    let call = |target: &str, name: &str, value: &str| {
        let request = Request::get(target).header(name, value).build().unwrap();
        show(&app.call(request))
    };
    assert_eq!(
        call("/none", "Range", "bytes=0-1"),
        "206 content-type,etag,accept-ranges,content-range in"
    );
    assert!(call("/file", "Range", "bytes=2-4").ends_with(" 234"));
    assert_eq!(call("/page", "If-None-Match", "\"7\""), "304 etag,vary ");
    assert_eq!(
        call("/page", "If-None-Match", "\"later\""),
        "304 etag,vary "
    );
    assert_eq!(*seen.lock().unwrap(), [404, 206, 304, 200]);
}

/// The whole body, wherever it comes from.
fn read(response: Response) -> (String, u64) {
    match response.into_parts().2 {
        Body::Bytes(bytes) => (
            String::from_utf8(bytes.clone()).unwrap(),
            bytes.len() as u64,
        ),
        Body::Produced(body) => {
            let Producer::Reader(mut reader) = body.producer else {
                panic!("no reader");
            };
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            (text, body.length.unwrap())
        }
        Body::Fed(_) => panic!("no reader"),
    }
}

/// RFC 9110, section 15.3.7.2.
#[test]
fn several_parts() {
    let content = "0123456789".repeat(1_000);
    let app = App::empty().route("GET", "/", move |_: &Request| {
        NamedFile::from_bytes("a.txt", content.clone().into_bytes())
    });
    let request = Request::get("/").header("Range", "bytes=9990-, 500-509,0-4,20000-");
    let response = app.call(request.build().unwrap());
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(response.fields().get(&CONTENT_RANGE), None);
    let kind = response.fields().get(&CONTENT_TYPE).unwrap();
    let kind = String::from_utf8_lossy(kind).into_owned();
    let boundary = kind
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    assert_eq!(boundary.len(), 32);
    let part = |range: &str, text: &str| {
        format!(
            "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Range: bytes {range}/10000\r\n\r\n{text}\r\n"
        )
    };
    let expected = [
        part("9990-9999", "0123456789"),
        part("500-509", "0123456789"),
        part("0-4", "01234"),
        format!("--{boundary}--\r\n"),
    ];
    let (body, length) = read(response);
    assert_eq!(body, expected.concat());
    assert_eq!(length, body.len() as u64);
}

#[test]
fn large_content_is_read_while_it_is_sent() {
    for (length, is_here) in [(SMALL, true), (SMALL + 1, false)] {
        let bytes = vec![b'x'; length as usize];
        let app = App::empty().route("GET", "/", move |_: &Request| {
            NamedFile::from_bytes("a.txt", bytes.clone())
        });
        for range in ["bytes=0-", "none"] {
            let request = Request::get("/").header("Range", range).build().unwrap();
            let response = app.call(request);
            assert_eq!(response.body_bytes().is_some(), is_here);
            let (body, announced) = read(response);
            assert_eq!((body.len() as u64, announced), (length, length));
        }
    }
}

#[test]
fn a_file_that_became_shorter_before_it_is_sent_is_an_error() {
    let named = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(named.path(), "0123456789").unwrap();
    let path = named.path().to_owned();
    let app = App::empty().route("GET", "/", move |_: &Request| {
        let file = NamedFile::open(&path).unwrap();
        std::fs::write(&path, "0123").unwrap();
        file
    });
    let response = app.call(Request::get("/").build().unwrap());
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let cause = response.cause().unwrap().to_string();
    assert!(cause.ends_with("6 bytes are missing"), "{cause}");
}

#[test]
fn pages_of_directories_have_a_slash() {
    let to = |target: &str| with_slash(&Request::get(target).build().unwrap());
    let some = |place: &str| Some(place.to_owned());
    assert_eq!(to("/"), None);
    assert_eq!(to("/a/"), None);
    assert_eq!(to("/a"), some("./a/"));
    assert_eq!(to("/a%20b/c?d=/&e"), some("./c/?d=/&e"));
    // Nothing of it can be taken for another server, or for a scheme.
    assert_eq!(to("//elsewhere.example"), some("./elsewhere.example/"));
    assert_eq!(to("/javascript:x"), some("./javascript:x/"));
    assert_eq!(to("http://a.example"), None);
}
