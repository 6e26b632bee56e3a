//! Which faults are told, of all parts of a request.

mod names;

use std::borrow::Cow;
use std::fmt::Display;

use garde::Validate;
use garde::i18n::{
    I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind, with_i18n,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::{
    App, Form, IntoResponse, Json, Query, TestApp, TestRequest, TestResponse, route, routes,
};

/// The faults of an answer: where each is, its pointer or name, and what it is.
fn faults(response: &TestResponse) -> Vec<(String, String, String)> {
    let problem: Value = response.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = problem["errors"].as_array().cloned().unwrap_or_default();
    let fault = |fault: &Value| {
        let place = format!("{}{}", text(&fault["pointer"]), text(&fault["name"]));
        (text(&fault["in"]), place, text(&fault["detail"]))
    };
    faults.iter().map(fault).collect()
}

#[track_caller]
fn refuses(request: TestRequest<'_>, status: u16, expected: &[(&str, &str, &str)]) {
    let response = request.send();
    response.assert_status(status);
    let faults = faults(&response);
    let found: Vec<_> = faults
        .iter()
        .map(|(part, place, detail)| (&part[..], &place[..], &detail[..]))
        .collect();
    assert_eq!(found, expected);
}

#[derive(Deserialize, Validate)]
struct Search<'r> {
    #[garde(length(min = 3))]
    word: &'r str,
    #[garde(range(min = 1))]
    #[serde(rename = "pageSize", default)]
    page_size: u32,
    #[garde(inner(length(min = 2)))]
    #[serde(default)]
    tag: Vec<&'r str>,
}

#[derive(Deserialize, Validate)]
struct Note<'r> {
    #[garde(length(min = 1), ascii)]
    text: &'r str,
}

#[route(PUT, "/notes/<id>")]
fn note(
    id: u32,
    #[header("X-Count")] count: u32,
    Valid(Query(search)): Valid<Query<Search<'_>>>,
    Valid(Json(note)): Valid<Json<Note<'_>>>,
) -> String {
    format!("{id} {count} {} {}", search.word, note.text)
}

#[test]
fn all_parts_are_reported_together() {
    let app = TestApp::of(routes![note]);
    let put = |target: &str, count: &str, text: &str| {
        let request = app.put(target).header("X-Count", count);
        request.json(&json!({ "text": text }))
    };
    let good = put("/notes/7?word=abc&pageSize=1", "2", "hi").send();
    good.assert_text("7 2 abc hi");
    refuses(
        put("/notes/7?word=ab&tag=ab&tag=c", "2", ""),
        422,
        &[
            ("query", "pageSize", "lower than 1"),
            ("query", "tag", "length is lower than 2"),
            ("query", "word", "length is lower than 3"),
            ("body", "/text", "length is lower than 1"),
        ],
    );
    refuses(
        put("/notes/x?word=ab&pageSize=1", "many", "é"),
        400,
        &[
            ("path", "id", "expected an unsigned integer, found `x`"),
            (
                "header",
                "X-Count",
                "expected an unsigned integer, found `many`",
            ),
            ("query", "word", "length is lower than 3"),
            ("body", "/text", "not ascii"),
        ],
    );
    refuses(
        put("/notes/x?word=abc&pageSize=x", "2", ""),
        400,
        &[
            ("path", "id", "expected an unsigned integer, found `x`"),
            (
                "query",
                "pageSize",
                "expected an unsigned integer, found `x`",
            ),
            ("body", "/text", "length is lower than 1"),
        ],
    );
    let other = app
        .put("/notes/x?word=")
        .header("X-Count", "2")
        .text("hi")
        .send();
    other.assert_status(415);
}

#[route(POST, "/form")]
fn form(Valid(Form(search)): Valid<Form<Search<'_>>>) -> String {
    search.word.to_owned()
}

#[route(POST, "/optional")]
fn optional(note: Option<Valid<Json<Note<'_>>>>) -> String {
    note.map_or("none", |note| note.text).to_owned()
}

#[route(POST, "/result")]
fn result(note: Result<Valid<Json<Note<'_>>>, Problem>) -> String {
    match note {
        Ok(Valid(Json(note))) => note.text.to_owned(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn forms_are_told_by_name() {
    let app = TestApp::of(routes![form]);
    app.post("/form")
        .form([("word", "abc"), ("pageSize", "2")])
        .send()
        .assert_text("abc");
    refuses(
        app.post("/form").form([("word", "a"), ("pageSize", "0")]),
        422,
        &[
            ("body", "pageSize", "lower than 1"),
            ("body", "word", "length is lower than 3"),
        ],
    );
}

#[test]
fn optional_and_result_variants() {
    let app = TestApp::of(routes![optional, result]);
    app.post("/optional").send().assert_text("none");
    app.post("/optional")
        .json(&json!({"text": "a"}))
        .send()
        .assert_text("a");
    app.post("/optional")
        .json(&json!({"text": ""}))
        .send()
        .assert_status(422);
    app.post("/optional")
        .json(&json!({"text": 7}))
        .send()
        .assert_status(400);
    app.post("/result")
        .json(&json!({"text": "a"}))
        .send()
        .assert_text("a");
    app.post("/result")
        .json(&json!({"text": ""}))
        .send()
        .assert_text("422 Unprocessable Entity: `/text` of the body: length is lower than 1");
}

#[test]
fn a_report_of_the_program_is_answered_too() {
    let mut report = garde::Report::new();
    let path = garde::Path::new("lines").join(1).join("unit_price");
    report.append(path, garde::Error::new("is too dear"));
    let problem = Problem::from(report);
    assert_eq!(problem.status(), 422);
    let response = problem.into_response();
    let body = String::from_utf8_lossy(response.body_bytes().unwrap()).into_owned();
    let expected = r#"[{"in":"body","pointer":"/lines/1/unit_price","detail":"is too dear"}]"#;
    assert!(body.contains(expected), "{body}");
}

struct French;

/// Messages that are all the same.
macro_rules! in_french {
    ($($method:ident($($type:ty)?))*) => {$(
        fn $method(&self $(, _: $type)?) -> Cow<'static, str> {
            "n'est pas correct".into()
        }
    )*};
}

impl I18n for French {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        format!("au moins {min} lettres").into()
    }

    in_french! {
        length_greater_than(usize) range_lower_than(&dyn Display) range_greater_than(&dyn Display)
        credit_card_invalid(InvalidCreditCard) pattern_no_match(&dyn Display)
        contains_missing(&dyn Display) url_invalid(InvalidUrl) prefix_missing(&dyn Display)
        suffix_missing(&dyn Display) phone_number_invalid(InvalidPhoneNumber) ip_invalid(IpKind)
        matches_field_mismatch(&dyn Display) email_invalid(InvalidEmail) ascii_invalid()
        alphanumeric_invalid() required_not_set()
    }
}

#[test]
fn a_middleware_chooses_the_language() {
    let app = App::empty().mount("/", routes![form]);
    let app = app.middleware(|request, next| match request.header("Accept-Language") {
        Some(languages) if languages.starts_with("fr") => with_i18n(French, || next.run(request)),
        _ => next.run(request),
    });
    let app = TestApp::from_app(app);
    let request = app.post("/form").form([("word", "a"), ("pageSize", "1")]);
    refuses(
        request.clone().header("Accept-Language", "fr-CH"),
        422,
        &[("body", "word", "au moins 3 lettres")],
    );
    refuses(request, 422, &[("body", "word", "length is lower than 3")]);
}

/// However much is wrong, the answer and the time to find it are small.
#[test]
fn what_is_told_is_limited() {
    #[derive(Deserialize, Validate)]
    struct Item {
        #[garde(range(min = 1))]
        #[serde(rename = "n")]
        number: u8,
    }
    let good = r#"{"n":1},"#.repeat(100_000);
    let bad = r#"{"n":0},"#.repeat(1_500);
    let json = format!("[{good}{}]", bad.trim_end_matches(','));
    let request = Request::post("/").header("Content-Type", "application/json");
    let request = request.body(json).build().unwrap();
    let problem = Valid::<Json<Vec<Item>>>::from_request(&request)
        .err()
        .unwrap();
    let response = problem.into_response();
    let problem: Value = serde_json::from_slice(response.body_bytes().unwrap()).unwrap();
    let faults = problem["errors"].as_array().unwrap();
    assert_eq!(faults.len(), 1_001);
    assert_eq!(faults[0]["pointer"], "/100000");
    assert_eq!(faults[999]["pointer"], "/100999");
    assert_eq!(faults[1000]["detail"], "and 500 more");
}
