//! Arguments that the pattern doesn't name, by a slip.

use mini_spring::route;

#[route(GET, "/users/<user_id>")]
fn slip(user_ld: u64) -> String {
    user_ld.to_string()
}

#[route(GET, "/users?<page>&<size>")]
fn one_of_two(page: u32, sise: u32) -> String {
    format!("{page} {sise}")
}

#[route(GET, "/teams/<id>")]
fn left_over(id: u64, name: u64) -> String {
    format!("{id} {name}")
}

fn main() {}
