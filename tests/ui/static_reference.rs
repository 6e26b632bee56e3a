use mini_spring::route;

#[route(GET, "/users/<id>")]
fn user(id: &'static str) -> String {
    id.to_owned()
}

fn main() {}
