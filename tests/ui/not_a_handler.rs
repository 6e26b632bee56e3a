use mini_spring::routes;

struct Index;

fn main() {
    let _ = routes![Index];
}
