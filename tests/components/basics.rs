//! What can be injected, and where.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mini_spring::{
    App, FromRequest, Inject, IntoService, Needs, Problem, Request, TestApp, component, profile,
    route, routes,
};

struct Counter(AtomicU32);

thread_local! {
    /// Components are made by whoever builds the application, which is the thread of a test.
    static MADE: Cell<u32> = const { Cell::new(0) };
}

#[component]
fn counter() -> Counter {
    MADE.set(MADE.get() + 1);
    Counter(AtomicU32::new(0))
}

trait Store: Send + Sync {
    fn name(&self) -> String;
}

/// Its fields are injected.
#[component(as dyn Store)]
struct Memory {
    counter: Inject<Counter>,
    missing: Option<Inject<Missing>>,
    all: Vec<Inject<dyn Plugin>>,
}

struct Missing;

impl Store for Memory {
    fn name(&self) -> String {
        assert!(self.missing.is_none());
        let count = self.counter.0.fetch_add(1, Ordering::Relaxed);
        let plugins: Vec<&str> = self.all.iter().map(|plugin| plugin.name()).collect();
        format!("memory {count} {}", plugins.join(","))
    }
}

trait Plugin: Send + Sync {
    fn name(&self) -> &'static str;
}

struct First;

impl Plugin for First {
    fn name(&self) -> &'static str {
        "first"
    }
}

#[component(as dyn Plugin)]
impl First {
    fn new(_counter: Inject<Counter>) -> Self {
        First
    }
}

struct Second;

impl Plugin for Second {
    fn name(&self) -> &'static str {
        "second"
    }
}

#[component]
fn second() -> Box<dyn Plugin> {
    Box::new(Second)
}

#[component]
fn third() -> Result<Arc<dyn Plugin>, std::fmt::Error> {
    struct Third;
    impl Plugin for Third {
        fn name(&self) -> &'static str {
            "third"
        }
    }
    Ok(Arc::new(Third))
}

#[route(GET, "/store")]
fn store(store: Inject<dyn Store>, memory: Inject<Memory>) -> String {
    assert!(std::ptr::addr_eq(
        Arc::as_ptr(&Inject::into_arc(store.clone())),
        Arc::as_ptr(&Inject::into_arc(memory.clone()))
    ));
    store.name()
}

#[test]
fn components_are_made_once_and_known_by_all_their_types() {
    let app = TestApp::of(routes![store]);
    app.get("/store")
        .send()
        .assert_text("memory 0 first,second,third");
    app.get("/store")
        .send()
        .assert_text("memory 1 first,second,third");
    assert_eq!(MADE.get(), 1);
}

#[route(GET, "/optional")]
fn optional(missing: Option<Inject<Missing>>, plugins: Vec<Inject<dyn Plugin>>) -> String {
    format!("{} {}", missing.is_some(), plugins.len())
}

#[test]
fn what_need_not_be_there_and_all_that_there_are() {
    TestApp::of(routes![optional])
        .get("/optional")
        .send()
        .assert_text("false 3");
    let app = App::empty().mount("/", routes![optional]).provide(Missing);
    TestApp::from_app(app)
        .get("/optional")
        .send()
        .assert_text("true 3");
}

struct Database(&'static str);

#[component(primary)]
fn main_database() -> Database {
    Database("main")
}

#[component(name = "replica")]
fn replica() -> Database {
    Database("replica")
}

struct Report(String);

#[component]
fn report(main: Inject<Database>, #[named("replica")] replica: Inject<Database>) -> Report {
    Report(format!("{} and {}", main.0, replica.0))
}

#[route(GET, "/databases")]
fn databases(
    #[named("replica")] replica: Inject<Database>,
    main: Inject<Database>,
    #[named("none")] none: Option<Inject<Database>>,
    report: Inject<Report>,
) -> String {
    format!("{} {} {} {}", replica.0, main.0, none.is_some(), report.0)
}

#[test]
fn names_and_primary_ones() {
    let app = TestApp::of(routes![databases]);
    app.get("/databases")
        .send()
        .assert_text("replica main false main and replica");
}

struct Only(&'static str);

#[profile("somewhere else")]
#[component]
fn only_elsewhere() -> Only {
    Only("elsewhere")
}

#[component]
#[profile("test", "dev", "prod")]
fn only_here() -> Only {
    Only("here")
}

#[route(GET, "/only")]
fn only(only: Inject<Only>) -> &'static str {
    only.0
}

#[test]
fn profiles_choose() {
    TestApp::of(routes![only])
        .get("/only")
        .send()
        .assert_text("here");
}

/// An extractor of the program that takes a component itself.
struct Counted(u32);

impl<'r> FromRequest<'r> for Counted {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        let counter = Inject::<Counter>::from_request(request)?;
        Ok(Counted(counter.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn requires(needs: &mut Needs) {
        needs.of::<Inject<Counter>>();
    }
}

#[route(GET, "/counted")]
fn counted(counted: Counted, again: Counted) -> String {
    format!("{} {}", counted.0, again.0)
}

/// One that doesn't say so, and finds it where something else has made it.
struct Silent;

impl<'r> FromRequest<'r> for Silent {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        Inject::<Counter>::from_request(request).map(|_| Silent)
    }
}

#[route(GET, "/silent")]
fn silent(_silent: Silent) -> &'static str {
    "found"
}

#[test]
fn extractors_of_the_program_take_components() {
    TestApp::of(routes![counted])
        .get("/counted")
        .send()
        .assert_text("0 1");
    TestApp::of(routes![counted, silent])
        .get("/silent")
        .send()
        .assert_text("found");
    TestApp::of(routes![silent])
        .get("/silent")
        .send()
        .assert_status(500);
}

#[test]
fn what_is_given_and_what_takes_a_place() {
    let app = App::empty()
        .mount("/", routes![databases])
        .replace(Arc::new(Database("fake")))
        .provide(Missing);
    // Names are gone with what had them.
    let report = app.into_service().unwrap_err().to_string();
    assert!(
        report
            .contains("there is no component `components::basics::Database` of the name `replica`"),
        "{report}"
    );

    struct Fake;
    impl Store for Fake {
        fn name(&self) -> String {
            "fake".to_owned()
        }
    }
    #[route(GET, "/name")]
    fn name(store: Inject<dyn Store>) -> String {
        store.name()
    }
    let app = App::empty()
        .mount("/", routes![name])
        .replace::<dyn Store>(Arc::new(Fake));
    TestApp::from_app(app)
        .get("/name")
        .send()
        .assert_text("fake");
}

#[test]
fn handlers_are_plain_functions() {
    assert_eq!(only(Inject::new(Only("unit test"))), "unit test");
    let shared: Inject<dyn Plugin> = Inject::from(Arc::new(First) as Arc<dyn Plugin>);
    assert_eq!(shared.clone().name(), "first");
}

#[derive(serde::Serialize)]
struct Limits {
    books: u32,
}

#[component]
fn limits() -> Limits {
    Limits { books: 5 }
}

#[route(GET, "/limits")]
fn show_limits(limits: Inject<Limits>) -> Inject<Limits> {
    limits
}

#[test]
fn a_component_may_be_the_answer() {
    let app = TestApp::of(routes![show_limits]);
    app.get("/limits").send().assert_text(r#"{"books":5}"#);
}
