use mini_spring::{Json, Valid, route};
use serde::Deserialize;

#[derive(Deserialize)]
struct Order {
    _customer: String,
}

#[route(POST, "/orders")]
fn order(order: Valid<Json<Order>>) {
    drop(order);
}

#[route(POST, "/text")]
fn text(text: Valid<String>) {
    drop(text);
}

fn main() {}
