//! `Valid` in what serde reads.

use garde::Validate;
use mini_spring::{Form, Json, Query, Valid, route};
use serde::Deserialize;

#[derive(Deserialize, Validate)]
struct Book {
    #[garde(length(min = 1))]
    title: String,
}

#[route(POST, "/json")]
fn json(Json(Valid(book)): Json<Valid<Book>>) -> String {
    book.title
}

#[route(POST, "/form")]
fn form(book: Form<mini_spring::Valid<Book>>) -> String {
    book.0.0.title
}

#[route(GET, "/query")]
fn query(book: Query<Valid<Book>>) -> String {
    book.0.0.title
}

fn main() {}
