//! Statuses that no answer has.

use mini_spring::route;

#[route(GET, "/a", status = 99)]
fn low() {}

#[route(GET, "/b", status = 600)]
fn high() {}

#[route(GET, "/c", status = 70000)]
fn too_high() {}

#[route(GET, "/d", status = -1)]
fn negative() {}

#[route(GET, "/e", status = CREATED)]
fn name() {}

#[route(GET, "/f", status = StatusCode::CREATED)]
fn path() {}

fn main() {}
