use mini_spring::{Json, Request, route};

#[route(POST, "/")]
fn both(text: &str, request: &Request, Json(new): Json<Vec<u64>>) -> String {
    format!("{text} {new:?} {}", request.path())
}

fn main() {}
