//! Routes and forms of all kinds, held against their rules as the fuzzers' checks have written them down: what proptest
//! makes up goes where bytes alone seldom come.
#![allow(missing_docs)]

use mini_spring_checks::{multipart, routing};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const METHODS: [&str; 4] = ["GET", "HEAD", "POST", "OPTIONS"];

fn pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![4 => "a|b|ab|é", 3 => "<[p-r]>"];
    let tail = prop_oneof![3 => Just(""), 1 => Just("/<rest..>"), 1 => Just("/")];
    (vec(segment, 0..5), tail).prop_map(|(parts, tail)| path_of(&parts, tail))
}

fn path() -> impl Strategy<Value = String> {
    let segment =
        prop_oneof![8 => "a|b|ab|x", 1 => "%61|%C3%A9|a%2Fb|%|", 1 => Just(String::new())];
    (vec(segment, 0..7), "/?").prop_map(|(parts, slash)| path_of(&parts, &slash))
}

fn path_of(parts: &[String], tail: &str) -> String {
    let path: String = parts.iter().map(|part| format!("/{part}")).collect();
    match path + tail {
        empty if empty.is_empty() => "/".to_owned(),
        path => path,
    }
}

/// Lines of a method and a path or a pattern.
fn lines(of: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    let line = (select(&METHODS), of).prop_map(|(method, path)| format!("{method} {path}\n"));
    vec(line, 1..most).prop_map(|lines| lines.concat())
}

/// Pieces that make trouble when they meet.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let fragment = select(vec![
        "\r",
        "\n",
        "\r\n",
        "-",
        "--",
        "--x",
        "--xx",
        "\r\n--x",
        "\r\n--x\r\n",
        "\r\n--x--",
        " ",
        "x",
        "text",
    ]);
    vec(fragment, 0..8).prop_map(|fragments| fragments.concat().into_bytes())
}

/// A body that is a form nearly always.
fn forms() -> impl Strategy<Value = Vec<u8>> {
    let name = select(vec!["a", "b", "\"c d\"", "e; filename=f"]);
    let line = select(vec!["\r\n", "\r\n", "\r\n", " \r\n", "\n", ""]);
    let part = (name, fragments(), line).prop_map(|(name, content, line)| {
        let head = format!("--x{line}Content-Disposition: form-data; name={name}\r\n\r\n");
        [head.as_bytes(), &content, b"\r\n"].concat()
    });
    let end = select(vec![
        "--x--",
        "--x--\r\n",
        "--x--\r\n--x",
        "--x",
        "--x-",
        "",
    ]);
    (fragments(), vec(part, 0..5), end).prop_map(|(preamble, parts, end)| {
        let end = end.as_bytes().to_vec();
        let preamble = match preamble.is_empty() {
            true => preamble,
            false => [preamble, b"\r\n".to_vec()].concat(),
        };
        [vec![preamble], parts, vec![end]].concat().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn lookup_does_what_the_rules_say(routes in lines(pattern(), 12), requests in lines(path(), 12)) {
        routing(format!("{routes}\n{requests}").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn forms_are_read_as_the_rules_say(body in prop_oneof![forms(), fragments()]) {
        multipart(&body);
    }
}
