//! The invariants of ARCHITECTURE.md, read off the sources.
//!
//! `source` reads files as tokens, so that comments and texts don't count, and without the code
//! that is for tests only; `rules` turns sources into complaints; this file holds the tables, and
//! the rules against this repository. Nothing here knows types: it sees the paths that a file spells
//! out, not what they mean.

mod rules;
mod source;

use std::fs;

use source::{crate_sources, relative, root, rust_files};

/// The top-level modules of the runtime crate, each with those that it may name. A module comes
/// behind everything that it names, so that nothing points upward; `UPWARD` holds what does.
const MODULES: &[(&str, &[&str])] = &[
    ("http", &[]),
    ("mistakes", &[]),
    ("one_line", &[]),
    ("probe", &[]),
    ("logger", &[]),
    ("trace", &[]),
    ("unwind", &["one_line", "trace"]),
    ("error", &["one_line", "trace"]),
    ("sync", &[]),
    ("component", &["unwind"]),
    ("channel", &["sync"]),
    ("spool", &[]),
    ("content", &["http"]),
    ("beneath", &[]),
    ("problem", &["error", "http", "one_line", "probe", "trace"]),
    ("request", &["component", "error", "http", "spool"]),
    (
        "response",
        &["channel", "content", "error", "http", "problem", "unwind"],
    ),
    (
        "respond",
        &[
            "beneath", "channel", "content", "error", "http", "one_line", "probe", "problem",
            "response",
        ],
    ),
    (
        "config",
        &["component", "error", "http", "mistakes", "probe"],
    ),
    ("process", &["config", "mistakes"]),
    (
        "extract",
        &[
            "component",
            "error",
            "http",
            "probe",
            "problem",
            "request",
            "respond",
            "spool",
        ],
    ),
    (
        "inject",
        &[
            "component",
            "config",
            "error",
            "extract",
            "mistakes",
            "probe",
            "request",
            "respond",
            "unwind",
        ],
    ),
    (
        "middleware",
        &[
            "error", "extract", "http", "inject", "request", "respond", "response",
        ],
    ),
    (
        "routing",
        &[
            "component",
            "error",
            "extract",
            "http",
            "middleware",
            "request",
            "respond",
            "response",
        ],
    ),
    (
        "handler",
        &[
            "error", "extract", "request", "respond", "response", "routing",
        ],
    ),
    (
        "error_handler",
        &[
            "component",
            "error",
            "extract",
            "mistakes",
            "probe",
            "request",
            "respond",
            "response",
            "routing",
        ],
    ),
    (
        "service",
        &[
            "content",
            "error",
            "error_handler",
            "extract",
            "http",
            "inject",
            "middleware",
            "one_line",
            "problem",
            "request",
            "respond",
            "response",
            "routing",
            "trace",
            "unwind",
        ],
    ),
    (
        "app",
        &[
            "config",
            "component",
            "error",
            "error_handler",
            "extract",
            "inject",
            "middleware",
            "mistakes",
            "process",
            "request",
            "respond",
            "response",
            "routing",
            "service",
        ],
    ),
    (
        "server",
        &[
            "channel", "config", "error", "http", "one_line", "request", "respond", "response",
            "service", "spool", "sync", "unwind",
        ],
    ),
    (
        "run",
        &[
            "app", "config", "error", "inject", "logger", "mistakes", "one_line", "process",
            "server", "service", "trace", "unwind",
        ],
    ),
    (
        "testing",
        &[
            "app", "config", "error", "http", "inject", "request", "respond", "routing", "server",
            "service",
        ],
    ),
    (
        "__inside",
        &[
            "extract", "http", "request", "response", "routing", "server", "service",
        ],
    ),
    (
        "__private",
        &[
            "app",
            "config",
            "error",
            "error_handler",
            "extract",
            "handler",
            "inject",
            "middleware",
            "probe",
            "problem",
            "request",
            "respond",
            "response",
            "routing",
        ],
    ),
];

/// The same for the crate of the attributes: what they share, and then each by itself.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("mistakes", &[]),
    ("tokens", &[]),
    ("function", &["mistakes", "tokens"]),
    ("layers", &["tokens"]),
    ("config", &["mistakes", "tokens"]),
    ("problem", &["mistakes"]),
    ("group", &["layers", "mistakes"]),
    ("middleware", &["function", "mistakes", "tokens"]),
    ("component", &["function", "mistakes", "tokens"]),
    ("hook", &["component", "function", "mistakes", "tokens"]),
    ("error_handler", &["function", "mistakes", "tokens"]),
    (
        "route",
        &["function", "layers", "middleware", "mistakes", "tokens"],
    ),
];

/// Dependencies against the direction: there are none.
const UPWARD: &[(&str, &str)] = &[];

/// What only the server may name: sockets, threads, and the crates that make them.
const OF_THE_SERVER: &[&[&str]] = &[
    &["std", "thread"],
    &["std", "net", "TcpListener"],
    &["std", "net", "TcpStream"],
    &["std", "net", "UdpSocket"],
    &["std", "net", "*"],
    &["threadpool"],
    &["signal_hook"],
    &["ctrlc"],
];

/// What only its part for the systems may name, and what opens files below a directory.
const OF_THE_SYSTEMS: &[&[&str]] = &[
    &["std", "os"],
    &["rustix"],
    &["libc"],
    &["polling"],
    &["socket2"],
];

/// Where sockets, threads and unsafe code are.
const SERVER: &str = "mini-spring/src/server/";

/// Where systems differ.
const SYSTEMS: &str = "mini-spring/src/server/os/";

/// The other place where they do.
const BENEATH: &str = "mini-spring/src/beneath/";

/// Files that are longer than the rule allows, and why.
const LONG: &[(&str, &str)] = &[];

const CRATES: [&str; 3] = ["mini-spring", "mini-spring-macros", "mini-spring-pattern"];

#[track_caller]
fn assert_none(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// All files of these folders, with their text; compile-fail cases are not for reading.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let files = folders
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)));
    files
        .map(|file| (relative(&file), fs::read_to_string(&file).unwrap()))
        .filter(|(path, _)| !path.starts_with("tests/ui"))
        .collect()
}

#[test]
fn dependencies_point_downward() {
    let (sources, _) = crate_sources("mini-spring");
    assert_none(rules::dependencies(&sources, MODULES, UPWARD));
    let (sources, _) = crate_sources("mini-spring-macros");
    let complaints = rules::dependencies(&sources, ATTRIBUTES, &[]);
    // Quoted code is of another crate; what it names is checked below.
    let is_quoted = |complaint: &String| complaint.contains(": `__private` is no module");
    assert_none(
        complaints
            .into_iter()
            .filter(|complaint| !is_quoted(complaint)),
    );
}

#[test]
fn sockets_and_threads_are_in_server() {
    let (sources, _) = crate_sources("mini-spring");
    let check = |source| rules::reserved(source, SERVER, OF_THE_SERVER);
    assert_none(sources.iter().flat_map(check));
}

#[test]
fn systems_are_told_apart_in_two_places() {
    let (sources, _) = crate_sources("mini-spring");
    let check = |source| rules::reserved(source, SYSTEMS, OF_THE_SYSTEMS);
    let others = sources.iter();
    let others = others.filter(|source| !source.path.starts_with(BENEATH));
    assert_none(others.flat_map(check));
}

#[test]
fn unsafe_code_is_in_server_and_says_why() {
    let files = files(&CRATES);
    let check = |(path, text): &(String, String)| rules::unsafe_code(path, text, SERVER);
    assert_none(files.iter().flat_map(check));
}

#[test]
fn unsafe_code_is_counted_in_the_architecture() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert_none(rules::unsafe_list(&files(&CRATES), &text));
}

#[test]
fn every_file_is_part_of_its_crate() {
    for name in CRATES {
        let (_, unnamed) = crate_sources(name);
        assert!(unnamed.is_empty(), "no `mod` line names {unnamed:?}");
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let fuzzers = ["fuzz/checks", "fuzz/fuzz_targets"];
    let files = files(&[&["examples", "tests"][..], &fuzzers, &CRATES].concat());
    let check = |(path, text): &(String, String)| {
        let size = rules::size(path, text, LONG);
        size.into_iter().chain(rules::beginning(path, text))
    };
    assert_none(files.iter().flat_map(check));
}

#[test]
fn generated_code_names_only_private() {
    let (sources, _) = crate_sources("mini-spring-macros");
    assert_none(sources.iter().flat_map(rules::generated));
}

#[test]
fn the_pattern_crate_depends_on_nothing() {
    let manifest = fs::read_to_string(root().join("mini-spring-pattern/Cargo.toml")).unwrap();
    assert!(!manifest.contains("dependencies]"));
}
