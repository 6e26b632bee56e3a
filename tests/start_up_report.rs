//! A program with a dozen different mistakes: one report has them all, and the port stays closed.
//!
//! It is a program itself, which starts itself once more as that one; so it has no test harness.
#![allow(missing_docs, dead_code)]

use std::process::{Command, ExitCode};

use mini_spring::{
    Extension, Inject, Problem, component, config, error_handler, middleware, on_start, route,
};

/// Set where this is the program with the mistakes.
const MISTAKEN: &str = "MISTAKEN";

// Routes.

#[route(GET, "/books/<id>")]
fn book(id: u64) -> String {
    id.to_string()
}

#[route(GET, "/books/<name>")]
fn book_again(name: &str) -> String {
    name.to_owned()
}

#[route(GET, "/list?<page=one>")]
fn list(page: u32) -> String {
    page.to_string()
}

// Error handlers.

#[error_handler]
fn file(_error: &std::io::Error) -> Problem {
    Problem::not_found("no such file")
}

#[error_handler]
fn file_again(_error: &std::io::Error) -> Problem {
    Problem::not_found("no file")
}

// Components.

struct Absent;

#[route(GET, "/absent")]
fn absent(_absent: Inject<Absent>) {}

#[on_start]
fn warm(_absent: Inject<Absent>) {}

trait Orders {}

struct Sqlite;

impl Orders for Sqlite {}

#[component(as dyn Orders + Send + Sync)]
fn sqlite() -> Sqlite {
    Sqlite
}

#[route(GET, "/orders")]
fn orders(_orders: Inject<dyn Orders>) {}

struct Mailer;

#[component]
fn mailer() -> Mailer {
    Mailer
}

#[component]
fn other_mailer() -> Mailer {
    Mailer
}

#[route(POST, "/mail")]
fn mail(_mailer: Inject<Mailer>) {}

struct Hen;
struct Egg;

#[component]
fn hen(_egg: Inject<Egg>) -> Hen {
    Hen
}

#[component]
fn egg(_hen: Inject<Hen>) -> Egg {
    Egg
}

struct User;

#[component(scope = request)]
fn user() -> User {
    User
}

struct Cart;

#[component]
fn cart(_user: Inject<User>) -> Cart {
    Cart
}

// Middleware.

struct Session;

#[middleware]
fn pass(request: &mut mini_spring::Request, next: mini_spring::Next<'_>) -> mini_spring::Response {
    next.run(request)
}

#[route(GET, "/session")]
#[middleware(pass)]
fn session(_session: Extension<Session>) {}

// Settings.

#[config(prefix = "shop")]
struct Shop {
    /// Where it is.
    city: String,
    /// How many books it has at most.
    #[config(default = "100")]
    shelves: u8,
}

const FILE: &str = "\
[server]
workers = \"many\"

[shop]
shelves = 1000
";

fn main() -> ExitCode {
    if std::env::var_os(MISTAKEN).is_some() {
        return match mini_spring::run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("Error: {error:?}");
                ExitCode::FAILURE
            }
        };
    }
    one_report_has_them_all();
    println!("one_report_has_them_all ... ok");
    ExitCode::SUCCESS
}

fn one_report_has_them_all() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("mini-spring.toml"), FILE).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .current_dir(directory.path())
        .env_clear()
        .env(MISTAKEN, "1")
        .env("MINI_SPRING_SERVER_IDLE_TIMEOUT", "soon")
        .args(["--server.prot=1", "--profile=dev"])
        .output()
        .unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(!report.contains("listening"), "{report}");
    let expected = [
        // Settings, each with where it was written.
        "mini-spring.toml:2: server.workers: ",
        "mini-spring.toml:5: shop.shelves: ",
        "MINI_SPRING_SERVER_IDLE_TIMEOUT: ",
        "--server.prot: ",
        "did you mean `--server.port`",
        "shop.city: ",
        // Routes and error handlers, each with both places.
        "book_again (tests/start_up_report.rs:",
        "the default of `?<page>`: expected an unsigned integer, found `one`",
        "file_again (tests/start_up_report.rs:",
        // Components: what, where, what to do.
        "there is no component `start_up_report::Absent`\n      start_up_report::absent (tests/start_up_report.rs:",
        "start_up_report::warm (tests/start_up_report.rs:",
        "write a function with `#[component]` that returns `Absent`",
        "there is no component `dyn start_up_report::Orders`",
        "say of the trait that it is `Send + Sync`",
        "there are 2 components `start_up_report::Mailer`",
        "these components need each other in a circle",
        "start_up_report::user (tests/start_up_report.rs:",
        "which is made once and would keep it",
        // Middleware.
        "start_up_report::Session",
    ];
    for piece in expected {
        assert!(report.contains(piece), "expected {piece:?} in\n{report}");
    }
    let mistakes = report.matches("\n  - ").count();
    assert!(mistakes >= 12, "{mistakes} mistakes:\n{report}");
    let summary = format!("the program can't start because of {mistakes} mistakes");
    assert!(report.contains(&summary), "{report}");
}
