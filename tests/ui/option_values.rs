//! Options with values that they can't take.

use mini_spring::route;

#[route(GET, "/a", timeout = "5 minutes")]
fn unit() {}

#[route(GET, "/b", timeout = 5)]
fn number() {}

#[route(GET, "/b2", timeout = "5")]
fn no_unit() {}

#[route(GET, "/c", timeout)]
fn nothing() {}

#[route(GET, "/d", timeout = "0s")]
fn zero() {}

#[route(POST, "/e", body_limit = "10mb")]
fn size() {}

#[route(GET, "/e2", status = "201")]
fn status_as_text() {}

#[route(GET, "/e3", status = 100)]
fn interim_status() {}

#[route(GET, "/e4", status)]
fn no_status() {}

#[route(GET, "/f", timout = "5s")]
fn slip() {}

fn main() {}
