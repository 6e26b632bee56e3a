use mini_spring::route;

#[route(get, "/")]
fn index() -> &'static str {
    "index"
}

#[route("post", "/")]
fn post() -> &'static str {
    "posted"
}

fn main() {}
