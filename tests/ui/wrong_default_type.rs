use mini_spring::route;

struct Order;

#[route(GET, "/books?<order=asc>")]
fn books(order: Order) -> &'static str {
    drop(order);
    "books"
}

fn main() {}
