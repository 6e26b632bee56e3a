//! Directories: which names lead to a file, and which nowhere.

use std::os::unix::fs::symlink;
use std::process::Command;

use super::*;

fn site() -> Site {
    let site = Site::new();
    site.write("docs/index.html", "the docs");
    site.write("docs/api/x.json", "{}");
    site.write("with space.css", "p {}");
    site.write("r\u{e9}.svg", "<svg/>");
    site.write(".env", "SECRET=1");
    site.write(".git/config", "secret");
    site.write("docs/.hidden/x.txt", "secret");
    site.write(".well-known/security.txt", "Contact: us");
    site.write("a:b.txt", "colon");
    site
}

#[track_caller]
fn check(site: &Site, path: &str, status: u16, body: &str) {
    let answer = site.ask(&format!("GET /dir{path}"), &[]);
    assert_eq!(answer.status, status, "{path}");
    match status {
        200 => assert_eq!(answer.body, body, "{path}"),
        _ => assert!(!answer.body.contains("secret"), "{path}"),
    }
}

#[test]
fn names_of_files() {
    let site = site();
    check(&site, "/a.txt", 200, "0123456789");
    check(&site, "/docs/api/x.json", 200, "{}");
    check(&site, "/docs/./api/x.json", 200, "{}");
    check(&site, "/with%20space.css", 200, "p {}");
    check(&site, "/r%C3%A9.svg", 200, "<svg/>");
    check(&site, "/.well-known/security.txt", 200, "Contact: us");
    let kind = |path: &str| {
        let answer = site.ask(&format!("GET /dir/{path}"), &[]);
        answer.field("content-type").unwrap().to_owned()
    };
    assert_eq!(kind("with%20space.css"), "text/css; charset=utf-8");
    assert_eq!(kind("r%C3%A9.svg"), "image/svg+xml");
    assert_eq!(kind("docs/"), "text/html; charset=utf-8");
}

#[test]
fn names_of_nothing() {
    let site = site();
    let long = format!("/{}", "x".repeat(5_000));
    let deep = "/x".repeat(3_000);
    for path in [
        "/none.txt",
        "/docs/none/x.json",
        // A file is no directory.
        "/a.txt/x",
        // There are no listings.
        "/docs/api",
        "/docs/api/",
        "/",
        &long,
        &deep,
        // Not for clients.
        "/.env",
        "/.git/config",
        "/docs/.hidden/x.txt",
        "/%2Eenv",
        "/a:b.txt",
        // They lead elsewhere, or would on some system.
        "/../a.txt",
        "/docs/../a.txt",
        "/docs/%2e%2e/a.txt",
        "/docs%2F..%2F..%2Fetc/passwd",
        "/%2Fetc/passwd",
        "//etc/passwd",
        "/..%5ca.txt",
        "/docs%5cindex.html",
        "/C:/windows/win.ini",
        "/a.txt::$DATA",
    ] {
        check(&site, path, 404, "");
    }
    // What isn't even text is refused before.
    check(&site, "/a.txt%00.html", 404, "");
    check(&site, "/%ff", 404, "");
}

#[test]
fn pages_of_directories() {
    let site = site();
    check(&site, "/docs/", 200, "the docs");
    let answer = site.ask("GET /dir/docs?a=b", &[]);
    assert_eq!(
        (answer.status, answer.field("location")),
        (307, Some("./docs/?a=b"))
    );
    assert_eq!(answer.field("etag"), None);
    check(&site, "/docs/index.html", 200, "the docs");
    site.write("index.html", "home");
    check(&site, "/", 200, "home");
    assert_eq!(site.ask("GET /dir", &[]).field("location"), Some("./dir/"));
    let part = site.ask("GET /dir/docs/", &["Range: bytes=0-2"]);
    assert_eq!((part.status, part.body.as_str()), (206, "the"));
    let known = site.ask("GET /dir/docs/", &["If-None-Match: *"]);
    assert_eq!(known.status, 304);
}

#[test]
fn symbolic_links_stay_inside() {
    let site = site();
    let outside = tempfile::tempdir().unwrap();
    write(&outside.path().join("x.txt"), "secret");
    write(&outside.path().join("index.html"), "secret");
    symlink("docs/api/x.json", site.path("inside.txt")).unwrap();
    symlink("docs", site.path("linked")).unwrap();
    check(&site, "/inside.txt", 200, "{}");
    check(&site, "/linked/", 200, "the docs");
    // Its type is that of the name by which the client knows it.
    let answer = site.ask("GET /dir/inside.txt", &[]);
    assert_eq!(
        answer.field("content-type"),
        Some("text/plain; charset=utf-8")
    );
    symlink(outside.path().join("x.txt"), site.path("outside.txt")).unwrap();
    symlink(outside.path(), site.path("away")).unwrap();
    symlink("nowhere", site.path("dangling")).unwrap();
    fs::create_dir(site.path("page")).unwrap();
    symlink(
        outside.path().join("index.html"),
        site.path("page/index.html"),
    )
    .unwrap();
    for path in [
        "/outside.txt",
        "/away/x.txt",
        "/away/",
        "/dangling",
        "/page/",
    ] {
        check(&site, path, 404, "");
    }
    // A directory whose name begins like that of ours.
    let sibling = PathBuf::from(format!("{}-x", site.folder.path().display()));
    fs::create_dir(&sibling).unwrap();
    write(&sibling.join("x.txt"), "secret");
    symlink(sibling.join("x.txt"), site.path("sibling.txt")).unwrap();
    check(&site, "/sibling.txt", 404, "");
    fs::remove_dir_all(&sibling).unwrap();
}

/// Whoever opens a pipe waits for somebody to write into it.
#[test]
fn pipes_and_devices_are_no_files() {
    let site = site();
    let made = Command::new("mkfifo").arg(site.path("pipe")).status();
    assert!(made.unwrap().success());
    let _listener = std::os::unix::net::UnixListener::bind(site.path("socket")).unwrap();
    for path in ["/pipe", "/socket"] {
        check(&site, path, 404, "");
    }
    for path in [site.path("pipe"), PathBuf::from("/dev/zero")] {
        assert!(NamedFile::open(path).is_err());
    }
}

#[test]
fn a_directory_that_is_not_there_is_an_error_for_the_log() {
    let error = Dir::new("no/such").open("a.txt").unwrap_err().to_string();
    assert!(error.starts_with("can't open `no/such`: "), "{error}");
    let site = site();
    fs::remove_dir_all(site.folder.path()).unwrap();
    check(&site, "/a.txt", 500, "");
}
