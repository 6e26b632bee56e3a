//! Types that serde can't write, as JSON and behind a status.

use mini_spring::http::StatusCode;
use mini_spring::{Json, route};

struct User {
    _name: String,
}

#[route(GET, "/json")]
fn json() -> Json<User> {
    Json(User {
        _name: String::new(),
    })
}

#[route(POST, "/made")]
fn made() -> (StatusCode, User) {
    (
        StatusCode::CREATED,
        User {
            _name: String::new(),
        },
    )
}

fn main() {}
