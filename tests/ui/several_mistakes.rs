use mini_spring::route;

#[route(get, "/users/<id>", rank = 2)]
async fn user<T>(ids: u64) -> String {
    ids.to_string()
}

fn main() {
    let _ = mini_spring::routes![user];
}
