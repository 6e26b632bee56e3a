//! A service answering: routes and none, middleware, panics, and what the log sees of them.

use std::panic::panic_any;
use std::sync::{Arc, Mutex};

use http::header::ALLOW;

use super::*;
use crate::app::App;
use crate::unwind::Panicked;

fn app() -> App {
    App::empty()
        .route("GET", "/a/<id>", |request: &Request| {
            request.param("id").unwrap_or("?").to_owned()
        })
        .route("POST", "/a/<id>", |_: &Request| ())
        .route("DELETE", "/b", |_: &Request| ())
}

fn request(method: &str, target: &str) -> Request {
    Request::builder(method, target).build().unwrap()
}

/// Status, `Allow` and the code of the problem.
fn show(response: &Response) -> String {
    let allow = response.fields().get(&ALLOW).unwrap_or_default();
    let body = String::from_utf8_lossy(response.body_bytes().unwrap_or_default());
    let code = body
        .split(r#""error":""#)
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    format!(
        "{} [{}] {}",
        response.status().as_u16(),
        String::from_utf8_lossy(allow),
        code.unwrap_or_default()
    )
}

#[track_caller]
fn check(method: &str, target: &str, expected: &str) {
    assert_eq!(show(&app().call(request(method, target))), expected);
}

#[test]
fn requests_without_a_route() {
    check("GET", "/", "404 [] not_found");
    check(
        "PUT",
        "/a/1",
        "405 [GET, HEAD, OPTIONS, POST] method_not_allowed",
    );
    check("GET", "/b", "405 [DELETE, OPTIONS] method_not_allowed");
    check("OPTIONS", "/b", "204 [DELETE, OPTIONS] ");
    check("OPTIONS", "/", "404 [] not_found");
    check("OPTIONS", "*", "204 [DELETE, GET, HEAD, OPTIONS, POST] ");
    check("HEAD", "/a/1", "200 [] ");
    check("GET", "http://localhost", "404 [] not_found");
}

#[test]
fn a_plan_names_route_and_body() {
    let service = app().into_service().unwrap();
    assert_eq!(service.targets(), 4);
    let mut request = Request::blank(Arc::clone(service.directory()));
    for (target, expected) in [
        ("/a/7", (0, BodyUse::Memory, true)),
        ("/a", (3, BodyUse::None, false)),
    ] {
        request.reset();
        let parsed = Request::get(target).build().unwrap();
        (request.buffer, request.head) = (parsed.buffer, parsed.head);
        let plan = service.plan(&mut request);
        assert_eq!((plan.target, plan.body, plan.found), expected);
    }
    assert_eq!(service.target_name(3), "no route");
    let expected = format!("{}::app::{{{{closure}}}} ({}:", module_path!(), file!());
    let name = service.target_name(2);
    assert!(name.starts_with(&expected), "{name}");
}

#[test]
fn parameters_are_those_of_this_request_only() {
    let service = app().into_service().unwrap();
    let mut request = request("GET", "/a/7");
    request.directory = Arc::clone(service.directory());
    service.plan(&mut request);
    let room = request.parameters.as_ptr();
    service.plan(&mut request);
    assert_eq!(request.parameters.len(), 1);
    assert_eq!(request.parameters.as_ptr(), room, "nothing is allocated");
    assert_eq!(request.param("id"), Some("7"));
}

#[test]
fn middleware_is_an_onion_around_everything() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let layer = |name: &'static str| {
        let seen = Arc::clone(&seen);
        move |request: &mut Request, next: Next<'_>| {
            seen.lock().unwrap().push(name);
            let response = next.run(request);
            seen.lock().unwrap().push(name);
            response
        }
    };
    let app = app().middleware(layer("outer")).middleware(layer("inner"));
    for (method, target) in [
        ("GET", "/a/1"),
        ("GET", "/x"),
        ("PUT", "/b"),
        ("OPTIONS", "*"),
    ] {
        let _ = app.call(request(method, target));
        let order: Vec<_> = seen.lock().unwrap().drain(..).collect();
        assert_eq!(
            order,
            ["outer", "inner", "inner", "outer"],
            "{method} {target}"
        );
    }
}

#[test]
fn middleware_may_answer_by_itself() {
    let app = app().middleware(|_, _| Response::new(StatusCode::IM_A_TEAPOT));
    assert_eq!(app.call(request("GET", "/a/1")).status(), 418);
}

#[test]
fn a_panic_is_a_500_that_middleware_sees() {
    let seen = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&seen);
    let app = App::empty()
        .route("GET", "/text", |_: &Request| -> &str { panic!("text") })
        .route("GET", "/value", |_: &Request| -> &str { panic_any(7) })
        .middleware(move |request, next| {
            let response = next.run(request);
            *noted.lock().unwrap() = Some(response.status());
            response
        });
    for target in ["/text", "/value"] {
        let response = app.call(request("GET", target));
        assert_eq!(show(&response), "500 [] internal_server_error");
        let status = seen.lock().unwrap().take();
        assert_eq!(status, Some(StatusCode::INTERNAL_SERVER_ERROR));
    }
}

#[test]
fn a_panic_in_middleware_is_a_500() {
    let app = app().middleware(|_, _| panic!("in middleware"));
    let response = app.call(request("GET", "/nothing"));
    assert_eq!(show(&response), "500 [] internal_server_error");
}

fn said(message: Option<&str>) -> Panicked {
    Panicked::saying(message.map(str::to_owned))
}

#[test]
fn an_interim_status_is_no_answer() {
    let app = App::empty().route("GET", "/", |_: &Request| StatusCode::SWITCHING_PROTOCOLS);
    let response = app.call(request("GET", "/"));
    assert_eq!(show(&response), "500 [] internal_server_error");
    assert_eq!(
        response.cause().unwrap().to_string(),
        "101 Switching Protocols is not a final status"
    );
}

#[test]
fn the_log_gets_one_line_for_what_went_wrong() {
    fn show(_: &Request) {}
    let app = App::empty().route("GET", "/a/<id>", show);
    let place = format!("{}:{}", file!(), line!() - 1);
    let name = format!(
        "{}::the_log_gets_one_line_for_what_went_wrong::show ({place})",
        module_path!()
    );
    let service = app.into_service().unwrap();
    let mut request = request("GET", "/a/7");
    request.directory = Arc::clone(service.directory());
    service.plan(&mut request);

    let id = request.id();
    assert_eq!(
        guard::about_panic(&request, &name, &said(Some("a text"))),
        format!("GET /a/<id>: {name} panicked (request {id}): a text")
    );
    assert_eq!(
        guard::about_panic(&request, &name, &said(None)),
        format!("GET /a/<id>: {name} panicked with a value that is no text (request {id})")
    );
    let about = |error: Error| {
        let cause = error.into_std();
        service.about_cause(&request, StatusCode::INTERNAL_SERVER_ERROR, &*cause)
    };
    assert_eq!(
        about("the disk\n is full".into()),
        Some(format!(
            "GET /a/7: {name} answered 500 (request {id}): the disk is full"
        ))
    );
    assert_eq!(about(said(None).into()), None);
}

#[test]
fn a_payload_that_panics_when_dropped_does_no_harm() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    let app = App::empty().route("GET", "/", |_: &Request| -> &str { panic_any(Bomb) });
    let response = app.call(request("GET", "/"));
    assert_eq!(response.status(), 500);
}
