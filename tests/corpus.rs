//! The fuzzers' corpus and their regressions as ordinary tests: what must hold whatever clients send, of what has been
//! kept in `fuzz/`. And the strict client that the answers of whole connections are read with.
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use mini_spring_checks::{CHECKS, answers};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// What is in a folder, in order; nothing where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths: BTreeSet<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.into_iter().collect()
}

/// Checks all files of a target.
#[track_caller]
fn run(name: &str) {
    let (_, check) = CHECKS.iter().find(|(known, _)| *known == name).unwrap();
    let folders = ["corpus", "regressions"].map(|folder| fuzz().join(folder).join(name));
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| entries(folder)).collect();
    assert!(files.len() > 4, "{name} has no corpus");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let checked = catch_unwind(|| check(&bytes));
        assert!(checked.is_ok(), "{}", file.display());
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*
    };
}

targets! { chunked connection cookies forwarded head json multipart percent proxy routing }

/// What has a corpus has a target, and the other way round.
#[test]
fn every_target_is_run() {
    let checks: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(checks, NAMES);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for name in NAMES {
        let line = format!("path = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&line), "{name}");
    }
    for folder in ["corpus", "regressions", "fuzz_targets"] {
        for path in entries(&fuzz().join(folder)) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(NAMES.contains(&name), "{}", path.display());
        }
    }
}

/// A check that finds nothing finds nothing in what is wrong either.
#[test]
fn the_strict_client_takes_nothing_else() {
    let date = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let reads = |text: &str, is_head: &[bool]| {
        let (bytes, is_head) = (text.as_bytes().to_vec(), is_head.to_vec());
        catch_unwind(move || answers(&bytes, &is_head, true)).map(|answers| answers.len())
    };
    let is_one = |text: &str| matches!(reads(text, &[false]), Ok(1));
    let with = |lines: &str| format!("HTTP/1.1 200 OK\r\n{date}{lines}\r\n");
    assert!(is_one(&(with("content-length: 2\r\n") + "up")));
    assert!(is_one(
        &(with("transfer-encoding: chunked\r\n") + "2\r\nup\r\n0\r\n\r\n")
    ));
    assert!(is_one(&(with("connection: close\r\n") + "up")));
    assert!(is_one(
        &("HTTP/1.1 100 Continue\r\n\r\n".to_owned() + &with("content-length: 0\r\n"))
    ));
    assert_eq!(reads(&with("content-length: 2\r\n"), &[true]).ok(), Some(1));
    for wrong in [
        with("content-length: 2\r\n"),
        with("content-length: 2\r\n") + "upx",
        with("content-length: 0\r\n").repeat(2),
        with("content-length: 0\r\ncontent-length: 0\r\n"),
        with("content-length: 0\r\ntransfer-encoding: chunked\r\n"),
        with("content-length : 0\r\n"),
        with("content-length:0\r\n"),
        with("content-length: 0\r\nx: a\nb\r\n"),
        with("content-length: 0\r\nx: a\rb\r\n"),
        with("content-length: 0\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
        with("transfer-encoding: chunked\r\n") + "2\r\nup\r\n",
        with(""),
        with("content-length: 0\r\n").replace("GMT", "UTC"),
        with("content-length: 0\r\n").replace("200 OK", "204 No Content"),
        with("content-length: 0\r\n").replace("200 OK", "500 Internal Server Error"),
        with("content-length: 0\r\n").replace("200 OK", "405 Method Not Allowed"),
        with("content-length: 0\r\n").replace("HTTP/1.1", "HTTP/1.0"),
        with("content-length: 0\r\n").replace(date, ""),
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(2) + &with("content-length: 0\r\n"),
    ] {
        assert!(!is_one(&wrong), "{wrong:?}");
    }
}
