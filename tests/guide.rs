//! Programs that a page of the guide shows whole are examples, which are built and tested; here the page is held against
//! the file. That of the bank, over SQLite, is a test of the bookshop's package.
#![allow(missing_docs)]

#[test]
fn the_guide_shows_the_examples_as_they_are() {
    let page = include_str!("../docs/blocking.md");
    let program = include_str!("../examples/progress.rs");
    assert!(
        page.contains(&format!("```rs\n{program}```\n")),
        "docs/blocking.md doesn't show examples/progress.rs as it is"
    );
}
