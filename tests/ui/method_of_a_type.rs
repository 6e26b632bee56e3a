use mini_spring::route;

struct Users;

impl Users {
    #[route(GET, "/users/<id>")]
    fn get(&self, id: u64) -> String {
        id.to_string()
    }
}

fn main() {
    Users.get(7);
}
