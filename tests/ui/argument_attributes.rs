//! Attributes of arguments whose name is missing, empty, no text, or misspelled.

#![allow(unused_variables)]

use mini_spring::route;

#[route(GET, "/a")]
fn nothing(#[cookie] sid: &str) {}

#[route(GET, "/b")]
fn no_text(#[cookie(sid)] sid: &str) {}

#[route(GET, "/c")]
fn empty(#[header("")] key: &str) {}

#[route(GET, "/d")]
fn equals(#[header = "X-Key"] key: &str) {}

#[route(GET, "/e")]
fn misspelled(#[headers("X-Key")] key: &str) {}

#[route(GET, "/f?<sid>")]
fn both(#[cookie("sid")] sid: &str) {}

#[route(GET, "/g")]
fn of_another_framework(#[query] page: u32) {}

#[route(GET, "/h/<id>")]
fn in_the_path_as_well(#[path] id: u32) {}

fn main() {}
