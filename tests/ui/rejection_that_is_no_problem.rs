//! An extractor whose rejection nobody can answer.

use mini_spring::{FromRequest, Request, route};

struct Key;

impl FromRequest<'_> for Key {
    type Rejection = String;

    fn from_request(_: &Request) -> Result<Self, String> {
        Err("no key".to_owned())
    }
}

#[route(GET, "/")]
fn index(key: Key) {
    let Key = key;
}

fn main() {}
