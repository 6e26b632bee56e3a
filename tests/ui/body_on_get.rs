use mini_spring::{Json, Request, route};

#[route(GET, "/named")]
fn named(page: &str) -> String {
    page.to_owned()
}

#[route(GET, "/unnamed")]
fn unnamed(Json(page): Json<u64>) -> String {
    page.to_string()
}

#[route([POST, HEAD], "/list")]
fn list(page: String) -> String {
    page
}

#[route(GET, "/fine")]
fn fine(request: &Request) -> String {
    request.path().to_owned()
}

fn main() {}
