//! The guide shows the program `bank` and its tests, which are an example of this package because of SQLite; here its pages
//! are held against them.

#[track_caller]
fn check(page: &str, content: &str, file: &str) {
    assert!(
        content.contains(&format!("```rs\n{file}```\n")),
        "docs/{page} doesn't show the program as it is"
    );
}

#[test]
fn the_guide_shows_the_bank_as_it_is() {
    let components = include_str!("../../../docs/components.md");
    check(
        "components.md",
        components,
        include_str!("../examples/bank/main.rs"),
    );
    let testing = include_str!("../../../docs/testing.md");
    check(
        "testing.md",
        testing,
        include_str!("../examples/bank/tests.rs"),
    );
}
