//! Both ways find the same, and neither leaves the directory while somebody swaps what leads out.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// A directory with files, links, and a secret beside it.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Tree {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir_all(tree.path("root/a/b")).unwrap();
        fs::create_dir(tree.path("outside")).unwrap();
        fs::write(tree.path("root/a/b/x"), "inside").unwrap();
        fs::write(tree.path("root/x"), "inside").unwrap();
        fs::write(tree.path("outside/x"), "secret").unwrap();
        symlink("a/b/x", tree.path("root/near")).unwrap();
        symlink("../../x", tree.path("root/a/b/above")).unwrap();
        symlink(tree.path("root/a"), tree.path("root/whole")).unwrap();
        symlink("b", tree.path("root/a/linked")).unwrap();
        symlink("../outside/x", tree.path("root/out")).unwrap();
        symlink("../outside", tree.path("root/away")).unwrap();
        symlink(tree.path("outside/x"), tree.path("root/far")).unwrap();
        symlink("/proc/self/root/etc/passwd", tree.path("root/magic")).unwrap();
        symlink("circle", tree.path("root/circle")).unwrap();
        symlink("nowhere", tree.path("root/dangling")).unwrap();
        symlink("root", tree.path("link")).unwrap();
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn text(found: io::Result<Found>) -> String {
    match found {
        Ok(Found::File(mut file, metadata)) => {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(metadata.len(), text.len() as u64);
            text
        }
        Ok(Found::Directory) => "directory".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// What is found at once, step by step, and by names.
fn found(root: &Path, path: &str) -> [String; 3] {
    let path = Path::new(path);
    let descriptors = descriptors::Directory::open(root).unwrap();
    let steps = descriptors.step_by_step(path);
    let steps = steps.map_err(descriptors::told);
    let names = names::Directory::open(root).unwrap();
    [
        text(descriptors.find(path)),
        text(steps.map(File::from).and_then(Found::of)),
        text(names.find(path)),
    ]
}

#[test]
fn all_ways_find_the_same() {
    let tree = Tree::new();
    for root in ["root", "link"] {
        let check = |path: &str, expected: &str| {
            for found in found(&tree.path(root), path) {
                assert_eq!(found, expected, "{path}");
            }
        };
        for path in [
            "x",
            "a/b/x",
            "near",
            "a/b/above",
            "whole/b/x",
            "a/linked/x",
            "whole/linked/above",
        ] {
            check(path, "inside");
        }
        for path in ["", "a", "a/b", "whole", "a/linked"] {
            check(path, "directory");
        }
        for path in [
            "out", "away", "away/x", "far", "magic", "dangling", "none", "a/none",
        ] {
            check(path, "NotFound");
        }
        check("x/y", "NotADirectory");
        check(&"y".repeat(300), "InvalidFilename");
    }
    let circle = text(
        Directory::open(&tree.path("root"))
            .unwrap()
            .find(Path::new("circle")),
    );
    assert_eq!(circle, "NotFound");
}

#[test]
fn what_is_no_directory_is_none() {
    let tree = Tree::new();
    for (path, expected) in [
        ("root/x", ErrorKind::NotADirectory),
        ("none", ErrorKind::NotFound),
    ] {
        assert_eq!(
            Directory::open(&tree.path(path)).unwrap_err().kind(),
            expected
        );
        assert_eq!(
            names::Directory::open(&tree.path(path)).unwrap_err().kind(),
            expected
        );
    }
}

/// How often the file is asked for while links are swapped.
const LOOKS: usize = 2_000;

/// Swaps what stands at `root/swapped` until it is told to stop: a link that leads out, and what is inside.
fn swap(tree: &Tree, is_over: &AtomicBool) {
    let [spare, place] = ["spare", "root/swapped"].map(|name| tree.path(name));
    while !is_over.load(Ordering::Relaxed) {
        for target in ["../outside", "a/b"] {
            symlink(target, &spare).unwrap();
            fs::rename(&spare, &place).unwrap();
        }
    }
}

#[test]
fn nothing_outside_is_opened_while_links_are_swapped() {
    let tree = Tree::new();
    symlink("a/b", tree.path("root/swapped")).unwrap();
    let directory = Directory::open(&tree.path("root")).unwrap();
    let is_over = AtomicBool::new(false);
    let path = Path::new("swapped/x");
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    std::thread::scope(|scope| {
        scope.spawn(|| swap(&tree, &is_over));
        // Until both have been seen: the swapping has begun, and it isn't always too late.
        for look in 0.. {
            let steps = directory.step_by_step(path).map_err(descriptors::told);
            let steps = steps.map(File::from).and_then(Found::of);
            for found in [directory.find(path), steps] {
                *seen.entry(text(found)).or_default() += 1;
            }
            if look >= LOOKS && seen.len() > 1 || look > 100 * LOOKS {
                break;
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(!seen.contains_key("secret"), "{seen:?}");
    assert!(seen.contains_key("inside") && seen.len() > 1, "{seen:?}");
}
