use mini_spring::route;

#[route(GET, "/users/<id>")]
fn optional(id: Option<u64>) -> String {
    format!("{id:?}")
}

#[route(GET, "/files/<path..>")]
fn many(path: Vec<String>) -> String {
    path.join("/")
}

fn main() {}
