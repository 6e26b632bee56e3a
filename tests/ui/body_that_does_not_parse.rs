use mini_spring::route;

#[route(GET, "/users/<id>")]
fn get(id: u64) -> String {
    let user = ;
    id.to_string()
}

fn main() {
    let _ = mini_spring::routes![get];
    let _ = get::url(7);
}
