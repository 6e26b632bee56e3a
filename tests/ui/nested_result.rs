use mini_spring::route;
use serde::Serialize;

#[derive(Serialize)]
struct Failure;

#[route(GET, "/")]
fn index() -> Option<Result<Vec<String>, Failure>> {
    None
}

fn main() {}
