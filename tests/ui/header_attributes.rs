//! Attributes of arguments that say nothing, too much, or something else than the pattern.

#![allow(unused_variables)]

use mini_spring::route;

#[route(GET, "/a")]
fn nothing(#[header] key: &str) {}

#[route(GET, "/b")]
fn no_name(#[cookie("a b")] sid: &str) {}

#[route(GET, "/c")]
fn two(#[header("A")] #[cookie("b")] sid: &str) {}

#[route(GET, "/d/<id>")]
fn both(#[header("Id")] id: &str) {}

#[route(GET, "/e")]
fn not_a_parameter(#[header("A")] list: std::collections::HashMap<u8, u8>) {}

fn main() {}
