use mini_spring::{Json, route};

#[route(POST, "/types")]
fn types<T>(value: Json<T>) -> &'static str {
    drop(value);
    "types"
}

#[route(POST, "/consts")]
fn consts<const N: usize>() -> String {
    N.to_string()
}

#[route(GET, "/impls/<value>")]
fn impls(value: impl std::str::FromStr) -> &'static str {
    drop(value);
    "impls"
}

fn main() {}
