//! What the server refuses for a route, as the middleware around that sees it.

use mini_spring::{
    App, Bearer, Cors, Next, Problem, Request, RequestId, Response, TestApp, TestResponse,
    error_handler, errors, middleware, route, routes,
};

#[middleware]
fn auth(request: &mut Request, next: Next, Bearer(_token): Bearer) -> Response {
    next.run(request)
}

#[middleware(auth)]
#[route(POST, "/notes", body_limit = "10")]
fn add(note: String) -> String {
    note
}

#[route(PUT, "/notes", body_limit = "10")]
fn put(note: String) -> String {
    note
}

#[error_handler]
fn hint(problem: Problem) -> Problem {
    problem.with("hint", "shorter")
}

fn seen(request: &mut Request, next: Next) -> Response {
    let response = next.run(request);
    response.header("X-Seen", "yes")
}

fn app() -> App {
    App::empty()
        .mount("/", routes![add, put])
        .error_handlers(errors![hint])
        .layer(RequestId)
        .layer(Cors::new().origin("https://shop.example"))
        .middleware(seen)
}

fn large(app: &TestApp, method: &str) -> TestResponse {
    let request = app.request(method, "/notes").body("longer than ten");
    let request = request.header("Origin", "https://shop.example");
    request.bearer("x").send()
}

#[test]
fn too_large_a_body_is_refused_by_the_way_of_its_route() {
    for app in [
        TestApp::from_app(app()),
        TestApp::from_app(app()).over_tcp(),
    ] {
        for method in ["POST", "PUT"] {
            let refused = large(&app, method);
            refused
                .assert_status(413)
                .assert_header("Access-Control-Allow-Origin", "https://shop.example")
                .assert_header("X-Seen", "yes")
                .assert_json_at("/hint", "shorter");
            assert!(refused.header("X-Request-Id").is_some());
        }
        // Who may not even ask isn't told how much would be too much.
        let unknown = app.post("/notes").body("longer than ten").send();
        unknown.assert_status(401);
    }
}

#[test]
fn a_body_that_turns_out_too_large_is_refused_so_too() {
    let app = TestApp::from_app(app());
    let chunked = "PUT /notes HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n\
                   Transfer-Encoding: chunked\r\n\r\n";
    let large = app.send_bytes(format!("{chunked}b\r\n12345678901\r\n0\r\n\r\n"));
    large
        .assert_status(413)
        .assert_header("Access-Control-Allow-Origin", "https://shop.example");
    let malformed = app.send_bytes(format!("{chunked}x\r\n"));
    malformed.assert_status(400).assert_header("X-Seen", "yes");
}

#[test]
fn what_has_no_route_yet_meets_no_middleware() {
    let app = TestApp::from_app(app());
    let head =
        "PUT /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let refused = app.send_bytes(head);
    refused.assert_status(400);
    assert_eq!(refused.header("X-Seen"), None);
}
