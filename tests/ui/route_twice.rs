//! The same route twice on one function.

use mini_spring::route;

#[route(GET, "/users/<id>")]
#[route(GET, "/users/<id>")]
fn user(id: u64) -> String {
    id.to_string()
}

#[route([GET, PUT], "/a")]
#[route([PUT, DELETE], "/a/")]
fn overlapping() {}

fn main() {}
