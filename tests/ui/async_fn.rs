use mini_spring::route;

#[route(GET, "/")]
async fn index() -> &'static str {
    "index"
}

fn main() {}
