//! `Option` and `Result` the wrong way round.

use mini_spring::{Json, Problem, route};

#[route(POST, "/a")]
fn optional_result(numbers: Option<Result<Json<Vec<u64>>, Problem>>) {
    let _ = numbers;
}

#[route(POST, "/b")]
fn another_error(numbers: Result<Json<Vec<u64>>, String>) {
    let _ = numbers;
}

fn main() {}
