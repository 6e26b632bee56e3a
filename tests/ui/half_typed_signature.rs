//! A signature while it is being typed.

use mini_spring::route;

#[route(GET, "/a/<id>")]
fn user(id: ) -> String {
    String::new()
}

fn main() {}
