use mini_spring::route;

#[route(GET, "/")]
struct Index;

#[route(GET, "/")]
impl Index {
    fn get() {}
}

fn main() {
    Index::get();
}
