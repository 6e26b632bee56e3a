//! An option that stands twice.

use mini_spring::route;

#[route(GET, "/a", timeout = "5s", timeout = "6s")]
fn timeout() {}

#[route(POST, "/b", body_limit = "1KiB", blocking, body_limit = "1KiB")]
fn limit() {}

fn main() {}
