use mini_spring::{Problem, route};

struct User {
    _name: String,
}

#[route(GET, "/bare")]
fn bare() -> User {
    User {
        _name: String::new(),
    }
}

#[route(GET, "/wrapped")]
fn wrapped() -> Result<Option<Vec<User>>, Problem> {
    Ok(None)
}

fn main() {}
