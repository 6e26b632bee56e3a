//! A body while it is being typed: it is as it would be without the attribute, and the handler is there.

use mini_spring::{route, routes};

#[route(GET, "/a/<id>")]
fn user(id: u64) -> String {
    let text = id.;
    text.to_string()
}

fn main() {
    let _ = routes![user];
    let _ = user::url(7);
}
