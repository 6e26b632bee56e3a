//! A result that hides its type and says too little of it.

use mini_spring::route;

#[route(GET, "/")]
fn index() -> impl std::fmt::Display {
    "index"
}

fn main() {}
