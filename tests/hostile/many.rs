//! Lists without end, wherever a request can have one: the work for them grows with their length, and not faster.
//!
//! Each list is as long as the largest head that can be allowed, or a body of its size, so that work that grows with
//! the square would be some 10^11 steps. Whether it was done is what counts: the client's patience is minutes short of
//! that. Nothing is kept in a map whose keys a client can make collide: names are compared one by one, sorted,
//! or hashed with std's random keys.

mod app;

use self::app::{LONG, SERVER, repeated};
use crate::support::Answer;

fn send(request: String) -> Answer {
    let mut client = SERVER.connect();
    client.send(request);
    client.answer()
}

fn get(target: &str, fields: &str) -> Answer {
    send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n{fields}\r\n"))
}

fn post(target: &str, fields: &str, body: &str) -> Answer {
    let length = body.len();
    send(format!(
        "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
    ))
}

#[track_caller]
fn check(answer: &Answer, status: u16, body: &str) {
    let found = (answer.status, &answer.body[..answer.body.len().min(200)]);
    assert_eq!(found, (status, body));
}

#[track_caller]
fn refused(answer: &Answer, status: u16, detail: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(detail), "{}", answer.body);
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
}

#[test]
fn values_of_a_query() {
    let count = |item: &str| LONG / item.len();
    let value = |item: &str| get(&format!("/query?{}", repeated(item)), "");
    check(&value("a&"), 200, &format!("{} None", count("a&")));
    check(&value("a=%61&"), 200, &format!("{} None", count("a=%61&")));
    check(&value("%61=1&"), 200, &format!("{} None", count("%61=1&")));
    check(&value("c=+&"), 200, "0 None");
    check(&value("&"), 200, "0 None");
    check(&value("a"), 200, "0 None");
    refused(&value("b=1&"), 400, "expected one value, found several");
    refused(
        &value("a=%&"),
        400,
        "must be followed by two hexadecimal digits",
    );
    let whole = |item: &str| get(&format!("/whole?{}", repeated(item)), "");
    refused(
        &whole("b&"),
        400,
        "expected at most 1000 values, found more",
    );
    refused(
        &whole("a=1&"),
        400,
        "expected at most 1000 values, found more",
    );
    check(&whole("&"), 200, "None");
}

#[test]
fn fields_of_a_form() {
    let form = |body: &str| {
        post(
            "/form",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            body,
        )
    };
    refused(
        &form(&repeated("a=b&")),
        400,
        "expected at most 1000 values, found more",
    );
    let names: String = (0..100_000).map(|number| format!("{number}=&")).collect();
    refused(
        &form(&names),
        400,
        "expected at most 1000 values, found more",
    );
    check(&form(&"a=b&".repeat(1_000)), 200, "1");
    let names: String = (0..1_000)
        .map(|number| format!("{}{number}=&", "x".repeat(2_000)))
        .collect();
    check(&form(&names), 200, "1000");
}

#[test]
fn members_of_a_json_object() {
    let json = |path: &str, body: &str| post(path, "Content-Type: application/json\r\n", body);
    let names: String = (0..100_000)
        .map(|number| format!("\"{number}\":1,"))
        .collect();
    let same = "\"b\":1,".repeat(100_000);
    let escaped = "\"\\u0062\":1,".repeat(100_000);
    for members in [&names, &same, &escaped] {
        check(
            &json("/json", &format!("{{{members}\"a\":7}}")),
            200,
            "Some(7)",
        );
        refused(
            &json("/json", &format!("{{{members}\"a\":-7}}")),
            400,
            "\"pointer\":\"/a\"",
        );
        refused(&json("/json", &format!("{{{members}")), 400, "EOF");
    }
    check(&json("/map", &format!("{{{names}\"a\":7}}")), 200, "100001");
    check(&json("/map", &format!("{{{same}\"a\":7}}")), 200, "2");
}

#[test]
fn cookies_of_a_client() {
    let count = |item: &str| LONG / item.len();
    let cookies = |item: &str| get("/cookies", &format!("Cookie: {}\r\n", repeated(item)));
    let all = count("a=b;");
    check(&cookies("a=b;"), 200, &format!("{all} {all} None"));
    let all = count("a=%62;");
    check(&cookies("a=%62;"), 200, &format!("{all} {all} None"));
    check(&cookies("a;"), 200, "0 0 None");
    check(&cookies("=;\""), 200, "333332 0 None");
    let fields = "Cookie: a=b\r\n".repeat(250);
    check(&get("/cookies", &fields), 200, "250 250 None");
}

#[test]
fn items_of_fields_about_content() {
    let accept = |item: &str| {
        get(
            "/negotiated",
            &format!("Accept: {}text/csv\r\n", repeated(item)),
        )
    };
    check(&accept("a/b,"), 200, "csv");
    check(&accept("a/b;q=0.1,"), 200, "csv");
    assert_eq!(accept("\\\",").status, 200);
    check(&accept(","), 200, "csv");
    refused(
        &get(
            "/negotiated",
            &format!("Accept: a/b{}\r\n", repeated(";a=b")),
        ),
        406,
        "text/csv",
    );
    let page = get(
        "/none",
        &format!("Accept: {}text/html\r\n", repeated("a/b;q=1,")),
    );
    assert!(
        page.status == 404 && page.body.starts_with("<!doctype html>"),
        "{}",
        page.body
    );
    for item in ["a,", "a;q=0,", "gzip;q=0.0001,", ",", "\","] {
        let mut client = SERVER.connect();
        let list = repeated(item);
        client.send(format!(
            "HEAD /file HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {list}gzip\r\n\r\n"
        ));
        assert_eq!(client.answer_to("HEAD").status, 200, "{item}");
    }
    let typed = |parameters: &str| {
        let content_type = format!("Content-Type: application/json{}\r\n", repeated(parameters));
        post("/json", &content_type, "{\"a\":7}")
    };
    for parameters in [";a=b", ";", ";a=\"\\\"\"", ";\"", "; charset=x", " "] {
        check(&typed(parameters), 200, "Some(7)");
    }
    let text = |parameters: &str| {
        post(
            "/text",
            &format!("Content-Type: text/plain{}\r\n", repeated(parameters)),
            "text",
        )
    };
    check(&text(";a=b"), 200, "4");
    check(&text(";"), 200, "4");
    refused(&text(";charset=x"), 415, "charset");
    let multipart = format!(
        "Content-Type: multipart/form-data{};boundary=x\r\n",
        repeated(";a=b")
    );
    refused(
        &post("/json", &multipart, ""),
        415,
        "expected the content type `application/json`",
    );
    let coding = format!("Content-Encoding: {}gzip\r\n", repeated("identity,"));
    refused(
        &post("/text", &coding, "text"),
        415,
        "content coding `gzip`",
    );
}

#[test]
fn conditions_and_ranges() {
    let known = |item: &str| {
        get(
            "/state",
            &format!("If-None-Match: {}\"7\"\r\n", repeated(item)),
        )
    };
    assert_eq!(known("\"a\",").status, 304);
    assert_eq!(known(",").status, 304);
    assert_eq!(known("W/\"\", ").status, 304);
    // A list is read up to what is no tag.
    check(&known("a"), 200, "state");
    let put = |item: &str| {
        send(format!(
            "PUT /state HTTP/1.1\r\nHost: a\r\nIf-Match: {}\"7\"\r\n\r\n",
            repeated(item)
        ))
    };
    check(&put("\"a\","), 200, "changed");
    assert_eq!(put("\"a\";").status, 412);
    let range = |item: &str| get("/file", &format!("Range: bytes={}0-0\r\n", repeated(item)));
    for item in ["0-0,", "0-,", "-1,", "1-2,5-6,", "a", "9"] {
        let answer = range(item);
        assert!(
            answer.status == 200 && answer.body.len() == 100_000,
            "{item}: {}",
            answer.status
        );
    }
    assert_eq!(range(",").status, 206);
    assert_eq!(
        get("/file", &format!("Range: bytes={}-\r\n", "0".repeat(LONG))).status,
        206
    );
}

#[test]
fn proxies_and_origins() {
    let forwarded = |item: &str| {
        get(
            "/client",
            &format!("X-Forwarded-For: {}10.0.0.9\r\n", repeated(item)),
        )
    };
    check(&forwarded("10.0.0.1,"), 200, "10.0.0.1");
    check(&forwarded("10.0.0.1, \", "), 200, "10.0.0.9");
    check(&forwarded(","), 200, "10.0.0.9");
    check(&forwarded("\\\""), 200, "127.0.0.1");
    let wanted = format!(
        "OPTIONS /client HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nAccess-Control-Request-Method: GET\r\n\
         Access-Control-Request-Headers: {}\r\n\r\n",
        repeated("a,")
    );
    assert_eq!(send(wanted).status, 204);
}

#[test]
fn the_head_itself() {
    for field in [
        "Connection",
        "Expect-Not",
        "Upgrade",
        "TE",
        "Via",
        "User-Agent",
    ] {
        check(
            &get("/head", &format!("{field}: {}\r\n", repeated("a,"))),
            200,
            "1 0",
        );
    }
    check(
        &get("/head", &format!("X-A:{}\r\n", repeated(" \t"))),
        200,
        "1 1",
    );
    check(&get("/head", &"X-A: b\r\n".repeat(250)), 200, "1 250");
    check(
        &get("/head", &format!("{}: b\r\n", "x".repeat(LONG))),
        200,
        "1 0",
    );
    refused(
        &get("/head", &"X-A: b\r\n".repeat(256)),
        431,
        "more header fields",
    );
    refused(
        &get("/head", &format!("X-A: {}\r\n", "b".repeat(1 << 20))),
        431,
        "are larger",
    );
    refused(
        &get(&"/x".repeat(1 << 20), ""),
        414,
        "request line is longer",
    );
    refused(
        &get(
            "/head",
            &format!("Content-Length: {}1\r\n", "9".repeat(LONG)),
        ),
        400,
        "too large",
    );
    refused(
        &get(
            "/head",
            &format!("Transfer-Encoding: {}\r\n", repeated("chunked,")),
        ),
        400,
        "chunked",
    );
    let empty_lines = "\r\n".repeat(LONG / 2);
    check(
        &send(format!(
            "{empty_lines}GET /head HTTP/1.1\r\nHost: a\r\n\r\n"
        )),
        200,
        "1 0",
    );
}

#[test]
fn segments_of_a_path() {
    let long = repeated("a/");
    check(&get(&format!("/{long}"), ""), 200, &(LONG + 1).to_string());
    check(
        &get(&format!("/rest/{}", repeated("%61/")), ""),
        200,
        &(LONG / 4 * 2 - 1).to_string(),
    );
    check(
        &get(&format!("/rest/{}", repeated("../")), ""),
        200,
        &(LONG / 3 * 3 - 1).to_string(),
    );
    refused(&get(&format!("/rest/{}%", repeated("%61")), ""), 400, "");
    for path in [
        repeated("x/"),
        repeated("/"),
        repeated("%2f"),
        repeated("%61/"),
    ] {
        assert_eq!(get(&format!("/b/{path}"), "").status, 404);
        assert_eq!(get(&format!("/dir/{path}"), "").status, 404);
    }
    assert_eq!(
        send(format!(
            "PUT /b/{} HTTP/1.1\r\nHost: a\r\n\r\n",
            repeated("x/")
        ))
        .status,
        404
    );
}
