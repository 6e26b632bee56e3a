//! Parameters that may be absent and repeat at once, or are wrapped twice.

use mini_spring::route;

#[route(GET, "/a?<id>")]
fn optional_list(id: Option<Vec<u64>>) -> String {
    format!("{id:?}")
}

#[route(GET, "/b?<id>")]
fn optional_twice(id: Option<Option<u64>>) -> String {
    format!("{id:?}")
}

#[route(GET, "/c")]
fn list_of_options(#[header("X-Id")] id: Vec<Option<u64>>) -> String {
    format!("{id:?}")
}

type Ids = Vec<u64>;

#[route(GET, "/d?<id>")]
fn behind_an_alias(id: Option<Ids>) -> String {
    format!("{id:?}")
}

fn main() {}
