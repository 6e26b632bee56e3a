use mini_spring::route;

struct Database;

#[route(POST, "/")]
fn copy(from: Database, to: Database) -> &'static str {
    drop((from, to));
    "copied"
}

fn main() {}
