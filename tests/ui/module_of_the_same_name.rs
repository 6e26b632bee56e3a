use mini_spring::route;

mod users {}

#[route(GET, "/users")]
fn users() -> &'static str {
    "users"
}

fn main() {}
