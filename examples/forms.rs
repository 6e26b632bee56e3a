//! Pages, forms and cookies: what a browser needs, without a line of script.
//!
//! ```sh
//! cargo run --example forms
//! curl -d 'name=Ada&colour=teal' -i http://localhost:8080/login
//! ```

use std::time::Duration;

use mini_spring::{Form, Html, Query, Redirect, SetCookie, route};
use serde::Deserialize;

#[derive(Deserialize)]
struct Login {
    name: String,
    /// An empty field is none.
    colour: Option<String>,
}

#[derive(Deserialize)]
struct Search<'r> {
    word: &'r str,
    #[serde(default)]
    letters: usize,
}

/// Who is here, as the cookie says; without one, a form to come in.
#[route(GET, "/")]
fn index(
    #[cookie("name")] name: Option<&str>,
    #[header("User-Agent")] agent: &str,
) -> Html<String> {
    Html(match name {
        Some(name) => format!(
            "<p>Hello, {}! You came with {}.",
            escaped(name),
            escaped(agent)
        ),
        None => "<form method=post action=login>\
                 <input name=name required><input name=colour><button>Come in</button></form>"
            .to_owned(),
    })
}

#[route(POST, "/login")]
fn login(Form(login): Form<Login>) -> ([SetCookie; 2], Redirect) {
    let colour = login.colour.unwrap_or("grey".to_owned());
    let day = Duration::from_secs(24 * 60 * 60);
    let cookies = [
        SetCookie::new("name", login.name).max_age(day),
        SetCookie::new("colour", colour).for_scripts(),
    ];
    (cookies, Redirect::to(index::url()))
}

#[route(POST, "/logout")]
fn logout() -> (SetCookie, Redirect) {
    (SetCookie::removed("name"), Redirect::to(index::url()))
}

/// `/search?word=mini&letters=3`: `min`.
#[route(GET, "/search")]
fn search(search: Option<Query<Search<'_>>>) -> Option<String> {
    let Query(search) = search?;
    Some(search.word.chars().take(search.letters).collect())
}

/// What users have written must not become a part of the page.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
