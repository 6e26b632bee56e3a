//! Attributes while they are being typed.

use mini_spring::route;

#[route(GET, "/a/<id>",, blocking)]
fn commas(id: u64) -> String {
    id.to_string()
}

#[route(GET "/b")]
fn no_comma() {}

#[route(GET, "/c" blocking)]
fn no_comma_behind() {}

#[route(GET, "/d", timeout = )]
fn no_value() {}

#[route(GET, "/e", "5s")]
fn no_name() {}

#[route(GET, POST, "/f")]
fn no_brackets() {}

#[route(GET, "/g", blocking = )]
fn no_switch() {}

#[route(GET | POST, "/h")]
fn alternatives() {}

fn main() {}
