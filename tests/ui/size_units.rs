//! Durations and sizes with units that aren't theirs, or none.

use mini_spring::route;

#[route(GET, "/a", timeout = "5sec")]
fn sec() {}

#[route(GET, "/b", timeout = 5s)]
fn suffixed() {}

#[route(GET, "/c", timeout = "1.5s")]
fn fraction() {}

#[route(GET, "/d", timeout = "30d")]
fn days() {}

#[route(POST, "/e", body_limit = "10MB")]
fn megabytes() {}

#[route(POST, "/f", body_limit = 1024)]
fn number() {}

#[route(POST, "/g", body_limit = "10 s")]
fn seconds() {}

#[route(POST, "/h", body_limit)]
fn nothing() {}

const MAX: usize = 1024;

#[route(POST, "/i", body_limit = MAX)]
fn constant() {}

#[route(GET, "/j", timeout = 2 * 5)]
fn computed() {}

fn main() {}
