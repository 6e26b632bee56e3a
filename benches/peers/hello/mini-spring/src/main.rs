//! A JSON hello on mini-spring.

use mini_spring::route;
use serde::Serialize;

#[derive(Serialize)]
struct Hello {
    message: &'static str,
}

#[route(GET, "/hello")]
fn hello() -> Hello {
    Hello { message: "hello" }
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
