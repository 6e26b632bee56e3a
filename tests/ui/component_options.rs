//! Options of `#[component]` with quotes too many or too few.

use mini_spring::component;

trait Orders: Send + Sync {}

struct Database;

impl Orders for Database {}

#[component(scope = "request")]
fn quoted_scope() -> Database {
    Database
}

#[component(as "dyn Orders")]
fn quoted_trait() -> Database {
    Database
}

#[component(as "Orders")]
fn quoted_name() -> Database {
    Database
}

#[component(primary = true)]
fn primary_with_a_value() -> Database {
    Database
}

#[component(name = main)]
fn bare_name() -> Database {
    Database
}

#[component(scope = Request)]
fn capital() -> Database {
    Database
}

fn main() {}
