//! Forms that are meant to do harm: parts, heads and boundaries without end, and names of files that lead elsewhere.

use mini_spring::{App, Multipart, MultipartForm, route, routes};

use crate::support::{Answer, TestServer};

/// Reads all of it, and keeps nothing.
#[route(POST, "/parts", body_limit = "64MiB")]
fn parts(mut form: Multipart) -> mini_spring::Result<String> {
    let mut length = 0;
    let mut count = 0;
    while let Some(mut part) = form.next_part()? {
        length += std::io::copy(&mut part, &mut std::io::sink())?;
        count += 1;
    }
    Ok(format!("{count} {length}"))
}

#[route(POST, "/form", body_limit = "64MiB")]
fn form(form: MultipartForm) -> String {
    let names = form
        .files()
        .iter()
        .map(|file| (file.file_name(), file.safe_file_name()));
    format!("{:?}", names.collect::<Vec<_>>())
}

fn server() -> TestServer {
    TestServer::start(App::empty().mount("/", routes![parts, form]))
}

fn post(server: &TestServer, path: &str, boundary: &str, body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary=\"{boundary}\"\r\n\r\n"
    );
    let mut client = server.connect();
    // A form that is refused early isn't read to its end.
    let _ = std::io::Write::write_all(&mut client.stream, &[head.as_bytes(), body].concat());
    client.answer()
}

#[track_caller]
fn refuse(server: &TestServer, body: &str, status: u16, detail: &str) {
    for path in ["/parts", "/form"] {
        let answer = post(server, path, "x", body);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(detail), "{path}: {}", answer.body);
        assert!(answer.body.len() < 2_000, "{}", answer.body.len());
    }
}

const HEAD: &str = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n";

#[test]
fn parts_without_end() {
    let server = server();
    let empty = format!("{HEAD}\r\n\r\n");
    let most = format!("{}--x--", empty.repeat(1_000));
    assert_eq!(post(&server, "/parts", "x", &most).body, "1000 0");
    for count in [1_001, 100_000] {
        refuse(
            &server,
            &format!("{}--x--", empty.repeat(count)),
            413,
            "expected at most 1000 parts, found more",
        );
    }
    // Delimiters with nothing in between.
    refuse(
        &server,
        &"--x\r\n".repeat(500_000),
        413,
        "in 8192 bytes, found more",
    );
    refuse(
        &server,
        &"--x\r\n\r\n".repeat(500_000),
        400,
        "Content-Disposition",
    );
}

#[test]
fn heads_without_end() {
    let server = server();
    let with = |lines: String| format!("{HEAD}{lines}\r\n\r\n--x--");
    refuse(
        &server,
        &with("X-A: b\r\n".repeat(16)),
        400,
        "expected at most 16 header fields",
    );
    refuse(
        &server,
        &with("X-A: b\r\n".repeat(5_000)),
        413,
        "in 8192 bytes, found more",
    );
    refuse(
        &server,
        &with(format!("X-A: {}\r\n", "b".repeat(8_192))),
        413,
        "in 8192 bytes, found more",
    );
    refuse(
        &server,
        &format!("{HEAD}{}", "X-A: b\r\n".repeat(500_000)),
        413,
        "in 8192 bytes",
    );
    refuse(
        &server,
        &format!("--x\r\n{}", "a".repeat(4_000_000)),
        413,
        "in 8192 bytes",
    );
    refuse(
        &server,
        &format!("--x{}\r\n", " ".repeat(4_000_000)),
        400,
        "at most 256 spaces",
    );
    let parameters = format!(
        "--x\r\nContent-Disposition: form-data{}\r\n\r\n\r\n--x--",
        ";a=b".repeat(2_000)
    );
    refuse(&server, &parameters, 400, "expected a name");
}

/// The longest boundary, and content that is nearly it, again and again: each byte is looked at once all the same.
#[test]
fn boundaries_that_nearly_match() {
    let server = server();
    for boundary in ["x".repeat(70), "-".repeat(70), "ab".repeat(35)] {
        let begin = &boundary[..69];
        for piece in [
            format!("\r\n--{begin}"),
            format!("\r\n--{begin}\r"),
            "\r".to_owned(),
            "\r\n".to_owned(),
            "\r\n-".to_owned(),
            begin.to_owned(),
            "-".to_owned(),
        ] {
            let content = format!("y{}", piece.repeat((8 << 20) / piece.len()));
            let length = content.len();
            let head = HEAD.replacen("--x", &format!("--{boundary}"), 1);
            let body = format!("{head}\r\n{content}\r\n--{boundary}--\r\n");
            let answer = post(&server, "/parts", &boundary, &body);
            assert_eq!(answer.body, format!("1 {length}"), "{piece:?}");
        }
    }
    // In front of the first part and behind the last there may be anything, which is passed over.
    let around = "\r\n--y".repeat(2_000_000);
    let body = format!("{around}\r\n{HEAD}\r\nb\r\n--x--\r\n{around}");
    assert_eq!(post(&server, "/parts", "x", &body).body, "1 1");
}

#[test]
fn forms_that_are_none() {
    let server = server();
    refuse(&server, "", 400, "found the end of the body");
    refuse(
        &server,
        &format!("{HEAD}\r\nb"),
        400,
        "expected the boundary `--x--`, found the end of the body",
    );
    refuse(
        &server,
        &format!("{HEAD}\r\nb\r\n--x"),
        400,
        "found the end of the body",
    );
    refuse(
        &server,
        &format!("{HEAD}\r\nb\r\n--y--"),
        400,
        "found the end of the body",
    );
    refuse(
        &server,
        "--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--",
        400,
        "expected a name",
    );
    refuse(
        &server,
        "--x\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--x--",
        400,
        "form-data",
    );
    refuse(
        &server,
        "--x\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nb\r\n--x--",
        400,
        "several",
    );
    refuse(
        &server,
        &format!("{HEAD}Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--x--"),
        400,
        "inside of the form",
    );
    refuse(
        &server,
        &format!("{HEAD}Content-Transfer-Encoding: base64\r\n\r\nb\r\n--x--"),
        400,
        "content as it is",
    );
    refuse(
        &server,
        &format!("{HEAD}\0: a\r\n\r\nb\r\n--x--"),
        400,
        "expected a header field",
    );
    refuse(
        &server,
        "--x\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\nb\r\n--x--",
        400,
        "forbidden byte",
    );
    refuse(
        &server,
        "--x\r\nContent-Disposition: form-data; name=\"a\r\n b\"\r\n\r\nb\r\n--x--",
        400,
        "",
    );
    for boundary in ["", &"x".repeat(71), "x ", "x\t", "x{", "é"] {
        assert_eq!(
            post(&server, "/parts", boundary, "").status,
            400,
            "{boundary:?}"
        );
    }
}

/// Text is kept in memory, so all of it has one limit.
#[test]
fn text_without_end() {
    let server = server();
    let field = |length: usize| format!("{HEAD}\r\n{}\r\n", "b".repeat(length));
    let within = format!("{}--x--", field(1_000).repeat(1_000));
    assert_eq!(post(&server, "/form", "x", &within).body, "[]");
    for fields in [field((1 << 20) + 1), field(2_000).repeat(600)] {
        let answer = post(&server, "/form", "x", format!("{fields}--x--"));
        assert_eq!(answer.status, 413, "{}", answer.body);
        assert!(
            answer
                .body
                .contains("expected at most 1048576 bytes of text in all fields, found more")
        );
    }
}

/// As it is sent, and as the name of a file in a directory of the program; `None` can't be one.
#[test]
fn names_of_files_that_lead_elsewhere() {
    let server = server();
    for (sent, name, safe) in [
        ("a.txt", "a.txt", Some("a.txt")),
        ("../../etc/passwd", "../../etc/passwd", Some("passwd")),
        ("/etc/passwd", "/etc/passwd", Some("passwd")),
        ("..\\\\..\\\\win.ini", "..\\..\\win.ini", Some("win.ini")),
        ("a/..", "a/..", None),
        ("..", "..", None),
        ("a%00.txt", "a%00.txt", Some("a%00.txt")),
        ("%2e%2e%2fa", "%2e%2e%2fa", Some("%2e%2e%2fa")),
        ("a%0d%0ab", "a\r\nb", None),
        ("a%22b", "a\"b", Some("a\"b")),
        ("C:a", "C:a", None),
        ("a.txt:b", "a.txt:b", None),
        ("nul", "nul", None),
        ("com1.txt", "com1.txt", None),
        ("a.exe.", "a.exe.", None),
        ("a ", "a ", None),
    ] {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=a; filename=\"{sent}\"\r\n\r\nb\r\n--x--"
        );
        let expected = format!("{:?}", [(name, safe)]);
        assert_eq!(post(&server, "/form", "x", body).body, expected, "{sent}");
    }
}
