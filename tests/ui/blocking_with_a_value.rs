//! `blocking` with a value, and twice.

use mini_spring::route;

#[route(GET, "/a", blocking = true)]
fn a() {}

#[route(GET, "/b", blocking, blocking)]
fn b() {}

fn main() {}
