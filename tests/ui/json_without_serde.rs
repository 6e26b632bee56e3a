//! Types that serde can't read, in each of the extractors that ask it.

use mini_spring::{Form, Json, Query, route};

struct User {
    _name: String,
}

#[route(POST, "/json")]
fn json(user: Json<User>) {
    drop(user);
}

#[route(POST, "/form")]
fn form(Form(user): Form<User>) {
    drop(user);
}

#[route(GET, "/query")]
fn query(Query(user): Query<User>) {
    drop(user);
}

fn main() {}
