//! The first program: a health check, and users in memory.
//!
//!     cargo run --example users
//!     curl http://localhost:8080/users/42

use std::sync::atomic::{AtomicU64, Ordering};

use mini_spring::http::StatusCode;
use mini_spring::{Json, route};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct UserId<'a> {
    user_id: &'a str,
}

#[derive(Deserialize)]
struct NewUser {
    name: String,
}

#[derive(Serialize)]
struct User {
    id: u64,
    name: String,
}

#[route(GET, "/health")]
fn health() -> Health {
    Health { status: "up" }
}

#[route(GET, "/users/<id>")]
fn get_user(id: &str) -> UserId<'_> {
    UserId { user_id: id }
}

#[route(POST, "/users")]
fn create_user(Json(new): Json<NewUser>) -> (StatusCode, [(&'static str, String); 1], Json<User>) {
    static NEXT_ID: AtomicU64 = AtomicU64::new(1);

    let user = User {
        id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
        name: new.name,
    };
    let location = get_user::url(user.id);
    (StatusCode::CREATED, [("Location", location)], Json(user))
}

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
