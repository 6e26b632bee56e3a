//! A number before the content would be the first of an array.

use mini_spring::{Problem, route};

#[route(GET, "/plain")]
fn plain() -> (u16, String) {
    (201, "made".to_owned())
}

#[route(GET, "/perhaps?<fails>")]
fn perhaps(fails: bool) -> Result<(u16, &'static str), Problem> {
    let _ = fails;
    Ok((404, "nothing"))
}

fn main() {}
