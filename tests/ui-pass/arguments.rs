//! All forms that an argument can have.

#![deny(warnings, missing_docs, unreachable_pub, clippy::all)]
#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::net::IpAddr;
use std::path::PathBuf;

use mini_spring::{FromParam, FromRequest, Json, Needs, ParamError, Problem, Request, route, routes};
use serde::Deserialize;

type Page = Option<u32>;

struct Slug<'r>(&'r str);

impl<'r> FromParam<'r> for Slug<'r> {
    fn from_param(text: &'r str) -> Result<Self, ParamError> {
        Ok(Slug(text))
    }
}

struct Agent<'r>(&'r str);

impl<'r> FromRequest<'r> for Agent<'r> {
    type Rejection = Problem;

    fn from_request(request: &'r Request) -> Result<Self, Problem> {
        Ok(Agent(request.header("User-Agent").unwrap_or_default()))
    }

    fn requires(needs: &mut Needs) {
        needs.of::<&Request>();
    }
}

#[derive(Deserialize)]
struct NewUser<'r> {
    name: &'r str,
    #[serde(borrow)]
    note: Cow<'r, str>,
}

#[route(GET, "/numbers/<small>/<large>/<real>/<yes>/<letter>")]
fn numbers(small: u8, large: i128, real: f64, yes: bool, letter: char) -> String {
    format!("{small} {large} {real} {yes} {letter}")
}

#[route(GET, "/texts/{borrowed}/{owned}/{cow}/<rest..>")]
fn texts(borrowed: &str, owned: String, cow: Cow<'_, str>, rest: PathBuf) -> String {
    format!("{borrowed} {owned} {cow} {}", rest.display())
}

#[route(GET, "/others/<address>/<slug>")]
fn others(address: IpAddr, slug: Slug<'_>) -> String {
    format!("{address} {}", slug.0)
}

#[route(GET, "/search?<q>&<page>&<tag>&<exact>&<size=20>")]
fn search(q: &str, page: Page, tag: Vec<&str>, exact: Option<bool>, size: u8) -> String {
    format!("{q} {page:?} {tag:?} {exact:?} {size}")
}

#[route(GET, "/names/<id>/<type>/<_kept>")]
fn names(_id: u64, r#type: &str, _kept: &str) -> String {
    r#type.to_owned()
}

#[route(POST, "/patterns/<first>/<_second>")]
fn patterns(mut first: u64, _second: u64, Json(user): Json<NewUser<'_>>, _: &Request) -> String {
    first += 1;
    format!("{first} {} {}", user.name, user.note)
}

#[route(POST, "/lifetimes/<id>")]
fn lifetimes<'a, 'b: 'a>(id: &'a str, agent: Agent<'b>, body: &'b [u8]) -> &'a [u8]
where
    'b: 'a,
{
    if id == agent.0 { body } else { id.as_bytes() }
}

#[route(PUT, "/bodies/text")]
fn text(body: String) -> String {
    body
}

#[route(PUT, "/bodies/bytes")]
fn bytes(request: &Request, body: Vec<u8>) -> Vec<u8> {
    assert_eq!(request.body(), body);
    body
}

// Handlers whose names could be those of what is generated.
#[route(GET, "/request/<inputs>")]
fn request(inputs: &str) -> String {
    inputs.to_owned()
}

#[route(GET, "/inputs/<request>?<probe>")]
fn inputs(request: &str, probe: Vec<u8>) -> String {
    format!("{request} {probe:?}")
}

#[route(GET, "/value")]
fn value() -> &'static str {
    "value"
}

#[route(GET, "/content")]
fn content() -> &'static str {
    "content"
}

#[route(GET, "/probe/<value>")]
fn probe(value: u8) -> String {
    value.to_string()
}

fn main() {
    let _ = routes![numbers, texts, others, search, names, patterns, lifetimes, text, bytes];
    let _ = routes![request, inputs, value, content, probe];
    assert_eq!(texts::url("a b", "c/d", "é", "x/y z"), "/texts/a%20b/c%2Fd/%C3%A9/x/y%20z");
}
