//! Paths that would lead elsewhere: the table of `docs/paths.md`, row by row, over a socket.

use std::fs;
use std::path::{Path, PathBuf};

use mini_spring::{App, Dir, Error, NamedFile, Request, route, routes};
use tempfile::TempDir;

use crate::support::TestServer;

/// What a handler is given for a segment, and for the rest of the path.
#[route(GET, "/segment/<text>")]
fn segment(text: &str) -> String {
    format!("segment {text:?}")
}

#[route(GET, "/rest/<text..>")]
fn rest(text: &str) -> String {
    format!("rest {text:?}")
}

#[route(GET, "/path/<path..>")]
fn path(path: PathBuf) -> String {
    format!("path {path:?}")
}

#[route(GET, "/admin")]
fn admin() -> &'static str {
    "classified"
}

/// Files below a directory, and a secret beside it.
struct Site {
    _folder: TempDir,
    server: TestServer,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("root/sub")).unwrap();
        for (name, text) in [
            ("secret.txt", "classified"),
            ("root/a.txt", "public"),
            ("root/sub/b.txt", "public"),
            ("root/.env", "classified"),
            ("root/%2e%2e", "public"),
            ("root/CON.txt", "classified"),
            ("root/dot.", "classified"),
            ("root/space ", "classified"),
            ("root/a.txt:stream", "classified"),
            ("root/back\\slash", "classified"),
        ] {
            fs::write(at(name), text).unwrap();
        }
        let root = at("root");
        let app = App::empty()
            .mount("/", routes![segment, rest, path, admin])
            .route("GET", "/dir/<path..>", move |request: &Request| {
                open(&root, request.param("path"))
            });
        Site {
            _folder: folder,
            server: TestServer::start(app),
        }
    }

    /// The status, and the body of a success.
    fn get(&self, path: &str) -> (u16, String) {
        let mut client = self.server.connect();
        client.send([b"GET ", path.as_bytes(), b" HTTP/1.1\r\nHost: a\r\n\r\n"].concat());
        let answer = client.answer();
        assert!(
            !answer.body.contains("classified"),
            "{path}: {}",
            answer.body
        );
        let body = if answer.status == 200 {
            answer.body
        } else {
            String::new()
        };
        (answer.status, body)
    }

    #[track_caller]
    fn check(&self, path: &str, status: u16, body: &str) {
        assert_eq!(self.get(path), (status, body.to_owned()), "{path}");
    }
}

fn open(root: &Path, path: Option<&str>) -> Result<Option<NamedFile>, Error> {
    match path {
        Some(path) => Ok(Dir::new(root).open(path)?),
        None => Ok(None),
    }
}

/// How it is written, what a parameter of a segment gets, and what one of the rest; `None` is refused with 400.
const DECODED: &[(&str, Option<&str>)] = &[
    ("a", Some("a")),
    ("..", Some("..")),
    (".", Some(".")),
    ("%2e%2e", Some("..")),
    (".%2E", Some("..")),
    ("%252e%252e", Some("%2e%2e")),
    ("%25252e", Some("%252e")),
    ("..;", Some("..;")),
    ("..;a=b", Some("..;a=b")),
    ("a%2fb", Some("a/b")),
    ("a%2Fb", Some("a/b")),
    ("..%2f..%2fetc", Some("../../etc")),
    ("a%5cb", Some("a\\b")),
    ("a\\b", Some("a\\b")),
    ("a+b", Some("a+b")),
    ("a%20", Some("a ")),
    ("a.", Some("a.")),
    ("CON", Some("CON")),
    ("a:b", Some("a:b")),
    ("a%0d%0ab", Some("a\r\nb")),
    ("%c3%a9", Some("é")),
    ("%ef%bc%8f", Some("\u{ff0f}")),
    ("%00", None),
    ("a%00.txt", None),
    ("%c0%ae%c0%ae", None),
    ("%c0%af", None),
    ("%e0%80%af", None),
    ("%f0%80%80%af", None),
    ("%ed%a0%80", None),
    ("%f4%90%80%80", None),
    ("%ff", None),
    ("%c3", None),
    ("%", None),
    ("%2", None),
    ("%zz", None),
    ("%u002e", None),
    ("%%32%65", None),
    ("%+2", None),
    ("a%2", None),
];

#[test]
fn what_is_decoded_is_decoded_once() {
    let site = Site::new();
    for (written, decoded) in DECODED {
        for kind in ["segment", "rest"] {
            let path = format!("/{kind}/{written}");
            match decoded {
                Some(text) => site.check(&path, 200, &format!("{kind} {text:?}")),
                None => site.check(&path, 400, ""),
            }
        }
    }
    // Between segments of the rest nothing is left out.
    for (written, decoded) in [
        ("a//b", "a//b"),
        ("/a", "/a"),
        ("a/./b", "a/./b"),
        ("a/../b", "a/../b"),
        ("a/%2e%2e/b", "a/../b"),
        ("a%2f/b", "a//b"),
    ] {
        site.check(
            &format!("/rest/{written}"),
            200,
            &format!("rest {decoded:?}"),
        );
    }
}

/// A route is found by the segments as they were sent: nothing is resolved or joined before.
#[test]
fn no_other_way_leads_to_a_route() {
    let site = Site::new();
    for path in [
        "/segment/../admin",
        "/./admin",
        "/x/../admin",
        "//admin",
        "/admin//",
        "/admin/.",
        "/admin/..",
        "/admin;a=b",
        "/admin%2f",
        "/%2fadmin",
        "/admin%20",
        "/admin%00",
        "/admin.",
        "/ADMIN",
        "/%2561dmin",
        "/..%2fadmin",
        "/rest%2f..%2fadmin",
        "/ad%6",
        "/\\admin",
        "/%5cadmin",
    ] {
        assert_eq!(site.get(path).0, 404, "{path}");
    }
    // Letters may be encoded, for that means the same (RFC 3986, section 6.2.2.2), and a slash may stand at the end.
    for path in ["/%61dmin", "/%61%64%6D%69%6e", "/admin/"] {
        let answer = site.server.exchange(format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ));
        assert!(answer.ends_with("classified"), "{path}");
    }
}

/// A target is visible ASCII.
#[test]
fn other_bytes_are_no_target() {
    let site = Site::new();
    for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_graphic()) {
        let request = [
            b"GET /rest/a".as_slice(),
            &[byte],
            b"b HTTP/1.1\r\nHost: a\r\n\r\n",
        ]
        .concat();
        let mut client = site.server.connect();
        client.send(request);
        assert_eq!(client.answer().status, 400, "{byte:x}");
    }
    for target in [
        "/a#b",
        "/a?b#c",
        "a",
        "",
        "*",
        "http://",
        "http:///a",
        "ftp://a/b",
        "\\a",
        "..",
        "http://a@b/",
    ] {
        let mut client = site.server.connect();
        client.send(format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.answer().status, 400, "{target}");
    }
}

/// What stands for nothing in a path of files, and what is refused: for `PathBuf` with 400, for `Dir` with 404.
#[test]
fn paths_of_files() {
    let site = Site::new();
    for (written, parsed) in [
        ("a.txt", "a.txt"),
        ("sub/b.txt", "sub/b.txt"),
        ("./a.txt", "./a.txt"),
        ("sub//b.txt", "sub//b.txt"),
        ("sub/./b.txt", "sub/./b.txt"),
        ("sub%2fb.txt", "sub/b.txt"),
        ("%61.txt", "a.txt"),
        ("a.txt/", "a.txt"),
        ("%252e%252e", "%2e%2e"),
    ] {
        site.check(
            &format!("/path/{written}"),
            200,
            &format!("path {parsed:?}"),
        );
        site.check(&format!("/dir/{written}"), 200, "public");
    }
    for refused in [
        "..",
        "../secret.txt",
        "sub/../../secret.txt",
        "sub/../a.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "%2e%2e%2fsecret.txt",
        "sub/%2e%2e/%2e%2e/secret.txt",
        "..%5csecret.txt",
        "..\\secret.txt",
        "back%5cslash",
        "/etc/passwd",
        "%2fetc/passwd",
        "C:/secret.txt",
        "C:secret.txt",
        "a.txt:stream",
        "a.txt::$DATA",
        "CON",
        "CON.txt",
        "sub/con.txt",
        "nul",
        "aux.a.b",
        "COM1",
        "lpt9.txt",
        "dot.",
        "a.txt.",
        "sub./b.txt",
        "space%20",
        "a.txt%20",
        "...",
        "a%0ab",
        "a%7fb",
    ] {
        site.check(&format!("/path/{refused}"), 400, "");
        site.check(&format!("/dir/{refused}"), 404, "");
    }
    // `..;` is a name like any other, and here there is none of it.
    for absent in [
        "..;/secret.txt",
        "..;a=b/secret.txt",
        "none",
        "a.txt/b",
        "sub",
    ] {
        site.check(&format!("/dir/{absent}"), 404, "");
    }
    // Files whose names begin with a dot are for programs, not for clients of a directory.
    for hidden in [".env", "%2eenv", "sub/.env", ".git/config"] {
        assert_eq!(site.get(&format!("/path/{hidden}")).0, 200, "{hidden}");
        site.check(&format!("/dir/{hidden}"), 404, "");
    }
}

/// The address that a handler makes of a client's text leads to this server, and back to the handler.
#[test]
fn urls_of_handlers_stay_here() {
    let site = Site::new();
    for text in [
        "/example.com",
        "//example.com",
        "a/b",
        "..\\x",
        "\r\n",
        "?a#b%",
        "\u{202e}",
    ] {
        let url = rest::url(text);
        assert!(
            url.starts_with("/rest/") && url.bytes().all(|byte| byte.is_ascii_graphic()),
            "{url}"
        );
        site.check(&url, 200, &format!("rest {text:?}"));
    }
    #[route(GET, "/<all..>")]
    fn everything(all: &str) -> String {
        all.to_owned()
    }
    let url = everything::url("/example.com");
    assert_eq!(url, "/%2Fexample.com");
    let app = mini_spring::TestApp::of(routes![everything]);
    app.get(&url).send().assert_text("/example.com");
}
