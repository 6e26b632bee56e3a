//! What tests ask of an application as a whole: whether it would start, what is in it, and what takes whose place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mini_spring::{
    App, Inject, Next, Request, Response, Result, TestApp, component, route, routes,
};

struct Opened(AtomicU32);

#[route(GET, "/opened")]
fn opened(opened: Inject<Opened>) -> String {
    opened.0.fetch_add(1, Ordering::Relaxed).to_string()
}

fn app() -> App {
    App::empty()
        .mount("/", routes![opened])
        .provide(Opened(AtomicU32::new(7)))
        .middleware(|request: &mut Request, next: Next<'_>| -> Response { next.run(request) })
}

fn perhaps() -> Result<App> {
    Ok(app())
}

/// The program's table has mistakes enough that `verify!()` would fail, and `opened` alone has no `Opened`.
mod of_a_function {
    use super::app;

    mini_spring::verify!(app());
}

mod of_one_that_may_fail {
    use super::perhaps;

    mini_spring::verify!(perhaps(),);
}

fn panicked(test: impl FnOnce()) -> String {
    let panicked = catch_unwind(AssertUnwindSafe(test)).unwrap_err();
    let message = panicked.downcast_ref::<String>();
    message.cloned().expect("a panic says what it is")
}

#[test]
fn what_is_wrong_with_the_named_application_is_told() {
    let incomplete = || App::empty().mount("/", routes![opened]);
    let message = panicked(|| mini_spring::__private::verify(incomplete()));
    assert!(
        message.contains("there is no component `components::programs::Opened`"),
        "{message}"
    );
    let failed = || -> Result<App> { Err("no such file".into()) };
    let message = panicked(|| mini_spring::__private::verify(failed()));
    assert!(message.contains("no such file"), "{message}");
}

trait Post: Send + Sync {
    fn sent(&self) -> u32;
}

impl Post for AtomicU32 {
    fn sent(&self) -> u32 {
        self.load(Ordering::Relaxed)
    }
}

#[component(as dyn Post)]
fn post() -> AtomicU32 {
    AtomicU32::new(3)
}

#[derive(Default)]
struct Outbox(AtomicU32);

impl Post for Outbox {
    fn sent(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

struct Reader;

#[component(scope = request)]
fn reader() -> Reader {
    Reader
}

#[route(GET, "/sent")]
fn sent(post: Inject<dyn Post>, _reader: Inject<Reader>) -> String {
    post.sent().to_string()
}

#[test]
fn a_replacement_that_takes_no_place_is_told() {
    let outbox = Arc::new(Outbox::default());
    let app = TestApp::of(routes![sent]).replace(outbox.clone());
    let message = panicked(|| drop(app.get("/sent").send()));
    let told =
        "nothing takes `components::programs::Outbox`, the one at tests/components/programs.rs:";
    assert!(message.contains(told), "{message}");
    assert!(
        message.contains(".replace::<dyn ") && message.contains("`dyn components::programs::Post`"),
        "{message}"
    );

    let app = TestApp::of(routes![sent]).replace::<dyn Post>(outbox);
    app.get("/sent").send().assert_text("1");
}

/// Tests that share their replacements may each have other routes.
#[test]
fn what_only_another_route_needs_may_be_replaced() {
    let app = TestApp::of(routes![sent]).replace(Arc::new(Opened(AtomicU32::new(1))));
    app.get("/sent").send().assert_text("3");
}

#[test]
fn a_test_looks_into_components() {
    for app in [
        TestApp::from_app(app()),
        TestApp::from_app(app()).over_tcp(),
    ] {
        assert_eq!(app.component::<Opened>().0.load(Ordering::Relaxed), 7);
        app.get("/opened").send().assert_text("7");
        assert_eq!(app.component::<Opened>().0.load(Ordering::Relaxed), 8);
        let message = panicked(|| drop(app.component::<dyn Post>()));
        assert!(
            message.contains("there is no component `dyn components::programs::Post`"),
            "{message}"
        );
    }
    let app = TestApp::of(routes![sent]);
    assert_eq!(app.component::<dyn Post>().sent(), 3);
    let message = panicked(|| drop(app.component::<Reader>()));
    assert!(message.contains("is made for each request"), "{message}");
}
