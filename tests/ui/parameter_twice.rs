use mini_spring::route;

#[route(GET, "/users/<id>/friends/<id>")]
fn friend(id: u64) -> String {
    id.to_string()
}

fn main() {}
