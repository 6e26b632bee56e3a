//! Errors in an `anyhow::Error`: they are answered as they say, whatever was said around them.

use anyhow::Context;
use mini_spring::http::StatusCode;
use mini_spring::{Problem, error_handler, errors, route, routes};

use super::*;

#[derive(Debug, Problem)]
enum Shop {
    #[problem(404, "no book {id}", code = "no_book")]
    Missing { id: u32 },
    #[problem(503, "the shop is closed")]
    Closed,
    #[problem(transparent)]
    Store(Store),
    #[problem(transparent)]
    Other(Problem),
}

/// Has nothing to say of its own.
#[derive(Debug, Problem)]
#[problem(transparent)]
struct Around(Shop);

#[derive(Debug, Problem)]
#[problem(409, "the store is full", members(left))]
struct Store {
    left: u32,
}

impl fmt::Display for Shop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a shop")
    }
}

impl StdError for Shop {}

impl fmt::Display for Around {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("around a shop")
    }
}

impl StdError for Around {}

impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a store")
    }
}

impl StdError for Store {}

fn shop(how: &str) -> Result<(), Shop> {
    Err(match how {
        "missing" => Shop::Missing { id: 7 },
        "store" => Shop::Store(Store { left: 3 }),
        "other" => Shop::Other(Problem::forbidden("not here").header("X-Kept", "yes")),
        _ => Shop::Closed,
    })
}

#[route(GET, "/plain/<how>")]
fn plain(how: &str) -> anyhow::Result<()> {
    Ok(shop(how)?)
}

#[route(GET, "/context/<how>")]
fn context(how: &str) -> anyhow::Result<()> {
    shop(how).context("in front")?;
    Ok(())
}

#[route(GET, "/around")]
fn around() -> anyhow::Result<()> {
    Err(Around(Shop::Missing { id: 8 }))?
}

#[route(GET, "/problem")]
fn problem() -> anyhow::Result<()> {
    Err(Problem::conflict("twice").with("first", 1)).context("in front")
}

#[route(GET, "/opaque")]
fn opaque() -> anyhow::Result<()> {
    anyhow::bail!("for the log")
}

/// By `?` it becomes a box that hides what is in it.
#[route(GET, "/boxed")]
fn boxed() -> mini_spring::Result<()> {
    fn inner() -> anyhow::Result<()> {
        Ok(shop("missing")?)
    }
    Ok(inner()?)
}

#[error_handler]
fn handled(error: &Shop) -> (StatusCode, String) {
    (StatusCode::IM_A_TEAPOT, format!("handled {error}"))
}

fn app() -> App {
    App::empty().mount("/", routes![plain, context, around, problem, opaque, boxed])
}

#[track_caller]
fn refuse(target: &str, status: u16, code: &str, detail: Option<&str>) -> Response {
    let response = get(&app(), target);
    let document = document(&response);
    let found = (
        response.status().as_u16(),
        document["error"].as_str(),
        document["detail"].as_str(),
    );
    assert_eq!(found, (status, Some(code), detail), "{document}");
    response
}

#[test]
fn a_derived_error_is_answered_as_it_says() {
    for way in ["/plain", "/context"] {
        let missing = refuse(&format!("{way}/missing"), 404, "no_book", Some("no book 7"));
        assert!(missing.cause().is_some());
        let _ = refuse(
            &format!("{way}/closed"),
            503,
            "service_unavailable",
            Some("the shop is closed"),
        );
        let full = refuse(
            &format!("{way}/store"),
            409,
            "conflict",
            Some("the store is full"),
        );
        assert_eq!(document(&full)["left"], 3);
        let other = refuse(&format!("{way}/other"), 403, "forbidden", Some("not here"));
        assert_eq!(field(&other, "x-kept"), Some("yes"));
    }
    let _ = refuse("/around", 404, "no_book", Some("no book 8"));
    let twice = refuse("/problem", 409, "conflict", Some("twice"));
    assert_eq!(document(&twice)["first"], 1);
    let _ = refuse("/opaque", 500, "internal_server_error", None);
    let _ = refuse("/boxed", 500, "internal_server_error", None);
}

#[test]
fn handlers_of_its_type_come_first() {
    let app = app().error_handlers(errors![handled]);
    for target in [
        "/plain/missing",
        "/context/missing",
        "/plain/store",
        "/context/closed",
    ] {
        check(&get(&app, target), 418, "handled a shop");
    }
    assert_eq!(get(&app, "/problem").status(), 409);
}
