//! The first program of the guide with the tests that it is given there; `tests/guide.rs` holds the page against it.

use mini_spring::{Json, Problem, route};

#[route(GET, "/hello/<name>")]
fn hello(name: &str) -> String {
    format!("Hello, {name}!\n")
}

#[route(POST, "/sum?<limit=100>")]
fn sum(Json(numbers): Json<Vec<f64>>, limit: usize) -> Result<Json<f64>, Problem> {
    if numbers.len() > limit {
        return Err(Problem::unprocessable(format!("more than {limit} numbers")));
    }
    Ok(Json(numbers.iter().sum()))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}

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

/// The page tells how the program answers.
#[test]
fn answers_are_those_of_the_page() {
    const PAGE: &str = include_str!("../docs/first-steps.md");
    let app = mini_spring::TestApp::new();
    let greeting = app.get("/hello/Ada").send();
    assert!(PAGE.contains(&format!("`{}`", greeting.text().trim_end())));
    let refused = app.post("/sum?limit=2").json(&[1.0, 2.0, 3.5]).send();
    assert!(PAGE.contains(&format!("```json\n{}\n```", refused.text())));
}
