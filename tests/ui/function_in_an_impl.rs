//! A function without `self` in an `impl`, where no type can stand beside it.

use mini_spring::route;

struct Users;

impl Users {
    #[route(GET, "/users/<id>")]
    fn get(id: u64) -> String {
        id.to_string()
    }
}

fn main() {
    Users::get(7);
}
