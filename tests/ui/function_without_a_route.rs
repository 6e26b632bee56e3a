//! A function without a route.

use mini_spring::routes;

fn index() -> &'static str {
    "index"
}

fn main() {
    let _ = routes![index];
}
