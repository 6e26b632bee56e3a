//! Parameters whose names are keywords: with `r#` they can be arguments, but for four of them.

use mini_spring::route;

#[route(GET, "/a/<type>")]
fn forgotten() {}

#[route(GET, "/b/<self>")]
fn never() {}

#[route(GET, "/c?<crate>")]
fn never_in_the_query() {}

fn main() {}
