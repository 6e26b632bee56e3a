//! Types of parameters that no text can give.

use mini_spring::route;

#[route(GET, "/a/<id>")]
fn object(id: &dyn std::fmt::Display) -> String {
    id.to_string()
}

#[route(GET, "/b/<id>")]
fn mutable(id: &mut u64) -> String {
    id.to_string()
}

#[route(GET, "/c/<id>")]
fn tuple(id: (u64, u64)) -> String {
    format!("{id:?}")
}

fn main() {}
