//! The first program of the guide with the tests that it is given there; `tests/guide.rs` holds the page against both.

/// Nothing here calls it, but its routes are those of this program.
#[allow(dead_code)]
#[path = "../examples/hello.rs"]
mod hello;

#[cfg(test)]
mod tests {
    use mini_spring::TestApp;

    // That the program would start: no route twice, no component missing.
    mini_spring::verify!();

    #[test]
    fn numbers_are_added() {
        let app = TestApp::new();
        app.post("/sum").json(&[1, 2]).send().assert_json(3.0);
    }
}

/// The page and the README tell how the program answers.
#[test]
fn answers_are_those_of_the_pages() {
    const PAGE: &str = include_str!("../docs/first-steps.md");
    const README: &str = include_str!("../README.md");
    let app = mini_spring::TestApp::new();
    let greeting = app.get("/hello/Ada").send();
    assert!(PAGE.contains(&format!("`{}`", greeting.text().trim_end())));
    let refused = app.post("/sum?limit=2").json(&[1.0, 2.0, 3.5]).send();
    let is_shown = |page: &str, answer: &str| page.contains(&format!("```json\n{answer}\n```"));
    assert!(is_shown(PAGE, refused.text()));
    let several = app.post("/sum?limit=many");
    let several = several.header("Content-Type", "application/json");
    let several = several.body(r#"[1, "x"]"#).send();
    assert!(is_shown(README, several.text()), "{}", several.text());
}
