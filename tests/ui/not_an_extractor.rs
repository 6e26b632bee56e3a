use std::sync::Arc;

use mini_spring::route;

struct Database;

#[route(POST, "/users")]
fn create(database: Database) -> &'static str {
    let Database = database;
    "created"
}

#[route(GET, "/users")]
fn list(page: u64) -> String {
    page.to_string()
}

#[route(GET, "/shared")]
fn shared(_database: Arc<Database>) {}

#[route(GET, "/lent")]
fn lent(_database: &Database) {}

fn main() {}
