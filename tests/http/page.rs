//! docs/http.md names rows and tests that are there, and each section of which there is a row.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::case::Case;
use super::{
    chunks, connections, content_length, expect, fields, host, methods, request_line, responses,
    smuggling, targets, transfer_coding, upgrade,
};

fn all_cases() -> Vec<Case> {
    [
        request_line::cases(),
        targets::cases(),
        host::cases(),
        fields::cases(),
        content_length::cases(),
        transfer_coding::cases(),
        chunks::cases(),
        smuggling::cases(),
        expect::cases(),
        upgrade::cases(),
        connections::cases(),
        methods::cases(),
        responses::cases(),
    ]
    .concat()
}

/// A line of a table: section and what the last column names in backticks.
struct Rule {
    section: String,
    tests: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of the tables that have a column for tests.
fn rules() -> Vec<Rule> {
    let page = fs::read_to_string(root().join("docs/http.md")).expect("the page");
    let lines = page.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let rules = rows.filter_map(|columns| match columns[..] {
        [rule, section, _, tests, ""] if rule != "rule" => Some(Rule {
            section: section.to_owned(),
            tests: tests
                .split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect(),
        }),
        _ => None,
    });
    rules.collect()
}

/// The names of all functions in the tests of this repository.
fn functions() -> HashSet<String> {
    let mut names = HashSet::new();
    let mut folders = vec![root().join("tests"), root().join("mini-spring/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.extension().is_some_and(|extension| extension == "rs") {
                true => names.extend(functions_of(&fs::read_to_string(path).expect("a source"))),
                false if path.is_dir() => folders.push(path),
                false => {}
            }
        }
    }
    names
}

fn functions_of(source: &str) -> Vec<String> {
    let behind = source.split("fn ").skip(1);
    let names = behind.filter_map(|text| text.split_once('('));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn rows_have_names_of_their_own() {
    let mut names = HashSet::new();
    for case in all_cases() {
        assert!(names.insert(case.name.clone()), "twice: {}", case.name);
    }
}

#[test]
fn the_page_names_tests_that_are_there() {
    let rows: HashSet<String> = all_cases().into_iter().map(|case| case.name).collect();
    let functions = functions();
    let rules = rules();
    assert!(rules.len() > 80, "{} rules", rules.len());
    for Rule { section, tests } in rules {
        assert!(!tests.is_empty(), "{section} without a test");
        for test in tests {
            let is_there = rows.contains(&test) || functions.contains(&test);
            assert!(is_there, "{section}: there is no test {test:?}");
        }
    }
}

#[test]
fn the_page_names_all_sections() {
    let named: HashSet<String> = rules().into_iter().map(|rule| rule.section).collect();
    for case in all_cases() {
        assert!(
            named.contains(case.section),
            "{}: {:?}",
            case.section,
            case.name
        );
    }
}
