use mini_spring::route;

#[route(GET, "users")]
fn users() -> &'static str {
    "no slash"
}

fn main() {}
