//! A disk that is full while bodies are written to it.

use std::path::{Path, PathBuf};

use super::programs::{Lines, assert_up, faulty_after, form, post, started_by};
use super::support::example::Example;
use super::*;

/// Whether a process may have file systems of its own here.
fn can_mount() -> bool {
    let mut unshare = Command::new("unshare");
    unshare.args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    let tried = unshare.stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// The program, with a small disk of its own for its files.
fn with_a_small_disk(files: &Path) -> Command {
    let files = files.display();
    let mount = format!("mount -t tmpfs -o size=1m tmpfs {files}; exec \"$0\" \"$@\"");
    let mut started = started_by(&["unshare", "-rm", "sh", "-c", &mount]);
    started.arg(format!("--server.temp_dir={files}"));
    started
}

/// The program, which may have no large files: for it that is the same.
fn with_small_files(files: &Path) -> Command {
    // Half kibibytes or whole ones, as the shell has it.
    let mut started = faulty_after("trap '' XFSZ; ulimit -f 1000");
    started.arg(format!("--server.temp_dir={}", files.display()));
    started
}

fn are_gone(files: &Path) -> bool {
    std::fs::read_dir(files).unwrap().count() == 0
}

#[track_caller]
fn check(started: Command, files: impl Fn(&Example) -> PathBuf, why: &str) {
    const TOO_LARGE: usize = 1_500_000;
    let mut example = Example::start(started);
    let lines = Lines::of(&mut example);
    let files = files(&example);
    let mut witness = example.connect();
    for round in 0..20 {
        for (request, place) in [
            (post("/file", TOO_LARGE), "/file"),
            (form("/parts", TOO_LARGE), "/parts"),
        ] {
            let mut client = example.connect();
            // It may be refused before all is sent, and then its client is still told.
            let _ = client.stream.write_all(request.as_bytes());
            let answer = client.answer();
            assert_eq!(answer.status, 507, "{place}, round {round}");
            assert_eq!(answer.field("connection"), Some("close"));
            assert!(!answer.body.contains(why), "{}", answer.body);
            let line = lines.find(place);
            assert!(line.contains(why), "{line}");
            assert_up(&mut witness);
            // What is small enough finds its place, as soon as another thread has removed the large one: disks
            // may be slow.
            for request in [post("/file", 300_000), form("/parts", 300_000)] {
                until("there is room again", || {
                    let mut client = example.connect();
                    client.send(&request);
                    client.answer().body == "300000"
                });
            }
        }
    }
    until("no file is left", || are_gone(&files));
    assert_eq!(example.stop().0, Some(0));
}

#[test]
fn a_file_that_may_not_grow_is_507() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().to_owned();
    check(
        with_small_files(files.path()),
        |_| path.clone(),
        "File too large",
    );
}

#[test]
fn a_full_disk_is_507() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().to_owned();
    if !can_mount() {
        eprintln!("no file system can be mounted here: files are limited instead");
        let started = with_small_files(files.path());
        return check(started, |_| path.clone(), "File too large");
    }
    // Only the process itself sees its disk.
    let seen = |example: &Example| {
        let root = format!("/proc/{}/root", example.child.id());
        Path::new(&root).join(path.strip_prefix("/").unwrap())
    };
    check(with_a_small_disk(&path), seen, "No space left on device");
}
