//! What is wrong is found before anything is made, all of it, and each message says what, where and what to do.

use std::sync::Arc;

use mini_spring::{App, Inject, IntoService, Problem, Routes, component, route, routes};

/// The report, with the lines of this file as `#`.
fn report(routes: Routes) -> String {
    let report = App::empty()
        .mount("/", routes)
        .into_service()
        .unwrap_err()
        .to_string();
    let mut shown = String::new();
    for piece in report.split_inclusive("faults.rs:") {
        let rest = match shown.ends_with("faults.rs:") {
            true => piece.trim_start_matches(|letter: char| letter.is_ascii_digit()),
            false => piece,
        };
        if rest.len() < piece.len() {
            shown.push('#');
        }
        shown.push_str(rest);
    }
    shown
        .replace("tests/components/faults.rs", "faults.rs")
        .replace("components::faults::", "")
}

struct Absent;
struct AlsoAbsent;

#[route(GET, "/absent")]
fn absent(_absent: Inject<Absent>, _also: Inject<AlsoAbsent>) {}

#[route(GET, "/absent/too")]
fn absent_too(_first: Inject<Absent>) {}

#[test]
fn everything_that_is_missing_is_told() {
    assert_eq!(
        report(routes![absent, absent_too]),
        "2 mistakes:\n  \
         - there is no component `Absent`\n      \
         absent (faults.rs:#) takes `_absent: Inject<Absent>`\n      \
         absent_too (faults.rs:#) takes `_first: Inject<Absent>`\n      \
         write a function with `#[component]` that returns `Absent`, or add one with `App::provide`\n  \
         - there is no component `AlsoAbsent`\n      \
         absent (faults.rs:#) takes `_also: Inject<AlsoAbsent>`\n      \
         write a function with `#[component]` that returns `AlsoAbsent`, or add one with `App::provide`"
    );
}

#[route(GET, "/pointers")]
fn pointers(
    _shared: Inject<Arc<OfRequest>>,
    _lent: Inject<&'static OfRequest>,
    _absent: Inject<Arc<Absent>>,
    _boxed: Inject<Box<dyn Nowhere>>,
) {
}

/// `Inject` shares already.
#[test]
fn pointers_to_components_are_told_apart() {
    assert_eq!(
        report(routes![pointers]),
        "4 mistakes:\n  \
         - there is no component `alloc::sync::Arc<OfRequest>`\n      \
         pointers (faults.rs:#) takes `_shared: Inject<Arc<OfRequest>>`\n      \
         there is a component `OfRequest`; write `Inject<OfRequest>`, which shares it\n  \
         - there is no component `&OfRequest`\n      \
         pointers (faults.rs:#) takes `_lent: Inject<&'static OfRequest>`\n      \
         there is a component `OfRequest`; write `Inject<OfRequest>`, which shares it\n  \
         - there is no component `alloc::sync::Arc<Absent>`\n      \
         pointers (faults.rs:#) takes `_absent: Inject<Arc<Absent>>`\n      \
         write `Inject<Absent>`, which shares it; write a function with `#[component]` that returns `Absent`, or add \
         one with `App::provide`\n  \
         - there is no component `alloc::boxed::Box<dyn Nowhere>`\n      \
         pointers (faults.rs:#) takes `_boxed: Inject<Box<dyn Nowhere>>`\n      \
         write `Inject<dyn Nowhere>`, which shares it; write a `#[component(as dyn Nowhere)]`, or have a function with \
         `#[component]` return it in a `Box`"
    );
}

struct Reader;
struct Writer;

#[component]
fn reader() -> Option<Reader> {
    Some(Reader)
}

#[component(scope = request)]
fn writer() -> Option<Writer> {
    None
}

#[route(GET, "/perhaps")]
fn perhaps(_reader: Inject<Reader>, _writer: Inject<Writer>) {}

#[route(GET, "/never")]
fn never(_reader: Option<Inject<Reader>>, _sqlite: Option<Inject<Sqlite>>) {}

/// What is in an `Option` isn't a component of its own.
#[test]
fn components_in_an_option_are_named() {
    assert_eq!(
        report(routes![perhaps]),
        "2 mistakes:\n  \
         - there is no component `Reader`\n      \
         perhaps (faults.rs:#) takes `_reader: Inject<Reader>`\n      \
         reader (faults.rs:#) returns `Option<Reader>`; return `Reader`, or `Result<Reader, E>`\n  \
         - there is no component `Writer`\n      \
         perhaps (faults.rs:#) takes `_writer: Inject<Writer>`\n      \
         writer (faults.rs:#) returns `Option<Writer>`; return `Writer`, or `Result<Writer, E>`"
    );
    // It would be `None` for ever.
    assert_eq!(
        report(routes![never]),
        "there is no component `Reader`\n      \
         never (faults.rs:#) takes `_reader: Option<Inject<Reader>>`\n      \
         reader (faults.rs:#) returns `Option<Reader>`; return `Reader`, or `Result<Reader, E>`"
    );
}

trait Orders {}

struct Sqlite;

impl Orders for Sqlite {}

#[component(as dyn Orders + Send + Sync)]
fn sqlite() -> Sqlite {
    Sqlite
}

#[route(GET, "/near")]
fn near(_orders: Inject<dyn Orders>) {}

trait Nowhere: Send + Sync {}

#[route(GET, "/nowhere")]
fn nowhere(_nowhere: Inject<dyn Nowhere>) {}

struct Labelled;

#[component(name = "one")]
fn one() -> Labelled {
    Labelled
}

#[route(GET, "/labelled")]
fn labelled(#[named("two")] _labelled: Inject<Labelled>) {}

struct OfProfile;

#[component]
#[profile("production")]
fn of_profile() -> OfProfile {
    OfProfile
}

#[route(GET, "/profile")]
fn of_another_profile(_component: Inject<OfProfile>) {}

#[test]
fn near_misses_are_named() {
    let check = |routes: Routes, expected: &str| {
        let report = report(routes);
        assert!(report.ends_with(expected), "{report}");
    };
    check(
        routes![near],
        "\n      `dyn Orders + core::marker::Send + core::marker::Sync` is another type, and there is one of that; \
         say of the trait that it is `Send + Sync` and leave them out of `dyn`, and see that both name the same",
    );
    check(
        routes![nowhere],
        "\n      write a `#[component(as dyn Nowhere)]`, or have a function with `#[component]` return it in a `Box`",
    );
    check(
        routes![labelled],
        "\n      there are some of other names: `one`; write `#[named(\"one\")]` before the argument",
    );
    let report = report(routes![of_another_profile]);
    assert!(
        report.contains("\n      of_profile (faults.rs:#) is for the profile `production` only, and this one is `"),
        "{report}"
    );
}

struct Twice;

#[component]
fn once() -> Twice {
    Twice
}

#[component]
fn again() -> Twice {
    Twice
}

#[route(GET, "/twice")]
fn twice(_twice: Inject<Twice>) {}

#[test]
fn several_of_one_type_must_be_told_apart() {
    assert_eq!(
        report(routes![twice]),
        "there are 2 components `Twice`, and none of them is meant more than the others\n      \
         once (faults.rs:#)\n      \
         again (faults.rs:#)\n      \
         twice (faults.rs:#) takes `_twice: Inject<Twice>`\n      \
         write `#[component(primary)]` at one of them, or give them names, `#[component(name = \"..\")]`, \
         and ask for one, `#[named(\"..\")]`"
    );
}

struct Hen;
struct Egg;
struct Nest;

#[component]
fn hen(_nest: Inject<Nest>) -> Hen {
    Hen
}

#[component]
fn nest(_egg: Inject<Egg>) -> Nest {
    Nest
}

#[component]
fn egg(_hen: Inject<Hen>) -> Egg {
    Egg
}

#[route(GET, "/hen")]
fn needs_hen(_hen: Inject<Hen>) {}

struct Itself;

#[component]
fn itself(_itself: Inject<Itself>) -> Itself {
    Itself
}

#[route(GET, "/itself")]
fn needs_itself(_itself: Inject<Itself>) {}

#[test]
fn circles_are_shown_whole() {
    assert_eq!(
        report(routes![needs_hen]),
        "these components need each other in a circle\n      \
         hen (faults.rs:#) takes `_nest: Inject<Nest>`\n      \
         nest (faults.rs:#) takes `_egg: Inject<Egg>`\n      \
         egg (faults.rs:#) takes `_hen: Inject<Hen>`\n      \
         take one of these arguments out: have the two share a third component, or hand it over when it is needed"
    );
    assert_eq!(report(routes![needs_itself]).matches("takes").count(), 1);
}

struct OfRequest;

#[component(scope = request)]
fn of_request() -> OfRequest {
    OfRequest
}

struct Keeps;

#[component]
fn keeps(_request: Inject<OfRequest>) -> Keeps {
    Keeps
}

#[route(GET, "/keeps")]
fn needs_keeps(_keeps: Inject<Keeps>) {}

#[test]
fn what_is_made_once_cannot_keep_what_is_made_for_a_request() {
    assert_eq!(
        report(routes![needs_keeps]),
        "of_request (faults.rs:#) is made for each request\n      \
         keeps (faults.rs:#) takes `_request: Inject<OfRequest>`\n      \
         which is made once and would keep it; write `#[component(scope = request)]` for both"
    );
}

struct Failing;
struct Panicking;
struct Behind;

#[component]
fn failing() -> Result<Failing, Problem> {
    Err(Problem::internal("no such disk"))
}

#[component]
fn panicking() -> Panicking {
    panic!("on purpose")
}

#[component]
fn behind(_failing: Inject<Failing>) -> Behind {
    unreachable!("what it needs has failed")
}

#[route(GET, "/failing")]
fn needs_failing(_failing: Inject<Behind>, _panicking: Inject<Panicking>) {}

#[test]
fn components_that_fail_stop_the_start() {
    assert_eq!(
        report(routes![needs_failing]),
        "2 mistakes:\n  \
         - failing (faults.rs:#) has failed: 500 Internal Server Error: no such disk\n  \
         - panicking (faults.rs:#) panicked: on purpose"
    );
}

#[test]
fn mistakes_of_all_kinds_are_one_report() {
    let app = App::empty()
        .mount("/", routes![absent, twice, needs_hen])
        .mount("/<x>", routes![])
        .route("get", "/lower", |_: &mini_spring::Request| "");
    let report = app.into_service().unwrap_err().to_string();
    assert!(report.starts_with("6 mistakes:\n"), "{report}");
}
