use mini_spring::route;

#[route(GET, "/", rank = 2)]
fn index() -> &'static str {
    "index"
}

fn main() {}
