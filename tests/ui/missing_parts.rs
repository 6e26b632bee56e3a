use mini_spring::route;

#[route]
fn nothing() {}

#[route()]
fn empty() {}

#[route(GET)]
fn no_pattern() {}

#[route("/users")]
fn no_method() {}

#[route("/users", GET)]
fn turned_around() {}

#[route(GET, users)]
fn no_literal() {}

fn main() {}
