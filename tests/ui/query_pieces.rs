//! Declarations of query parameters that mean nothing.

#![allow(unused_variables)]

use mini_spring::route;

#[route(GET, "/a?page")]
fn bare(page: u32) {}

#[route(GET, "/b?page=1")]
fn value(page: u32) {}

#[route(GET, "/c?<page>&<page>")]
fn twice(page: u32) {}

#[route(GET, "/d/<page>?<page>")]
fn in_both(page: u32) {}

#[route(GET, "/e?<rest..>")]
fn tail(rest: &str) {}

#[route(GET, "/f?")]
fn nothing() {}

#[route(GET, "/g?<page>,<size>")]
fn comma(page: u32, size: u32) {}

#[route(GET, "/h?<page>?<size>")]
fn question_mark(page: u32, size: u32) {}

fn main() {}
