//! Pieces of patterns that mean nothing, each with what to write.

use mini_spring::route;

#[route(GET, "/a/<id")]
fn unclosed() {}

#[route(GET, "/b/<id>.png")]
fn suffix() {}

#[route(GET, "/c/v<id>")]
fn prefix() {}

#[route(GET, "/d/<a><b>")]
fn adjacent() {}

#[route(GET, "/e/<>")]
fn empty_name() {}

#[route(GET, "/f/<user-id>")]
fn hyphen() {}

#[route(GET, "/g/<id: u64>")]
fn typed() {}

#[route(GET, "/h//x")]
fn empty_segment() {}

#[route(GET, "/i/<rest..>/more")]
fn tail_not_last() {}

#[route(GET, "/j/*")]
fn star() {}

#[route(GET, "/k/{*rest}")]
fn axum_tail() {}

#[route(GET, "/l/<id=1>")]
fn default_in_the_path() {}

#[route(GET, "/m/a b")]
fn space() {}

#[route(GET, "/n/a%20b")]
fn encoded() {}

#[route(GET, "/o#top")]
fn fragment() {}

#[route(GET, "")]
fn nothing() {}

#[route(GET, "https://example.org/p")]
fn whole_url() {}

fn main() {}
