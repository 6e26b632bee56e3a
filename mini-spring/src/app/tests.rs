//! Applications put together: what is mounted, and what is wrong with them.

use super::*;
use crate::extract::{BodyUse, Needs};
use crate::routing::RouteOptions;

const fn record(module: &'static str, pattern: &'static str, line: u32) -> RouteRecord {
    RouteRecord {
        methods: &["GET"],
        pattern,
        handler: "show",
        module,
        file: "src/a.rs",
        line,
        options: RouteOptions::NONE,
        layers: None,
        call: |request| Response::ok(request.param("id").unwrap_or("none")),
        requires: |needs: &mut Needs| needs.of::<&Request>(),
    }
}

static ITEMS: RouteRecord = record("shop::items", "/items", 1);
static ITEM: RouteRecord = record("shop::items", "/items/<id>", 2);
static USER: RouteRecord = record("users", "/users/<id>", 3);
static TWIN: RouteRecord = record("users", "/users/<name>", 4);
static TABLE: &[&RouteRecord] = &[&ITEMS, &ITEM, &USER];

#[track_caller]
fn answers(app: &App, path: &str, status: u16, body: &str) {
    let response = app.call(Request::get(path).build().unwrap());
    assert_eq!(response.status().as_u16(), status, "{path}");
    if status == 200 {
        assert_eq!(response.body_bytes(), Some(body.as_bytes()), "{path}");
    }
}

#[track_caller]
fn check(app: App, expected: &str) {
    let found = match app.into_service() {
        Ok(service) => service.routes().to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected);
}

#[test]
fn the_table_is_mounted_whole_or_by_crate() {
    let all = App::over(TABLE);
    answers(&all, "/items/7", 200, "7");
    answers(&all, "/users/8", 200, "8");
    let shop = App::over(TABLE).crates(["shop"]);
    answers(&shop, "/items", 200, "none");
    answers(&shop, "/users/8", 404, "");
}

#[test]
fn routes_are_mounted_below_a_prefix() {
    let app = App::empty().mount("/api/", [&ITEM]).mount("/", [&USER]);
    answers(&app, "/api/items/7", 200, "7");
    answers(&app, "/items/7", 404, "");
    answers(&app, "/users/8", 200, "8");
}

#[test]
fn records_say_what_they_do_with_the_body() {
    let route = Route::of(&ITEM, "").unwrap();
    assert_eq!(route.body, BodyUse::Memory);
    assert_eq!(route.origin.to_string(), "shop::items::show (src/a.rs:2)");
}

#[test]
fn the_list_is_aligned_and_sorted() {
    check(
        App::empty().mount("", [&USER, &ITEMS]),
        "GET  /items       shop::items::show  src/a.rs:1\n\
         GET  /users/<id>  users::show        src/a.rs:3",
    );
}

#[test]
fn mistakes_are_reported_together() {
    let app = App::empty().mount("/<a>", [&USER]).mount("api", [&USER]);
    let line = line!() - 1;
    let place = format!("{}:{line}", file!());
    check(
        app.mount("", [&USER, &TWIN]),
        &format!(
            "3 mistakes:\n  \
             - {place}: the prefix `/<a>` holds a parameter; put it into the patterns of the routes\n  \
             - {place}: the prefix `api`: a pattern starts with `/`, found `api`; write `/api`\n  \
             - `GET /users/<name>` of users::show (src/a.rs:4) matches the same requests as \
             `GET /users/<id>` of users::show (src/a.rs:3); change or remove one of them"
        ),
    );
}

#[test]
fn an_unknown_crate_is_a_mistake() {
    check(
        App::over(TABLE).crates(["shop", "user"]),
        "no crate `user` has routes, only `shop`, `users`; routes of a library are linked if the \
         program names it: write `use your_lib as _;`",
    );
    check(
        App::over(&[]).crates(["user"]),
        "no crate `user` has routes, nor has any other; routes of a library are linked if the \
         program names it: write `use your_lib as _;`",
    );
    check(
        App::empty().crates(["user"]),
        "`crates` chooses `user` from the global table, which `App::empty` leaves out; start \
         with `App::new`",
    );
}

#[test]
fn no_routes_at_all_are_a_mistake() {
    check(
        App::over(&[]),
        "no routes: write one, `#[route(GET, \"/\")] fn hello() -> &'static str { \"hello\" }`; routes of a library are linked if the program \
         names it: write `use your_lib as _;`",
    );
    check(
        App::empty(),
        "no routes: add some to `App::empty()` with `mount` or `route`",
    );
}

#[test]
fn what_cannot_be_built_answers_500() {
    answers(&App::empty(), "/", 500, "");
}

#[test]
fn a_change_after_a_call_is_seen() {
    let app = App::empty().route("GET", "/", |_: &Request| "a");
    answers(&app, "/b", 404, "");
    answers(&app.route("GET", "/b", |_: &Request| "b"), "/b", 200, "b");
}
