//! Handlers of one type of errors: where such an error is found, and in what order its answers count.

use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use mini_spring::http::StatusCode;
use mini_spring::{FromRequest, Problem, error_handler, errors, route, routes};
use serde::Serialize;

use super::*;

#[error_handler]
fn broken(error: &Broken, request: &Request) -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE);
    problem.with_detail(format!("{} at {}", error.what, request.path()))
}

/// What a box of another crate shows of the error in it: a reference, and as an error only what caused it.
pub struct Opaque(Box<dyn StdError + Send + Sync>);

impl<E: StdError + Send + Sync + 'static> From<E> for Opaque {
    fn from(error: E) -> Self {
        Opaque(error.into())
    }
}

impl AsRef<dyn StdError + Send + Sync> for Opaque {
    fn as_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0
    }
}

impl From<Opaque> for Box<dyn StdError + Send + Sync> {
    fn from(_: Opaque) -> Self {
        "nothing comes out of it".into()
    }
}

#[route(GET, "/plain")]
fn plain() -> Result<(), Broken> {
    Err(Broken::of("plain"))
}

#[route(GET, "/ours")]
fn ours() -> mini_spring::Result<()> {
    Err(Broken::of("ours"))?
}

#[route(GET, "/boxed")]
fn boxed() -> Result<(), Box<dyn StdError + Send + Sync>> {
    Err(Broken::of("boxed"))?
}

#[route(GET, "/opaque")]
fn opaque() -> Result<(), Opaque> {
    Err(Broken::of("opaque"))?
}

#[route(GET, "/internal")]
fn internal() -> Result<(), Problem> {
    Err(Problem::internal(Broken::of("internal")))
}

#[route(GET, "/answer")]
fn answer() -> Response {
    Response::server_error(Broken::of("answer"))
}

#[route(GET, "/optional")]
fn optional() -> Result<Option<u8>, Broken> {
    Err(Broken::of("optional"))
}

/// Found behind two errors of other types, one of which keeps it from its sources.
#[route(GET, "/deep")]
fn deep() -> mini_spring::Result<()> {
    let inner = std::io::Error::other(Broken::of("deep"));
    Err(std::io::Error::other(inner))?
}

#[route(GET, "/inner")]
fn inner() -> Result<(), Broken> {
    Err(Broken::by("outer", Broken::of("inner")))
}

#[test]
fn an_error_is_found_wherever_it_is() {
    let all = routes![plain, ours, boxed, opaque, internal, answer, optional, deep];
    let app = App::empty().mount("/", all).error_handlers(errors![broken]);
    for name in [
        "plain", "ours", "boxed", "opaque", "internal", "answer", "optional", "deep",
    ] {
        let response = get(&app, &format!("/{name}"));
        assert_eq!(response.status(), 503, "{name}");
        let detail = format!("{name} at /{name}");
        assert_eq!(document(&response)["detail"], detail.as_str());
        assert!(response.cause().is_some(), "{name}");
    }
    // Without it they are opaque.
    let app = App::empty().mount("/", routes![plain, opaque]);
    assert_eq!(get(&app, "/plain").status(), 500);
    let response = get(&app, "/opaque");
    assert_eq!(response.status(), 500);
    assert!(response.cause().unwrap().is::<Broken>());
}

#[test]
fn the_outermost_error_counts() {
    let app = App::empty()
        .mount("/", routes![inner])
        .error_handlers(errors![broken]);
    assert_eq!(document(&get(&app, "/inner"))["detail"], "outer at /inner");
}

#[test]
fn routes_without_a_macro_have_them_too() {
    let app = App::empty()
        .route("GET", "/<what>", |request: &Request| {
            match request.param("what") {
                Some("result") => Err(mini_spring::Error::from(Broken::of("result"))),
                _ => Ok("fine"),
            }
        })
        .on_error(|error: &Broken, _: &Request| (StatusCode::BAD_GATEWAY, error.what));
    check(&get(&app, "/result"), 502, "result");
    check(&get(&app, "/other"), 200, "fine");
}

/// An error whose attributes say how it is answered.
#[derive(Debug, Problem)]
enum Shelf {
    #[problem(404, "no shelf {0}")]
    Missing(u32),
    #[problem(503)]
    Closed(Broken),
    #[problem(500)]
    Fallen(Broken),
    #[problem(transparent)]
    Other(mini_spring::Error),
}

impl fmt::Display for Shelf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl StdError for Shelf {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Shelf::Missing(_) => None,
            Shelf::Closed(error) | Shelf::Fallen(error) => Some(error),
            Shelf::Other(error) => Some(error.as_std()),
        }
    }
}

fn shelf(number: u32) -> Shelf {
    match number {
        1 => Shelf::Closed(Broken::of("closed")),
        2 => Shelf::Fallen(Broken::of("fallen")),
        3 => Shelf::Other(Broken::of("other").into()),
        number => Shelf::Missing(number),
    }
}

#[route(GET, "/typed/<number>")]
fn typed_shelf(number: u32) -> Result<(), Shelf> {
    Err(shelf(number))
}

#[route(GET, "/boxed/<number>")]
fn boxed_shelf(number: u32) -> mini_spring::Result<()> {
    Err(shelf(number))?
}

#[route(GET, "/problem/<number>")]
fn problem_shelf(number: u32) -> Result<(), Problem> {
    Err(shelf(number))?
}

const WAYS: [&str; 3] = ["typed", "boxed", "problem"];

/// `Into<Problem>` comes second.
#[test]
fn a_handler_comes_before_what_the_type_says() {
    let routes = || routes![typed_shelf, boxed_shelf, problem_shelf];
    let app = App::empty()
        .mount("/", routes())
        .on_error(|error: &Shelf, _: &Request| (StatusCode::GONE, error.to_string()));
    for way in WAYS {
        check(&get(&app, &format!("/{way}/7")), 410, "Missing(7)");
    }
    let app = App::empty().mount("/", routes());
    for way in WAYS {
        let response = get(&app, &format!("/{way}/7"));
        assert_eq!(document(&response)["detail"], "no shelf 7");
        assert!(response.cause().unwrap().is::<Shelf>());
    }
}

/// What says how it is answered is not looked through, but a 500 says nothing.
#[test]
fn causes_are_asked_where_nothing_else_is_known() {
    let app = App::empty()
        .mount("/", routes![typed_shelf, boxed_shelf, problem_shelf])
        .error_handlers(errors![broken]);
    for way in WAYS {
        let detail = |number: u32| {
            let document = document(&get(&app, &format!("/{way}/{number}")));
            document["detail"].as_str().map(str::to_owned)
        };
        assert_eq!(detail(7).as_deref(), Some("no shelf 7"));
        assert_eq!(detail(1), None);
        assert_eq!(detail(2), Some(format!("fallen at /{way}/2")));
        assert_eq!(detail(3), Some(format!("other at /{way}/3")));
    }
}

/// A conversion that is written by hand and forgets the error.
#[derive(Debug)]
struct Forgetful;

impl fmt::Display for Forgetful {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what was it?")
    }
}

impl StdError for Forgetful {}

impl From<Forgetful> for Problem {
    fn from(_: Forgetful) -> Self {
        Problem::conflict("forgotten")
    }
}

struct Memory;

impl<'r> FromRequest<'r> for Memory {
    type Rejection = Forgetful;

    fn from_request(request: &'r Request) -> Result<Self, Forgetful> {
        request.header("X-Memory").map(|_| Memory).ok_or(Forgetful)
    }
}

#[route(GET, "/handler")]
fn forgets() -> Result<(), Forgetful> {
    Err(Forgetful)
}

#[route(GET, "/extractor")]
fn remembers(_memory: Memory) -> &'static str {
    "remembered"
}

#[route(GET, "/result")]
fn remembers_perhaps(memory: Result<Memory, Forgetful>) -> &'static str {
    match memory {
        Ok(_) => "remembered",
        Err(_) => "forgotten",
    }
}

#[error_handler]
fn forgetful(error: &Forgetful) -> (StatusCode, String) {
    (StatusCode::IM_A_TEAPOT, error.to_string())
}

#[test]
fn rejections_of_extractors_are_errors() {
    let app = App::empty().mount("/", routes![forgets, remembers, remembers_perhaps]);
    assert_eq!(get(&app, "/handler").status(), 409);
    assert_eq!(get(&app, "/extractor").status(), 409);
    let app = app.error_handlers(errors![forgetful]);
    check(&get(&app, "/handler"), 418, "what was it?");
    check(&get(&app, "/extractor"), 418, "what was it?");
    assert!(get(&app, "/extractor").cause().unwrap().is::<Forgetful>());
    // It hasn't refused what the handler takes as it comes.
    check(&get(&app, "/result"), 200, "forgotten");
}

#[derive(Serialize)]
struct Shape<'e> {
    kind: &'e str,
}

#[error_handler]
fn as_json(error: &ParseIntError) -> Result<Shape<'static>, Broken> {
    match error.kind() {
        IntErrorKind::Empty => Ok(Shape { kind: "empty" }),
        IntErrorKind::PosOverflow => Err(Broken::of("overflown")),
        _ => panic!("on purpose"),
    }
}

#[error_handler]
fn with_arguments(
    error: &ParseFloatError,
    _memory: Memory,
    #[header("User-Agent")] agent: &str,
) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    let text = format!("{error} of {agent}");
    (StatusCode::OK, [("X-Answer", "42")], text)
}

#[route(GET, "/number?<text>")]
fn number(text: Option<&str>) -> mini_spring::Result<u8> {
    Ok(text.unwrap_or_default().parse()?)
}

#[route(GET, "/float")]
fn float() -> Result<f64, ParseFloatError> {
    "x".parse()
}

#[test]
fn the_status_that_a_handler_does_not_say_is_500() {
    let app = App::empty()
        .mount("/", routes![number])
        .error_handlers(errors![as_json]);
    let response = get(&app, "/number");
    check(&response, 500, r#"{"kind":"empty"}"#);
    assert!(field(&response, REQUEST_ID).is_some());
    check(&get(&app, "/number?text=7"), 200, "7");
}

#[test]
fn further_arguments_are_taken_from_the_request() {
    let app = App::empty()
        .mount("/", routes![float])
        .error_handlers(errors![with_arguments]);
    let known = || Request::get("/float").header("User-Agent", "test");
    let response = call(&app, known().header("X-Memory", "yes"));
    check(&response, 200, "invalid float literal of test");
    assert_eq!(field(&response, "x-answer"), Some("42"));
    // Where they can't be had, there is no handler.
    let (response, lines) = logged("refused-1", || {
        call(&app, known().header("X-Request-Id", "refused-1"))
    });
    assert_eq!(response.status(), 500);
    let levels: Vec<Level> = lines.iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::Warn, Level::Error], "{lines:?}");
    let place = "errors::typed::with_arguments (tests/errors/typed.rs:";
    assert!(lines[0].1.contains(place), "{lines:?}");
    assert!(
        lines[0]
            .1
            .ends_with("it can't be called: 409 Conflict: forgotten")
    );
    assert!(lines[1].1.ends_with(": invalid float literal"));
}

#[test]
fn a_handler_that_fails_is_a_500_and_told() {
    let app = App::empty()
        .mount("/", routes![number])
        .error_handlers(errors![as_json]);
    let ask = |target: &str, id: &str| {
        let (response, lines) = logged(id, || {
            call(&app, Request::get(target).header("X-Request-Id", id))
        });
        assert_eq!(response.status(), 500);
        assert_eq!(document(&response)["error"], "internal_server_error");
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines.iter().all(|(level, _)| *level == Level::Error));
        (lines[0].1.clone(), lines[1].1.clone())
    };
    let (own, original) = ask("/number?text=-", "fails-1");
    assert!(own.contains("the error handler errors::typed::as_json"));
    assert!(
        own.ends_with("panicked (request fails-1): on purpose"),
        "{own}"
    );
    assert!(original.ends_with("(request fails-1): invalid digit found in string"));
    let (own, original) = ask("/number?text=256", "fails-2");
    assert!(
        own.ends_with(": it failed: 500 Internal Server Error: overflown"),
        "{own}"
    );
    assert!(original.ends_with(": number too large to fit in target type"));
}
