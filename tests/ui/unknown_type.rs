use mini_spring::route;

#[route(POST, "/users/<id>")]
fn create(id: Missing, new: Absent) -> Lost {
    Lost(id, new)
}

fn main() {}
