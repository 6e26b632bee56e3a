//! What is around what: the application, prefixes, groups, handlers; and the listing that shows it.

use mini_spring::{
    App, IntoService, Middleware, Next, Request, Response, TestApp, middleware, route, routes,
};

/// Notes that the request has come here, and that the answer has gone back.
struct Trace(&'static str);

impl Middleware for Trace {
    fn call(&self, request: &mut Request, next: Next<'_>) -> Response {
        next.run(request).header("X-Trace", self.0)
    }
}

fn trace(response: &mini_spring::TestResponse) -> String {
    let fields = response.headers().filter(|(name, _)| *name == "x-trace");
    let names: Vec<_> = fields
        .map(|(_, value)| String::from_utf8_lossy(value))
        .collect();
    names.join(" ")
}

mod api {
    use super::{Trace, middleware, route};
    use mini_spring::group;

    group! { prefix: "/api", middleware: [Trace("group"), Trace("group-inner")] }

    pub(crate) mod books {
        use super::{Trace, middleware, route};
        use mini_spring::group;

        group! { middleware: [Trace("books")], prefix: "/books/" }

        #[middleware(Trace("first"))]
        #[route(GET, "/<id>")]
        #[middleware(Trace("second"))]
        #[route(GET, "/by-name/<id>")]
        #[middleware(Trace("third"))]
        pub(crate) fn get(id: &str) -> String {
            id.to_owned()
        }
    }

    #[route(GET, "/health")]
    #[middleware(Trace("own"))]
    pub(crate) fn health() -> &'static str {
        "up"
    }

    pub(crate) mod above {
        use super::{Trace, middleware, route};

        #[middleware(Trace("a"))]
        /// Documented.
        #[middleware(Trace("b"))]
        #[cfg(test)]
        #[middleware(|request, next| next.run(request).header("X-Trace", "c"))]
        #[route(POST, "/above")]
        #[route(PUT, "/above")]
        #[middleware(Trace("d"))]
        pub(crate) fn above() -> &'static str {
            "above"
        }
    }
}

#[route(GET, "/plain")]
fn plain() -> &'static str {
    "plain"
}

fn app() -> App {
    App::empty()
        .mount(
            "/",
            routes![api::books::get, api::health, api::above::above, plain],
        )
        .layer_at("/api/books", Trace("at-books"))
        .layer_at("/api", Trace("at-api"))
        .layer(Trace("outer"))
        .layer(Trace("inner"))
}

#[track_caller]
fn check(method: &str, target: &str, expected: &str) {
    let app = TestApp::from_app(app());
    let response = app.request(method, target).send();
    // The innermost was the first to put its field there.
    let found: Vec<String> = trace(&response)
        .split(' ')
        .rev()
        .map(str::to_owned)
        .collect();
    assert_eq!(found.join(" "), expected, "{method} {target}");
}

#[test]
fn the_order_is_the_stated_one() {
    check("GET", "/plain", "outer inner");
    check(
        "GET",
        "/api/health",
        "outer inner at-api group group-inner own",
    );
    for target in ["/api/books/7", "/api/books/by-name/7"] {
        let all = "outer inner at-api at-books group group-inner books first second third";
        check("GET", target, all);
    }
    for method in ["POST", "PUT"] {
        let all = "outer inner at-api group group-inner a b c d";
        check(method, "/api/above", all);
    }
}

#[test]
fn without_a_route_it_goes_by_the_path() {
    check("GET", "/nothing", "outer inner");
    check("GET", "/apis", "outer inner");
    check("GET", "/api/nothing", "outer inner at-api");
    check("GET", "/%61pi/nothing", "outer inner at-api");
    check("GET", "/api/books", "outer inner at-api at-books");
    check("DELETE", "/api/books/7", "outer inner at-api at-books");
    check("OPTIONS", "/api/health", "outer inner at-api");
    check("OPTIONS", "/plain", "outer inner");
}

#[test]
fn a_preflight_goes_the_way_of_its_route() {
    let app = TestApp::from_app(app());
    let preflight = |method: &str| {
        let request = app
            .request("OPTIONS", "/api/above")
            .header("Origin", "http://a");
        let response = request
            .header("Access-Control-Request-Method", method)
            .send();
        trace(&response)
    };
    assert_eq!(
        preflight("PUT"),
        "d c b a group-inner group at-api inner outer"
    );
    assert_eq!(preflight("GET"), "at-api inner outer");
    assert_eq!(preflight(""), "at-api inner outer");
}

#[route(POST, "/typed", consumes = "text/csv")]
#[middleware(Trace("own"))]
fn typed(_table: &str) {}

#[test]
fn a_request_that_its_route_refuses_goes_its_way() {
    let app = TestApp::of(routes![typed]);
    let response = app.post("/typed").json(&7).send();
    assert_eq!(trace(response.assert_status(415)), "own");
}

#[test]
fn the_listing_shows_it() {
    let service = App::empty()
        .mount("/", routes![api::above::above, plain])
        .middleware_at("/api", |request, next| next.run(request))
        .into_service()
        .unwrap();
    let listing = service.routes().to_string();
    let lines: Vec<&str> = listing.lines().collect();
    let line = line!() - 5;
    let expected = format!("  [{}:{line}, Trace, Trace, Trace, Trace, ", file!());
    assert!(lines[0].contains(&expected), "{listing}");
    assert!(lines[0].ends_with(", Trace]"), "{listing}");
    assert!(!lines[2].contains('['), "{listing}");
}

/// A path that a parameter stands for isn't below the prefix, and a pattern that has it is.
#[test]
fn prefixes_are_those_of_patterns() {
    let app = App::empty()
        .route("GET", "/<page>", |_: &Request| "page")
        .route("GET", "/api/<rest..>", |_: &Request| "rest")
        .layer_at("/api", Trace("at"));
    let app = TestApp::from_app(app);
    assert_eq!(trace(&app.get("/apis").send()), "");
    // The tail may be empty, so this is below.
    assert_eq!(trace(&app.get("/api/x").send()), "at");
    assert_eq!(trace(&app.get("/api/").send()), "at");
}
