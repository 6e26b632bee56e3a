//! The rules: each takes sources and gives one sentence for everything that breaks it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};

use crate::source::{Names, Source, paths};

/// The most lines of a file, comments and tests included.
const MOST_LINES: usize = 450;

/// The top-level module, or the name in the crate's root, that a path of this source leads to.
fn leads_to(source: &Source, path: &Names) -> Option<String> {
    let up = path.iter().take_while(|name| *name == "super").count();
    let from_root = match path[0].as_str() {
        "crate" | "mini_spring" => 1,
        "super" if up >= source.module.len() => up,
        _ => return None,
    };
    path.get(from_root).cloned()
}

/// Every dependency of one top-level module on another, with a file that has it.
fn edges(sources: &[Source]) -> BTreeSet<(String, String, &str)> {
    let mut found = BTreeSet::new();
    for source in sources {
        let Some(top) = source.module.first() else {
            continue;
        };
        for path in paths(&source.tokens) {
            let target = leads_to(source, &path).filter(|target| target != top);
            found.extend(target.map(|target| (top.clone(), target, &*source.path)));
        }
    }
    found
}

/// Modules name only what the tables allow; the first table points downward, and neither allows
/// what isn't there.
pub(crate) fn dependencies(
    sources: &[Source],
    modules: &[(&str, &[&str])],
    upward: &[(&str, &str)],
) -> Vec<String> {
    let level = |name: &str| modules.iter().position(|(module, _)| *module == name);
    let mut complaints = Vec::new();
    let mut allowed = BTreeSet::new();
    for (index, (from, targets)) in modules.iter().enumerate() {
        for to in targets.iter() {
            if level(to).is_none_or(|level| level >= index) {
                complaints.push(format!("the table lets `{from}` name `{to}`, upward"));
            }
            allowed.insert((*from, *to));
        }
    }
    allowed.extend(upward);
    let mut unused = allowed.clone();
    let found = edges(sources);
    for (from, to, file) in &found {
        if level(to).is_none() {
            complaints.push(format!(
                "{file}: `{to}` is no module; name the one it is of"
            ));
        } else if !allowed.contains(&(&**from, &**to)) {
            complaints.push(format!("{file}: `{from}` knows nothing of `{to}`"));
        }
        unused.remove(&(&**from, &**to));
    }
    let unused = unused.iter();
    complaints.extend(unused.map(|(from, to)| format!("`{from}` doesn't name `{to}` any more")));
    complaints
}

/// Only files below `folder` name these paths.
pub(crate) fn reserved(source: &Source, folder: &str, reserved: &[&[&str]]) -> Vec<String> {
    if source.path.starts_with(folder) {
        return Vec::new();
    }
    let begins = |path: &Names, names: &[&str]| {
        path.len() >= names.len() && path.iter().zip(names).all(|(one, other)| one == other)
    };
    paths(&source.tokens)
        .iter()
        .filter(|path| reserved.iter().any(|names| begins(path, names)))
        .map(|path| format!("{}: `{}` is for {folder}", source.path, path.join("::")))
        .collect()
}

/// The lines in which the word `unsafe` stands.
fn unsafe_lines(tokens: TokenStream) -> Vec<usize> {
    let lines = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => unsafe_lines(group.stream()),
        TokenTree::Ident(ident) if ident == "unsafe" => vec![ident.span().start().line],
        _ => Vec::new(),
    });
    lines.collect()
}

/// Unsafe code, that of tests too, stands below `folder` and under a comment that says why it is
/// sound.
pub(crate) fn unsafe_code(path: &str, text: &str, folder: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_comment = |line: &&&str| line.starts_with("//");
    let mut complaints = Vec::new();
    for line in unsafe_lines(text.parse().expect("Rust")) {
        // The statement may have begun one line above.
        let above = &lines[..line - 1];
        let statement = usize::from(!above.last().iter().any(is_comment));
        let mut comment = above.iter().rev().skip(statement).take_while(is_comment);
        if !path.starts_with(folder) {
            complaints.push(format!("{path}:{line}: unsafe code is for {folder}"));
        } else if !comment.any(|line| line.starts_with("// SAFETY: ")) {
            complaints.push(format!("{path}:{line}: no SAFETY comment stands above"));
        }
    }
    complaints
}

/// The list of unsafe code says of each file how often there is some, tests and models included: no more,
/// and no less.
pub(crate) fn unsafe_list(files: &[(String, String)], text: &str) -> Vec<String> {
    let words = |(path, text): &(String, String)| {
        let count = unsafe_lines(text.parse().expect("Rust")).len();
        (count > 0).then(|| (path.clone(), count))
    };
    let mut found: BTreeMap<String, usize> = files.iter().filter_map(words).collect();
    let mut complaints = Vec::new();
    for (path, listed) in text.lines().filter_map(listed) {
        match found.remove(&path) {
            Some(count) if count == listed => {}
            count => complaints.push(format!(
                "{path}: {} times unsafe, listed {listed}",
                count.unwrap_or(0)
            )),
        }
    }
    let missing = found.into_iter();
    complaints
        .extend(missing.map(|(path, count)| format!("{path}: {count} times unsafe, not listed")));
    complaints
}

/// A line of that list: ``| `path` | 3 | why |``.
fn listed(line: &str) -> Option<(String, usize)> {
    let mut cells = line.strip_prefix("| `")?.split(" | ");
    let path = cells.next()?.strip_suffix('`')?;
    Some((path.to_owned(), cells.next()?.parse().ok()?))
}

/// A file is short, or on the list of long ones.
pub(crate) fn size(path: &str, text: &str, long: &[(&str, &str)]) -> Option<String> {
    let lines = text.lines().count();
    let is_listed = long.iter().any(|(listed, _)| *listed == path);
    match (lines > MOST_LINES, is_listed) {
        (true, false) => Some(format!("{path}: {lines} lines; split it, or give a reason")),
        (false, true) => Some(format!("{path}: not long any more; take it off the list")),
        _ => None,
    }
}

/// A file begins by saying what it is.
pub(crate) fn beginning(path: &str, text: &str) -> Option<String> {
    let says_it = text.starts_with("//! ");
    (!says_it).then(|| format!("{path}: the first line says what the file is, with `//!`"))
}

/// What the macros write names nothing of the runtime but `__private`.
pub(crate) fn generated(source: &Source) -> Vec<String> {
    let is_private = |path: &Names| path.get(1).is_some_and(|name| name == "__private");
    paths(&source.tokens)
        .iter()
        .filter(|path| path[0] == "mini_spring" && !is_private(path))
        .map(|path| {
            format!(
                "{}: generated code names `{}`",
                source.path,
                path.join("::")
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULES: &[(&str, &[&str])] = &[("low", &[]), ("high", &["low"])];

    #[track_caller]
    fn check_edge(module: &[&str], text: &str, expected: &[&str]) {
        let sources = [
            Source::parse("high.rs", &["high"], "use crate::low;"),
            Source::parse("file.rs", module, text),
        ];
        assert_eq!(dependencies(&sources, MODULES, &[]), expected, "{text}");
    }

    #[test]
    fn dependencies_are_seen() {
        let upward = &["file.rs: `low` knows nothing of `high`"][..];
        check_edge(&["low"], "use crate::high::Thing;", upward);
        check_edge(&["low"], "use crate::{low, high::{self, Thing}};", upward);
        check_edge(&["low"], "fn f() { crate::high::f() }", upward);
        check_edge(&["low"], "use super::high;", upward);
        check_edge(&["low", "part"], "use super::super::high;", upward);
        check_edge(&["low"], "fn f() { mini_spring::high::f() }", upward);
        check_edge(&["low"], "#[cfg(not(test))] use crate::high;", upward);
        let root = &["file.rs: `Thing` is no module; name the one it is of"][..];
        check_edge(&["low"], "use crate::Thing;", root);
    }

    #[test]
    fn what_is_no_dependency_is_not_seen() {
        check_edge(&["high"], "use crate::low::Thing;", &[]);
        check_edge(&["low"], "use self::high; use high::Thing;", &[]);
        check_edge(&["low", "part"], "use super::high;", &[]);
        check_edge(
            &["low"],
            "/// See [`crate::high`].\npub(crate) fn f() {}",
            &[],
        );
        check_edge(&["low"], "const A: &str = \"crate::high\";", &[]);
        check_edge(&["low"], "#[cfg(test)] mod tests { use crate::high; }", &[]);
        check_edge(&["low"], "#[cfg(all(loom, test))] use crate::high::f;", &[]);
        check_edge(
            &["low"],
            "macro_rules! m { () => { $crate::high::f() } }",
            &[],
        );
    }

    #[test]
    fn the_table_itself_is_checked() {
        let none: &[Source] = &[];
        assert_eq!(
            dependencies(none, &[("low", &["high"]), ("high", &[])], &[]),
            [
                "the table lets `low` name `high`, upward",
                "`low` doesn't name `high` any more"
            ]
        );
        assert_eq!(
            dependencies(none, &[("low", &[]), ("high", &[])], &[("low", "high")]),
            ["`low` doesn't name `high` any more"]
        );
        let sources = [Source::parse("low.rs", &["low"], "use crate::high;")];
        let exception = &[("low", "high")];
        assert!(dependencies(&sources, &[("low", &[]), ("high", &[])], exception).is_empty());
    }

    #[test]
    fn reserved_paths_are_seen() {
        let names: &[&[&str]] = &[&["std", "thread"], &["std", "net", "TcpStream"], &["libc"]];
        let check = |text: &str, expected: usize| {
            let found = |path| reserved(&Source::parse(path, &["a"], text), "server/", names);
            assert_eq!(found("a.rs").len(), expected, "{text}");
            assert!(found("server/a.rs").is_empty());
        };
        check("use std::thread;", 1);
        check("fn f() { std::thread::spawn(f); }", 1);
        check("use std::{net::{IpAddr, TcpStream}, thread::spawn};", 2);
        check("use std::net::{IpAddr, SocketAddr};", 0);
        check("fn f() { unsafe { libc::getpid() } }", 1);
        check("// std::thread\nthread_local! {}", 0);
    }

    #[test]
    fn unsafe_code_is_seen() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(
                unsafe_code("server/a.rs", text, "server/"),
                expected,
                "{text}"
            );
        };
        let bare = &["server/a.rs:2: no SAFETY comment stands above"][..];
        check("fn f() {\nunsafe { g() }\n}", bare);
        check("// Because.\nunsafe impl Sync for A {}", bare);
        check("// SAFETY: because.\nunsafe impl Sync for A {}", &[]);
        check("// SAFETY: because,\n// and so.\nunsafe { g() }", &[]);
        check("// SAFETY: because.\nlet a =\nunsafe { g() };", &[]);
        check(
            "#![allow(unsafe_code)]\n// unsafe\nconst A: &str = \"unsafe\";",
            &[],
        );
        assert_eq!(
            unsafe_code("a.rs", "// SAFETY: because.\nunsafe { g() }", "server/"),
            ["a.rs:2: unsafe code is for server/"]
        );
    }

    #[test]
    fn the_list_of_unsafe_code_is_held_against_the_code() {
        let files = [
            (
                "a.rs".to_owned(),
                "unsafe { f(); unsafe { g() } }".to_owned(),
            ),
            ("b.rs".to_owned(), "// unsafe".to_owned()),
        ];
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(unsafe_list(&files, text), expected, "{text}");
        };
        check("| where | how often |\n| `a.rs` | 2 | because |", &[]);
        check(
            "| `a.rs` | 1 | because |",
            &["a.rs: 2 times unsafe, listed 1"],
        );
        check(
            "| `a.rs` | many | because |",
            &["a.rs: 2 times unsafe, not listed"],
        );
        check(
            "| `a.rs` | 2 | because |\n| `b.rs` | 1 | because |",
            &["b.rs: 0 times unsafe, listed 1"],
        );
    }

    #[test]
    fn long_files_are_seen() {
        let (long, short) = ("\n".repeat(MOST_LINES + 1), "\n".repeat(MOST_LINES));
        let list = &[("a.rs", "because")];
        assert!(size("a.rs", &long, &[]).is_some());
        assert!(size("a.rs", &short, &[]).is_none());
        assert!(size("a.rs", &long, list).is_none());
        assert!(size("a.rs", &short, list).is_some());
    }

    #[test]
    fn the_beginning_is_seen() {
        assert!(beginning("a.rs", "//! What it is.\n").is_none());
        assert!(beginning("a.rs", "// What it is.\n").is_some());
        assert!(beginning("a.rs", "").is_some());
    }

    #[test]
    fn what_generated_code_names_is_seen() {
        let check = |text: &str, expected: usize| {
            let source = Source::parse("a.rs", &["a"], text);
            assert_eq!(generated(&source).len(), expected, "{text}");
        };
        check("fn f() { quote!(::mini_spring::__private::call(#a)) }", 0);
        check("fn f() { quote!(::mini_spring::Request) }", 1);
        check("fn f() { quote!(::mini_spring::{__private, App}) }", 1);
    }
}
