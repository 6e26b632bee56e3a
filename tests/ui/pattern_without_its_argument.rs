use mini_spring::route;

#[route(GET, "/users/<id>")]
fn get() -> &'static str {
    "a user"
}

#[route(GET, "/orders/<order_id>?<page>")]
fn order(orderid: u64) -> String {
    orderid.to_string()
}

fn main() {
    let _ = mini_spring::routes![get, order];
}
