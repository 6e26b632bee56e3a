use mini_spring::route;

#[route(GET, "/str")]
fn str() -> &'static str {
    "text"
}

fn main() {}
