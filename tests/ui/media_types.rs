//! Options that name media types, with values that are none.

use mini_spring::route;

#[route(POST, "/a", consumes = "json")]
fn no_type() {}

#[route(POST, "/b", consumes = "*/*")]
fn everything() {}

#[route(POST, "/c", consumes = "text/plain; charset=utf-8")]
fn with_parameters() {}

#[route(POST, "/d", consumes = ["image/png", "gif"])]
fn list() {}

#[route(POST, "/d2", consumes = [7])]
fn number() {}

#[route(POST, "/e", consumes = [])]
fn empty_list() {}

#[route(POST, "/f", consumes)]
fn no_value() {}

#[route([POST, GET], "/g", consumes = "image/png")]
fn no_body() {}

#[route(GET, "/h", produces = "text/*")]
fn kind() {}

#[route(GET, "/i", produces = ["text/csv", "text/html"])]
fn several() {}

#[route(GET, "/j", produces = "text/csv", produces = "text/html")]
fn twice() {}

#[route(GET, "/k", produce = "text/csv")]
fn slip() {}

fn main() {}
