//! What a request costs without a socket: its head read, its route found, its answer made.
//!
//!     cargo bench -p mini-spring --features __inside
#![allow(missing_docs)]

use divan::{Bencher, black_box};
use mini_spring::__inside::{Answers, Heads, route};
use mini_spring::{IntoService, Json, Problem, Request, Router};
use serde::Serialize;

fn main() {
    divan::main();
}

const SMALL: &str = "GET /health HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";

const BROWSER: &str = "GET /articles/2024/the-title-of-an-article?page=2&sort=new HTTP/1.1\r\n\
    Host: www.example.org\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n\
    Accept-Encoding: gzip, deflate, br, zstd\r\n\
    Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n\
    Cache-Control: max-age=0\r\n\
    Connection: keep-alive\r\n\
    Cookie: session=5f2c3a9b8e7d4c1f; theme=dark; consent=analytics:no,marketing:no; seen=1718000000\r\n\
    Referer: https://www.example.org/articles/2024\r\n\
    sec-ch-ua: \"Chromium\";v=\"126\", \"Not/A)Brand\";v=\"8\"\r\n\
    sec-ch-ua-mobile: ?0\r\n\
    Sec-Fetch-Dest: document\r\n\
    Sec-Fetch-Mode: navigate\r\n\
    Sec-Fetch-Site: same-origin\r\n\
    Upgrade-Insecure-Requests: 1\r\n\r\n";

fn forty_fields() -> String {
    let lines = (0..39).map(|number| format!("X-Field-{number}: value {number}\r\n"));
    let lines: String = lines.collect();
    format!("GET / HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n")
}

#[divan::bench(args = ["small", "browser", "forty fields"])]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let head = match name {
        "small" => SMALL.to_owned(),
        "browser" => BROWSER.to_owned(),
        _ => forty_fields(),
    };
    let mut heads = Heads::default();
    assert_eq!(heads.parse(head.as_bytes()), Some(head.len()));
    bencher
        .counter(divan::counter::BytesCount::of_str(&head))
        .bench_local(|| heads.parse(black_box(head.as_bytes())));
}

/// So many routes; the last of them has two parameters.
fn router(count: usize) -> Router {
    let mut router = Router::new();
    for number in 0..count {
        let pattern = format!("/section-{number}/<id>/part/<name>");
        router
            .register("GET", &pattern, |_: &Request| "")
            .expect("no two patterns are the same");
    }
    router
}

#[divan::bench(args = [1, 30, 1000])]
fn find_route(bencher: Bencher<'_, '_>, count: usize) {
    let router = router(count);
    let path = format!("/section-{}/42/part/seven", count - 1);
    let mut request = Request::get(path).build().expect("a request");
    assert!(route(&router, &mut request));
    bencher.bench_local(|| route(black_box(&router), black_box(&mut request)));
}

#[derive(Serialize)]
struct User {
    id: u64,
    name: &'static str,
    tags: [&'static str; 2],
}

fn answers() -> Answers {
    let mut router = Router::new();
    router
        .register("GET", "/text", |_: &Request| "Hello, World!")
        .and_then(|router| {
            router.register("GET", "/json", |_: &Request| {
                let tags = ["one", "two"];
                Json(User {
                    id: 42,
                    name: "Ada",
                    tags,
                })
            })
        })
        .and_then(|router| {
            router.register("GET", "/problem", |_: &Request| {
                Problem::not_found("no user 42")
            })
        })
        .expect("three routes");
    Answers::new(router.into_service().expect("a service"))
}

#[divan::bench(args = ["/text", "/json", "/problem"])]
fn respond(bencher: Bencher<'_, '_>, path: &str) {
    let mut answers = answers();
    let mut request = Request::get(path).build().expect("a request");
    bencher.bench_local(|| answers.respond(black_box(&mut request)).len());
}
