//! Options with values that they can't take.

use mini_spring::route;

#[route(GET, "/a", timeout = "5 minutes")]
fn unit() {}

#[route(GET, "/b", timeout = 5)]
fn number() {}

#[route(GET, "/c", timeout)]
fn nothing() {}

#[route(GET, "/d", timeout = "0s")]
fn zero() {}

#[route(POST, "/e", body_limit = "10mb")]
fn size() {}

#[route(GET, "/f", timout = "5s")]
fn slip() {}

fn main() {}
