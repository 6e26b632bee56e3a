//! An optional argument that nothing tells to be absent: a type of the program, and a parameter that the
//! pattern forgets.

use mini_spring::{FromRequest, Problem, Request, route};

struct Session;

impl FromRequest<'_> for Session {
    type Rejection = Problem;

    fn from_request(_: &Request) -> Result<Self, Problem> {
        Ok(Session)
    }
}

#[route(GET, "/a")]
fn no_telling(session: Option<Session>) {
    let _ = session;
}

#[route(GET, "/b")]
fn forgotten(page: Option<u32>) {
    let _ = page;
}

fn main() {}
