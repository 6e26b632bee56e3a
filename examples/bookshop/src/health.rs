//! Whether the program answers. It asks nobody else, so it is quick while the database is busy.

use mini_spring::route;
use serde::Serialize;

#[derive(Serialize)]
pub struct Health {
    status: &'static str,
}

#[route(GET, "/health")]
pub fn health() -> Health {
    Health { status: "up" }
}
