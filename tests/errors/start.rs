//! Which handlers are in force, and what stops the start.

use mini_spring::{IntoService, Problem, error_handler, errors, route, routes};

use super::*;

/// For errors that only the tests of this file make.
#[derive(Debug)]
struct Local;

impl fmt::Display for Local {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("local")
    }
}

impl StdError for Local {}

#[error_handler]
fn local(error: &Local) -> Problem {
    Problem::bad_request(error.to_string())
}

#[route(GET, "/local")]
fn fails() -> Result<(), Local> {
    Err(Local)
}

fn mistake(app: App) -> String {
    app.into_service().unwrap_err().to_string()
}

#[test]
fn a_named_application_has_named_handlers() {
    let app = App::empty().mount("/", routes![fails]);
    assert_eq!(get(&app, "/local").status(), 500);
    let app = app.error_handlers(errors![local]);
    assert_eq!(get(&app, "/local").status(), 400);
    // Naming it twice changes nothing.
    let app = app.error_handlers(errors![local, local]);
    assert_eq!(get(&app, "/local").status(), 400);
}

#[test]
fn two_for_the_same_errors_are_a_mistake() {
    let app = || {
        App::empty()
            .mount("/", routes![fails])
            .error_handlers(errors![local])
    };
    let report = mistake(app().on_error(|_: &Local, _: &Request| "again"));
    let line = line!() - 1;
    let this = file!();
    let new = format!(
        "errors::start::two_for_the_same_errors_are_a_mistake::{{{{closure}}}} ({this}:{line})"
    );
    assert!(report.starts_with(&new), "{report}");
    let known = format!(" and errors::start::local ({this}:");
    assert!(report.contains(&known), "{report}");
    let end = "both handle `errors::start::Local`; remove one of them";
    assert!(report.ends_with(end), "{report}");

    let app = app().on_problem(|_: Problem, _: &Request| "one");
    let report = mistake(app.on_problem(|_: Problem, _: &Request| "two"));
    assert!(
        report.ends_with("both handle all problems; remove one of them"),
        "{report}"
    );
}
