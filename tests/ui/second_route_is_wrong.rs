use mini_spring::route;

#[route(GET, "/users/<id>")]
#[route(PUTT, "/people/<name>")]
fn user(id: u64) -> String {
    id.to_string()
}

fn main() {}
