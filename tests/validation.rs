//! Arguments that are validated, through a socket: every wrong field in one answer.
#![allow(missing_docs)]

mod support;

use garde::Validate;
use mini_spring::{App, Form, Json, Query, Valid, route, routes};
use serde::Deserialize;
use serde_json::{Value, json};
use support::TestServer;

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Order<'r> {
    #[garde(length(min = 1))]
    customer: &'r str,
    #[garde(length(min = 1, max = 10), dive)]
    lines: Vec<Line>,
}

#[derive(Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[garde(range(min = 1, max = 1_000))]
    unit_price: u32,
}

#[derive(Deserialize, Validate)]
struct Page {
    #[garde(range(max = 100))]
    size: u32,
}

#[route(PUT, "/orders/<id>")]
fn order(
    id: u32,
    #[header("X-Priority")] priority: Option<u8>,
    Valid(Query(page)): Valid<Query<Page>>,
    Valid(Json(order)): Valid<Json<Order<'_>>>,
) -> String {
    format!(
        "{id} {priority:?} {} {} {}",
        page.size,
        order.customer,
        order.lines.len()
    )
}

#[route(POST, "/page")]
fn page(Valid(Form(page)): Valid<Form<Page>>) -> String {
    page.size.to_string()
}

#[track_caller]
fn check(request: &str, content_type: &str, body: &str, status: u16, expected: Value) {
    let server = TestServer::start(App::empty().mount("/", routes![order, page]));
    let mut client = server.connect();
    client.send(format!(
        "{request} HTTP/1.1\r\nHost: a\r\nX-Priority: high\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let answer = client.answer();
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(
        answer.field("content-type"),
        Some("application/problem+json")
    );
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["errors"], expected);
}

#[test]
fn every_part_of_the_request_is_told() {
    check(
        "PUT /orders/x?size=101",
        "application/json",
        r#"{"customer": "", "lines": [{"unitPrice": 1}, {"unitPrice": 0}]}"#,
        400,
        json!([
            {"in": "path", "name": "id", "detail": "expected an unsigned integer, found `x`"},
            {"in": "header", "name": "X-Priority", "detail": "expected an unsigned integer, found `high`"},
            {"in": "query", "name": "size", "detail": "greater than 100"},
            {"in": "body", "pointer": "/customer", "detail": "length is lower than 1"},
            {"in": "body", "pointer": "/lines/1/unitPrice", "detail": "lower than 1"},
        ]),
    );
}

#[test]
fn text_with_escapes_is_as_good_as_other_text() {
    check(
        "PUT /orders/x?size=1",
        "application/json",
        r#"{"customer": "\"Ada\"", "lines": [{"unitPrice": 0}]}"#,
        400,
        json!([
            {"in": "path", "name": "id", "detail": "expected an unsigned integer, found `x`"},
            {"in": "header", "name": "X-Priority", "detail": "expected an unsigned integer, found `high`"},
            {"in": "body", "pointer": "/lines/0/unitPrice", "detail": "lower than 1"},
        ]),
    );
}

#[test]
fn what_can_be_read_and_is_not_valid_is_422() {
    check(
        "POST /page",
        "application/x-www-form-urlencoded",
        "size=101",
        422,
        json!([{"in": "body", "name": "size", "detail": "greater than 100"}]),
    );
}
