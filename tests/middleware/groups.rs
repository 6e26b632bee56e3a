//! `group!`: prefixes add up and are part of `url`, and state is that of the group.

use mini_spring::{App, TestApp, route, routes};

mod shop {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use mini_spring::{Middleware, Next, Request, Response, group, route};

    group! { prefix: "/shop/café", middleware: [Counted::default()] }

    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Middleware for Counted {
        fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            next.run(request).header("X-Count", count.to_string())
        }
    }

    #[route(GET, "/?<page=1>")]
    pub(crate) fn index(page: u32) -> String {
        format!("page {page}")
    }

    pub(crate) mod items {
        mini_spring::group! { prefix: "/items", }

        #[super::route(GET, "/<id>/<rest..>")]
        pub(crate) fn get(id: u32, rest: &str) -> String {
            format!("{id} {rest}")
        }
    }
}

mod shopping {
    #[super::route(GET, "/shopping")]
    pub(crate) fn list() {}
}

#[route(GET, "/")]
fn root() -> &'static str {
    "root"
}

#[test]
fn prefixes_are_part_of_urls() {
    assert_eq!(shop::index::url(), "/shop/caf%C3%A9");
    assert_eq!(
        shop::items::get::url(7, "x/y"),
        "/shop/caf%C3%A9/items/7/x/y"
    );
    assert_eq!(shopping::list::url(), "/shopping");
    assert_eq!(root::url(), "/");
    let app = TestApp::of(routes![shop::index, shop::items::get, shopping::list, root]);
    app.get(shop::index::url()).send().assert_text("page 1");
    app.get("/shop/caf%C3%A9/?page=2")
        .send()
        .assert_text("page 2");
    app.get(shop::items::get::url(7, "x/y"))
        .send()
        .assert_text("7 x/y");
    app.get("/items/7/x").send().assert_status(404);
    app.get("/").send().assert_text("root");
    app.get("/shopping").send().assert_status(204);
}

#[test]
fn state_is_that_of_the_group() {
    for _ in 0..2 {
        let app = TestApp::of(routes![shop::index, shop::items::get, shopping::list]);
        app.get(shop::index::url())
            .send()
            .assert_header("X-Count", "0");
        let response = app.get(shop::items::get::url(7, "")).send();
        response.assert_header("X-Count", "1");
        assert_eq!(app.get("/shopping").send().header("X-Count"), None);
    }
}

#[test]
fn it_goes_with_its_routes_wherever_they_are_mounted() {
    let app = App::empty().mount("/v1", routes![shop::index]);
    let app = TestApp::from_app(app);
    app.get("/v1/shop/caf%C3%A9")
        .send()
        .assert_header("X-Count", "0");
    app.get("/shop/caf%C3%A9").send().assert_status(404);
}
